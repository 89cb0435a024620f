"""Which of our regular expressions take more than their share of a longer text: `python -m bench.patterns [PACKAGE]`.

Each pattern is driven with the texts that hurt it most (`tests.hostile.patterns`), at lengths that double. A search that is
linear takes twice as long each time, a quadratic one four times. Told are those that more than treble twice in a row and
take longer than a person would notice of one letter. Times are of the processor; nothing is asserted.
"""

from __future__ import annotations

import itertools
import sys
import time
from typing import Any, NamedTuple

from tests.hostile.patterns import Found, all_patterns, hostile_texts

LENGTHS = (1_000, 2_000, 4_000, 8_000)
"""The longest is three times the length of a case, all in one line."""
NOTICED_SECONDS = 0.02
_TREBLE = 3.0
_TRIES = 2


class Growth(NamedTuple):
    """A pattern, its worst text, and what that cost at each length."""

    where: str
    text: str
    seconds: tuple[float, ...]


def main(starts: str = "") -> None:
    """Measure the patterns whose place begins with `starts`, and print those that grow too fast as they are found."""
    patterns, _ = all_patterns()
    tried = [each for each in patterns if each.where.startswith(starts)]
    grown = 0
    for each in filter(None, map(worst, tried)):
        grown += 1
        told = " ".join(f"{1000 * second:.0f}" for second in each.seconds)
        print(f"{each.where}: {told} ms, {each.text}", flush=True)
    print(f"{len(tried)} patterns tried, {grown} grow faster than n log n")


def worst(found: Found) -> Growth | None:
    """The slowest of its texts that makes it grow too fast; None when none does."""
    slowest: Growth | None = None
    texts = zip(*(hostile_texts(found.pattern, length) for length in LENGTHS), strict=True)
    for each in texts:
        seconds = _grown(found, each)
        if seconds is not None and (slowest is None or seconds[-1] > slowest.seconds[-1]):
            slowest = Growth(found.where, repr(each[0][:24]), seconds)
    return slowest


def _grown(found: Found, texts: tuple[Any, ...]) -> tuple[float, ...] | None:
    """What each length cost, when it grew too fast; the shorter ones are not tried when the longest is quick."""
    if _cost(found, texts[-2], tries=1) < NOTICED_SECONDS / 4:
        return None
    seconds = tuple(_cost(found, text, tries=_TRIES) for text in texts[1:])
    ratios = [later / max(earlier, 1e-6) for earlier, later in itertools.pairwise(seconds)]
    return seconds if seconds[-1] > NOTICED_SECONDS and min(ratios) > _TREBLE else None


def _cost(found: Found, text: Any, *, tries: int) -> float:
    """The least processor time of several tries: what else the machine did only adds."""
    return min(_once(found, text) for _ in range(tries))


def _once(found: Found, text: Any) -> float:
    began = time.process_time()
    if found.anchored:
        found.pattern.fullmatch(text)
    else:
        found.pattern.sub(text[:0], text)
    return time.process_time() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
