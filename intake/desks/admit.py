"""Letters kept apart until somebody says whose they are: an organizer lets one into a case, or leaves it out.

Peer: the database; the decision, what becomes of the letter and the judgement are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from intake.calls import Call
from intake.deciding.meaning import case_numbered
from intake.desks import CaseJudge
from intake.edges.clock import Clock
from intake.errors import NoReasonError, OperatorError, UnlistedCampaignError
from intake.filing.outcomes import Outcomes
from intake.organizers import who_is
from storage.records.casebook import CaseRecord, NewDecision
from storage.records.correspondence import LetterRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

ADMITTED = "admit"
"""Kind of the decision by which a letter of another address became part of a case."""


class AdmitDesk:
    """Settles letters that are `unconfirmed`."""

    def __init__(self, store: Store, judge: CaseJudge, calls: Mapping[str, Call], *, clock: Clock) -> None:
        self._store = store
        self._judge = judge
        self._calls = calls
        self._clock = clock

    def kept(self) -> tuple[LetterRecord, ...]:
        """The letters that wait for a decision, oldest received first; empty when none."""
        with self._store.read() as view:
            return _kept(view)

    def admit(self, prefix: str, number: str, *, who: str, why: str) -> CaseRecord:
        """Let the letter whose hash begins with `prefix` into the case `number`; the case as it is then.

        Raises: OperatorError when letter, case, person or reason is not right; StorageError.
        """
        with self._store.write() as work:
            letter, who = self._letter(work, prefix, who=who, why=why)
            case = case_numbered(work, number, self._calls[letter.campaign or ""])
            at = self._clock.now()
            joined_by = f"{who}决定并入：{why.strip()}"
            work.cases.join(case.id, letter.sha256, joined_by=joined_by, at=at)
            work.cases.add_decision(
                NewDecision(case_id=case.id, kind=ADMITTED, who=who, why=why.strip(), at=at, revision_id=None)
            )
            work.letters.set_outcome(letter.sha256, "filed")
            self._settled(work, letter, joined_by)
            return self._judge.judge(work, case)

    def leave(self, prefix: str, *, who: str, why: str) -> LetterRecord:
        """Leave the letter out for good: it stays kept as it is, and is no longer shown; the letter.

        Raises: as `admit`.
        """
        with self._store.write() as work:
            letter, who = self._letter(work, prefix, who=who, why=why)
            self._settled(work, letter, f"{who}决定不并入：{why.strip()}")
            return letter

    def _settled(self, work: UnitOfWork, letter: LetterRecord, line: str) -> None:
        evidence = dict(letter.evidence or {})
        lines = [*evidence.get("lines", ()), line]
        work.letters.change(letter.sha256, evidence={**evidence, "lines": lines})
        Outcomes(test_mode=letter.test).show_to_a_person(work, letter, shown=False)

    def _letter(self, view: View, prefix: str, *, who: str, why: str) -> tuple[LetterRecord, str]:
        """The letter meant, and the name the decision is recorded under. Raises: OperatorError."""
        if not why.strip():
            raise NoReasonError
        wanted = prefix.strip().lower()
        found = [letter for letter in _kept(view) if wanted and letter.sha256.startswith(wanted)]
        if len(found) != 1:
            raise OperatorError(f"单独保存的来信中没有唯一以“{prefix}”开头的编号。请用 intake letters kept 查看。")
        call = self._calls.get(found[0].campaign or "")
        if call is None:
            raise UnlistedCampaignError(found[0].campaign)
        return found[0], who_is(call.campaign, who)


def _kept(view: View) -> tuple[LetterRecord, ...]:
    return tuple(letter for letter in view.letters.for_person() if letter.ignored == "unconfirmed")
