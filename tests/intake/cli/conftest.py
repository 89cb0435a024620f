"""Commands run inside the test's process, as `python -m intake` would run them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from intake.__main__ import main
from intake.edges.executors.inline import InlineExecutor


@dataclass(frozen=True)
class Ran:
    """What a command left: exit status and words."""

    status: int
    out: str
    err: str


Intake = Callable[..., Ran]


@pytest.fixture
def intake(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Intake]:
    """Run `intake` with the words given. Files are read in this process: its own pool of processes is tested elsewhere."""
    for name in ("INTAKE_FOLDER", "INTAKE_MAILBOX__PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    for place in ("intake.cli.check.make_offline_executor", "intake.bootstrap.make_offline_executor"):
        monkeypatch.setattr(place, InlineExecutor)
    monkeypatch.setattr("intake.bootstrap.executors.make_executor", lambda _settings: InlineExecutor())
    # The doctor's trial conversion takes seconds: it has a test of its own.
    monkeypatch.setattr("intake.cli.preflight.old_formats.find_office", lambda: None)

    def run(*words: str | Path) -> Ran:
        capfd.readouterr()
        status = main([str(word) for word in words])
        said = capfd.readouterr()
        return Ran(status, said.out, said.err)

    yield run
    # The log of a command goes to the stream it found, which ends with the test.
    structlog.reset_defaults()
    for handler in logging.root.handlers[:]:
        if type(handler) is logging.StreamHandler:
            logging.root.removeHandler(handler)
