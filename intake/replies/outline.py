"""A letter between its meaning and its two forms: blocks that text and HTML are both made from. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more whole sentences."""

    shape: ClassVar[str] = "paragraph"
    text: str
    tone: Literal["plain", "strong", "faint"] = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows."""

    shape: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    shape: ClassVar[str] = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what belongs to it, one value a line."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels and values; under a title of its own when it is one point of several."""

    shape: ClassVar[str] = "rows"
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """落款: one line each."""

    shape: ClassVar[str] = "signature"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """What hardly anybody needs, at the very end."""

    shape: ClassVar[str] = "folded"
    summary: str
    lines: tuple[str, ...]


Block = Paragraph | Heading | Bullets | Rows | Signature | Folded
