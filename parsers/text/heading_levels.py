"""How the headings of a document nest, and how many words stand under each. Pure.

Numbers and outline levels have an order of their own. Bold, bare and bracketed lines
have none: whether they stand above or below 一、 is read from how they alternate.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from parsers.facts import Block
from parsers.text.counting import count_words

Signal = Literal[
    "style", "outline", "numbered", "auto_numbered", "bold", "cell", "run_in", "larger", "bracketed", "bare"
]
_ITEM_RANK = 40
"""From 1. on, numbers usually count points inside a part."""

_Kind = tuple[str, int]
"""What headings of one level have in common: ("rank", 20), ("outline", 1), ("bold", 0)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A heading before it has a level."""

    block: int
    text: str
    signal: Signal
    rank: int | None = None
    """Rank of its number, see `heading_numbers`; None without number."""
    outline: int | None = None
    taken: int | None = None
    """Characters of the block it takes; None when the whole block."""
    consumed: int = 1
    """Blocks it takes when it is a label cell of several lines."""


def levels_and_words(blocks: Sequence[Block], candidates: Sequence[Candidate]) -> list[tuple[int, int]]:
    """Level and 字数 of each candidate, in their order.

    Level 1 is the highest found. Words: from the heading to the next one of the same
    or a higher level, without the heading itself, sub-headings and their text included (they may be the
    items of a list); main text only.
    """
    own = _own_words(blocks, candidates)
    kinds = _kinds(candidates)
    level_of = {kind: level for level, kind in enumerate(_order(kinds, own), 1)}
    levels = [level_of[kind] for kind in kinds]
    ends = _ends(levels)
    text = list(itertools.accumulate(own, initial=0))
    titles = list(itertools.accumulate((count_words(candidate.text) for candidate in candidates), initial=0))
    return [
        (level, text[end] - text[index] + titles[end] - titles[index + 1])
        for index, (level, end) in enumerate(zip(levels, ends, strict=True))
    ]


def _ends(levels: Sequence[int]) -> list[int]:
    """For each heading the index of the next one of the same or a higher level; their number when there is none."""
    ends = [len(levels)] * len(levels)
    open_ones: list[int] = []
    for index, level in enumerate(levels):
        while open_ones and levels[open_ones[-1]] >= level:
            ends[open_ones.pop()] = index
        open_ones.append(index)
    return ends


def _own_words(blocks: Sequence[Block], candidates: Sequence[Candidate]) -> list[int]:
    """字数 between each heading and the next one."""
    words = []
    for index, candidate in enumerate(candidates):
        end = candidates[index + 1].block if index + 1 < len(candidates) else len(blocks)
        first = blocks[candidate.block].text[candidate.taken :] if candidate.taken is not None else ""
        rest = (block.text for block in blocks[candidate.block + candidate.consumed : end] if block.part == "main")
        words.append(count_words(first.lstrip("：:。 \t\u3000")) + sum(map(count_words, rest)))
    return words


def _kinds(candidates: Sequence[Candidate]) -> list[_Kind]:
    """The kind of each candidate; an outline level and a number that go together are one kind."""
    together: dict[int, Counter[int]] = {}
    for candidate in candidates:
        if candidate.outline is not None and candidate.rank is not None:
            together.setdefault(candidate.outline, Counter())[candidate.rank] += 1
    ranks = {outline: counter.most_common(1)[0][0] for outline, counter in together.items()}
    # Two outline levels with the same numbers cannot be told by them.
    clear = len(set(ranks.values())) == len(ranks)
    kinds: list[_Kind] = []
    for candidate in candidates:
        if candidate.outline is not None and not (clear and candidate.outline in ranks):
            kinds.append(("outline", candidate.outline))
        elif candidate.outline is not None:
            kinds.append(("rank", ranks[candidate.outline]))
        elif candidate.rank is not None:
            kinds.append(("rank", candidate.rank))
        else:
            kinds.append((candidate.signal, 0))
    return kinds


def _order(kinds: Sequence[_Kind], own_words: Sequence[int]) -> list[_Kind]:
    """The kinds from the highest level to the lowest."""
    ranked = _merge_ranked(kinds)
    textless = Counter(pair for pair, words in zip(itertools.pairwise(kinds), own_words, strict=False) if not words)
    ordered = list(ranked)
    for kind in dict.fromkeys(kinds):
        if kind in ranked:
            continue
        child = _highest_child(kind, ranked, textless)
        ordered.insert(_place_below(kind, ranked, ordered, kinds) if child is None else ordered.index(child), kind)
    return ordered


def _merge_ranked(kinds: Sequence[_Kind]) -> list[_Kind]:
    """Outline levels and number ranks, each in its own order, merged by which comes first in the text."""
    first = {kind: kinds.index(kind) for kind in set(kinds)}
    outlines = sorted(kind for kind in first if kind[0] == "outline")
    ranks = sorted(kind for kind in first if kind[0] == "rank")
    merged: list[_Kind] = []
    while outlines and ranks:
        chain = outlines if first[outlines[0]] < first[ranks[0]] else ranks
        merged.append(chain.pop(0))
    return merged + outlines + ranks


def _highest_child(plain: _Kind, ranked: Sequence[_Kind], textless: Counter[tuple[_Kind, _Kind]]) -> _Kind | None:
    """The highest ranked kind that unnumbered lines hold together rather than divide; None when there is none.

    A heading without text of its own before the next one is that one's parent; without
    such a sign 1. counts points inside a part, 一、 and styles are parts.
    """
    for kind in ranked:
        points = kind[0] == "rank" and kind[1] >= _ITEM_RANK
        # A point of a list has no text either, and is nobody's parent.
        votes = textless[plain, kind] - (0 if points else textless[kind, plain])
        if votes > 0 or (votes == 0 and points and kind == ranked[0]):
            return kind
    return None


def _place_below(plain: _Kind, ranked: Sequence[_Kind], ordered: Sequence[_Kind], kinds: Sequence[_Kind]) -> int:
    """Where an unnumbered kind goes: right below the ranked kind that mostly stands before it."""
    parents: Counter[_Kind] = Counter()
    parent: _Kind | None = None
    for kind in kinds:
        if kind == plain and parent is not None:
            parents[parent] += 1
        elif kind in ranked:
            parent = kind
    return ordered.index(parents.most_common(1)[0][0]) + 1 if parents else len(ordered)
