"""Longer times: for one case, for all of one sender, for everybody. Peer: the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy

from intake.answers import contact_letter, unanswered, without_answer
from intake.calls import Call
from intake.casework.standing import MERGED, WITHDRAWN
from intake.deciding.giving import Giver
from intake.deciding.hands import Hands
from intake.deciding.meaning import new_end
from intake.edges.records import NEVER, finding_from_json
from intake.orders import Order
from intake.replies.matter import CaseReport, Change
from storage.records.casebook import CaseRecord, NewDecision
from storage.records.correspondence import LetterRecord
from storage.records.ordering import OrderRecord
from storage.unit_of_work import UnitOfWork, View

DATED = ("fix_request", "late", "reminder", "awaiting", "extension")
"""Letters that always say until when."""
PERHAPS_DATED = ("answer", "summary", "decision", "draft_review", "withdrawn", "moved", "parted")
"""Letters that say it now and then."""
_PAST = frozenset({WITHDRAWN, MERGED, "purged"})


class Extending:
    """Gives more time, and puts right every date told before."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def extend(
        self,
        work: UnitOfWork,
        order: Order,
        giver: Giver,
        record: OrderRecord,
        *,
        call: Call,
        cases: Sequence[CaseRecord],
    ) -> tuple[CaseRecord, ...]:
        """Each case with an end of its own, judged anew; one letter per sender."""
        extended = []
        for case in cases:
            ends_at = case.closes_at or call.campaign.closes_at
            end = new_end(order.until, ends_at=ends_at, now=self._hands.clock.now(), call=call)
            self._record(work, case, giver, record)
            longer = work.cases.change(case.id, at=giver.at, closes_at=end)
            extended.append(self._hands.judging.judge(work, longer, decided=True, silently=True))
        by_contact: dict[str, tuple[LetterRecord, list[CaseRecord]]] = {}
        for case in extended:
            contact = contact_letter(work, case)
            if contact is not None:
                by_contact.setdefault(contact.from_address or "", (contact, []))[1].append(case)
        for contact, own in by_contact.values():
            end = min(case.closes_at for case in own if case.closes_at is not None)
            self._tell(work, call, contact, own, closes_at=end)
        return tuple(extended)

    def extend_all(
        self, work: UnitOfWork, order: Order, giver: Giver, record: OrderRecord, *, call: Call
    ) -> tuple[CaseRecord, ...]:
        """The whole campaign: what came late is judged anew, and whoever was told a date hears the new one, once."""
        former = call.campaign.closes_at
        end = new_end(order.until, ends_at=former, now=self._hands.clock.now(), call=call)
        assert former is not None  # there is no later end otherwise
        told = told_a_date(work, call, former)
        work.orders.put_end(call.campaign.id, end)
        work.when_over(self._hands.calls.try_out(work.orders.ends()))
        call = self._hands.calls[call.campaign.id]
        late = self.late_cases(work, call)
        judged = []
        for case in late:
            self._record(work, case, giver, record)
            judged.append(self._hands.judging.judge(work, case, decided=True, silently=True))
        again = {case.id for case in judged}
        for address in sorted({*told, *(case.sender_address for case in judged if case.sender_address)}):
            own = [
                case
                for case in work.cases.for_address(address, campaign=call.campaign.id)
                if case.state not in _PAST and (case.id in again or case.verdict != "accepted") and not case.test
            ]
            contact = self._contact(work, address, own)
            if contact is not None:
                self._tell(work, call, contact, own, closes_at=end)
        return tuple(judged)

    @staticmethod
    def late_cases(view: View, call: Call) -> tuple[CaseRecord, ...]:
        """The cases of the campaign that were found to be late, oldest first."""
        found = []
        for case in view.cases.list(campaign=call.campaign.id):
            if case.state in _PAST or case.verdict not in ("needs_human", "needs_fix"):
                continue
            judgement = view.cases.last_judgement(case.id)
            if judgement is not None and any(finding_from_json(each).code == "late" for each in judgement.findings):
                found.append(case)
        return tuple(found)

    def _tell(
        self, work: UnitOfWork, call: Call, contact: LetterRecord, cases: Sequence[CaseRecord], *, closes_at: datetime
    ) -> None:
        reports = [report for case in cases if (report := self._hands.judging.report(work, case)) is not None]
        waiting = {each.sha256: each for case in cases for each in unanswered(work, case)}
        letters = [each for each in waiting.values() if each.from_address == contact.from_address]
        judged = [case for case in cases if case.verdict is not None]
        self._hands.answers.write(
            work,
            call,
            "extension",
            contact,
            reports=_ordered(reports),
            cases=[case.id for case in judged],
            letters=without_answer(work, letters if judged else [], "extension"),
            change=Change(closes_at=closes_at),
        )

    @staticmethod
    def _contact(work: UnitOfWork, address: str, own: Sequence[CaseRecord]) -> LetterRecord | None:
        """The letter to answer: the latest of this address on one of its cases, else the latest at all."""
        letters = [
            each for case in own for each in work.letters.of_case(case.id) if (each.from_address or "") == address
        ]
        found = letters or list(work.letters.from_address(address))
        return next((each for each in reversed(found) if each.answered != NEVER), None)

    @staticmethod
    def _record(work: UnitOfWork, case: CaseRecord, giver: Giver, record: OrderRecord) -> None:
        decision = work.cases.add_decision(
            NewDecision(case_id=case.id, kind="extend", who=giver.who, why=record.why, at=giver.at)
        )
        work.orders.add_case(record.id, case.id, decision_id=decision.id)


def told_a_date(view: View, call: Call, end: datetime) -> frozenset[str]:
    """Addresses (lower case) that letters of ours told that `end`."""
    campaign = call.campaign
    words = call.language.dates.write_close(end, campaign.timezone)
    found = set(view.mailings.recipients(campaign.id, DATED))
    for address, raw in view.mailings.letters_to_all(campaign.id, PERHAPS_DATED):
        if address not in found and words in _text_of(raw):
            found.add(address)
    return frozenset(found)


def _text_of(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _ordered(reports: Sequence[CaseReport]) -> list[CaseReport]:
    return sorted(reports, key=lambda report: report.number)
