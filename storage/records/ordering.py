"""What organizers ordered, and what it did. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What a named organizer ordered, by mail or at a desk."""

    campaign: str
    action: str
    who: str
    why: str
    said: str
    """The words of the mail; empty for an order given at a desk."""
    channel: str
    """`mail`, `command_line` or `page`."""
    at: datetime
    state: str
    """`asked` (to be confirmed), `done`, `undone`, `dropped`."""
    terms: Json | None = None
    """The whole order, to be carried out later."""
    letter_sha256: str | None = None
    """The mail it came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord(NewOrder):
    """A stored order."""

    id: int
    settled_at: datetime | None
    before: Json | None
    """What taking it back needs; None before it was carried out."""
    answer_id: int | None
    """Our mail that told its giver of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """That an order was taken back."""

    order_id: int
    who: str
    """Empty for orders taken back before this was kept."""
    channel: str
    """As of the order."""
    at: datetime
    letter_sha256: str | None = None
    """The mail that said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCase:
    """That an order was carried out on a case."""

    order_id: int
    case_id: int
    decision_id: int | None
