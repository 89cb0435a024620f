"""The check of advisories: what it says where its feed answers, and where it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.advisories import check

NONE = '{"dependencies": [{"name": "lxml", "version": "6.1", "vulns": []}]}'
ONE = '{"dependencies": [{"name": "lxml", "version": "6.1", "vulns": [{"id": "PYSEC-2026-1"}]}]}'

UNKNOWN = '{"dependencies": [{"name": "lxml", "skip_reason": "not found"}]}'
MIXED = '{"dependencies": [{"name": "lxml", "skip_reason": "not found"}, {"name": "pebble", "version": "5.1", "vulns": []}]}'


@pytest.mark.skipif(os.name != "posix", reason="the program in its place is a shell script")
@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        (f"echo '{NONE}'", 0, "a.lock: 1 packages, 0 advisories\n"),
        (f"echo '{ONE}'; exit 1", 1, "a.lock: 1 packages, 1 advisories\n  lxml 6.1: PYSEC-2026-1\n"),
        ("echo 'connection refused' >&2; exit 1", 0, "a.lock: not checked (connection refused)\n"),
        (f"echo '{UNKNOWN}'", 0, "a.lock: not checked (the feed knows none of 1 packages)\n"),
        (f"echo '{MIXED}'", 0, "a.lock: 1 packages, 0 advisories, 1 not checked\n"),
        ("exit 2", 0, "a.lock: not checked (pip-audit ended with status 2)\n"),
        ("echo '[]'", 0, "a.lock: not checked (pip-audit ended with status 0)\n"),
    ],
)
def test_advisories_are_told_and_what_was_not_checked_never_reads_as_none(
    script: str, status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)

    assert check(tmp_path / "a.lock", program=str(program)) == status
    assert capsys.readouterr().out == said


def test_without_the_tool_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path / "a.lock", program=str(tmp_path / "none")) == 0
    assert capsys.readouterr().out == "a.lock: not checked (FileNotFoundError)\n"
