"""Regular expressions and the texts that hurt them most: none explodes, and a letter made of such texts is sorted in time.

Time is counted in processor seconds by a timer that interrupts the search, so that a busy machine changes nothing. The
ceilings are a hundred times what the texts take, and an exploding pattern is beyond any.
"""

from __future__ import annotations

import os
import random
import re
import sys
from pathlib import Path

import pytest

from bench.patterns import steep_texts
from intake.casework.addresses import related_addresses
from intake.casework.bounces import read_bounce
from intake.casework.forwarded import behalf_of
from intake.casework.sorting import sort_letter
from intake.casework.threads import codes_to_look_up
from intake.edges.executors.tree import passwords_stated_in
from intake.model import Letter
from parsers.facts import Address, LetterFacts
from tests.hostile.growth import TooSlowError, within
from tests.hostile.pattern_builds import BUILDS
from tests.hostile.pattern_texts import hostile_texts
from tests.hostile.patterns import PACKAGES, ROOT, Found, all_patterns, modules, stray_uses, unmeasured
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

MOST_UNMEASURED = 40
BRIEF = (125, 250, 500, 1_000)
"""Characters; enough to tell a square from a line where nothing else is tried."""
BRIEF_QUICK_SECONDS = 0.0002
FOUND_BEFORE = (" ", "\n", "a@aa.A", "……", "> ", "密码 ", "1 ", "收到")
"""Units of texts that once took the service minutes, and their kin."""


@pytest.fixture(scope="module")
def found() -> tuple[tuple[Found, ...], tuple[str, ...]]:
    return all_patterns(BUILDS)


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
    sources = {
        path.relative_to(ROOT): path.read_text("utf-8")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    imported = {Path(module.__file__).relative_to(ROOT) for module in modules() if module.__file__}

    assert len(patterns) > 600
    assert untold == ()
    assert {path: stray for path, text in sources.items() if (stray := stray_uses(text))} == {}
    assert [path for path, text in sources.items() if path not in imported and names_a_library(text)] == []


def names_a_library(source: str) -> bool:
    """Whether a module that is not imported here could hold a pattern."""
    return re.search(r"^\s*import (?:re|regex)\b", source, re.MULTILINE) is not None


@pytest.mark.parametrize(
    "hidden",
    [
        "from re import compile",
        "import re as patterns",
        "import regex as re",
        "from fnmatch import translate",
        "found = [*map(re.compile, words)]",
        "search = re.search",
        "re.template(words)",
        "model_config = ConfigDict(regex_engine='python-re')",
    ],
)
def test_a_pattern_these_tests_could_not_follow_is_told(hidden: str) -> None:
    assert stray_uses("import re\nimport regex\n") == []
    assert len(stray_uses(f"import re\n{hidden}\n")) == 1


def test_a_pattern_put_together_that_nobody_names_is_told() -> None:
    """A broken build: none of those calls is explained."""
    _, untold = all_patterns({})

    assert sorted(untold) == sorted(BUILDS)


def test_a_pattern_changed_since_the_last_measurement_is_driven_here(
    found: tuple[tuple[Found, ...], tuple[str, ...]],
) -> None:
    new = unmeasured(found[0])

    assert len(new) <= MOST_UNMEASURED, "run python -m bench.patterns"
    assert slow(tuple(new), LETTER_CHARACTERS) == []


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


@pytest.mark.parametrize(
    ("broken", "anchored"),
    [
        (r"\s*:", False),  # begun anew at every blank
        (r"(?m)^\s*第", False),
        (r".*a.*b", False),
        (r"\d+年\d+月$", False),
        (r"<[^>]*>\Z", False),
        (r"(?=.*x)a", False),
        (r"[^，。]*[:：]", False),
        (r"\n+\s*$", True),  # what two repeats share, divided between them in every way
        (r"\w+\s*\w+:", True),
        (r"\s*(?:通知)?\s*:", True),
    ],
)
def test_a_pattern_that_grows_with_the_square_is_caught(broken: str, anchored: bool) -> None:
    found = Found("broken", re.compile(broken), anchored=anchored)

    assert next(steep_texts(found, lengths=BRIEF, quick_seconds=BRIEF_QUICK_SECONDS), None) is not None


@pytest.mark.parametrize(
    "sound", [r"(?<!\s)\s++:", r"\A\s*+\n", r"\d{1,4}年\d{1,2}月", r"(?m)^[ \t]*+第", r"[^，。]{0,20}[:：]"]
)
def test_a_pattern_that_is_linear_passes(sound: str) -> None:
    assert (
        next(
            steep_texts(
                Found("sound", re.compile(sound), anchored=False), lengths=BRIEF, quick_seconds=BRIEF_QUICK_SECONDS
            ),
            None,
        )
        is None
    )


def test_a_slow_step_of_sorting_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken build: the pattern as it once was, which tries every line from every line above it."""
    monkeypatch.setattr(
        "intake.casework.bounces._FIELD", re.compile(r"^\s*(?P<name>action)[ \t]*:(?P<value>.*)$", re.MULTILINE)
    )
    monkeypatch.setattr("intake.casework.bounces._READ_CHARACTERS", LETTER_CHARACTERS)

    with pytest.raises(TooSlowError), within(LETTER_SECONDS):
        sort("\n" * LETTER_CHARACTERS)
