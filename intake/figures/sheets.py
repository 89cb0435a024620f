"""A workbook between its meaning and its file: sheets of typed cells. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Kind = Literal["text", "number", "moment", "day"]
Tone = Literal["good", "wait", "look"]


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to a file beside the workbook."""

    text: str
    target: str
    """A path relative to the workbook, "/"-separated, or an absolute one."""


Cell = str | int | float | datetime | date | Link | None
"""`datetime`: aware. None and the empty text are no cell at all."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    title: str
    kind: Kind = "text"
    width: int = 12
    """In characters of Latin text; a Chinese one takes two."""
    wraps: bool = False
    """Long text is shown on several lines."""
    personal: Literal["", "text", "phone"] = "text"
    """What a masked copy hides in it: numbers inside text, whole telephone numbers, or nothing (codes)."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns over the rows of a sheet."""

    title: str
    labels: int
    """Column of the labels, 0-based."""
    series: tuple[int, ...]
    """Columns of the values, whose headings name them."""
    rows: int
    """How many rows belong to it, from the first one under the heading."""
    at: tuple[int, int]
    """Row and column of its upper left corner, 0-based."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a heading, then rows of the same shape."""

    name: str
    """At most 31 characters, none of []:*?/\\."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Each as long as `columns`."""
    frozen: int = 0
    """Columns that stay while scrolling; the heading always does."""
    printed: int = 0
    """Columns that go on paper, from the first; 0: all."""
    filters: bool = True
    charts: tuple[Chart, ...] = ()
    coloured: tuple[tuple[int, str, Tone], ...] = ()
    """Words that, alone in a cell of a column (0-based), get a ground."""
