"""A folder for what readers take out, and walls of both kinds for whatever runs a program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parsers.cage import in_force, landlock, running
from tests.conftest import RequireServer


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """An empty folder below `tmp_path`."""
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


@pytest.fixture(params=["sandboxed", "landlock", "limits alone"])
def walls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, require_server: RequireServer) -> str:
    """With bubblewrap, with Landlock instead, and as on a machine where neither may be used."""
    kind = str(request.param)
    if sys.platform != "linux":
        pytest.skip("namespaces and parent-death signals are Linux's")
    if kind != "sandboxed":
        monkeypatch.setattr(running, "find_sandbox", lambda: None)
    if kind == "landlock" and landlock.abi() < landlock.OLDEST_ABI:
        pytest.skip("this kernel has no Landlock, or it may not be used here")
    if kind == "limits alone":
        monkeypatch.setattr(landlock, "abi", lambda: 0)
    if kind != "sandboxed":
        return kind
    found = in_force()
    if found == "sandbox_forbidden":
        pytest.skip("bubblewrap may not be used here, as in many containers")
    require_server("bubblewrap", found == "sandbox")
    return kind
