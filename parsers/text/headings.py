"""Finds the headings of a document, however they were made. Pure, over blocks."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from parsers.facts import Block, Heading
from parsers.text.counting import count_words
from parsers.text.document_title import body_size_pt
from parsers.text.heading_levels import Candidate, Signal, levels_and_words
from parsers.text.heading_numbers import leading_number, without_number
from parsers.text.line_headings import LineContext, Neighbours, heading_in_line, is_heading_line
from parsers.text.lines import attachment_lines, contents_lines, split_lines
from parsers.text.list_items import without_list_items
from parsers.text.run_in_headings import printed_line, series_of

_PROSE_CELL_WORDS = 200
"""A cell with this many 字 holds text like any page, with headings of its own."""
_CELL_TEXT_WORDS = 30
_LONGEST_CELL_TITLE = 20
_MOSTLY = 0.5
_EDGES = " \t\u3000：:。．.、，,；;—-【】〖〗[]［］"
_HAN = re.compile(r"[\u3400-\u9fff]")


def find_headings(blocks: Sequence[Block], *, title_block: int | None = None) -> tuple[Heading, ...]:
    """The headings of the main text in document order; empty when none.

    A heading is a real style or outline level, a numbered line (typed or automatic), a
    bold or larger line, the label cell beside or above a cell of text, the lead of a
    paragraph (背景与起因：……), a bracketed line, or a short bare line before a paragraph.
    Lines of a table of contents, bylines, dates, captions and the title are none.

    Args:
        blocks: The document in reading order, form blocks already marked.
        title_block: Index of the document's title line, which heads no part.
    """
    lines, origins = split_lines(blocks)
    title_line = None if title_block is None else next(i for i, origin in enumerate(origins) if origin == title_block)
    candidates = without_list_items(lines, list(_candidates(lines, title_line)))
    placed = levels_and_words(lines, candidates)
    return tuple(
        Heading(
            block=origins[candidate.block],
            text=candidate.text,
            title=without_number(candidate.text).strip(_EDGES),
            level=level,
            signal=candidate.signal,
            words=words,
        )
        for candidate, (level, words) in zip(candidates, placed, strict=True)
    )


def _candidates(blocks: Sequence[Block], title: int | None) -> Iterator[Candidate]:
    outside = contents_lines(blocks) | attachment_lines(blocks)
    cells = _cells(blocks)
    # A styled cell beside others is the head of a column of data.
    in_row = Counter(place[:2] for place in cells)
    labels = _label_cells(blocks, cells)
    neighbours = _neighbours(blocks, outside)
    context = _context(blocks)
    skipped: set[int] = set()
    for index, block in enumerate(blocks):
        if block.part != "main" or index in outside or index == title or index in skipped:
            continue
        if index in labels:
            text = "".join(blocks[i].text.strip() for i in labels[index])
            skipped.update(labels[index])
            signal: Signal = "style" if block.outline_level else "cell"
            yield Candidate(index, text, signal, rank=_rank(text), consumed=len(labels[index]))
        elif (
            block.table is None or _cell_words(blocks, cells[block.table, block.row, block.column]) >= _PROSE_CELL_WORDS
        ):
            if (found := heading_in_line(block, context, neighbours[index])) is not None:
                yield Candidate(
                    index,
                    found.text,
                    found.signal,
                    rank=_rank(found.text),
                    outline=block.outline_level,
                    taken=found.taken,
                )
        elif is_heading_line(block) and in_row[block.table, block.row] == 1:
            yield Candidate(
                index,
                printed_line(block),
                "style",
                rank=_rank(printed_line(block)),
                outline=block.outline_level,
            )


def _context(blocks: Sequence[Block]) -> LineContext:
    main = [block for block in blocks if block.part == "main"]
    bold = sum(len(block.text) for block in main if block.bold)
    return LineContext(
        body_pt=body_size_pt(blocks),
        bold_stands_out=bold <= _MOSTLY * sum(len(block.text) for block in main),
        series=series_of(blocks),
    )


def _rank(text: str) -> int | None:
    number = leading_number(text)
    return number.rank if number else None


def _neighbours(blocks: Sequence[Block], outside: AbstractSet[int]) -> list[Neighbours]:
    """For each block the lines of the main text before and after it that are not blank."""
    texts = [
        block.text if block.part == "main" and index not in outside and block.text.strip() else ""
        for index, block in enumerate(blocks)
    ]
    before = itertools.accumulate(texts, lambda last, text: text or last, initial="")
    after = list(itertools.accumulate(reversed(texts), lambda last, text: text or last, initial=""))[-2::-1]
    return [Neighbours(*pair) for pair in zip(before, after, strict=False)]


_Place = tuple[int | None, int | None, int | None]


def _cells(blocks: Sequence[Block]) -> dict[_Place, list[int]]:
    """Block indices by table, row and column, main text only."""
    cells: dict[_Place, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        if block.table is not None and block.part == "main" and block.text.strip():
            cells[block.table, block.row, block.column].append(index)
    return cells


def _cell_words(blocks: Sequence[Block], indices: Sequence[int]) -> int:
    return sum(count_words(blocks[index].text) for index in indices)


def _label_cells(blocks: Sequence[Block], cells: dict[_Place, list[int]]) -> dict[int, list[int]]:
    """First block of each cell that heads the text beside or below it, with all blocks of that cell."""
    rows: dict[tuple[int | None, int | None], list[_Place]] = defaultdict(list)
    for place in cells:
        rows[place[:2]].append(place)
    labels: dict[int, list[int]] = {}
    order = list(rows)
    for position, row in enumerate(order):
        below = rows[order[position + 1]] if position + 1 < len(order) and order[position + 1][0] == row[0] else []
        places = rows[row]
        text = places[1:] if len(places) == 2 else below if len(places) == len(below) == 1 else []
        if text and _is_label(blocks, cells[places[0]]) and _cell_words(blocks, cells[text[0]]) >= _CELL_TEXT_WORDS:
            labels[cells[places[0]][0]] = cells[places[0]]
    return labels


def _is_label(blocks: Sequence[Block], indices: Sequence[int]) -> bool:
    text = without_number("".join(blocks[index].text.strip() for index in indices))
    return 2 <= len(text) <= _LONGEST_CELL_TITLE and len(_HAN.findall(text)) >= 2 and not re.search(r"[\d。]", text)
