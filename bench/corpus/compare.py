"""Where ours and another reader differ. Pure."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bench.corpus.ours import Told

_ENOUGH_CHARACTERS = 20
"""A shorter text is a page number or a stray mark: it says little of a reader."""
TEXT_RECALL = 0.98
_IMAGE = re.compile(r"^(?P<format>[A-Z][A-Za-z0-9 ]*?) (?P<width>\d+)x(?P<height>\d+)(?: .*?orient=(?P<orient>\d))?")
_MEMBERS = re.compile(r"^(?:zip|Rar5?|7z|tar) n=(?P<count>\d+)\b.*")
_ENCRYPTED = re.compile(r"\bENCRYPTED\b|^encrypted$|needs-password")
_NO_LETTERS = re.compile(r"[\W_]+")
_EAST_ASIAN = re.compile(r"[\u2e80-\ua4cf\uac00-\ud7a3\U00020000-\U0003ffff]")
_LYING_ACROSS = frozenset({5, 6, 7, 8})


@dataclass(frozen=True)
class Difference:
    """One disagreement on one file."""

    file: str
    what: str
    """One line for a person: what the other says, what ours says."""


def recall(theirs: str, ours: str) -> float | None:
    """The share of letters (in pairs within words, where words have many) of `theirs` that `ours` has too; None when they are too few."""
    wanted, had = _pairs(theirs), _pairs(ours)
    total = sum(wanted.values())
    if total < _ENOUGH_CHARACTERS:
        return None
    return sum(min(count, had[pair]) for pair, count in wanted.items()) / total


def differences(told: Told, theirs: str | None, letter: tuple[str, int] | None) -> Iterator[Difference]:
    """What ours says otherwise than the others, nothing when they agree or nobody else has a word."""
    name = told.file.name
    if told.failed:
        yield Difference(name, f"our reader failed: {told.problem or 'inside it'}")
        return
    yield from _on_encryption(told)
    if theirs is not None:
        yield from _on_text(told, theirs)
    if told.file.kind == "image":
        yield from _on_picture(told)
    if told.file.kind == "archive":
        yield from _on_members(told)
    if letter is not None and told.reading.letter is not None:
        ours = " ".join(told.reading.letter.subject.split())
        if _plain(letter[0]) != _plain(ours):
            yield Difference(name, f"subject: {letter[0][:60]!r}, ours {ours[:60]!r}")


def _on_encryption(told: Told) -> Iterator[Difference]:
    if _ENCRYPTED.search(told.file.note) and told.problem != "encrypted":
        yield Difference(told.file.name, f"noted as encrypted, ours: {told.problem or 'read'}")


def _on_text(told: Told, theirs: str) -> Iterator[Difference]:
    share = recall(theirs, told.text)
    if share is None:
        return
    if told.problem is not None and not told.text:
        yield Difference(told.file.name, f"others read {len(theirs.split())} words, ours: {told.problem}")
    elif share < TEXT_RECALL:
        yield Difference(told.file.name, f"{share:.1%} of the other's text")


def _on_picture(told: Told) -> Iterator[Difference]:
    noted = _IMAGE.match(told.file.note)
    if noted is None or told.photo is None:
        if noted is not None and told.problem is not None and "WARN" not in told.file.note:
            yield Difference(told.file.name, f"{noted.group()}, ours: {told.problem}")
        return
    shown = (int(noted["width"]), int(noted["height"]))
    if int(noted["orient"] or 1) in _LYING_ACROSS:
        shown = shown[::-1]
    ours = (told.photo.width_px, told.photo.height_px)
    if shown != ours:
        yield Difference(told.file.name, f"shown {shown[0]}x{shown[1]}, ours {ours[0]}x{ours[1]}")


def _on_members(told: Told) -> Iterator[Difference]:
    noted = _MEMBERS.match(told.file.note)
    if noted is None or told.reading.archive is None or told.problem is not None:
        return
    skipped = len(told.reading.archive.skipped)
    ours = len(told.member_names) + skipped
    if int(noted["count"]) != ours:
        yield Difference(told.file.name, f"{noted['count']} entries, ours {ours} ({skipped} left out on purpose)")


def _pairs(text: str) -> Counter[str]:
    """East Asian characters one by one, other letters in pairs within their word: programs space and order them otherwise."""
    pairs: Counter[str] = Counter()
    for word in _NO_LETTERS.split(_plain(text)):
        pairs.update(_EAST_ASIAN.findall(word))
        for letters in filter(None, _EAST_ASIAN.split(word)):
            pairs.update([letters] if len(letters) == 1 else map("".join, itertools.pairwise(letters)))
    return pairs


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
