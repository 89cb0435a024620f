"""Is this the same text, the same submission? Shingles for texts, seen pictures for photos. Pure."""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Iterable, Sequence

from intake.casework.photos import MOST_COMPARED, is_same_picture
from intake.casework.wording import letters_only, main_text
from intake.model import Document, Photo, ReadFile

Shingles = frozenset[int]
"""The distinct runs of five characters of a text, each as a 32-bit number; the same on every machine."""

SAME_TEXT = 0.95
"""From here two documents hold the same text: what a PDF adds (page numbers, a header line) stays above it."""
SAME_WORK = 0.8
"""From here one text is a version of the other, whatever their titles. Source: field notes, line 24."""
RECOGNISED_AGAIN = 0.3
"""From here a scan's recognised text is that text: one wrong character in twenty takes a quarter of the shingles away."""
RELATED = 0.5
"""From here the texts share more than a unit's usual opening paragraph; a version only if something else says so."""

_RUN = 5
_LONGEST = 100_000
"""Letters of a text that are compared: thirty cases long; more would only cost memory."""
_SHORTEST_SHARE = 0.5
"""A text contained in one more than twice as long is a chapter of it, not an earlier version."""


@functools.lru_cache(maxsize=32)
def shingles(text: str) -> Shingles:
    """The shingles of `text` in its plain form: no punctuation, space, width or script. Empty for blank text."""
    # Cut before folding too: a hostile file may hold two million characters.
    letters = letters_only(text[: 2 * _LONGEST])[:_LONGEST]
    if not letters:
        return frozenset()
    last = max(len(letters) - _RUN, 0)
    return frozenset(zlib.crc32(letters[at : at + _RUN].encode()) for at in range(last + 1))


def similarity(a: Shingles, b: Shingles) -> float:
    """0 to 1: the share of shingles both texts have, of all either has (Jaccard). 0 when one is blank."""
    if not a or not b:
        return 0.0
    common = len(a & b)
    return common / (len(a) + len(b) - common)


def version_similarity(a: Shingles, b: Shingles) -> float:
    """0 to 1, as `similarity`, but a text that was only shortened stays the same text.

    The share of the shorter text found in the longer one, as long as that is at most twice as long.
    """
    if not a or not b:
        return 0.0
    shorter, longer = sorted((len(a), len(b)))
    if shorter < _SHORTEST_SHARE * longer:
        return similarity(a, b)
    return len(a & b) / shorter


def case_shingles(files: Iterable[ReadFile]) -> Shingles:
    """The shingles of all readable case documents of a set together; empty when there is none."""
    texts = (main_text(file) for file in files if isinstance(file, Document) and file.role == "case")
    return frozenset().union(*(shingles(text) for text in texts))


def content_key(files: Sequence[ReadFile]) -> str:
    """A key equal for two sets with the same normalised texts and, byte for byte, the same other files.

    64 hex digits. Equal keys mean the same content; different keys may still be the same
    again (a recompressed photo): `same_again` decides then.
    """
    return hashlib.sha256("\n".join(sorted({_part_key(file) for file in files})).encode()).hexdigest()


def same_again(new: Sequence[ReadFile], known: Sequence[ReadFile]) -> bool:
    """Whether `new` brings nothing that is not in `known` already. False when `new` is empty.

    Texts are compared in their plain form, pictures by what they show, other files by their bytes.
    """
    if not new:
        return False
    keys = {_part_key(file) for file in known}
    photos = [file for file in known if isinstance(file, Photo)][:MOST_COMPARED]
    return all(
        _part_key(file) in keys or (isinstance(file, Photo) and any(is_same_picture(file, photo) for photo in photos))
        for file in new
    )


def _part_key(file: ReadFile) -> str:
    if isinstance(file, Document):
        text = letters_only("".join(block.text for block in file.facts.blocks))
        return f"text {hashlib.sha256(text.encode()).hexdigest()}" if text else f"file {file.sha256}"
    return f"file {file.sha256}"
