"""Functions that are handed what strangers wrote: all are known, each takes a text of one thing in time, and a slow one is caught.

How their time grows is measured by `python -m bench.text_functions`. Here it is held under a ceiling, in processor seconds
counted by a timer that interrupts the work: a busy machine changes nothing.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from typing import Any

import pytest

from bench.text_functions import found_steep
from tests.hostile.growth import TooSlowError, within
from tests.hostile.text_functions import UNITS, Driven, text_functions

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer that counts processor time"),
    pytest.mark.xdist_group("patterns"),
]

CHARACTERS = 8_000
CEILING_SECONDS = 1.5
BRIEF = (125, 250, 500, 1_000)
NOT_MEANT_FOR_TEXT = (TypeError, AttributeError, NameError)
"""What a function raises that was given the wrong thing, and so was not driven at all."""


@pytest.fixture(scope="module")
def driven() -> tuple[Driven, ...]:
    return text_functions()[0]


def held_up(functions: tuple[Driven, ...], characters: int, *, seconds: float = CEILING_SECONDS) -> list[str]:
    """Functions that a text of one thing holds up, another thing for each."""
    chance = random.Random(os.environ.get("INTAKE_FUZZ_SEED", "0"))
    slow = []
    for each in functions:
        name, unit = chance.choice(list(UNITS.items()))
        work = each.work(unit * (characters // len(unit)))
        try:
            with within(seconds):
                work()
        except TooSlowError:
            slow.append(f"{each.name}: {name}")
    return slow


def driven_by_hand(call: Callable[..., Any]) -> tuple[Driven, ...]:
    return (Driven("by hand", call, (("text", "str"),)),)


def test_every_function_of_strangers_text_is_driven_or_told_why_not(driven: tuple[Driven, ...]) -> None:
    _, left = text_functions()

    assert len(driven) > 250
    assert left == ()


def test_every_function_driven_is_given_what_it_asks_for(driven: tuple[Driven, ...]) -> None:
    answers = {each.name: each.work("一、背景与起因\n《楼道里的议事会》")() for each in driven}

    assert {name: answer for name, answer in answers.items() if isinstance(answer, NOT_MEANT_FOR_TEXT)} == {}


def test_no_function_is_held_up_by_a_text_of_one_thing(driven: tuple[Driven, ...]) -> None:
    assert held_up(driven, CHARACTERS) == []


def test_a_function_that_looks_at_every_pair_is_caught() -> None:
    def pairs(text: str) -> int:
        return sum(one == other for one in text for other in text)

    assert len(held_up(driven_by_hand(pairs), 100_000, seconds=0.2)) == 1
    assert next(found_steep(driven_by_hand(pairs), lengths=BRIEF), None) is not None


def test_a_function_that_goes_through_once_passes() -> None:
    def once(text: str) -> int:
        return sum(character == "一" for character in text for _ in range(20))

    assert list(found_steep(driven_by_hand(once), lengths=BRIEF)) == []
