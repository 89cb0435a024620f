"""Texts that hurt a regular expression most, made from the expression itself.

A search is slow in one of three ways, and each has its texts: a repeat that can take in the same piece in several ways (the
piece, again and again, and then something that fits nowhere), a search that begins anew at every place and gets far each time
(what leads to a repeat, again and again), and repeats behind one another that share what they take in (pieces that fit both).
A few plain texts are added, for what a pattern looks for says nothing about what it looks through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_PALETTE = (" ", "\n", "a", "1", "一", "。", ",", ":", "-", ".", "(", "（", "/", "\\", '"', "<", "=", "@", "\t", "A")
_PLAIN = (" ", "\n", "a", "1", "一", "（", "a ", "一 ", " \n", "> ", "1.", "a@", "<", "：")
_TAILS = ("\x00", "")
_MOST_SAMPLES = 3
_LONG = 8
"""A repeat that may go on at least so often can be made to go on."""


@dataclass(frozen=True, order=True)
class Recipe:
    """A text of any length: a beginning, something again and again, an end."""

    start: str
    unit: str
    tail: str = ""

    def text(self, characters: int) -> str:
        """About `characters` characters."""
        return self.start + self.unit * max(1, characters // len(self.unit)) + self.tail

    def __str__(self) -> str:
        return f"{self.start!r} {self.unit!r}* {self.tail!r}"


PLAIN = tuple(Recipe("", unit, "\x00") for unit in _PLAIN)


def recipes(pattern: Any) -> tuple[Recipe, ...]:
    """How texts that hurt `pattern` are made, each once; the plain ones last."""
    parsed = list(_parsed(pattern))
    wholes = [whole for whole in _samples(parsed) if whole]
    found = {Recipe("", unit) for whole in wholes for unit in (whole, whole[:-1]) if unit}
    found |= {Recipe("", unit, "\x00") for whole in wholes for unit in (whole, whole[:-1]) if unit}
    for before, body, after in dict.fromkeys(_repeats(parsed)):
        pieces = {
            ("", before),
            (before, body),
            ("", before + body),
            (before, body + after),
            ("", before + body + after),
        }
        found |= {Recipe(start, unit, tail) for start, unit in pieces if unit for tail in _TAILS}
    return (*sorted(found - set(PLAIN)), *PLAIN)


def hostile_texts(pattern: Any, characters: int) -> Iterator[Any]:
    """Texts of about `characters` characters for `pattern`; bytes for a pattern of bytes."""
    for recipe in recipes(pattern):
        yield suited(recipe.text(characters), pattern)


def suited(text: str, pattern: Any) -> Any:
    """`text` as the pattern takes it: bytes for a pattern of bytes."""
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def _parsed(pattern: Any) -> Any:
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    source = re.sub(r"\\p\{\w+\}", "一", source)  # `regex` knows scripts, `re` does not
    flags = pattern.flags & (re.IGNORECASE | re.VERBOSE | re.MULTILINE | re.DOTALL)
    return re._parser.parse(source, flags)  # type: ignore[attr-defined]  # typeshed leaves it out


def _repeats(items: list[Any], before: str = "") -> Iterator[tuple[str, str, str]]:
    """For every repeat: a text that leads to it, one that it takes in again and again, and one that may follow."""
    for at, (name, argument) in enumerate(items):
        kind = str(name)
        after = next(iter(_samples(items[at + 1 : at + 3])), "")
        if kind.endswith("REPEAT"):
            _, most, body = argument
            if most >= _LONG:
                yield from ((before, each, after) for each in _samples(list(body)) if each)
            yield from _repeats(list(body), before)
        elif kind == "SUBPATTERN":
            yield from _repeats(list(argument[3]), before)
        elif kind == "ATOMIC_GROUP":
            yield from _repeats(list(argument), before)
        elif kind == "BRANCH":
            for branch in argument[1]:
                yield from _repeats(list(branch), before)
        elif kind in {"ASSERT", "ASSERT_NOT"}:
            yield from _repeats(list(argument[1]), before)
        before += next(iter(_samples([(name, argument)])), "")


def _samples(items: list[Any]) -> list[str]:
    """A few texts a sequence takes in."""
    texts = [""]
    for name, argument in items:
        more = _samples_of(str(name), argument) or [""]
        texts = [one + other for other in more for one in texts][: _MOST_SAMPLES * 2]
    return list(dict.fromkeys(texts))[: _MOST_SAMPLES * 2]


def _samples_of(kind: str, argument: Any) -> list[str]:
    if kind == "LITERAL":
        return [chr(argument)]
    if kind == "NOT_LITERAL":
        return [one for one in _PALETTE if one != chr(argument)][:_MOST_SAMPLES]
    if kind == "ANY":
        return ["a", "一", " "]
    if kind == "IN":
        return _members(argument)
    if kind.endswith("REPEAT"):
        least, _, body = argument
        return [each * max(1, least) if least else each for each in _samples(list(body))]
    if kind == "SUBPATTERN":
        return _samples(list(argument[3]))
    if kind == "ATOMIC_GROUP":
        return _samples(list(argument))
    if kind == "BRANCH":
        return [text for branch in argument[1] for text in _samples(list(branch))[:1]][: _MOST_SAMPLES * 2]
    return [""]


def _members(argument: Iterable[Any]) -> list[str]:
    """Characters of a class, of different kinds."""
    listed = list(argument)
    negated = str(listed[0][0]) == "NEGATE"
    rules = listed[1:] if negated else listed
    fitting = [one for one in _PALETTE if _is_in(one, rules) != negated]
    if not fitting and not negated:
        fitting = [chr(value[0] if str(kind) == "RANGE" else value) for kind, value in rules if str(kind) != "CATEGORY"]
    return fitting[: _MOST_SAMPLES + 1]


def _is_in(character: str, rules: Sequence[Any]) -> bool:
    for kind, value in rules:
        if str(kind) == "LITERAL" and ord(character) == value:
            return True
        if str(kind) == "RANGE" and value[0] <= ord(character) <= value[1]:
            return True
        if str(kind) == "CATEGORY" and _has_category(character, str(value)):
            return True
    return False


def _has_category(character: str, category: str) -> bool:
    name = category.removeprefix("CATEGORY_").lower()
    negated, name = name.startswith("not_"), name.removeprefix("not_")
    test = {"space": character.isspace(), "digit": character.isdigit(), "word": character.isalnum() or character == "_"}
    return test[name] != negated
