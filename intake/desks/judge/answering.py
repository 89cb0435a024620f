"""The answer to the letters of a judged case: of which kind, to which of them, with which cases beside it.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from intake.answers import Answers, answered_together, unanswered, without_answer
from intake.calls import Call
from intake.desks.judge.questions import is_provisional
from intake.edges.marked_copies import CopyOrder
from intake.edges.records import NEVER
from intake.lookups import is_answered_by_hand
from intake.marking import CopyShelf
from intake.model import Finding, Judgement, Revision
from intake.replies.matter import CaseReport, Notice, ReplyKind, describe_file, list_files
from storage.records.casebook import CaseRecord, RevisionRecord
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork

_TEXTS = frozenset({"docx", "doc", "pdf", "odt", "ofd", "rtf", "wps", "txt", "html"})
"""Formats a text may have come in."""


def report_on(
    case: CaseRecord,
    stored: RevisionRecord,
    revision: Revision,
    judgement: Judgement,
    *,
    closed: tuple[Finding, ...] = (),
) -> CaseReport:
    """How a judged case stands, as letters tell it. `closed`: findings that were settled since the last one."""
    return CaseReport(
        number=case.number,
        title=case.title,
        verdict=judgement.verdict,
        received_at=revision.received_at or case.opened_at,
        unit=case.unit or None,
        category=case.category,
        findings=judgement.findings,
        settled=judgement.settled,
        files=list_files(revision),
        revision=stored.ordinal,
        closed=closed,
    )


class Answering:
    """Queues the answer the letters of a case wait for."""

    def __init__(self, answers: Answers, report: Callable[[UnitOfWork, CaseRecord], CaseReport | None]) -> None:
        """`report`: how another case of the same letter stands."""
        self._answers = answers
        self._report = report

    def answer(
        self,
        work: UnitOfWork,
        case: CaseRecord,
        call: Call,
        report: CaseReport,
        *,
        decided: bool,
        shelf: CopyShelf | None = None,
        copies: Sequence[CopyOrder] = (),
    ) -> None:
        """Answer for `case` and those it came with, once all of them are judged; nothing when no letter waits.

        `decided`: an organizer's decision is told even without a new letter.
        """
        together = [case] if decided else answered_together(work, case)
        if any(each.verdict is None for each in together):
            return  # the last of them to be judged answers for all
        reports = [report if each.id == case.id else self._report(work, each) for each in together]
        told = [each for each in reports if each is not None]
        kind: ReplyKind = "decision" if decided else _kind_of_all(told)
        waiting = {record.sha256: record for each in together for record in unanswered(work, each)}
        # A letter put aside once was told already that a person looks at it; the others were not.
        open_letters = without_answer(work, sorted(waiting.values(), key=_received), kind)
        if not open_letters and not decided:
            return
        answered = open_letters or [record for record in work.letters.of_case(case.id) if record.answered != NEVER]
        if not answered:
            return
        cases = [each.id for each in together]
        to, others = told_apart(work, case, answered) if len(together) == 1 else (answered[-1], [])
        # Each goes to the address its document came from and to no other.
        own = [each for each in copies if _sender_of(work, each.letter_sha256) == to.from_address]
        attached = shelf.attachments(own) if shelf is not None and kind == "fix_request" else ()
        self._answers.write(work, call, kind, to, reports=told, cases=cases, letters=open_letters, attachments=attached)
        for other in () if decided else others:
            files = [describe_file(file) for file in self._answers.files_of(work, other)]
            self._answers.write(
                work, call, "notice", other, reports=told, cases=cases, files=files, notice=Notice("joined")
            )

    def say_what_is_awaited(self, work: UnitOfWork, case: CaseRecord, call: Call, report: CaseReport) -> None:
        """Tell those letters of `case` that were not told yet what came and what is awaited; nothing when all were."""
        untold = without_answer(work, unanswered(work, case), "awaiting")
        if untold:
            self._answers.write(work, call, "awaiting", untold[-1], reports=(report,), cases=(case.id,), letters=untold)

    def say_what_stands(self, work: UnitOfWork, case: CaseRecord, call: Call, report: CaseReport) -> None:
        """Tell the sender of the newest letter which version stands; nothing when a colleague is in touch with them."""
        filed = [each for each in work.letters.of_case(case.id) if each.outcome == "filed" and each.answered != NEVER]
        if filed and not is_answered_by_hand(work, filed[-1].message_id):
            self._answers.write(
                work, call, "receipt", filed[-1], reports=(report,), cases=(case.id,), letters=filed[-1:]
            )


def told_apart(
    work: UnitOfWork, case: CaseRecord, letters: Sequence[LetterRecord]
) -> tuple[LetterRecord, list[LetterRecord]]:
    """To which of `letters`, or of the case's, its answer goes, and to which of other addresses a notice.

    Whoever sent the text hears how the case stands; who sent its other half, from an address that only seems to
    belong to it, hears that it came.
    """
    filed = work.letters.of_case(case.id)
    if not any(is_provisional(record) for record in filed):
        return letters[-1], []
    author = _author(work, filed)
    of_author = [record for record in letters if record.from_address == author]
    others = {record.from_address: record for record in letters if record.from_address != author}
    return (of_author or [record for record in filed if record.from_address == author])[-1], [*others.values()]


def _author(work: UnitOfWork, filed: Sequence[LetterRecord]) -> str | None:
    """The address that sent the latest text, else the first whose letter was joined for certain."""
    texts = {record.sha256 for record in filed for file in work.files.of_letter(record.sha256) if file.format in _TEXTS}
    wrote = [record for record in filed if record.sha256 in texts]
    sure = [record for record in filed if not is_provisional(record)]
    return (wrote or sure or list(filed))[-1 if wrote else 0].from_address


def _sender_of(work: UnitOfWork, sha256: str) -> str | None:
    record = work.letters.get(sha256)
    return record.from_address if record is not None else None


def _received(record: LetterRecord) -> tuple[datetime, str]:
    return record.received_at, record.sha256


def _kind_of_all(reports: Sequence[CaseReport]) -> ReplyKind:
    """What has to be done comes first: of several cases one may be complete and the next lack a part."""
    kinds = {_kind(report) for report in reports}
    order: tuple[ReplyKind, ...] = ("fix_request", "late", "being_checked", "receipt")
    return next(kind for kind in order if kind in kinds)


def _kind(report: CaseReport) -> ReplyKind:
    if any(finding.code == "late" for finding in report.findings):
        return "late"
    by_verdict: dict[str, ReplyKind] = {
        "accepted": "receipt",
        "needs_fix": "fix_request",
        "needs_human": "being_checked",
    }
    return by_verdict[report.verdict]
