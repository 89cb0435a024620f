"""What orders are carried out with."""

from __future__ import annotations

from dataclasses import dataclass

from intake.answers import Answers
from intake.calls import Calls
from intake.edges.clock import Clock
from intake.requests import Judging


@dataclass(frozen=True, slots=True)
class Hands:
    """Judging cases anew, writing to their senders, the campaigns as they stand, and the time."""

    judging: Judging
    answers: Answers
    calls: Calls
    clock: Clock
