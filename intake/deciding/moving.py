"""Orders that change what a case is: two are one, or it belongs to another campaign. Peer: the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence

from intake.answers import contact_letter, unanswered, without_answer
from intake.calls import Call
from intake.casework.standing import MERGED
from intake.deciding.giving import Giver
from intake.deciding.hands import Hands
from intake.deciding.meaning import target_of
from intake.edges.records import NEVER
from intake.orders import Order
from intake.replies.matter import Change
from storage.records.casebook import CaseRecord, NewDecision
from storage.records.correspondence import LetterRecord
from storage.records.ordering import OrderRecord
from storage.unit_of_work import UnitOfWork


class Moving:
    """Joins cases, and moves them between campaigns."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def merge(
        self,
        work: UnitOfWork,
        giver: Giver,
        record: OrderRecord,
        *,
        call: Call,
        cases: Sequence[CaseRecord],
    ) -> tuple[CaseRecord, ...]:
        """The last of `cases` takes the letters of the others; each sender hears of it once. The one that stays."""
        *gone, stays = cases
        recommender = _recommender(work, cases)
        for case in gone:
            letters = tuple(each.sha256 for each in work.letters.of_case(case.id))
            work.orders.merge(case.id, into_id=stays.id, letters=letters)
            joined_by = f"{giver.who}将{case.number}并入"
            work.cases.hand_letters(case.id, letters, to_id=stays.id, joined_by=joined_by, at=giver.at)
            work.cases.add_addresses(stays.id, work.cases.addresses(case.id))
            work.cases.put_sketch(case.id, ())
            work.cases.change(case.id, at=giver.at, state=MERGED, verdict=None, due_at=None)
        for case in gone:
            self._record(work, case, giver, record)
        self._record(work, stays, giver, record, also=f"（推荐单位：{recommender}）" if recommender else "")
        stays = self._hands.judging.judge(work, stays, decided=True, silently=True)
        report = self._hands.judging.report(work, stays)
        assert report is not None  # judged just now
        open_letters = without_answer(work, unanswered(work, stays), "merged")
        change = Change(former_numbers=tuple(case.number for case in gone))
        for contact in _senders(work, stays):
            mine = [each for each in open_letters if each.from_address == contact.from_address]
            ids = [case.id for case in cases]
            self._hands.answers.write(
                work, call, "merged", contact, reports=(report,), cases=ids, letters=mine, change=change
            )
        return (stays,)

    def move(
        self,
        work: UnitOfWork,
        order: Order,
        giver: Giver,
        record: OrderRecord,
        *,
        call: Call,
        cases: Sequence[CaseRecord],
    ) -> tuple[CaseRecord, ...]:
        """Every case under a number of the other campaign, judged by its rules, its sender told with an apology."""
        target = target_of(order, call, self._hands.calls)
        return tuple(self._move(work, giver, record, target, case) for case in cases)

    def _move(self, work: UnitOfWork, giver: Giver, record: OrderRecord, target: Call, case: CaseRecord) -> CaseRecord:
        self._record(work, case, giver, record)
        former = case.number
        prefix = f"测试-{target.campaign.number_prefix}" if case.test else target.campaign.number_prefix
        number = f"{prefix}-{work.cases.next_number(prefix):04d}"
        work.orders.keep_number(former, case.id, at=giver.at)
        case = work.cases.renumber(case.id, campaign=target.campaign.id, number=number, at=giver.at)
        case = work.cases.change(case.id, at=giver.at, closes_at=None)
        for each in work.letters.of_case(case.id):
            work.letters.change(each.sha256, campaign=target.campaign.id)
        case = self._hands.judging.judge(work, case, decided=True, silently=True)
        report, contact = self._hands.judging.report(work, case), contact_letter(work, case)
        if report is not None and contact is not None:
            letters = without_answer(work, unanswered(work, case), "moved")
            change = Change(former_numbers=(former,))
            self._hands.answers.write(
                work, target, "moved", contact, reports=(report,), cases=(case.id,), letters=letters, change=change
            )
        return case

    @staticmethod
    def _record(work: UnitOfWork, case: CaseRecord, giver: Giver, record: OrderRecord, *, also: str = "") -> None:
        decision = work.cases.add_decision(
            NewDecision(
                case_id=case.id,
                kind=record.action,
                who=giver.who,
                why=record.why + also,
                at=giver.at,
                revision_id=case.current_revision_id,
            )
        )
        work.orders.add_case(record.id, case.id, decision_id=decision.id)


def _recommender(work: UnitOfWork, cases: Sequence[CaseRecord]) -> str:
    """The street or bureau that sent one of `cases` beside its community, as was proposed; empty when none was."""
    judged = (work.cases.last_judgement(case.id) for case in cases)
    found = (each for judgement in judged if judgement is not None for each in judgement.findings)
    named = (each["values"].get("recommender") for each in found if each["code"] == "near_identical")
    return next((str(name) for name in named if name), "")


def _senders(work: UnitOfWork, case: CaseRecord) -> list[LetterRecord]:
    """The latest letter of each sender of the case, by sender; machines and those who are never answered left out."""
    latest = {
        record.from_address: record
        for record in work.letters.of_case(case.id)
        if record.from_address and record.answered != NEVER
    }
    return [latest[address] for address in sorted(latest)]
