"""Letters of ours that answer others: composed, addressed, queued. And which letters still wait for one.

Peer: the caller's unit of work. What is said is the affair of `intake.replies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from intake.calls import Call
from intake.casework.standing import WITHDRAWN
from intake.casework.units import as_unit
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox, new_token
from intake.edges.records import NEVER, PROVISIONAL, Readings
from intake.lookups import is_answered_by_hand
from intake.model import Letter, ReadFile
from intake.replies import compose
from intake.replies.envelope import Attachment, recipient_of
from intake.replies.matter import (
    AnsweredLetter,
    CaseReport,
    Change,
    Notice,
    Occasion,
    ReplyKind,
    ReportFile,
    Topic,
    describe_file,
)
from intake.restraint import Restraint
from parsers.facts import LetterFacts
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord, OutgoingRecord
from storage.unit_of_work import UnitOfWork

NOTICE_EVERY = timedelta(hours=24)
"""How often those who speak for a case hear of others who write of it: whoever writes a hundred letters cannot make us write as many."""


class Answers:
    """Queues answers to letters."""

    def __init__(
        self, readings: Readings, outbox: Outbox, *, clock: Clock, answer_from: datetime | None, dry_run: bool
    ) -> None:
        """`answer_from`: answers to letters received before it are held. `dry_run` holds them all."""
        self._readings = readings
        self._outbox = outbox
        self._clock = clock
        self._answer_from = answer_from
        self._dry_run = dry_run
        self.restraint = Restraint(readings, campaigns=())
        """How much is answered: without campaigns everything. The service puts its own here."""

    def write(
        self,
        work: UnitOfWork,
        call: Call,
        kind: ReplyKind,
        to: LetterRecord,
        *,
        reports: Sequence[CaseReport] = (),
        cases: Sequence[int] = (),
        letters: Sequence[LetterRecord] = (),
        files: Sequence[ReportFile] = (),
        topics: Sequence[Topic] = (),
        head: LetterFacts | None = None,
        attachments: Sequence[Attachment] = (),
        notice: Notice | None = None,
        change: Change | None = None,
    ) -> bool:
        """Queue one letter that answers `to`; False when it has no sender to answer, has such an answer, or one too many.

        `letters`: all letters this one settles, `to` among them. `files` are for a letter without
        a case, `topics` for a question. `head`: what its header says, of a letter that could not be read.
        `attachments`: marked copies. `notice`: what a `notice` tells; it settles no letter.
        `change`: what an `extension`, `moved` or `merged` tells.
        """
        forwarder = notice is not None and notice.about == "forwarded"
        letter = self._readings.letter(work, replace(to, evidence=None) if forwarder else to)
        if head is not None:
            letter = replace(letter, facts=head)
        recipient = recipient_of(letter.facts)
        if recipient is None:
            return False
        now, token = self._clock.now(), new_token()
        if self.restraint.defers(work, call, kind, recipient, letters=letters, now=now):
            return False
        ours = None if forwarder else _told_before(work, to)
        unit = None if forwarder else _addressee(letter.facts, reports)
        unplaced = [file for record in letters for file in self._readings.unplaced(work, record, call.signs)]
        occasion = Occasion(
            kind=kind,
            letter=_answered(letter),
            now_at=now,
            token=token,
            addressee=unit,
            is_unit=unit is not None,
            test=to.test,
            files=tuple(files),
            topics=tuple(topics),
            linked=letter.facts.shares,
            reply_by_at=_reply_by(work, call, cases, now),
            unassigned=tuple(describe_file(file) for file in unplaced),
            attached=tuple(attachment.name for attachment in attachments),
            notice=notice,
            change=change,
            together=tuple(_answered(self._readings.letter(work, each)) for each in letters)
            if kind == "summary"
            else (),
        )
        held = self._dry_run or (self._answer_from is not None and to.received_at < self._answer_from)
        queued = self._outbox.put(
            work,
            compose(occasion, call.letterhead, reports, language=call.language),
            kind=kind,
            token=token,
            recipient=recipient,
            sender_name=call.campaign.from_name,
            at=now,
            campaign=call.campaign.id,
            in_reply_to=letter.facts.message_id if ours is None else ours.message_id,
            references=_thread(letter.facts, ours),
            letters=[record.sha256 for record in letters],
            cases=cases,
            attachments=attachments,
            held=held,
        )
        if queued is not None and not held:
            self.restraint.watch(work, letter, kind, now=now)
        return queued is not None

    def files_of(self, work: UnitOfWork, record: LetterRecord) -> tuple[ReadFile, ...]:
        """What a letter brought, as it was read."""
        return self._readings.letter(work, record).files

    def tell_forwarder(
        self, work: UnitOfWork, call: Call, record: LetterRecord, case: CaseRecord, report: CaseReport
    ) -> None:
        """One line to whoever passed a letter on: its number, and who hears the rest; nothing when that is himself."""
        sender = self._readings.letter(work, record).facts.sender
        address = sender.address if sender is not None else ""
        if not address or address.casefold() == (record.from_address or "").casefold():
            return
        notice = Notice("forwarded", address)
        self.write(work, call, "notice", record, reports=(report,), cases=(case.id,), notice=notice)

    def notify(self, work: UnitOfWork, call: Call, case: CaseRecord, report: CaseReport, notice: Notice) -> bool:
        """Tell whoever is known to speak for `case` one thing; False when nobody is, or when they heard of it today."""
        contact = contact_letter(work, case)
        recipient = recipient_of(self._readings.letter(work, contact).facts) if contact is not None else None
        told = (
            mail for mail in work.outgoing.of_case(case.id) if (mail.kind, mail.to_address) == ("notice", recipient)
        )
        if contact is None or any(self._clock.now() - mail.created_at < NOTICE_EVERY for mail in told):
            return False
        return self.write(work, call, "notice", contact, reports=(report,), cases=(case.id,), notice=notice)


def contact_letter(work: UnitOfWork, case: CaseRecord) -> LetterRecord | None:
    """The latest letter of the case whose sender is known to speak for it; None when there is none.

    One that another address sent and that was joined for the time being is none.
    """
    letters = [record for record in work.letters.of_case(case.id) if record.answered != NEVER]
    sure = [record for record in letters if not (record.evidence or {}).get(PROVISIONAL)]
    return next(reversed(sure or letters), None)


def _reply_by(work: UnitOfWork, call: Call, cases: Sequence[int], now: datetime) -> datetime | None:
    """Until when what is asked for now may come: the earliest of the cases' ends; None when no end lies ahead."""
    named = (work.cases.get(case_id) for case_id in cases)
    ends = (call.due_at(now, closes_at=case.closes_at) for case in named if case is not None)
    return min((end for end in ends if end is not None), default=None)


def without_answer(work: UnitOfWork, letters: Sequence[LetterRecord], kind: ReplyKind) -> list[LetterRecord]:
    """Those of `letters` that have no answer of this kind, in their order."""
    told = work.outgoing.answered([record.sha256 for record in letters], kind)
    return [record for record in letters if record.sha256 not in told]


def unanswered(work: UnitOfWork, case: CaseRecord) -> list[LetterRecord]:
    """The case's letters that wait for a word from us, oldest first: not answered by us, by hand, or on principle.

    A letter told only that a person looks at it, when we could not, or that the rest is awaited, still waits for its verdict.
    """
    waiting = []
    for record in work.letters.of_case(case.id):
        by_hand = is_answered_by_hand(work, record.message_id)
        sent = work.outgoing.of_letter(record.sha256)
        told = any(_tells_of(mail, work.outgoing.cases_of(mail.id), case) for mail in sent)
        if record.answered is None and not by_hand and not told:
            waiting.append(record)
    return waiting


def answered_together(work: UnitOfWork, case: CaseRecord) -> list[CaseRecord]:
    """`case` and the cases that wait for a word on the same letters, oldest first.

    A letter with several cases is answered once; so are letters that each bring one of them meanwhile.
    """
    found = {case.id: case}
    asked = [case]
    while asked:
        for record in unanswered(work, asked.pop()):
            for other in work.cases.of_letter(record.sha256):
                if other.id not in found and other.state != WITHDRAWN and _waits(work, other, record):
                    found[other.id] = other
                    asked.append(other)
    return [found[case_id] for case_id in sorted(found)]


def _waits(work: UnitOfWork, case: CaseRecord, record: LetterRecord) -> bool:
    return any(each.sha256 == record.sha256 for each in unanswered(work, case))


def _tells_of(mail: OutgoingRecord, named: Sequence[int], case: CaseRecord) -> bool:
    """Whether a letter of ours was an answer about this case: one that names others is not, nor one before it was read."""
    if mail.kind == "awaiting":
        return False
    return case.id in named if named else mail.kind != "being_checked"


def _addressee(facts: LetterFacts, reports: Sequence[CaseReport]) -> str | None:
    """The unit to address: the case's; of several cases the sender's own, when they are not of one unit. None if unknown."""
    units = {report.unit for report in reports}
    if len(units) <= 1:
        return next(iter(units), None)
    lines = (*reversed(facts.signature.splitlines()), *reversed(facts.text.splitlines()[-3:]))
    return next((unit for line in lines if (unit := as_unit(line))), None)


def _told_before(work: UnitOfWork, to: LetterRecord) -> OutgoingRecord | None:
    """What we last wrote on the same letter, when this comes on top of it: it follows ours then, no letter is answered twice."""
    sent = [mail for mail in work.outgoing.of_letter(to.sha256) if mail.state not in ("cancelled", "held", "failed")]
    return sent[-1] if sent else None


def _thread(facts: LetterFacts, ours: OutgoingRecord | None) -> tuple[str, ...]:
    """The references before the letter answered."""
    return facts.references if ours is None else (*facts.references, *filter(None, (facts.message_id,)))


def _answered(letter: Letter) -> AnsweredLetter:
    facts = letter.facts
    return AnsweredLetter(
        subject=facts.subject,
        received_at=letter.received_at,
        message_id=facts.message_id,
        references=facts.references,
    )
