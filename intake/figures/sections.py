"""A digest between its meaning and its two forms. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from intake.figures.charts import Chart


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to do, with what is known about it."""

    title: str
    rows: tuple[tuple[str, str], ...]
    """Label and text."""
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the same kind. A line end inside a cell puts the rest below, smaller."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Words to be copied as they stand."""

    title: str
    text: str
    """Lines ended by \\n."""


@dataclass(frozen=True, slots=True)
class Section:
    """One titled part."""

    title: str
    count: int | None = None
    """Stands behind the title; None where counting says nothing."""
    lines: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    table: Table | None = None
    charts: tuple[Chart, ...] = ()
    blocks: tuple[Block, ...] = ()
    after: tuple[str, ...] = ()
    folded: str = ""
    """Words at which the table is shown, where a mail program can fold; empty: it is not folded."""
    loud: bool = False
    """Something is wrong here: set off in both forms."""

    @property
    def heading(self) -> str:
        """The title with its count."""
        return self.title if self.count is None else f"{self.title}（{self.count}）"
