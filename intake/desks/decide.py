"""A named organizer's decision on a case: recorded with its reason, judged anew, told to the submitter.

Peer: the database; decision, judgement and letter are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from intake.calls import Call
from intake.desks import CaseJudge
from intake.edges.clock import Clock
from intake.errors import OperatorError
from storage.records import CaseRecord, NewDecision, OutgoingRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

DecisionKind = Literal["pass", "return", "waive"]
"""`pass` and `return` bind one revision; `waive` takes one rule away from this case for good."""


VERDICT_LETTERS = frozenset({"receipt", "awaiting", "fix_request", "being_checked", "late", "decision"})
"""Letters that say how a case stands; unsent ones no longer hold once a person has decided."""
UNSENT = frozenset({"queued", "held", "retry_at"})


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision led to."""

    case: CaseRecord
    mail: OutgoingRecord | None
    """The letter that tells of it; None when there is nobody to tell."""
    cancelled: tuple[int, ...] = ()
    """Unsent letters about this case alone that the decision overtook."""


class DecideDesk:
    """Records decisions."""

    def __init__(self, store: Store, judge: CaseJudge, calls: Mapping[str, Call], *, clock: Clock) -> None:
        self._store = store
        self._judge = judge
        self._calls = calls
        self._clock = clock

    def decide(self, number: str, *, kind: DecisionKind, who: str, why: str, rule: str | None = None) -> Decided:
        """Record a decision; the case and the letter after it. Raises: OperatorError when case, person, reason or rule is not right; StorageError."""
        if not why.strip():
            raise OperatorError("请用 --why 写明理由，理由会记录在案。")
        with self._store.write() as work:
            case = work.cases.by_number(number.strip().upper())
            if case is None:
                raise OperatorError(f"没有登记编号为 {number} 的案例。请用 intake cases list 查看。")
            call = self._calls.get(case.campaign)
            if call is None:
                raise OperatorError(
                    f"{number} 所属的活动 {case.campaign} 不在设置里。请在 intake.toml 的 campaigns 中加上它。"
                )
            self._check_person(call, who)
            if kind == "waive" and rule not in {check.id for check in call.checks}:
                known = "、".join(check.id for check in call.checks)
                raise OperatorError(f"活动里没有代号为 {rule} 的规则。可以写：{known}。")
            bound = None if kind == "waive" else case.current_revision_id
            work.cases.add_decision(
                NewDecision(
                    case_id=case.id,
                    kind=kind,
                    who=who,
                    why=why.strip(),
                    at=self._clock.now(),
                    rule=rule if kind == "waive" else None,
                    revision_id=bound,
                )
            )
            overtaken = self._cancel_overtaken(work, case)
            before = {mail.id for mail in work.outgoing.of_case(case.id)}
            case = self._judge.judge(work, case, decided=True)
            mail = next((each for each in work.outgoing.of_case(case.id) if each.id not in before), None)
            return Decided(case, mail, overtaken)

    @staticmethod
    def _cancel_overtaken(work: UnitOfWork, case: CaseRecord) -> tuple[int, ...]:
        """Two letters that contradict each other must not leave one after the other."""
        overtaken = [
            mail.id
            for mail in work.outgoing.of_case(case.id)
            if mail.kind in VERDICT_LETTERS and mail.state in UNSENT and work.outgoing.cases_of(mail.id) == (case.id,)
        ]
        for outgoing_id in overtaken:
            work.outgoing.cancel(outgoing_id)
        return tuple(overtaken)

    @staticmethod
    def _check_person(call: Call, who: str) -> None:
        names = [organizer.name for organizer in call.campaign.organizers]
        if who not in names:
            listed = f"现有：{'、'.join(names)}" if names else "目前一个也没有"
            raise OperatorError(
                f"“{who}”不在活动文件的 organizers 名单里（{listed}）。请先在 {call.campaign.file} 里加上姓名和邮箱。"
            )
