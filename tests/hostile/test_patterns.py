"""Regular expressions and the texts that hurt them most: none explodes, and a letter made of such texts is sorted in time.

Time is counted in processor seconds by a timer that interrupts the search, so that a busy machine changes nothing. The
ceilings are a hundred times what the texts take, and an exploding pattern is beyond any.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import pytest

from intake.casework.addresses import related_addresses
from intake.casework.bounces import read_bounce
from intake.casework.forwarded import behalf_of
from intake.casework.sorting import sort_letter
from intake.casework.threads import codes_to_look_up
from intake.edges.executors.tree import passwords_stated_in
from intake.model import Letter
from parsers.facts import Address, LetterFacts
from tests.hostile.patterns import Found, all_patterns, hostile_texts
from tests.intake.casework import samples

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer that counts processor time"),
    pytest.mark.xdist_group("patterns"),
]

CHARACTERS = 40
LETTER_CHARACTERS = 20_000
LETTERS = int(os.environ.get("INTAKE_FUZZ_INPUTS", "40")) // 4
CEILING_SECONDS = 0.5
LETTER_SECONDS = 2.0

MADE_OF_PARTS = {
    "parsers.letter.history", "parsers.letter.share_providers", "parsers.letter.share_services", "parsers.letter.skeleton",
    "parsers.photos.vector", "parsers.text.form_labels", "parsers.text.heading_numbers", "intake.casework.choices",
    "intake.casework.forwarded", "intake.casework.likeness", "intake.edges.mailboxes.folders",
    "intake.edges.transports.smtp_answers", "intake.lookups", "intake.orders.sentences",
}  # fmt: skip
"""Modules where a pattern is put together while they run: from tables (whose results lie in the module and are found
there), or around an escaped word of ours (a number's prefix, a token, a choice) with bounded repeats."""
FOUND_BEFORE = (" ", "\n", "a@aa.A", "……", "> ", "密码 ", "1 ", "收到")
"""Units of texts that once took the service minutes, and their kin."""


class TooSlowError(Exception):
    """The timer ran out."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TooSlowError when the block takes more processor time."""

    def stop(_: int, __: FrameType | None) -> NoReturn:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.fixture(scope="module")
def found() -> tuple[tuple[Found, ...], tuple[str, ...]]:
    return all_patterns()


def slow(patterns: tuple[Found, ...], characters: int) -> list[str]:
    """Patterns that one of their texts holds up, with the beginning of it."""
    held_up = []
    for each in patterns:
        for text in hostile_texts(each.pattern, characters):
            try:
                with within(CEILING_SECONDS):
                    if each.anchored:
                        each.pattern.fullmatch(text)
                    else:
                        each.pattern.sub(text[:0], text)
            except TooSlowError:
                held_up.append(f"{each.where}: {text[:20]!r}")
                break
    return held_up


def sort(text: str) -> None:
    """What the service does with the words of a letter, outside any reader process."""
    sender = Address(name=text[:500], address="a@example.org")
    facts = LetterFacts(subject=text[:998], sender=sender, text=text, quoted=text, signature=text[:2000])
    letter = Letter("a" * 64, samples.START, facts)
    sort_letter(letter, samples.HULI)
    behalf_of(letter, samples.HULI)
    related_addresses(letter, ())
    read_bounce(facts, own_addresses=())
    codes_to_look_up(facts)
    passwords_stated_in(facts)


def test_every_pattern_is_known_to_these_tests(found: tuple[tuple[Found, ...], tuple[str, ...]]) -> None:
    patterns, untold = found

    assert len(patterns) > 500
    assert {each.partition(":")[0] for each in untold} <= MADE_OF_PARTS


def test_no_pattern_explodes(found: tuple[tuple[Found, ...], tuple[str, ...]]) -> None:
    assert slow(found[0], CHARACTERS) == []


@pytest.mark.parametrize("unit", FOUND_BEFORE)
def test_a_letter_of_one_thing_again_and_again_is_sorted_in_time(unit: str) -> None:
    with within(LETTER_SECONDS):
        sort(unit * (LETTER_CHARACTERS // len(unit)))
        sort("x" + unit * (LETTER_CHARACTERS // len(unit)) + "\x00")


def test_letters_made_of_what_our_patterns_look_for_are_sorted_in_time(
    found: tuple[tuple[Found, ...], tuple[str, ...]],
) -> None:
    chance = random.Random(os.environ.get("INTAKE_FUZZ_SEED", "0"))
    ours = [each for each in found[0] if each.where.startswith("intake.") and isinstance(each.pattern.pattern, str)]
    held_up = []
    for each in chance.sample(ours, min(LETTERS, len(ours))):
        texts = list(hostile_texts(each.pattern, LETTER_CHARACTERS))
        try:
            with within(LETTER_SECONDS):
                sort(chance.choice(texts or ["a"]))
        except TooSlowError:
            held_up.append(each.where)

    assert held_up == []


@pytest.mark.parametrize("broken", [r"(?:a|a)*b", r"(?:\w+\s?)+:", r"(?:1?1?)*一"])
def test_an_exploding_pattern_is_caught(broken: str) -> None:
    assert slow((Found("broken", re.compile(broken), anchored=False),), CHARACTERS)


def test_a_slow_step_of_sorting_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken build: the pattern as it once was, which tries every line from every line above it."""
    monkeypatch.setattr(
        "intake.casework.bounces._FIELD", re.compile(r"^\s*(?P<name>action)[ \t]*:(?P<value>.*)$", re.MULTILINE)
    )
    monkeypatch.setattr("intake.casework.bounces._READ_CHARACTERS", LETTER_CHARACTERS)

    with pytest.raises(TooSlowError), within(LETTER_SECONDS):
        sort("\n" * LETTER_CHARACTERS)
