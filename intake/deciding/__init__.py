"""What a named organizer orders, carried out: by whichever way it came, recorded with name, reason, time and mail,
told to whom it concerns after ten minutes in which it can be taken back.

An order is checked whole before anything is written. Everything happens in the caller's unit of work.
"""

from __future__ import annotations

from intake.deciding.giving import Channel, Giver
from intake.deciding.precedence import AlreadyDecidedError
from intake.deciding.service import UNDO_FOR, Carried, Deciding, needs_yes
from intake.deciding.versions import (
    RepeatedOrderError,
    UnseenVersionError,
    newest_order,
    refuse_repeated,
    refuse_unseen,
)

__all__ = [
    "UNDO_FOR",
    "AlreadyDecidedError",
    "Carried",
    "Channel",
    "Deciding",
    "Giver",
    "RepeatedOrderError",
    "UnseenVersionError",
    "needs_yes",
    "newest_order",
    "refuse_repeated",
    "refuse_unseen",
]
