"""A friendly word before the material is due to those who were asked for it and have not been heard of since.

Peer: the database. What was written is read from the outgoing letters themselves, in the transaction that
queues the next one, so that an interruption at any point never makes two. Nothing is written in a dry run:
a reminder that is released later reminds of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from intake.calls import Call
from intake.casework.reminding import Awaited, reminds_at
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox, new_token
from intake.edges.records import finding_from_json
from intake.lookups import is_answered_by_hand
from intake.replies import AnsweredLetter, CaseReport, Occasion, compose
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord, MailOfCase
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

LOOKS_EVERY = timedelta(minutes=10)
"""How often the cases are gone through; a reminder may leave so much later than it could."""

_ASKS = frozenset({"fix_request", "decision", "correction"})
_SAYS_NOTHING_NEW = frozenset({"reminder", "same_again", "answer"})
"""Letters of ours after which a request still stands as it was."""
_BRINGS_NOTHING = frozenset({"auto_reply", "bounce", "list", "own", "courtesy", "unrelated", "question", "same_again"})
"""Why a letter opened no case, where that means the sender has neither sent what is open nor objected to it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A case that waits for its sender, with the letters of ours that matter."""

    case: CaseRecord
    ask: MailOfCase
    awaited: Awaited


class RemindDesk:
    """Writes reminders in office hours."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        calls: Mapping[str, Call],
        *,
        clock: Clock,
        restored_at: datetime | None = None,
        dry_run: bool = False,
        beat: Callable[[], None] = lambda: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`restored_at`: reminders whose day had come by then may have left from another machine; none is written."""
        self._store = store
        self._outbox = outbox
        self._calls = calls
        self._clock = clock
        self._restored_at = restored_at
        self._dry_run = dry_run
        self._beat = beat
        self._stopped = stopped
        self._looked_at: datetime | None = None

    def turn(self) -> int:
        """Queue the reminders whose time has come; how many letters. Raises: StorageError."""
        now = self._clock.now()
        if self._dry_run or (self._looked_at is not None and timedelta() <= now - self._looked_at < LOOKS_EVERY):
            return 0
        written = 0
        for call in self._calls.values():
            hours = call.office_hours
            if not call.campaign.reminders.days or hours.next_moment(now) != now:
                continue
            for recipient, cases in self._recipients(call, now).items():
                if self._stopped():
                    return written
                written += self._remind(call, recipient, cases)
                self._beat()
        self._looked_at = now
        return written

    def next_at(self, view: View) -> datetime | None:
        """When the next reminder may leave, as things stand now; None when nobody is to be reminded."""
        now = self._clock.now()
        found = (
            reminds_at(each.awaited, call.office_hours, days=call.campaign.reminders.days, now=now)
            for call in self._calls.values()
            for each in self._standing(view, call, now)
        )
        return min((at for at in found if at is not None), default=None)

    def _recipients(self, call: Call, now: datetime) -> dict[str, list[int]]:
        """Whom to write to now, with the ids of all their open cases."""
        with self._store.read() as view:
            standing = self._standing(view, call, now)
        found: dict[str, list[int]] = {}
        for each in standing:
            found.setdefault(each.ask.to_address.lower(), []).append(each.case.id)
        due = {each.ask.to_address.lower() for each in standing if _is_due(each, call, now)}
        return {recipient: cases for recipient, cases in found.items() if recipient in due}

    def _remind(self, call: Call, recipient: str, cases: Sequence[int]) -> bool:
        """One letter for all open cases of one recipient, if it still is time for one of them."""
        now = self._clock.now()
        with self._store.write() as work:
            if work.sightings.count_uncollected() or work.letters.count_unread(from_address=recipient):
                return False  # what is missing may be among them; looked at again before long
            standing = self._standing(work, call, now, recipient=recipient, cases=cases)
            if not any(_is_due(each, call, now) for each in standing):
                return False
            self._write(work, call, standing, now=now)
        log.info("reminder_queued", cases=[each.case.number for each in standing])
        return True

    def _standing(
        self, view: View, call: Call, now: datetime, *, recipient: str | None = None, cases: Sequence[int] | None = None
    ) -> list[Standing]:
        """The cases whose sender was asked, has time left and has not been heard of since, by case.

        `recipient`, `cases`: those asked of this address (lower case) and with these ids only.
        """
        found = []
        addressees = view.mailings.addressees(recipient)
        for case_id, letters in _by_case(
            view.mailings.of_cases(call.campaign.id, state="needs_fix", cases=cases)
        ).items():
            ask = _request(letters)
            if ask is None or ask.sent_at is None or (recipient is not None and ask.to_address.lower() != recipient):
                continue
            addressee, case = addressees[ask.to_address.lower()], view.cases.get(case_id)
            due_at = call.due_at(ask.created_at, closes_at=case.closes_at) if case is not None else None
            if (
                case is None
                or due_at is None
                or due_at <= now
                or addressee.is_undeliverable
                or _heard_of(view, case, ask)
            ):
                continue
            reminders = (mail.created_at for mail in letters if mail.kind == "reminder")
            awaited = Awaited(
                asked_at=ask.sent_at,
                due_at=due_at,
                reminded_at=max((*reminders, *filter(None, [self._restored_at])), default=None),
                told_at=addressee.last_at,
            )
            found.append(Standing(case, ask, awaited))
        return found

    def _write(self, work: UnitOfWork, call: Call, standing: Sequence[Standing], *, now: datetime) -> None:
        reports = [_report(work, each) for each in standing]
        units, token, last = {report.unit for report in reports}, new_token(), standing[-1].ask
        unit = units.pop() if len(units) == 1 else None
        occasion = Occasion(
            kind="reminder",
            letter=AnsweredLetter(subject="", received_at=standing[-1].awaited.asked_at),
            now_at=now,
            token=token,
            addressee=unit,
            is_unit=unit is not None,
        )
        self._outbox.put(
            work,
            compose(occasion, call.letterhead, reports, language=call.language),
            kind="reminder",
            token=token,
            recipient=last.to_address,
            sender_name=call.campaign.from_name,
            at=now,
            campaign=call.campaign.id,
            references=[each.ask.message_id for each in standing],
            cases=[each.case.id for each in standing],
        )


def _is_due(each: Standing, call: Call, now: datetime) -> bool:
    return reminds_at(each.awaited, call.office_hours, days=call.campaign.reminders.days, now=now) == now


def _by_case(mails: Iterable[MailOfCase]) -> dict[int, list[MailOfCase]]:
    found: dict[int, list[MailOfCase]] = {}
    for mail in mails:
        found.setdefault(mail.case_id, []).append(mail)
    return found


def _request(letters: Sequence[MailOfCase]) -> MailOfCase | None:
    """The request that stands: the last letter that says anything of the case, if it is one and has left; else None."""
    told = [mail for mail in letters if mail.kind not in _SAYS_NOTHING_NEW and mail.state != "cancelled"]
    return told[-1] if told and told[-1].kind in _ASKS and told[-1].state in ("sent", "unknown") else None


def _heard_of(view: View, case: CaseRecord, ask: MailOfCase) -> bool:
    """Whether the sender has written since the request about this case or about none, or a colleague has answered him."""
    joined = view.letters.of_case(case.id)
    if any(is_answered_by_hand(view, letter.message_id) for letter in joined):
        return True
    ours = {letter.sha256 for letter in joined}
    written = {letter.sha256: letter for letter in joined}
    for address in {*view.cases.addresses(case.id), case.sender_address.lower(), ask.to_address.lower()}:
        written |= {letter.sha256: letter for letter in view.letters.from_address(address)}
    asked_at = ask.created_at
    return any(
        letter.received_at > asked_at and (letter.sha256 in ours or letter.case_id is None) and _counts(view, letter)
        for letter in written.values()
    )


def _counts(view: View, letter: LetterRecord) -> bool:
    if is_answered_by_hand(view, letter.message_id) or (letter.evidence or {}).get("for_person"):
        return True
    return letter.ignored not in _BRINGS_NOTHING


def _report(work: UnitOfWork, each: Standing) -> CaseReport:
    judgement = work.cases.last_judgement(each.case.id)
    case = each.case
    return CaseReport(
        number=case.number,
        title=case.title,
        verdict="needs_fix",
        received_at=case.opened_at,
        unit=case.unit or None,
        findings=tuple(finding_from_json(found) for found in judgement.findings) if judgement is not None else (),
        reply_by_at=each.awaited.due_at,
    )
