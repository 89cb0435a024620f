"""Tells the items of a list from headings: numbered lines that stand one below the other without text. Pure."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from parsers.facts import Block
from parsers.text.heading_levels import Candidate
from parsers.text.heading_numbers import leading_number, without_number
from parsers.text.line_headings import is_text
from parsers.text.run_in_headings import printed_line
from parsers.text.titles import names_usual_part

_POINT_RANK = 40
"""From 1. on, numbers may count the items of a list; 一、 and （一） mark parts."""
_ITEM_RANK = 60
"""① or a) that has no fellow heads nothing."""
_LIST = 3
"""So many lines without text between them are a list, whatever stands around them."""


def without_list_items(blocks: Sequence[Block], candidates: Sequence[Candidate]) -> list[Candidate]:
    """`candidates` without those that are items of a list, in their order.

    Items: two or more numbered lines, one right below the other, when they are three, or follow a line that
    ends with a colon, or no text follows the last. Neither a part of a case (背景, 做法) nor a chain of ever
    deeper numbers (1. （1） ①) is one.
    """
    items = Counter(candidate.rank for candidate in candidates if _is_point(blocks, candidate))
    kept: list[Candidate] = []
    for run in _runs(blocks, candidates):
        is_lone_item = len(run) == 1 and items[run[0].rank] == 1 and (run[0].rank or 0) >= _ITEM_RANK
        if any(names_usual_part(without_number(one.text)) for one in run) or not (
            is_lone_item or _is_list(blocks, run)
        ):
            kept += run
    return kept


def _runs(blocks: Sequence[Block], candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """The candidates, numbered points that stand right below each other together."""
    run: list[Candidate] = []
    for candidate in candidates:
        if run and not (_is_point(blocks, candidate) and _continues(blocks, run[-1], candidate)):
            yield run
            run = []
        run.append(candidate)
    if run:
        yield run


def _is_point(blocks: Sequence[Block], candidate: Candidate) -> bool:
    return (
        candidate.signal in ("numbered", "auto_numbered")
        and (candidate.rank or 0) >= _POINT_RANK
        and not blocks[candidate.block].bold
    )


def _continues(blocks: Sequence[Block], before: Candidate, after: Candidate) -> bool:
    between = range(before.block + 1, after.block)
    return _is_point(blocks, before) and not any(blocks[index].text.strip() for index in between)


def _is_list(blocks: Sequence[Block], run: Sequence[Candidate]) -> bool:
    is_chain = all((one.rank or 0) < (other.rank or 0) for one, other in itertools.pairwise(run))
    if len(run) == 1:
        return _ends_list(blocks, run[0])
    if is_chain:
        return False
    above, below = _beside(blocks, run[0].block, step=-1), _beside(blocks, run[-1].block, step=1)
    is_announced = above is not None and above.text.rstrip().endswith(("：", ":"))
    return len(run) >= _LIST or is_announced or below is None or not is_text(below.text)


def _ends_list(blocks: Sequence[Block], candidate: Candidate) -> bool:
    """Whether a single point stands right below another number and has neither text nor a table of its own."""
    above, below = (_beside(blocks, candidate.block, step=step) for step in (-1, 1))
    if not _is_point(blocks, candidate) or above is None or above.table is not None:
        return False
    number = leading_number(printed_line(above))
    is_empty = below is None or (below.table is None and not is_text(below.text))
    return is_empty and number is not None and number.rank >= _POINT_RANK


def _beside(blocks: Sequence[Block], index: int, *, step: int) -> Block | None:
    """The nearest block with text above or below; None when there is none."""
    end = len(blocks) if step > 0 else -1
    return next((blocks[i] for i in range(index + step, end, step) if blocks[i].text.strip()), None)
