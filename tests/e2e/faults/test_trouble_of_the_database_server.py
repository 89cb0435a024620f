"""A PostgreSQL that goes away, comes back, may not be written, cuts links: it passes, and nothing was lost."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.faults.counts import counted
from tests.e2e.faults.trial import Servers, Trial, trial
from tests.e2e.faults.troubles import Trouble
from tests.servers.lost_answers import LostAnswers
from tests.servers.postgresql import FAST, IMMEDIATE, PostgresServer

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group("postgresql")]

TORTURE = os.environ.get("INTAKE_TORTURE") == "1"
SEEDS = range(int(os.environ.get("INTAKE_FUZZ_SEED", "0")), int(os.environ.get("INTAKE_FUZZ_SEED", "0")) + 12)
TROUBLE_MINUTES = 40
MINUTES_OF_CUTS = 40 if TORTURE else 12
BACK_AT_WORK_MINUTES = 60
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
DO $$ DECLARE each text; BEGIN
    FOR each IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON %I EXECUTE FUNCTION refuse()', each);
    END LOOP;
END $$
"""


@contextmanager
def _away(server: PostgresServer, day: Trial, *, immediately: bool) -> Iterator[None]:
    """The server is stopped for maintenance, or dies."""
    del day
    with server.away(IMMEDIATE if immediately else FAST):
        yield


@contextmanager
def _read_only(server: PostgresServer, day: Trial) -> Iterator[None]:
    """An administrator lets nobody write for a while; links begun before are cut."""
    name = _database(day)
    server.ask(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    server.terminate(name)
    yield
    server.ask(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    server.terminate(name)


@contextmanager
def _full(server: PostgresServer, day: Trial) -> Iterator[None]:
    """The server's disk has no room for another page."""
    server.ask(REFUSE, database=_database(day))
    yield
    server.ask("DROP FUNCTION refuse CASCADE", database=_database(day))


@contextmanager
def _held(server: PostgresServer, day: Trial) -> Iterator[None]:
    """A program stands still in the middle of writing, ahead of us in the line."""
    with server.connected(_database(day)) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [0x494E54414B45])
        yield


def _database(day: Trial) -> str:
    return day.world.settings.database_url.rpartition("/")[2]


TROUBLES: dict[str, Callable[[PostgresServer, Trial], AbstractContextManager[None]]] = {
    "stopped": partial(_away, immediately=False),
    "died": partial(_away, immediately=True),
    "read-only": _read_only,
    "full": _full,
    "line held up": _held,
}


@pytest.mark.parametrize("begins_after", [0, 1] if TORTURE else [1])
@pytest.mark.parametrize("name", TROUBLES if TORTURE else ("died",))
def test_trouble_of_the_server_is_told_once_passes_and_costs_nothing(
    servers: Servers,
    postgres: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    begins_after: int,
) -> None:
    monkeypatch.setattr("storage.dialects.BUSY_SECONDS", 0.05)
    trouble: Trouble = partial(TROUBLES[name], postgres)

    with postgres.emptied() as database, trial(servers, tmp_path, tables=_on(postgres.url(database))) as day:
        day.minutes_pass(begins_after)
        with trouble(day):
            day.minutes_pass(TROUBLE_MINUTES)
        day.minutes_pass(BACK_AT_WORK_MINUTES, until=day.is_done)
        wrong, told = _account(day), sorted(day.alarms_begun())

    assert wrong == []
    # Sending, too, may be told.
    assert len([alarm for alarm in told if alarm != "sending_refused"]) == 1, told


@pytest.mark.parametrize("seed", SEEDS if TORTURE else SEEDS[:1])
def test_commits_nobody_heard_of_and_links_cut_at_random_cost_nothing(
    servers: Servers, postgres: PostgresServer, tmp_path: Path, seed: int
) -> None:
    moments = random.Random(seed)
    chance = [0.25]
    proxy = LostAnswers(postgres.port, loses=lambda: moments.random() < chance[0])

    with postgres.emptied() as database:
        url = postgres.url(database).replace(f":{postgres.port}/", f":{proxy.port}/")
        chance[0] = 0.0
        with trial(servers, tmp_path, tables=_on(url)) as day:
            chance[0] = 0.25
            for _ in range(MINUTES_OF_CUTS):
                day.minute()
                postgres.terminate(database, count=moments.randrange(2))
            chance[0] = 0.0
            day.minutes_pass(BACK_AT_WORK_MINUTES, until=day.is_done)
            wrong = _account(day)
    proxy.stop()

    assert wrong == []
    assert proxy.lost > 2


def _on(url: str) -> dict[str, Any]:
    return {"database_url": url}


def _account(day: Trial) -> list[str]:
    with counted("trouble of the database server") as counts:
        wrong = day.losses()
        counts.add(day, wrong)
    return wrong
