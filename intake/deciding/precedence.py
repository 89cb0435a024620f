"""Who decided first: the second organizer to decide on a case is told. Peer: the caller's unit of work; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from intake.calls import Call
from intake.deciding.giving import Giver
from intake.errors import OperatorError
from intake.orders import Action, Order
from intake.wording import CHINESE_DATES
from storage.records.casebook import CaseRecord, DecisionRecord
from storage.unit_of_work import View

SETTLING: dict[str, str] = {
    "pass": "通过",
    "return": "退回",
    "withdrawn": "撤回",
    "reopen": "重新打开",
    "merge": "合并",
    "move": "转活动",
    "choose": "选定版本",
}
"""Kinds of decisions after which a second organizer is asked before deciding otherwise."""


class AlreadyDecidedError(OperatorError):
    """Another organizer has decided on the case; says who, what and when. The same order given knowingly is carried out."""

    def __init__(self, text: str, *, same: bool) -> None:
        """`same`: it was decided just so; nothing is left to do."""
        super().__init__(text)
        self.same = same


def refuse_second(
    view: View, order: Order, giver: Giver, *, cases: Sequence[CaseRecord], call: Call, told_at: datetime | None = None
) -> None:
    """Raise AlreadyDecidedError when another organizer has decided on what stands of any of `cases` now.

    `told_at`: of what was decided until then the giver knows.
    """
    kind = _kind_of(order.action)
    names = {organizer.name for organizer in call.campaign.organizers}
    if kind not in SETTLING:
        return
    decided = [(case, last) for case in cases if (last := _decided_by_other(view, case, giver, names)) is not None]
    news = [(case, last) for case, last in decided if told_at is None or last.at > told_at]
    if news:
        same = order.action != "return" and len(decided) == len(cases)
        text = "".join(_say_decided(case, last, call) for case, last in news)
        raise AlreadyDecidedError(text, same=same and all(last.kind == kind for _, last in decided))


def _decided_by_other(view: View, case: CaseRecord, giver: Giver, names: Collection[str]) -> DecisionRecord | None:
    """What another organizer decided last on what stands of `case`; None when nobody did, or the giver since."""
    settled = (each for each in reversed(view.cases.decisions(case.id)) if each.kind in SETTLING)
    last = next(settled, None)
    if last is None or last.who == giver.who or last.revision_id not in (None, case.current_revision_id):
        return None
    ordered = last.who in names or view.orders.order_of(last.id) is not None  # else the submitter's own
    return last if ordered else None


def _kind_of(action: Action) -> str:
    return "withdrawn" if action == "withdraw" else action


def _say_decided(case: CaseRecord, decision: DecisionRecord, call: Call) -> str:
    at = CHINESE_DATES.write_moment(decision.at, call.campaign.timezone)
    why = f"，理由：{decision.why}" if decision.why else ""
    return f"{case.number} 已由{decision.who}于{at}{SETTLING[decision.kind]}{why}。"
