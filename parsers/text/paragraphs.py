"""Paragraphs put together from pieces of text in one look each, the same for every flowing format. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.facts import Block, Part


class Cell(NamedTuple):
    """Where a paragraph stands when it stands in a table, 0-based."""

    table: int | None = None
    row: int | None = None
    column: int | None = None


NOWHERE = Cell()
"""Outside tables."""

_HEADING_STYLE = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)


class Piece(NamedTuple):
    """Text printed in one look."""

    text: str
    bold: bool = False
    size_pt: float | None = None


@dataclass(slots=True)
class BlockLook:
    """What is known of a paragraph as a whole."""

    part: Part = "main"
    label: str = ""
    style: str = ""
    outline_level: int | None = None
    centred: bool = False
    cell: Cell = field(default_factory=Cell)


def to_block(pieces: Sequence[Piece], look: BlockLook) -> Block:
    """The block that pieces of one paragraph make, in order."""
    printed = [piece for piece in pieces if piece.text.strip()]
    bold = bool(printed) and all(piece.bold for piece in printed)
    sizes = [piece.size_pt for piece in printed if piece.size_pt is not None]
    return Block(
        text="".join(piece.text for piece in pieces),
        part=look.part,
        label=look.label,
        style=look.style,
        outline_level=look.outline_level,
        bold=bold,
        bold_lead=0 if bold else _bold_lead(pieces),
        centred=look.centred,
        size_pt=max(sizes, default=None),
        table=look.cell.table,
        row=look.cell.row,
        column=look.cell.column,
    )


def _bold_lead(pieces: Sequence[Piece]) -> int:
    """Characters up to the first printed one that is not bold; blanks at the start alone are no lead."""
    lead = list(itertools.takewhile(lambda piece: piece.bold or not piece.text.strip(), pieces))
    return sum(len(piece.text) for piece in lead) if any(piece.text.strip() for piece in lead) else 0


def level_named_by(style: str) -> int | None:
    """The level, 1 to 9, in the name of a built-in style for headings (heading 2, 标题 2, 標題 2); None for other names."""
    found = _HEADING_STYLE.fullmatch(style.strip())
    return int(found[1]) if found else None
