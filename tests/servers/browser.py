"""The Chromium of this machine, driven by Playwright."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
"""Tests run as root in containers, where the browser's own sandbox cannot be built; it opens pages of ours alone."""


def chromium_binary() -> str | None:
    """The program; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name)) is not None), None)
