"""The desks a letter passes, one verb each. All of the I/O, none of the rules.

A desk takes what it needs in its constructor and offers one method that does a
bounded piece of work and says how much it did. What is due is read from the
database, so a desk may be stopped between any two letters. Desks do not know each
other: those that must have a case judged are handed a `CaseJudge`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from intake.calls import Call
from intake.edges.extracts import Extracts
from intake.edges.records import Readings
from intake.replies.matter import CaseReport
from storage.records.casebook import CaseRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Archive:
    """The records and what lies in their letters, as desks that write them out need them."""

    store: Store
    readings: Readings
    calls: Mapping[str, Call]
    extracts: Extracts
    zone: str
    """Name of the time zone that lists are written in."""
    trial: bool
    """Of a trial run the trial cases are taken, else they are left out."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a case's verdict was and would be, or is now."""

    number: str
    before: str | None
    after: str | None


class CaseJudge(Protocol):
    """Judging, as other desks ask for it: inside their own transaction."""

    def judge(self, work: UnitOfWork, case: CaseRecord, *, decided: bool = False, silently: bool = False) -> CaseRecord:
        """Fold, judge and record the case and queue the answer its letters wait for; the case as it is then.

        A letter that brought several cases is answered once, when all of them are judged.
        `decided`: an organizer's decision is the cause; the submitter is told even without a new letter.
        `silently`: another case of the same letter is judged next; nothing is said yet.
        """
        ...

    def judge_again(self, work: UnitOfWork, case: CaseRecord, *, record: bool) -> tuple[str, bool]:
        """The verdict by today's rules, and whether anything differs from what is on record; nothing is answered."""
        ...

    def judge_read_anew(self, work: UnitOfWork, case: CaseRecord) -> tuple[str | None, bool]:
        """As `judge_again` on record, after letters of the case were read anew; None while it waits."""
        ...

    def report(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """How a judged case stands; None while it waits."""
        ...

    def report_today(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """How a judged case would stand by today's rules; nothing is recorded. None while it waits or is withdrawn."""
        ...
