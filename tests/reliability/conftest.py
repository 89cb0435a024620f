"""Places where a service works and dies."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.boxes import Box
from tests.reliability.forking_host import ForkingHost
from tests.reliability.place import EXTRA_FOLDER, Place, write_local_settings
from tests.servers.dovecot import JUNK, PASSWORD, SENT, DovecotServer
from tests.servers.smtp_sink import SmtpSink

MakePlace = Callable[[Path], Place]


@pytest.fixture(scope="session")
def host() -> Iterator[ForkingHost]:
    """A process that forks workers, for the tests of a process."""
    with ForkingHost() as forking:
        yield forking


@contextmanager
def place_on(dovecot: DovecotServer, folder: Path) -> Iterator[Place]:
    """A working folder below `folder`, on an empty account of a Dovecot, with a mail server of its own."""
    box = Box("dovecot", dovecot.imap_port, f"{secrets.token_hex(6)}@huli.example", PASSWORD, JUNK, SENT)
    sink = SmtpSink(login=True)
    made = Place(folder / "service", box, sink, sink.start())
    made.folder.mkdir()
    made.write_settings()
    with box.client() as client:
        client.create_folder(EXTRA_FOLDER)
    try:
        yield made
    finally:
        sink.stop()


@pytest.fixture
def place(dovecot: DovecotServer, tmp_path: Path) -> Iterator[Place]:
    """A place for one test."""
    with place_on(dovecot, tmp_path) as made:
        yield made


@contextmanager
def place_of_files(folder: Path) -> Iterator[Place]:
    """A working folder whose mailbox and mail server are folders of files."""
    nobody = Box("files", 0, "anli@huli.example", "", "", "")
    sink = SmtpSink()
    made = Place(folder / "service", nobody, sink, 0)
    made.folder.mkdir(parents=True)
    write_local_settings(made.folder)
    yield made
