"""Whether a fix request carries a marked copy, of which document and with which comments; and the copies at hand.

Peers: the database, and what writes the copies. A copy is never written inside a unit of work.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from intake.answers import unanswered, without_answer
from intake.calls import Call
from intake.checks.required_sections import RequiredSections
from intake.checks.word_count import WordCount
from intake.edges.marked_copies import CopyOrder, MarkedCopies
from intake.edges.records import Readings
from intake.lookups import OnRecord
from intake.model import Document, Judgement, Letter, Revision
from intake.replies.envelope import Attachment, recipient_of
from intake.replies.marks import Asked, place_marks
from intake.replies.sentences import Voice
from parsers.documents.docx_marks import Mark, Marking
from parsers.facts import LetterFacts
from storage.records.casebook import CaseRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST_BYTES = 3_000_000
"""A document beyond this is not sent back with every request."""

_DMARC_FAILED = re.compile(r"\bdmarc\s*=\s*fail", re.IGNORECASE)


def order_copy(
    call: Call, revision: Revision, judgement: Judgement, letters: Sequence[Letter], *, to: Letter, at: datetime
) -> CopyOrder | None:
    """The copy for the fix request that answers `to`; None when it carries none.

    It goes only to the address the document came from, and never where a letter of the case failed DMARC: whoever
    writes under another's name must not have our mailbox send files to them. Findings that have no place in a
    document (a missing photo) want no copy.
    """
    if not call.campaign.marked_copy or any(_failed_dmarc(letter.facts) for letter in letters):
        return None
    recipient = recipient_of(to.facts)
    for document in revision.case_documents:
        if document.format != "docx" or document.facts.macros or document.size_bytes > LARGEST_BYTES:
            continue
        brought = [letter for letter in letters if any(file.sha256 == document.sha256 for file in letter.files)]
        own = [letter for letter in brought if recipient is not None and _is_from(letter, recipient)]
        marks = _marks(call, revision, judgement, document) if own else ()
        if marks:
            return _order(call, document, own[-1], marks, at=at)
    return None


class CopyShelf:
    """The copies that were written and wait for their letter, and those that cases wait for."""

    def __init__(self, store: Store, readings: Readings, copies: MarkedCopies) -> None:
        self._on_record = OnRecord(store, readings)
        self._copies = copies
        self._awaited: dict[int, tuple[CopyOrder, ...]] = {}

    def order(
        self,
        work: UnitOfWork,
        case: CaseRecord,
        call: Call,
        revision: Revision,
        *,
        judgement: Judgement,
        letters: Sequence[Letter],
        at: datetime,
    ) -> CopyOrder | None:
        """The copy for the fix request that is about to be written; None when none is, or it carries none."""
        if judgement.verdict != "needs_fix" or any(finding.code == "late" for finding in judgement.findings):
            return None
        answered = [record.sha256 for record in without_answer(work, unanswered(work, case), "fix_request")]
        to = next((letter for letter in letters if answered and letter.sha256 == answered[-1]), None)
        if to is None:
            return None
        return order_copy(call, revision, judgement, letters, to=to, at=at)

    def must_wait(self, case_id: int, orders: Sequence[CopyOrder]) -> bool:
        """Whether the case must wait for a copy nobody has tried to write yet; `settle` sees to all of `orders`."""
        if all(self._copies.is_settled(order.key) for order in orders):
            return False
        self._awaited[case_id] = tuple(orders)
        return True

    def settle(self, case_id: int, judge: Callable[[], bool], beat: Callable[[], None]) -> bool:
        """What `judge` says, called once more when the case waits for copies: they are written between two units of work.

        Raises: StorageError, and what `judge` raises.
        """
        self._awaited.pop(case_id, None)
        settled = judge()
        orders = self._awaited.pop(case_id, ())
        if not orders:
            return settled
        beat()
        for order in orders:
            self._copies.make(order, known=self._on_record.known, stated_elsewhere=self._on_record.stated_elsewhere)
            beat()
        try:
            return judge()
        finally:
            self._awaited.pop(case_id, None)
            for order in orders:
                self._copies.discard(order.key)

    def attachments(self, orders: Sequence[CopyOrder]) -> tuple[Attachment, ...]:
        """The copies as they go with a letter, in order, without those that could not be written."""
        written = ((order, self._copies.get(order.key)) for order in orders)
        return tuple(
            Attachment(name=order.name, media_type=DOCX_TYPE, content=content)
            for order, content in written
            if content is not None
        )


def bundle(found: Sequence[tuple[CaseRecord, CopyOrder | None]]) -> tuple[CopyOrder, ...]:
    """The copies that go with one letter about these cases, in order, as many as stay within `LARGEST_BYTES` together.

    Of several cases each copy is named by its case: two documents may both be called 案例.docx.
    """
    bundled: list[CopyOrder] = []
    for case, order in found:
        taken = sum(each.document_bytes for each in bundled)
        if order is None or taken + order.document_bytes > LARGEST_BYTES:
            continue
        bundled.append(replace(order, name=f"{case.number} {order.name}") if len(found) > 1 else order)
    return tuple(bundled)


def _marks(call: Call, revision: Revision, judgement: Judgement, document: Document) -> tuple[Mark, ...]:
    voice = Voice(call.language, call.letterhead, call.language.say("you.person"))
    asked = {rule.id: asked for rule in call.checks if (asked := _asked(rule, document)) is not None}
    return place_marks(document, revision.photos, judgement.findings, asked, voice=voice)


def _asked(rule: object, document: Document) -> Asked | None:
    if isinstance(rule, WordCount):
        return Asked(parts=rule.parts, measure=rule.measure)
    if isinstance(rule, RequiredSections):
        found = rule.sections_in(document)
        return Asked(sections=tuple((each.section, each.heading.block if each.heading else None) for each in found))
    return None


def _order(call: Call, document: Document, letter: Letter, marks: tuple[Mark, ...], *, at: datetime) -> CopyOrder:
    author = call.language.say("marked.author")
    key = hashlib.sha256("\n".join((document.sha256, author, *map(repr, marks))).encode()).hexdigest()
    local = at.astimezone(ZoneInfo(call.campaign.timezone))
    return CopyOrder(
        key=key,
        letter_sha256=letter.sha256,
        document_sha256=document.sha256,
        name=_copy_name(document.name, call),
        document_bytes=document.size_bytes,
        marking=Marking(author=author, written_at_local=f"{local:%Y-%m-%dT%H:%M:%S}Z", marks=marks),
    )


def _copy_name(name: str, call: Call) -> str:
    """原名（批注）.docx; one that came back so is not named so twice."""
    stem = PurePosixPath(name).name.removesuffix(".docx").removesuffix(".DOCX")
    ending = call.language.say("marked.file", name="")
    return f"{call.language.say('marked.file', name=stem.removesuffix(ending))}.docx"


def _is_from(letter: Letter, address: str) -> bool:
    sender = letter.facts.sender
    return sender is not None and sender.address.casefold() == address.casefold()


def _failed_dmarc(letter: LetterFacts) -> bool:
    return _DMARC_FAILED.search(letter.control.get("authentication-results", "")) is not None
