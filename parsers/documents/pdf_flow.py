"""What flows down a page: lines of text, and table cells where their table stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.documents.pdf_glyphs import Glyph
from parsers.documents.pdf_lines import Line, build_lines, join_lines, without_shadows
from parsers.documents.pdf_tables import Cell
from parsers.facts import Block

_FULL_EM = 2.6
"""A cell's padding, and a character that moved down with the closing mark after it."""


def build_flow(glyphs: Sequence[Glyph], cells: Sequence[Cell], *, page: int, first_table: int) -> list[Line | Block]:
    """Lines outside tables in content order, each table's cells row by row where its first glyph stands.

    Args:
        glyphs: The page's glyphs in content order.
        cells: The page's table cells.
        page: 1-based, for the lines and blocks.
        first_table: Number of the page's first table within the document.
    """
    flow: list[Line | Block] = []
    outside: list[Glyph] = []
    inside: dict[Cell, list[Glyph]] = {cell: [] for cell in cells}
    places: dict[int, int] = {}
    cell: Cell | None = None
    for glyph in without_shadows(glyphs):
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        if cell is None or not cell.holds(x, y):
            cell = next((cell for cell in cells if cell.holds(x, y)), None)
        if cell is None:
            outside.append(glyph)
            continue
        inside[cell].append(glyph)
        if cell.table not in places:
            flow += build_lines(outside, page=page)
            outside = []
            places[cell.table] = len(flow)
    flow += build_lines(outside, page=page)
    for table, place in sorted(places.items(), key=lambda item: item[1], reverse=True):
        of_table = [cell for cell in cells if cell.table == table]
        flow[place:place] = [
            block
            for cell in of_table
            for block in _cell_blocks(cell, inside[cell], page=page, table=first_table + table)
        ]
    return flow


def _cell_blocks(cell: Cell, glyphs: list[Glyph], *, page: int, table: int) -> list[Block]:
    """The paragraphs of one cell: a line goes on in the next when it nearly touches the cell's right edge."""
    paragraphs: list[list[Line]] = []
    for line in build_lines(glyphs, page=page):
        last = paragraphs[-1][-1] if paragraphs else None
        if last is not None and last.right >= cell.right - _FULL_EM * last.size_pt:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return [
        Block(
            text=_joined(lines),
            bold=all(line.bold for line in lines),
            size_pt=max(line.size_pt for line in lines) or None,
            page=page,
            table=table,
            row=cell.row,
            column=cell.column,
        )
        for lines in paragraphs
    ]


def _joined(lines: list[Line]) -> str:
    text = ""
    for line in lines:
        text = join_lines(text, line.text)
    return text
