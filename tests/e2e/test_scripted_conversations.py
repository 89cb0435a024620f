"""Every script of `tests/conversations`, over real IMAP and SMTP, on the clock the script sets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.edges.executors.pebble_pool import PebbleExecutor
from tests.conftest import RequireServer
from tests.e2e.boxes import Box
from tests.e2e.conftest import make_world
from tests.e2e.conversation_play import Player
from tests.e2e.conversation_script import read_script
from tests.servers.dovecot import dovecot_binary
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.server

SCRIPTS = sorted((Path(__file__).parents[1] / "conversations").glob("*.txt"))


@pytest.fixture
def some_box(request: pytest.FixtureRequest) -> Box:
    """An empty account: on Dovecot, which is the quicker one, or on pymap where it is not installed."""
    box: Box = request.getfixturevalue("dovecot_box" if dovecot_binary() else "pymap_box")
    return box


@pytest.fixture(scope="session")
def one_smtp() -> Iterator[tuple[SmtpSink, int]]:
    """An SMTP server for all conversations of this process, and its port: to start one for each takes a second."""
    sink = SmtpSink(login=True)
    yield sink, sink.start()
    sink.stop()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_conversation_goes_as_its_script_says(
    path: Path,
    require_server: RequireServer,
    some_box: Box,
    one_smtp: tuple[SmtpSink, int],
    tmp_path: Path,
    readers: PebbleExecutor,
) -> None:
    script = read_script(path)
    for program in script.needs:
        require_server(program, shutil.which(program))
    one_smtp[0].forget()
    world = make_world(some_box, one_smtp, tmp_path, readers)

    try:
        Player(script, world).play()
    finally:
        world.stop()
