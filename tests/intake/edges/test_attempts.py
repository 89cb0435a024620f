"""Attempts are counted over ends of the process; what a process lives through is no letter's doing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.edges.attempts import ATTEMPTS_AT_MOST, Attempts
from intake.edges.clock import SetClock
from storage.errors import UnreachableError
from storage.records.correspondence import LetterRecord
from storage.store import Store
from tests.storage.samples import letter
from tests.storage.unreliable import Unreliable

AT = datetime(2022, 12, 20, 2, 0, tzinfo=UTC)


class Process:
    """A service that works on one letter, until it ends."""

    def __init__(self, store: Unreliable, clock: SetClock) -> None:
        self.store = store
        self.clock = clock
        self.attempts = Attempts(store, clock, reason="登记时几次中断", trace="it ended")

    def waiting(self) -> tuple[LetterRecord, ...]:
        with self.store.read() as view:
            return view.letters.unread(limit=10)

    def turn(self, *, gives_up: bool) -> bool:
        """Whether the letter was worked on."""
        self.clock.set(self.clock.now() + timedelta(hours=1))
        self.attempts.forget_all()
        (found,) = self.waiting()
        if found.attempts:
            begun = self.attempts.begin_again(found)
        else:
            self.attempts.begin([found])
            begun = True
        if begun and gives_up:
            self.attempts.forget(found)
        return begun


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Unreliable]:
    store = Unreliable(data_dir=tmp_path / "data")
    store.open()
    with store.write() as work:
        work.letters.add(letter(1))
    yield store
    store.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(AT)


def _standing(store: Store) -> tuple[str, int]:
    with store.read() as view:
        found = view.letters.get(letter(1).sha256)
    assert found is not None
    return found.outcome, found.attempts


def test_a_letter_over_which_the_process_ends_each_time_is_put_aside(store: Unreliable, clock: SetClock) -> None:
    worked_on = [Process(store, clock).turn(gives_up=False) for _ in range(ATTEMPTS_AT_MOST + 1)]

    assert worked_on == [True] * ATTEMPTS_AT_MOST + [False]
    assert _standing(store)[0] == "quarantined"


@pytest.mark.parametrize("trouble", ["unheard", "away"])
def test_a_letter_is_never_put_aside_for_what_the_process_lives_through(
    store: Unreliable, clock: SetClock, trouble: str
) -> None:
    process = Process(store, clock)

    for turn in range(5 * ATTEMPTS_AT_MOST):
        setattr(store, trouble, turn % 3 != 0)
        with suppress(UnreachableError):
            process.turn(gives_up=turn % 2 == 0)
    setattr(store, trouble, False)
    process.turn(gives_up=True)

    assert _standing(store) == ("collected", 0)


def test_a_letter_that_is_done_is_written_of_no_more(store: Unreliable, clock: SetClock) -> None:
    process = Process(store, clock)
    process.turn(gives_up=False)
    (found,) = process.waiting()
    process.attempts.done(found)
    store.away = True

    process.attempts.forget_all()

    assert _standing(store) == ("collected", 1)
