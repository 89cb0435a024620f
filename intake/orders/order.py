"""An order and what it may speak of. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

Action = Literal[
    "pass",
    "return",
    "waive",
    "merge",
    "extend",
    "move",
    "reopen",
    "withdraw",
    "note",
    "choose",
    "undo",  # takes back what was ordered minutes ago
    "confirm",  # says yes to what our mail asked to have confirmed
]


@dataclass(frozen=True, slots=True)
class Until:
    """A longer time: so many days more, or up to a moment. Exactly one is set."""

    days: int | None = None
    at: datetime | None = None
    """Exclusive, aware UTC: 至12月25日 is the beginning of the 26th."""


@dataclass(frozen=True, slots=True)
class Order:
    """One thing an organizer wants done."""

    action: Action
    said: str
    """The words, as written, on one line."""
    numbers: tuple[str, ...] = ()
    """登记编号 in full, in the order written, once each; empty when `of` or `everybody` says whose."""
    why: str = ""
    """The reason stated; empty when none is."""
    rule: str = ""
    """`waive`: the rule's id."""
    target: str = ""
    """`merge`: the number that stays. `move`: the id of the other campaign."""
    until: Until | None = None
    """`extend`."""
    of: str = ""
    """`extend`: all cases of this unit or address."""
    everybody: bool = False
    """`extend`: the whole campaign."""
    campaign: str = ""
    """With `everybody`: the id of the campaign named; empty when none is."""
    version: int | None = None
    """`choose`: the version (第几版) that shall stand."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that were not understood, and what would help."""

    said: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text orders."""

    orders: tuple[Order, ...] = ()
    """In the order written."""
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names an order may use, and what may go without saying."""

    now_at: datetime
    """Aware; dates without a year lie ahead of it."""
    zone: ZoneInfo
    prefix: str = ""
    """Of the 登记编号, for 17号; empty when several campaigns share the mail."""
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What people call a rule, in plain form, to the ids it may mean."""
    campaigns: Mapping[str, str] = field(default_factory=dict)
    """What people call a campaign, in plain form, to its id."""
    case: str | None = None
    """The case the answered mail is about, when it is about one alone."""
    may_confirm: bool = False
    """The answered mail asks to have something confirmed: 同意 and 确认 say yes to that."""
    names: tuple[str, ...] = ()
    """How the writer may sign: lines that are only this say nothing."""
