"""Looking again: cases by the rules as they are now, letters that were put aside.

Peer: the database. Whoever is to be told is told by the caller's means, in the unit of work that judges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from intake.desks import CaseJudge, Change
from intake.edges.clock import Clock
from storage.records.casebook import CaseRecord
from storage.rows.purging import PURGED
from storage.store import Store
from storage.unit_of_work import UnitOfWork


class ReplayDesk:
    """Re-judges cases and brings letters back."""

    def __init__(self, store: Store, judge: CaseJudge, *, clock: Clock) -> None:
        self._store = store
        self._judge = judge
        self._clock = clock

    def sort(self, targets: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Hashes of quarantined letters, numbers of cases, and what of `targets` is neither.

        Without `targets`: all judged cases. A letter may be named by the first digits of its hash, as long as no other fits.
        """
        letters: list[str] = []
        cases: list[str] = []
        unknown: list[str] = []
        with self._store.read() as view:
            aside = [letter.sha256 for letter in view.letters.by_outcome("quarantined")]
            if not targets:
                return (), tuple(case.number for case in view.cases.list() if _can_be_judged(case)), ()
            for target in dict.fromkeys(targets):
                found = [one for one in aside if one.startswith(target.lower())]
                if view.cases.by_number(target.upper()) is not None:
                    cases.append(target.upper())
                elif len(found) == 1:
                    letters += found
                else:
                    unknown.append(target)
        return tuple(letters), tuple(cases), tuple(unknown)

    def bring_back(self, sha256: str) -> None:
        """Let a letter that was put aside be read and filed anew."""
        with self._store.write() as work:
            work.letters.set_outcome(sha256, "collected")
            work.letters.change(sha256, read_at=None, answered=None)

    def compare(
        self, numbers: Sequence[str], *, apply: bool, tell: Callable[[UnitOfWork, str], object] | None = None
    ) -> tuple[Change, ...]:
        """The cases whose judgement differs now, in the order given; recorded with `apply`.

        `tell` then writes to whom a changed case concerns: both or neither, wherever the process ends.
        """
        changes = []
        for number in numbers:
            with self._store.write() as work:
                case = work.cases.by_number(number)
                if case is None or not _can_be_judged(case):
                    continue
                after, differs = self._judge.judge_again(work, case, record=apply)
                if differs:
                    changes.append(Change(number, case.verdict, after))
                if differs and apply and tell is not None:
                    tell(work, number)
        return tuple(changes)


def _can_be_judged(case: CaseRecord) -> bool:
    """Of a purged case nothing is left to judge."""
    return case.verdict is not None and case.state != PURGED
