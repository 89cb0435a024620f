"""Orders on one case as it is: pass, return, waive, reopen, withdraw, choose, note. Peer: the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence

from intake.answers import contact_letter, unanswered, without_answer
from intake.calls import Call
from intake.casework.standing import WITHDRAWN
from intake.deciding.giving import Giver
from intake.deciding.hands import Hands
from intake.edges.records import Readings
from intake.errors import OperatorError
from intake.orders import Order
from intake.requests import Requests
from storage.records.casebook import CaseRecord, NewDecision
from storage.records.ordering import OrderRecord
from storage.unit_of_work import UnitOfWork, View


class Ruling:
    """Decides on single cases."""

    def __init__(self, readings: Readings, hands: Hands) -> None:
        self._hands = hands
        self._requests = Requests(readings, hands.judging, hands.answers)

    def rule(
        self, work: UnitOfWork, order: Order, giver: Giver, record: OrderRecord, *, call: Call, case: CaseRecord
    ) -> CaseRecord:
        """Record the decision and have the case judged and its submitter told; the case as it stands then."""
        decision = work.cases.add_decision(
            NewDecision(
                case_id=case.id,
                kind=WITHDRAWN if order.action == "withdraw" else order.action,
                who=giver.who,
                why=record.why,
                at=giver.at,
                rule=order.rule or None,
                revision_id=None if order.action in ("waive", "note") else _revision_meant(work, order, case),
            )
        )
        work.orders.add_case(record.id, case.id, decision_id=decision.id)
        if order.action == "note":
            return case
        case = self._hands.judging.judge(work, case, decided=True)
        if order.action == "withdraw":
            self._tell_withdrawn(work, call, case)
        return case

    @staticmethod
    def check_version(view: View, order: Order, cases: Sequence[CaseRecord]) -> None:
        """Raise OperatorError when the version named is none of the case's."""
        if order.version is None or len(cases) != 1:
            raise OperatorError("请写明一个案例和第几版，如：采用 HL22-0017 第2版。")
        _revision_meant(view, order, cases[0])

    def _tell_withdrawn(self, work: UnitOfWork, call: Call, case: CaseRecord) -> None:
        contact = contact_letter(work, case)
        if contact is None:
            return
        letters = without_answer(work, unanswered(work, case), "decision")
        report = self._requests.standing(work, case)
        self._hands.answers.write(work, call, "decision", contact, reports=(report,), cases=(case.id,), letters=letters)


def _revision_meant(view: View, order: Order, case: CaseRecord) -> int | None:
    """The revision an order is about: the version it names, else the newest; None when the case has none yet."""
    revisions = view.cases.revisions(case.id)
    if order.action != "choose":
        return revisions[-1].id if revisions else None
    meant = next((each.id for each in revisions if each.ordinal == order.version), None)
    if meant is None:
        raise OperatorError(
            f"{case.number} 没有第{order.version}版，现有{len(revisions)}版：intake cases show {case.number}"
        )
    return meant
