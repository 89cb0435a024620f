"""A mailbox in which something new arrives all the time, of every kind, for deaths at moments nobody chose."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.e2e.material import photo, small_case
from tests.letters import plain_letter
from tests.reliability.place import Place, Stage

STEP = timedelta(seconds=10)
"""Between two letters. Deaths within a minute say nothing against the letter in hand, as with an eager supervisor."""


def _complete(place: Place, at: datetime, number: int) -> None:
    place.submits(at, f"complete{number}@qq.example", (small_case(number), photo(number)))


def _without_photo(place: Place, at: datetime, number: int) -> None:
    place.submits(at, f"waits{number}@qq.example", (small_case(number),))


def _question(place: Place, at: datetime, number: int) -> None:
    place.arrives(at, f"asks{number}@qq.example", subject="请问", text=f"请问第{number}条，案例字数有什么要求？")


def _from_junk(place: Place, at: datetime, number: int) -> None:
    place.submits(at, f"junk{number}@qq.example", (small_case(number), photo(number)), folder=place.box.junk)


def _in_two_folders(place: Place, at: datetime, number: int) -> None:
    sent = place.submits(at, f"twice{number}@qq.example", (small_case(number), photo(number)))
    place.box.put(plain_letter(sent), at, folder=place.box.junk)


def _newsletter(place: Place, at: datetime, number: int) -> None:
    place.arrives(at, "news@shop.example", subject=f"促销{number}", text="全场五折。", extra={"Precedence": "bulk"})


def _automatic(place: Place, at: datetime, number: int) -> None:
    text = f"我在外出差，第{number}天。"
    place.arrives(at, "away@qq.example", subject="自动回复", text=text, extra={"Auto-Submitted": "auto-replied"})


KINDS: tuple[Callable[[Place, datetime, int], None], ...] = (
    _complete, _complete, _without_photo, _question, _from_junk, _in_two_folders, _newsletter, _automatic,
)  # fmt: skip


def next_stage(number: int, moments: random.Random) -> Stage:
    """The `number`-th letter, of a kind `moments` chooses, and the worker that meets it."""
    kind = moments.choice(KINDS)
    return Stage(STEP * number, lambda _: ("run", "--once"), lambda place, at: kind(place, at, 10_000 + number))


def last_stages(number: int) -> tuple[Stage, ...]:
    """Nothing arrives any more: what waited comes due, then all is at rest."""
    return tuple(
        Stage(STEP * number + timedelta(minutes=minutes), lambda _: ("run", "--once")) for minutes in (1, 15, 40)
    )
