"""What letters ask for beside being filed: a case taken back, findings checked again, a draft looked at.

Recorded, carried out and answered in the caller's unit of work. Peer: the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from intake.answers import Answers, unanswered
from intake.calls import Call
from intake.casework.fold import fold
from intake.casework.requested import Requested
from intake.casework.standing import DISPUTED, WITHDRAWN
from intake.checks import judge
from intake.edges.records import Readings
from intake.model import UNSENT, Photo
from intake.replies.matter import CaseReport, Notice, describe_file, list_files
from intake.wording import mask_address
from storage.records.casebook import CaseRecord, NewDecision
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork

_ASKS = frozenset({"fix_request", "awaiting", "reminder"})


class Judging(Protocol):
    """What this needs of the judge's desk, inside the caller's transaction."""

    def judge(self, work: UnitOfWork, case: CaseRecord, *, decided: bool = False, silently: bool = False) -> CaseRecord:
        """Fold, judge and record the case; the case as it is then. `silently`: another case of the letter comes next."""
        ...

    def report(self, work: UnitOfWork, case: CaseRecord) -> CaseReport | None:
        """How a judged case stands; None while it waits, and when it was taken back."""
        ...


class Requests:
    """Carries out what a letter asks for. The letter's own outcome is the caller's affair."""

    def __init__(self, readings: Readings, judging: Judging, answers: Answers) -> None:
        self._readings = readings
        self._judging = judging
        self._answers = answers

    def grant(
        self, work: UnitOfWork, call: Call, record: LetterRecord, asked: Requested, *, drafts: Sequence[LetterRecord]
    ) -> None:
        """Do what `record` asks and queue its answer. `drafts`: earlier letters of the same draft, oldest first."""
        found = [case for number in asked.numbers if (case := work.cases.by_number(number)) is not None]
        match asked.request:
            case "draft":
                self._review(work, call, [*drafts, record])
            case "claim":
                self._keep_apart(work, call, found, record)
            case "replacement":
                self._ask_whether_it_replaces(work, call, found, record)
            case "dispute":
                self._dispute(work, call, found[0], record, asked)
            case "withdrawal" if asked.certain:
                self._withdraw(work, call, found, record, asked)
            case "withdrawal":
                self._ask_to_confirm(work, call, found, record)

    def standing(self, work: UnitOfWork, case: CaseRecord) -> CaseReport:
        """How a case stands, also one that still waits or was taken back: who asks must never read that nothing came."""
        unjudged = CaseReport(
            number=case.number,
            title=case.title,
            verdict="needs_human",
            received_at=case.opened_at,
            unit=case.unit or None,
            is_waiting=True,
            is_withdrawn=case.state == WITHDRAWN,
        )
        return self._judging.report(work, case) or unjudged

    def _review(self, work: UnitOfWork, call: Call, letters: Sequence[LetterRecord]) -> None:
        """All findings, and neither verdict nor number: nothing of a draft is on record as a case."""
        state = fold(self._readings.letters(work, letters), call.signs, closes_at=None)
        assert state.current is not None  # there is a letter
        revision = replace(state.current, closes_at=None)
        judgement = judge(call.checks, revision)
        report = CaseReport(
            number="",
            title=state.title,
            verdict=judgement.verdict,
            received_at=letters[-1].received_at,
            unit=state.unit,
            category=state.category,
            findings=judgement.findings,
            settled=judgement.settled,
            files=list_files(revision),
        )
        self._answers.write(work, call, "draft_review", letters[-1], reports=(report,), letters=letters[-1:])

    def _dispute(self, work: UnitOfWork, call: Call, case: CaseRecord, record: LetterRecord, asked: Requested) -> None:
        letter = self._readings.letter(work, record)
        report = self.standing(work, case)
        # A picture of a word count is no photo of the case: a letter that brings one stays beside it.
        if not any(isinstance(file, Photo) for file in letter.files):
            work.cases.join(case.id, record.sha256, joined_by="; ".join(asked.evidence), at=record.received_at)
        self._decide(work, case, DISPUTED, record, letter.facts.text or letter.facts.subject)
        self._answers.write(work, call, "disputed", record, reports=(report,), cases=(case.id,), letters=(record,))
        self._judging.judge(work, case)

    def _withdraw(
        self, work: UnitOfWork, call: Call, cases: Sequence[CaseRecord], record: LetterRecord, asked: Requested
    ) -> None:
        """All of `cases` in one letter of ours."""
        letter = self._readings.letter(work, record)
        untold, reports = {record.sha256: record}, []
        for case in cases:
            work.cases.join(case.id, record.sha256, joined_by="; ".join(asked.evidence), at=record.received_at)
            self._decide(work, case, WITHDRAWN, record, letter.facts.text or letter.facts.subject)
            _cancel_requests(work, case)
            untold |= {each.sha256: each for each in unanswered(work, case)}
            reports.append(self.standing(work, self._judging.judge(work, case)))
        self._answers.write(
            work,
            call,
            "withdrawn",
            record,
            reports=reports,
            cases=[case.id for case in cases],
            letters=tuple(untold.values()),
        )

    def _keep_apart(self, work: UnitOfWork, call: Call, cases: Sequence[CaseRecord], record: LetterRecord) -> None:
        """Nothing of the cases changes and nothing of them is told; whoever is known to speak for them hears of it."""
        letter = self._readings.letter(work, record)
        files = [describe_file(file) for file in letter.files]
        self._answers.write(work, call, "being_checked", record, letters=(record,), files=files)
        address = mask_address(letter.facts.sender.address) if letter.facts.sender is not None else ""
        for case in cases:
            report = self.standing(work, case)
            self._answers.notify(work, call, case, report, Notice("claimed", address))

    def _ask_whether_it_replaces(
        self, work: UnitOfWork, call: Call, cases: Sequence[CaseRecord], record: LetterRecord
    ) -> None:
        """Anybody may write anybody's address into From: what is complete stands until its sender says yes."""
        letter = self._readings.letter(work, record)
        self._answers.write(
            work,
            call,
            "confirm_replacement",
            record,
            reports=[self.standing(work, case) for case in cases],
            cases=[case.id for case in cases],
            letters=(record,),
            files=[describe_file(file) for file in letter.files],
        )

    def _ask_to_confirm(self, work: UnitOfWork, call: Call, cases: Sequence[CaseRecord], record: LetterRecord) -> None:
        """Anybody may write anybody's address into From: whoever reads the mail of that address says yes or no."""
        if not cases:
            self._answers.write(work, call, "answer", record, letters=(record,), topics=("received",))
            return
        self._answers.write(
            work,
            call,
            "confirm_withdrawal",
            record,
            reports=[self.standing(work, case) for case in cases],
            cases=[case.id for case in cases],
            letters=(record,),
        )

    @staticmethod
    def _decide(work: UnitOfWork, case: CaseRecord, kind: str, record: LetterRecord, said: str) -> None:
        """On record as the sender's own decision, made when their letter arrived, in their words."""
        work.cases.add_decision(
            NewDecision(
                case_id=case.id,
                kind=kind,
                who=record.from_address or record.from_name,
                why=" ".join(said.split())[:200],
                at=record.received_at,
                revision_id=case.current_revision_id,
            )
        )


def _cancel_requests(work: UnitOfWork, case: CaseRecord) -> None:
    """What was to ask for more of this case alone, and has not left, asks in vain: it is taken back."""
    for mail in work.outgoing.of_case(case.id):
        if mail.kind in _ASKS and mail.state in UNSENT and work.outgoing.cases_of(mail.id) == (case.id,):
            work.outgoing.cancel(mail.id)
