"""A named organizer's orders given at a desk: recorded with their reason, carried out, told to whom they concern.

Peer: the database; each order, with what comes of it, is one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from intake.calls import Call
from intake.deciding import Carried, Channel, Deciding, Giver, refuse_repeated, refuse_unseen
from intake.deciding.words import rule_named
from intake.edges.clock import Clock
from intake.errors import NoReasonError, OperatorError, UnknownCaseError, UnlistedCampaignError
from intake.lookups import case_written
from intake.orders import Order, case_number
from intake.organizers import who_is
from storage.records.casebook import CaseRecord
from storage.records.correspondence import OutgoingRecord
from storage.records.ordering import OrderRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

DecisionKind = Literal["pass", "return", "waive", "choose"]
"""`pass` and `return` bind one revision, the newest; `choose` says which one stands; `waive` takes one rule away from
this case for good."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision led to."""

    case: CaseRecord
    mail: OutgoingRecord | None
    """The letter that tells of it; None when there is nobody to tell."""
    cancelled: tuple[int, ...] = ()
    """Unsent letters about this case alone that the decision overtook."""


class DecideDesk:
    """Takes organizers' orders."""

    def __init__(
        self,
        store: Store,
        deciding: Deciding,
        calls: Mapping[str, Call],
        *,
        clock: Clock,
        channel: Channel = "command_line",
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._calls = calls
        self._clock = clock
        self._channel = channel

    @property
    def undo_for(self) -> timedelta:
        """How long an order can be taken back."""
        return self._deciding.undo_for

    def decide(
        self,
        number: str,
        *,
        kind: DecisionKind,
        who: str,
        why: str,
        rule: str | None = None,
        version: int | None = None,
    ) -> Decided:
        """Decide on one case. `rule`: with `waive`. `version`: with `choose`, which of the case's (第几版) shall stand.

        Raises: OperatorError when case, person, reason, rule or version is not right; StorageError.
        """
        order = Order(kind, "", (number,), why, rule=rule or "", version=version)
        carried = self.order(order, who=who)
        mail = carried.told[0] if carried.told else None
        return Decided(carried.cases[0], mail, carried.overtaken)

    def order(
        self,
        order: Order,
        *,
        who: str,
        campaign: str = "",
        knowing: bool = False,
        shown: int | None = None,
        after: int | None = None,
    ) -> Carried:
        """Carry out an order. `who`: a name of the campaign's list of organizers, or an address of it, as `who_is`.

        `campaign`: for one that names no case. `knowing`: whoever decided before is known. `shown`: the newest version
        of its first case that the giver has seen, 0 for none; None for a giver who looks for themselves. `after`: the
        latest stored order the giver has seen there, 0 for none; the same one given since is not given again.

        Raises: OperatorError when something of it is not right, AlreadyDecidedError, UnseenVersionError and
        RepeatedOrderError among them; StorageError.
        """
        if not order.why.strip():
            raise NoReasonError
        with self._store.write() as work:
            self._deciding.refresh(work)
            order = self._spelled(work, order)
            campaign = self._campaign(work, order, campaign)
            giver = self._giver(campaign, who)
            if after is not None:
                refuse_repeated(work, order, who=giver.who, campaign=campaign, after=after)
            if shown is not None and order.action != "note":
                refuse_unseen(work, order.numbers[0], shown=shown)
            return self._deciding.carry_out(work, order, giver, campaign=campaign, knowing=knowing)

    def undo(self, number: str, *, who: str, campaign: str = "", order: int | None = None) -> Carried:
        """Take back the latest order on a case, or with no number the latest one on the whole of `campaign`.

        `order`: the stored order that is meant; when another one has come since, nothing is taken back.
        Raises: OperatorError when there is none of the last minutes; StorageError.
        """
        with self._store.write() as work:
            self._deciding.refresh(work)
            record = self._latest(work, number, campaign)
            if record is None:
                raise OperatorError("没有可以撤销的决定。")
            if order is not None and record.id != order:
                raise OperatorError("您要撤销的那一项之后又有变化，没有撤销。请刷新页面，看过现在的情况再办。")
            return self._deciding.take_back(work, record, self._giver(record.campaign, who))

    def _latest(self, view: View, number: str, campaign: str) -> OrderRecord | None:
        if not number:
            return next(iter(view.orders.done_on_all(self._only(campaign))), None)
        case = case_written(view, number, self._calls)
        if case is None:
            raise UnknownCaseError(number)
        done = [each for each in view.orders.of_case(case.id) if each.state == "done"]
        return done[-1] if done else None

    def _spelled(self, view: View, order: Order) -> Order:
        """`order` with its numbers in full, and a rule that is called by its name by its id, as in a mail."""
        numbers = tuple(dict.fromkeys(self._number(view, each) for each in order.numbers))
        target = self._number(view, order.target) if order.action == "merge" else order.target
        first = view.cases.by_number(numbers[0]) if numbers else None
        call = self._calls.get(first.campaign) if first is not None else None
        rule = rule_named(call, order.rule) if call is not None and order.action == "waive" else order.rule
        return replace(order, why=order.why.strip(), numbers=numbers, target=target, rule=rule)

    def _number(self, view: View, written: str) -> str:
        case = case_written(view, written, self._calls)
        # A former number stays as it was written: what is said of it depends on that.
        return case_number(written) if case is None or view.cases.by_number(case_number(written)) else case.number

    def _campaign(self, work: UnitOfWork, order: Order, campaign: str) -> str:
        """The campaign an order is about: of its first case, the one named, or the only one there is."""
        if order.numbers:
            case = work.cases.by_number(order.numbers[0])
            if case is None:
                raise UnknownCaseError(order.numbers[0])
            if case.campaign not in self._calls:
                raise UnlistedCampaignError(case.campaign, number=case.number)
            return case.campaign
        return self._only(campaign)

    def _only(self, campaign: str) -> str:
        """The campaign named, or the only one there is. Raises: OperatorError."""
        if campaign:
            return campaign
        if len(self._calls) > 1:
            raise OperatorError(f"请用 --campaign 写明活动：{'、'.join(self._calls)}。")
        return next(iter(self._calls))

    def _giver(self, campaign: str, who: str) -> Giver:
        call = self._calls.get(campaign)
        if call is None:
            raise OperatorError(f"活动 {campaign} 不在设置里。请在 intake.toml 的 campaigns 中加上它。")
        return Giver(who_is(call.campaign, who), self._clock.now(), self._channel)
