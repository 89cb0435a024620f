"""Deaths at moments nobody chose, of workers whose records live on a PostgreSQL, which dies now and then itself."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.boxes import Box
from tests.reliability.account import take_account
from tests.reliability.counts import note
from tests.reliability.forking_host import ForkingHost
from tests.reliability.place import EXTRA_FOLDER
from tests.reliability.place_on_server import PlaceOnServer
from tests.reliability.playing import Played, die_at_any_moment
from tests.servers.dovecot import JUNK, PASSWORD, SENT, DovecotServer
from tests.servers.postgresql import IMMEDIATE, PostgresServer
from tests.servers.smtp_sink import SmtpSink

pytestmark = [pytest.mark.server, pytest.mark.slow]

SEED = int(os.environ.get("INTAKE_FUZZ_SEED", "0"))
TORTURE = os.environ.get("INTAKE_TORTURE") == "1"
ROUNDS, KILLS_A_ROUND = (10, 10) if TORTURE else (2, 1)
LETTERS_A_ROUND = 1000
"""No round has as many, so that each has its own."""


@pytest.fixture
def place(dovecot: DovecotServer, postgres: PostgresServer, tmp_path: Path) -> Iterator[PlaceOnServer]:
    """A working folder on an empty database."""
    box = Box("dovecot", dovecot.imap_port, f"{secrets.token_hex(6)}@huli.example", PASSWORD, JUNK, SENT)
    sink = SmtpSink(login=True)
    with postgres.emptied() as database, box.client() as client:
        client.create_folder(EXTRA_FOLDER)
        made = PlaceOnServer(tmp_path / "service", box, sink, sink.start(), server=postgres, database=database)
        made.folder.mkdir()
        made.write_settings(folders=("INBOX", EXTRA_FOLDER, JUNK))
        yield made
    sink.stop()


@pytest.mark.timeout(3600)
def test_workers_and_their_server_killed_at_random_moments_lose_nothing_and_file_and_answer_once(
    host: ForkingHost, place: PlaceOnServer, record_property: Callable[[str, object], None]
) -> None:
    assert place.server is not None
    every, seeds = Played(), random.Random(SEED)
    for number in range(ROUNDS):
        seed, after = seeds.randrange(10**6), number * LETTERS_A_ROUND
        played = die_at_any_moment(host, place, kills=KILLS_A_ROUND, seed=seed, after=after)
        every.kills += played.kills
        every.broken += played.broken
        every.odd_ends += played.odd_ends
        # What was committed to the moment of its death is there again; nothing else is.
        place.server.down(IMMEDIATE)
        place.server.up()

    account = take_account(place.data, place.smtp.letters, box=place.box, submitters=place.submitters)
    note(record_property, "deaths on a database server", host, played=every, account=account)
    assert (every.broken, every.odd_ends, account.broken) == ([], [], ())
    assert (every.kills, account.cases, account.parked) == (ROUNDS * KILLS_A_ROUND, len(place.submitters), 0)
