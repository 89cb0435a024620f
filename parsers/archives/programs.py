"""Which unpacking programs this machine has. They are looked for, never needed.

unar (The Unarchiver) opens RAR 1.5 to 4, volumes and passwords; libarchive's bsdtar opens RAR 5 and the rarer packings of
zip. Measured on 90 RAR files of public test suites: each opens some the other does not, together all that are whole.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def find_bsdtar() -> Path | None:
    """The tar of libarchive; Windows ships it under the plain name."""
    return _find("bsdtar") or (_find("tar") if os.name == "nt" else None)


def find_unar() -> Path | None:
    """The Unarchiver's command."""
    return _find("unar")


def with_programs(version: str) -> str:
    """`version` with the programs that are there: files left unread are read again once one is installed."""
    found = (("unar", find_unar()), ("bsdtar", find_bsdtar()))
    return version + "".join(f"+{name}" for name, path in found if path)


def _find(name: str) -> Path | None:
    path = shutil.which(name)
    return Path(path).resolve() if path else None
