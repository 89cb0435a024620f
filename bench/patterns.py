"""Which of our regular expressions take more than their share of a longer text: `python -m bench.patterns [PLACE]`.

Each pattern is driven with the texts that hurt it most (`tests.hostile.pattern_texts`), as the product uses it: from the
beginning alone, or from every place. Told is what grows faster than the power 1.5 of the length, and what does not end at
all; `tests.hostile.growth` tells how that is measured. Those found well are put down in `tests/hostile/measured_patterns.txt`,
so that `make test` need only drive what is new.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tests.hostile.growth import LENGTHS, Growth, Work, cost, too_steep
from tests.hostile.pattern_builds import BUILDS
from tests.hostile.pattern_texts import Recipe, recipes, suited
from tests.hostile.patterns import Found, all_patterns, write_measured

QUICK_SECONDS = 0.0015
"""At the longest text; a linear search takes less, a quadratic one five times as long and more."""


class Steep(NamedTuple):
    """A pattern, a text that makes it grow too fast, and what that took at each length."""

    found: Found
    recipe: Recipe
    growth: Growth

    def __str__(self) -> str:
        return f"{self.found.where}: {self.growth}, {self.recipe}"


def main(starts: str = "") -> int:
    """Measure the patterns whose place begins with `starts`, print those that grow too fast; 1 when there are any."""
    patterns, untold = all_patterns(BUILDS)
    tried = [each for each in patterns if each.where.startswith(starts)]
    steep = []
    for each in found_steep(tried):
        steep.append(each)
        print(each, flush=True)
    print(f"{len(tried)} patterns, {texts_of(tried):,} texts tried, {len(steep)} grow too fast")
    for call in untold:
        print(f"not tried, for nothing tells its pattern: {call}")
    if not starts:
        write_measured(set(patterns) - {each.found for each in steep})
    return 1 if steep or untold else 0


def found_steep(patterns: Iterable[Found]) -> Iterator[Steep]:
    """The patterns that grow too fast, each with the first text that shows it."""
    return (steep for each in patterns if (steep := next(steep_texts(each), None)) is not None)


def texts_of(patterns: Iterable[Found]) -> int:
    """How many texts are made for them."""
    return sum(len(recipes(each.pattern)) for each in patterns)


def steep_texts(
    found: Found, *, lengths: tuple[int, ...] = LENGTHS, quick_seconds: float = QUICK_SECONDS
) -> Iterator[Steep]:
    """The pattern with each text that makes it grow too fast."""
    for recipe in recipes(found.pattern):
        growth = too_steep(_search(found, recipe), quick_seconds=quick_seconds, lengths=lengths)
        if growth is not None:
            yield Steep(found, recipe, growth)


def longest_seconds(patterns: Iterable[Found]) -> float:
    """The most processor time that one of them takes for one of the longest texts."""
    return max(
        cost(_search(each, recipe)(LENGTHS[-1]), tries=1) for each in patterns for recipe in recipes(each.pattern)
    )


def _search(found: Found, recipe: Recipe) -> Callable[[int], Work]:
    """The work the pattern has with a text of that recipe, by its length."""

    def make(characters: int) -> Work:
        text = suited(recipe.text(characters), found.pattern)
        if found.anchored:
            return lambda: found.pattern.match(text) and found.pattern.fullmatch(text)
        return lambda: found.pattern.sub(text[:0], text)

    return make


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
