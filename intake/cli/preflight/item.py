"""One line of the doctor's screen. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["fine", "notice", "wrong"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing looked at. `wrong` must be mended before the service can work, `notice` is worth knowing."""

    mark: Mark
    what: str
    """What was looked at, two to six characters."""
    said: str
    """What was found, without full stop."""
    advice: str = ""
    """How to mend it, whole sentences; empty when there is nothing to do."""


def fine(what: str, said: str) -> Item:
    """All is well."""
    return Item("fine", what, said)


def notice(what: str, said: str, advice: str = "") -> Item:
    """It works, but something is lost or should be known."""
    return Item("notice", what, said, advice)


def wrong(what: str, said: str, advice: str = "") -> Item:
    """It cannot work like this."""
    return Item("wrong", what, said, advice)
