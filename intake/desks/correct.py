"""Corrections: cases whose senders were told what does not hold by today's rules, and one letter to each.

Peer: the database. What is shown beforehand is what is queued; nothing leaves that was not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import structlog

from intake.calls import Call
from intake.desks import CaseJudge
from intake.edges.clock import Clock
from intake.edges.outbox import CORRECTED, Outbox, new_token
from intake.edges.records import finding_from_json
from intake.lookups import is_answered_by_hand
from intake.model import UNSENT, Finding
from intake.replies import AnsweredLetter, CaseReport, Draft, Occasion, compose
from intake.replies.correction import is_told_otherwise, no_longer_said
from intake.replies.matter import Correction
from intake.replies.sentences import Voice
from storage.records.casebook import CaseRecord
from storage.records.correspondence import OutgoingRecord
from storage.rows.purging import PURGED
from storage.store import Store
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

TELLS_HOW_IT_STANDS = frozenset(
    {
        "receipt",
        "receipts",
        "fix_request",
        "being_checked",
        "late",
        "decision",
        "extension",
        "moved",
        "merged",
        "parted",
        "correction",
    }
)
"""Kinds of letters that say what was found."""
_LEFT = frozenset({"sent", "unknown", "handing_over"})

Withheld = Literal["unsent", "by_hand", "untold", "as_told"]
"""`unsent`: a letter of ours on it waits, written before. `by_hand`: a colleague has answered its sender. `untold`: no
letter on how it stands ever left. `as_told`: what was told of it still holds.
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A letter that puts right what was said of one case."""

    number: str
    recipient: str
    told_at: datetime
    """When the letter that was wrong was written."""
    before: str
    """The verdict it told."""
    after: str
    """Today's verdict."""
    draft: Draft
    """As it would be written now; the 回执码 of the letter that leaves is another."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What `look` found."""

    proposals: tuple[Proposal, ...]
    """By number of case."""
    unsent: tuple[str, ...] = ()
    """Numbers of cases of which a letter has not left yet: what it says may be wrong, but can still be stopped."""


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A letter that was wrong about a case."""

    mail: OutgoingRecord
    verdict: str
    findings: tuple[Finding, ...]


class CorrectDesk:
    """Finds wrongly answered cases, shows the letters that correct them, and queues those."""

    def __init__(
        self, store: Store, outbox: Outbox, judge: CaseJudge, calls: Mapping[str, Call], *, clock: Clock
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._judge = judge
        self._calls = calls
        self._clock = clock

    def look(self, *, since_at: datetime, numbers: Sequence[str] = (), why: str = "") -> Survey:
        """The corrections due for letters of ours written from `since_at` on; of these cases only, when `numbers` are given.

        Nothing is recorded. Raises: StorageError.
        """
        proposals: list[Proposal] = []
        unsent: list[str] = []
        for number in self._numbers(numbers):
            with self._store.write() as work:
                case = work.cases.by_number(number)
                if case is None or not self._can_be_corrected(work, case):
                    continue
                if _has_unsent(work, case):
                    unsent.append(number)
                    continue
                found = self._correction(work, case, since_at, why)
                if found is not None:
                    wrong, report, occasion = found
                    proposals.append(self._proposal(case, wrong, report, occasion))
        return Survey(tuple(proposals), tuple(unsent))

    def send(self, *, since_at: datetime, numbers: Sequence[str], why: str = "") -> tuple[Proposal, ...]:
        """Record today's judgement of these cases and queue their letters; those that went to the queue.

        Looked at once more: a case that meanwhile had a letter, a ruling or its correction is left alone.
        Raises: StorageError.
        """
        queued: list[Proposal] = []
        for number in numbers:
            with self._store.write() as work:
                proposal = self.correct(work, number, since_at=since_at, why=why)
                queued += [proposal] if proposal is not None else []
        self.note(queued)
        return tuple(queued)

    def correct(self, work: UnitOfWork, number: str, *, since_at: datetime, why: str = "") -> Proposal | None:
        """As `send`, one case in the caller's unit of work; None when nothing is to be corrected."""
        case = work.cases.by_number(number)
        if case is None or not self._can_be_corrected(work, case) or _has_unsent(work, case):
            return None
        found = self._correction(work, case, since_at, why)
        if found is None:
            return None
        wrong, report, occasion = found
        self._judge.judge_again(work, case, record=True)
        # The letter is the younger of the two: by this it is known again which judgement it told.
        occasion = replace(occasion, now_at=self._clock.now())
        proposal = self._proposal(case, wrong, report, occasion)
        self._queue(work, case, wrong, occasion, proposal.draft)
        return proposal

    def withheld(self, work: UnitOfWork, number: str) -> Withheld | None:
        """Why nobody is written to of a case that is judged otherwise, when `correct` gave None; None of a case that is
        not judged any more.
        """
        case = work.cases.by_number(number)
        if case is None or case.verdict is None or case.state == PURGED or case.campaign not in self._calls:
            return None
        if not self._can_be_corrected(work, case):
            return "by_hand"
        if _has_unsent(work, case):
            return "unsent"
        return "as_told" if _told(work, case) is not None else "untold"

    def note(self, queued: Sequence[Proposal]) -> None:
        """Put on record for the digest that these were written; nothing without any. Raises: StorageError."""
        if queued:
            text = f"已发出{len(queued)}封更正说明：{'、'.join(each.number for each in queued)}"
            with self._store.write() as work:
                work.service.add_event("correct", CORRECTED, text, at=self._clock.now())
            log.info("corrections_queued", cases=[each.number for each in queued])

    def _numbers(self, numbers: Sequence[str]) -> tuple[str, ...]:
        if numbers:
            return tuple(dict.fromkeys(numbers))
        with self._store.read() as view:
            return tuple(case.number for case in view.cases.list())

    def _can_be_corrected(self, work: UnitOfWork, case: CaseRecord) -> bool:
        """Not while it waits for more, is withdrawn or purged, or a colleague has taken the conversation over."""
        if case.verdict is None or case.state == PURGED or case.campaign not in self._calls:
            return False
        return not any(is_answered_by_hand(work, record.message_id) for record in work.letters.of_case(case.id))

    def _correction(
        self, work: UnitOfWork, case: CaseRecord, since_at: datetime, why: str
    ) -> tuple[_Wrong, CaseReport, Occasion] | None:
        """What was wrong, how the case stands today, and why we write; None when nothing is to be corrected."""
        told = _told(work, case)
        report = self._judge.report_today(work, case) if told is not None else None
        if told is None or report is None or told.mail.created_at < since_at:
            return None
        call = self._calls[case.campaign]
        voice = Voice(call.language, call.letterhead, call.language.say("you.unit" if case.unit else "you.person"))
        if not is_told_otherwise(told.findings, report.findings, voice):
            return None
        now = self._clock.now()
        occasion = Occasion(
            kind="correction",
            letter=AnsweredLetter(subject="", received_at=report.received_at),
            now_at=now,
            token=new_token(),
            addressee=case.unit or None,
            is_unit=bool(case.unit),
            test=case.test,
            reply_by_at=call.due_at(now, closes_at=case.closes_at),
            correction=Correction(
                told_at=told.mail.sent_at or told.mail.created_at,
                withdrawn=no_longer_said(told.findings, report.findings, voice),
                why=why,
            ),
        )
        return told, report, occasion

    def _proposal(self, case: CaseRecord, wrong: _Wrong, report: CaseReport, occasion: Occasion) -> Proposal:
        call = self._calls[case.campaign]
        return Proposal(
            number=case.number,
            recipient=wrong.mail.to_address,
            told_at=wrong.mail.created_at,
            before=wrong.verdict,
            after=report.verdict,
            draft=compose(occasion, call.letterhead, (report,), language=call.language),
        )

    def _queue(self, work: UnitOfWork, case: CaseRecord, wrong: _Wrong, occasion: Occasion, draft: Draft) -> None:
        call = self._calls[case.campaign]
        self._outbox.put(
            work,
            draft,
            kind="correction",
            token=occasion.token,
            recipient=wrong.mail.to_address,
            sender_name=call.campaign.from_name,
            at=occasion.now_at,
            campaign=case.campaign,
            in_reply_to=wrong.mail.message_id,
            references=(wrong.mail.message_id,),
            cases=(case.id,),
        )


def _told(work: UnitOfWork, case: CaseRecord) -> _Wrong | None:
    """The last letter that left and said how the case stands, with the judgement it told; None when there is none.

    Judgements filed since then without a letter (`intake replay --apply`) were told to nobody.
    """
    left = [m for m in work.outgoing.of_case(case.id) if m.kind in TELLS_HOW_IT_STANDS and m.state in _LEFT]
    if not left:
        return None
    mail = left[-1]
    judged = [
        judgement
        for revision in work.cases.revisions(case.id)
        for judgement in work.cases.judgements(revision.id)
        if judgement.at <= mail.created_at
    ]
    if not judged:
        return None
    last = max(judged, key=lambda judgement: (judgement.at, judgement.id))
    return _Wrong(mail, last.verdict, tuple(finding_from_json(found) for found in last.findings))


def _has_unsent(work: UnitOfWork, case: CaseRecord) -> bool:
    """Whether a letter about how the case stands waits in the queue."""
    mails = work.outgoing.of_case(case.id)
    return any(mail.kind in TELLS_HOW_IT_STANDS and mail.state in UNSENT for mail in mails)
