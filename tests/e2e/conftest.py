"""The whole trip: real IMAP, real SMTP, real database, real reader processes. Only the clock is set."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.bootstrap import set_up_log
from intake.demo.servers import EmbeddedImap
from intake.edges.executors.pebble_pool import PebbleExecutor
from tests.e2e import worker_process
from tests.e2e.boxes import Box
from tests.e2e.world import World
from tests.servers.dovecot import JUNK, PASSWORD, SENT, DovecotServer, dovecot_binary
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture(scope="session")
def readers() -> Iterator[PebbleExecutor]:
    """Reader processes for all tests of this process."""
    executor = PebbleExecutor(1, preload=("parsers.warm",))
    yield executor
    executor.close()


@pytest.fixture(autouse=True)
def no_process_left() -> Iterator[None]:
    """Workers a test started end with it."""
    yield
    worker_process.end_all()


@pytest.fixture
def dovecot_box(dovecot: DovecotServer) -> Box:
    """An empty account on Dovecot."""
    return Box("dovecot", dovecot.imap_port, f"{secrets.token_hex(6)}@huli.example", PASSWORD, JUNK, SENT)


@pytest.fixture
def pymap_box() -> Iterator[Box]:
    """An empty account on a pymap of its own."""
    address = "anli@huli.example"
    server = EmbeddedImap({address: PASSWORD})
    box = Box("pymap", server.start(), address, PASSWORD, "Junk", "Sent Messages")
    with box.client() as client:
        for folder in (box.junk, box.sent):
            client.create_folder(folder)
    yield box
    server.stop()


@pytest.fixture(params=["dovecot", "pymap"])
def box(request: pytest.FixtureRequest) -> Box:
    """An empty account, on each of the two servers."""
    made: Box = request.getfixturevalue(f"{request.param}_box")
    return made


@pytest.fixture
def smtp() -> Iterator[tuple[SmtpSink, int]]:
    """An SMTP server that wants a login and takes every letter, and its port."""
    sink = SmtpSink(login=True)
    yield sink, sink.start()
    sink.stop()


def make_world(box: Box, smtp: tuple[SmtpSink, int], folder: Path, readers: PebbleExecutor) -> World:
    """A service between `box` and `smtp`, not yet started."""
    world = World(box, *smtp, folder, readers)
    world.tables["log"] = {"level": "error"}
    set_up_log(world.settings)
    return world


@pytest.fixture
def world(box: Box, smtp: tuple[SmtpSink, int], tmp_path: Path, readers: PebbleExecutor) -> Iterator[World]:
    """A service on each of the two IMAP servers."""
    made = make_world(box, smtp, tmp_path, readers)
    yield made
    made.stop()


@pytest.fixture
def one_world(pymap_box: Box, smtp: tuple[SmtpSink, int], tmp_path: Path, readers: PebbleExecutor) -> Iterator[World]:
    """A service on one IMAP server, for what does not depend on the server."""
    made = make_world(pymap_box, smtp, tmp_path, readers)
    yield made
    made.stop()


@pytest.fixture
def dovecot_world(
    dovecot_box: Box, smtp: tuple[SmtpSink, int], tmp_path: Path, readers: PebbleExecutor
) -> Iterator[World]:
    """A service on Dovecot, for what pymap cannot."""
    made = make_world(dovecot_box, smtp, tmp_path, readers)
    yield made
    made.stop()


@pytest.fixture
def some_box(request: pytest.FixtureRequest) -> Box:
    """An empty account: on Dovecot, which is the quicker one, or on pymap where it is not installed."""
    box: Box = request.getfixturevalue("dovecot_box" if dovecot_binary() else "pymap_box")
    return box


@pytest.fixture(scope="session")
def lasting_smtp() -> Iterator[tuple[SmtpSink, int]]:
    """An SMTP server for many tests of this process: to stop one after each takes a second."""
    sink = SmtpSink(login=True)
    yield sink, sink.start()
    sink.stop()


@pytest.fixture
def one_smtp(lasting_smtp: tuple[SmtpSink, int]) -> tuple[SmtpSink, int]:
    """An SMTP server that was given nothing yet, and its port."""
    lasting_smtp[0].forget()
    return lasting_smtp
