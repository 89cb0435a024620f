"""Who gives an order, and orders as they are stored. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from intake.orders import Order, Until
from storage.records import Json

Channel = Literal["mail", "command_line", "page"]


@dataclass(frozen=True, slots=True)
class Giver:
    """Who orders, when and how."""

    who: str
    """A name of the campaign's list of organizers."""
    at: datetime
    channel: Channel
    letter: str | None = None
    """SHA-256 of the mail the order came in."""


def order_to_json(order: Order) -> dict[str, Any]:
    """All of an order, so that it can be carried out later."""
    stored = asdict(order)
    if order.until is not None:
        at = order.until.at
        stored["until"] = {"days": order.until.days, "at": at.isoformat() if at is not None else None}
    return {**stored, "numbers": list(order.numbers)}


def order_from_json(stored: Json) -> Order:
    """The order `order_to_json` was given."""
    until = stored["until"]
    if until is not None:
        until = Until(days=until["days"], at=datetime.fromisoformat(until["at"]) if until["at"] else None)
    return Order(**{**stored, "until": until, "numbers": tuple(stored["numbers"])})
