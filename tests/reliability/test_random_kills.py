"""Deaths at moments nobody chose: thirty of them here, three hundred with `INTAKE_TORTURE=1`."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.reliability.account import take_account
from tests.reliability.counts import note
from tests.reliability.forking_host import ForkingHost
from tests.reliability.place import Place
from tests.reliability.playing import die_at_any_moment

pytestmark = [pytest.mark.server, pytest.mark.slow]

SEED = int(os.environ.get("INTAKE_FUZZ_SEED", "0"))
TORTURE = os.environ.get("INTAKE_TORTURE") == "1"
KILLS = 300 if TORTURE else 30


@pytest.mark.timeout(6 * 3600 if TORTURE else 3600)
def test_a_worker_killed_at_random_moments_loses_nothing_and_files_and_answers_once(
    host: ForkingHost, place: Place, record_property: Callable[[str, object], None]
) -> None:
    played = die_at_any_moment(host, place, kills=KILLS, seed=SEED, own_readers=TORTURE)

    account = take_account(place.data, place.smtp.letters, box=place.box, submitters=place.submitters)
    note(record_property, "deaths at random moments", host, played=played, account=account)
    assert (played.broken, played.odd_ends, account.broken) == ([], [], ())
    assert (played.kills, account.cases, account.parked) == (KILLS, len(place.submitters), 0)


def test_random_deaths_find_a_build_that_forgets_what_it_did_not_fetch(host: ForkingHost, place: Place) -> None:
    played = die_at_any_moment(host, place, kills=2, seed=SEED, faults=("forgets_what_it_did_not_fetch",))

    account = take_account(place.data, place.smtp.letters, box=place.box, submitters=place.submitters)
    assert "neither bytes nor a reason" in "\n".join((*played.broken, *account.broken))
