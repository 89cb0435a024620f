"""Several answers into one letter: what came beyond a day's ceiling, and receipts when the day's letters run short.

Peer: the database. What waits is read from it; nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from intake.answers import Answers
from intake.calls import Call
from intake.casework.questions import read_wish
from intake.desks import CaseJudge
from intake.edges.clock import Clock
from intake.edges.outbox import runs_short
from intake.edges.records import Readings, is_own_trouble
from intake.lookups import is_answered_by_hand
from intake.replies.matter import CaseReport, Topic
from intake.requests import Requests
from intake.restraint import DAY
from storage.records.correspondence import LetterRecord, OutgoingRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

FEWEST_RECEIPTS = 2


class GatherDesk:
    """Writes the summaries and the lists of receipts (报送清单) that are due."""

    def __init__(
        self,
        store: Store,
        readings: Readings,
        judge: CaseJudge,
        answers: Answers,
        calls: Mapping[str, Call],
        *,
        clock: Clock,
        daily_sends: int | None = None,
        beat: Callable[[], None] = lambda: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`daily_sends`: how many letters the provider takes in 24 hours; None when nobody counts."""
        self._store = store
        self._readings = readings
        self._judge = judge
        self._answers = answers
        self._requests = Requests(readings, judge, answers)
        self._calls = calls
        self._clock = clock
        self._daily_sends = daily_sends
        self._beat = beat
        self._stopped = stopped

    def turn(self) -> int:
        """Queue what is due; how many letters. Raises: StorageError."""
        with self._store.read() as view:
            summaries = self._summaries_due(view)
            lists = self._lists_due(view)
        written = 0
        for address, campaign in summaries:
            written += self._safely(lambda work, a=address, c=campaign: self._summarise(work, a, c))  # type: ignore[misc]
        for ids in lists:
            written += self._safely(lambda work, i=ids: self._list(work, i))  # type: ignore[misc]
        return written

    def _safely(self, write: Callable[[UnitOfWork], bool]) -> bool:
        """One letter in a unit of work of its own; a bug costs this one its time, not the next."""
        if self._stopped():
            return False
        try:
            with self._store.write() as work:
                written = write(work)
        except Exception as error:
            if is_own_trouble(error):
                raise
            log.exception("answers_not_gathered")
            return False
        self._beat()
        return written

    # --- letters beyond the ceiling

    def _summaries_due(self, view: View) -> list[tuple[str, str]]:
        """Address and campaign of what waits and may be told now: the address has room for an answer again."""
        now, restraint = self._clock.now(), self._answers.restraint
        waiting = dict.fromkeys((each.address, each.campaign) for each in view.deferrals.waiting())
        return [
            (address, campaign)
            for address, campaign in waiting
            if campaign in self._calls and not restraint.is_reached(view, address, now=now)
        ]

    def _summarise(self, work: UnitOfWork, address: str, campaign: str) -> bool:
        """One letter on all that waits for `address`; what was answered meanwhile, by us or by hand, is left out."""
        waiting = [each.letter_sha256 for each in work.deferrals.waiting(address) if each.campaign == campaign]
        records = [record for sha256 in waiting if (record := work.letters.get(sha256)) is not None]
        told = [record.sha256 for record in records if _is_told(work, record)]
        work.deferrals.drop(told)
        letters = sorted((each for each in records if each.sha256 not in told), key=_received)
        if not letters:
            return False
        call, last = self._calls[campaign], letters[-1]
        own = work.cases.for_address(last.from_address or "", campaign=campaign)
        cases = [case for case in own if case.test == last.test]
        written = self._answers.write(
            work,
            call,
            "summary",
            last,
            reports=[self._requests.standing(work, case) for case in cases],
            cases=[case.id for case in cases],
            letters=letters,
            topics=self._topics(work, letters, has_cases=bool(cases)),
        )
        hashes = [record.sha256 for record in letters]
        if written:
            work.deferrals.settle(hashes, outgoing_id=work.outgoing.of_letter(last.sha256)[-1].id)
        else:
            work.deferrals.drop(hashes)
        log.info("answers_summarised", letters=len(letters), written=written)
        return written

    def _topics(self, work: UnitOfWork, letters: Sequence[LetterRecord], *, has_cases: bool) -> tuple[Topic, ...]:
        """What the letters ask, once each; how the sender's cases stand is said in any case."""
        asked = [read_wish(letter.facts).topics for letter in self._readings.letters(work, letters)]
        found = dict.fromkeys(topic for topics in asked for topic in topics)
        return tuple(dict.fromkeys((*found, *(("received",) if has_cases else ()))))

    # --- receipts near the provider's limit

    def _lists_due(self, view: View) -> list[tuple[int, ...]]:
        """Ids of receipts of one sender and campaign that wait together, when the day's letters run short."""
        if self._daily_sends is None:
            return []
        sent = view.mailings.count_sent(since_at=self._clock.now() - DAY)
        if not runs_short(sent, self._daily_sends):
            return []
        groups: dict[tuple[str, str], list[int]] = {}
        for mail in view.outgoing.by_state("queued", kind="receipt"):  # fix requests carry copies
            if _is_untouched_receipt(mail) and mail.campaign in self._calls:
                groups.setdefault((mail.to_address.lower(), mail.campaign or ""), []).append(mail.id)
        return [tuple(ids) for ids in groups.values() if len(ids) >= FEWEST_RECEIPTS]

    def _list(self, work: UnitOfWork, ids: Sequence[int]) -> bool:
        """One list in place of the receipts `ids`; those whose cases stand otherwise by now are left as they are."""
        mails = [mail for each in ids if (mail := work.outgoing.get(each)) is not None and _is_untouched_receipt(mail)]
        told = {mail.id: reports for mail in mails if (reports := self._reports(work, mail))}
        if len(told) < FEWEST_RECEIPTS:
            return False
        hashes = {sha256 for mail_id in told for sha256 in work.outgoing.letters_of(mail_id)}
        letters = sorted((r for sha256 in hashes if (r := work.letters.get(sha256)) is not None), key=_received)
        for mail_id in told:
            work.outgoing.cancel(mail_id)
        written = self._answers.write(
            work,
            self._calls[mails[0].campaign or ""],
            "receipts",
            letters[-1],
            reports=[report for reports in told.values() for report in reports],
            cases=[case_id for mail_id in told for case_id in work.outgoing.cases_of(mail_id)],
            letters=letters,
        )
        if not written:
            raise RuntimeError("receipts were not gathered")  # rolls back: they go out one by one
        log.info("receipts_gathered", receipts=len(told))
        return True

    def _reports(self, work: UnitOfWork, mail: OutgoingRecord) -> list[CaseReport]:
        """How the cases of a receipt stand; empty when one of them is not complete any more, or names none."""
        cases = [case for each in work.outgoing.cases_of(mail.id) if (case := work.cases.get(each)) is not None]
        reports = [self._judge.report(work, case) for case in cases]
        complete = [report for report in reports if report is not None and report.verdict == "accepted"]
        return complete if len(complete) == len(cases) else []


def _is_told(view: View, record: LetterRecord) -> bool:
    """Whether a letter needs no answer any more: ours went out with its case's verdict, or a colleague wrote."""
    ours = any(mail.state != "cancelled" for mail in view.outgoing.of_letter(record.sha256))
    return ours or is_answered_by_hand(view, record.message_id)


def _is_untouched_receipt(mail: OutgoingRecord) -> bool:
    """One that has not been tried: what may have arrived is never said again in other words."""
    return mail.kind == "receipt" and mail.state == "queued" and not mail.attempts and not mail.unknown_events


def _received(record: LetterRecord) -> tuple[datetime, str]:
    return record.received_at, record.sha256
