"""Every script of `tests/conversations`, over real IMAP and SMTP, on the clock the script sets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from intake.edges.executors.pebble_pool import PebbleExecutor
from tests.conftest import RequireServer
from tests.e2e.boxes import Box
from tests.e2e.conftest import make_world
from tests.e2e.conversation_play import Player
from tests.e2e.conversation_script import read_script
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.server

SCRIPTS = sorted((Path(__file__).parents[1] / "conversations").glob("*.txt"))


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
    world = make_world(some_box, one_smtp, tmp_path, readers)

    try:
        Player(script, world).play()
    finally:
        world.stop()
