"""A case as letters are matched with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from intake.casework.likeness import is_quoted
from intake.model import ReadFile
from parsers.facts import SharedFile

Lack = Literal["text", "photos", "form"]
"""A part of a submission that is not there."""


@dataclass(frozen=True, slots=True)
class KnownCase:
    """What joining must know of a case: those of the sender, and those our references name."""

    number: str
    addresses: frozenset[str] = frozenset()
    """The senders of its letters, lower-case."""
    related: frozenset[str] = frozenset()
    """Others that may speak for it, lower-case: copied in, named by a forwarded original or by the form."""
    title: str = ""
    unit: str | None = None
    state: str = "open"
    """open, waiting, needs_fix, needs_human, accepted …; see `OPEN_STATES`."""
    files: tuple[ReadFile, ...] = ()
    """Its current files, roles assigned."""
    lacks: tuple[Lack, ...] = ()
    linked: tuple[SharedFile, ...] = ()
    """What its letters only linked to and has not come since."""
    text_at: datetime | None = None
    """When its current text arrived; None without one."""
    former: tuple[str, ...] = ()
    """Numbers it had before, or of cases that went into it: whoever quotes them means it."""

    def is_quoted_in(self, written: str) -> bool:
        """Whether `written`, in plain form, names it by a number it has or had."""
        return any(is_quoted(number, written) for number in (self.number, *self.former))


OPEN_STATES = frozenset({"open", "waiting", "needs_fix", "needs_human"})
"""States in which a part may still be added without a word from the sender."""
