"""Whatever exchange with a mail server breaks, in whatever way: nothing lost, nothing twice, back to work by itself.

Which exchanges there are is recorded from a day without faults. `INTAKE_TORTURE=1` breaks every one of
them in every way; otherwise some are chosen, other ones with another `INTAKE_FUZZ_SEED`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.faults.counts import Counts, counted
from tests.e2e.faults.trial import Servers, Trial, trial
from tests.e2e.faults.wire import Protocol, Strike, chosen, every_strike
from tests.servers.fault_proxy import Exchange

pytestmark = [pytest.mark.server, pytest.mark.slow]

SEED = int(os.environ.get("INTAKE_FUZZ_SEED", "0"))
EVERYTHING = os.environ.get("INTAKE_TORTURE") == "1"
ONCE, LASTING = (None, None) if EVERYTHING else (30, 10)
"""How many are chosen; None: all."""
PARTS = range(8 if EVERYTHING else 2)
LONGEST_SECONDS = 4 * 3600 if EVERYTHING else 1800
OUTAGE_MINUTES = 40
BACK_AT_WORK_MINUTES = 150
"""After a refusal for good by the server that takes our letters, two hours may pass until it is tried again."""

Answers = frozenset({"answer", "fix_request"})


@pytest.fixture
def recorded(servers: Servers, tmp_path: Path) -> dict[Protocol, list[Exchange]]:
    """What our clients say on a day without faults, up to the second poll that brings nothing."""
    with trial(servers, tmp_path / "recorded") as day:
        day.minutes_pass(20, until=day.is_done)
        assert day.losses() == []
        polls = [at for at, exchange in enumerate(day.imap.heard) if exchange.command == "LIST"]
        return {"imap": day.imap.heard[: polls[2]], "smtp": list(day.smtp.heard)}


def test_the_recorded_day_holds_every_command_our_clients_know(recorded: dict[Protocol, list[Exchange]]) -> None:
    assert {protocol: {each.command for each in heard} for protocol, heard in recorded.items()} == {
        "imap": {
            *("greeting", "CAPABILITY", "LOGIN", "ID", "ENABLE", "LIST", "EXAMINE"),
            *("UID SEARCH", "UID FETCH of envelopes", "UID FETCH of bodies"),
        },
        "smtp": {"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "letter", "RSET"},
    }


@pytest.mark.timeout(LONGEST_SECONDS)
@pytest.mark.parametrize("part", PARTS)
def test_any_exchange_may_break_once(
    recorded: dict[Protocol, list[Exchange]], servers: Servers, tmp_path: Path, part: int
) -> None:
    strikes = chosen(every_strike(recorded, lasting=False), count=ONCE, seed=SEED)[part :: len(PARTS)]

    wrong = _after_each(strikes, servers, tmp_path)

    assert wrong == []


@pytest.mark.timeout(LONGEST_SECONDS)
@pytest.mark.parametrize("part", PARTS)
def test_any_kind_of_exchange_may_break_for_forty_minutes(
    recorded: dict[Protocol, list[Exchange]], servers: Servers, tmp_path: Path, part: int
) -> None:
    strikes = chosen(every_strike(recorded, lasting=True), count=LASTING, seed=SEED)[part :: len(PARTS)]

    wrong = _after_each(strikes, servers, tmp_path)

    assert wrong == []


def _after_each(strikes: list[Strike], servers: Servers, folder: Path) -> list[str]:
    """What is wrong after each of them; empty when all is well."""
    wrong: list[str] = []
    with counted("faults on the wire") as counts:
        for at, strike in enumerate(strikes):
            wrong += after(strike, servers, folder / str(at), counts)
    return wrong


def after(strike: Strike, servers: Servers, folder: Path, counts: Counts) -> list[str]:
    """What is wrong after one of them."""
    is_over = [not strike.lasts]
    plan = strike.plan(lambda: is_over[0])
    with trial(servers, folder, **{strike.protocol: plan}) as day:  # type: ignore[arg-type]  # plans by their names
        wrong = _while_it_lasts(day, strike) if strike.lasts else []
        is_over[0] = True
        if strike.waits_for_a_person:
            day.restart()
        day.minutes_pass(BACK_AT_WORK_MINUTES, until=day.is_done)
        if not (day.imap.struck or day.smtp.struck):
            wrong.append("never struck")
        found = day.losses(
            twice_allowed=strike.leaves_in_doubt,
            undelivered=Answers if strike.fails_for_good else frozenset(),
            in_doubt=strike.lasts and strike.leaves_in_doubt,
        )
        told = [f"{strike}: {each}" for each in wrong + found]
        counts.add(day, told)
        return told


def _while_it_lasts(day: Trial, strike: Strike) -> list[str]:
    day.minutes_pass(OUTAGE_MINUTES)
    tries = len(day.imap.struck) + len(day.smtp.struck)
    wrong = [f"tried {tries} times"] if strike.waits_for_a_person and tries != 3 else []
    if strike.keeps_letters_from_us and not day.alarms_begun():
        wrong.append("no alarm")
    return wrong + [f"begun, and told {n} times: {what}" for what, n in day.alarms_begun().items() if n != 1]
