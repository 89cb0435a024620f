"""A folder for what readers take out, and walls of both kinds for whatever runs a program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parsers.cage import in_force, running
from tests.conftest import RequireServer


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """An empty folder below `tmp_path`."""
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


@pytest.fixture(params=["sandboxed", "limits alone"])
def walls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, require_server: RequireServer) -> str:
    """With bubblewrap, and as on a machine where it may not be used."""
    kind = str(request.param)
    if sys.platform != "linux":
        pytest.skip("namespaces and parent-death signals are Linux's")
    if kind == "limits alone":
        monkeypatch.setattr(running, "find_sandbox", lambda: None)
        return kind
    found = in_force()
    if found == "sandbox_forbidden":
        pytest.skip("bubblewrap may not be used here, as in many containers")
    require_server("bubblewrap", found == "sandbox")
    return kind
