"""Which functions take more than their share of a longer text: `python -m bench.text_functions [PLACE]`.

Every public function that is handed what strangers wrote is called with texts of one thing again and again
(`tests.hostile.text_functions`), at lengths that double. Told is what grows faster than the power 1.5 of the length, and what
does not end in a second. Times are of the processor; nothing is asserted here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tests.hostile.growth import Growth, Work, cost, too_steep
from tests.hostile.text_functions import UNITS, Driven, text_functions

LENGTHS = (2_000, 4_000, 8_000, 16_000)
QUICK_SECONDS = 0.01
"""At the longest text, of which a square takes the tenfold even where each step is cheap."""


class Steep(NamedTuple):
    """A function, what the text repeats that makes it grow too fast, and what that took at each length."""

    name: str
    unit: str
    growth: Growth

    def __str__(self) -> str:
        return f"{self.name}: {self.growth}, {self.unit}"


def main(starts: str = "") -> int:
    """Measure the functions whose place begins with `starts`, print those that grow too fast; 1 when there are any."""
    functions, left = text_functions()
    tried = [each for each in functions if each.name.startswith(starts)]
    steep = 0
    for each in found_steep(tried):
        steep += 1
        print(each, flush=True)
    print(f"{len(tried)} functions, {len(tried) * len(UNITS):,} texts tried, {steep} times too fast")
    for name in left:
        print(f"not tried, for nothing tells what it takes: {name}")
    return 1 if steep or left else 0


def longest_seconds(functions: Iterable[Driven]) -> float:
    """The most processor time that one of them takes for one of the longest texts."""
    texts = [unit * (LENGTHS[-1] // len(unit)) for unit in UNITS.values()]
    return max(cost(each.work(text), tries=1) for each in functions for text in texts)


def found_steep(functions: Iterable[Driven], *, lengths: tuple[int, ...] = LENGTHS) -> Iterator[Steep]:
    """The functions that grow too fast, once for each text that shows it."""
    for function in functions:
        for name, unit in UNITS.items():
            growth = too_steep(_repeated(function, unit), quick_seconds=QUICK_SECONDS, lengths=lengths)
            if growth is not None:
                yield Steep(function.name, name, growth)


def _repeated(function: Driven, unit: str) -> Callable[[int], Work]:
    return lambda characters: function.work(unit * (characters // len(unit)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
