"""Carrying orders out, and taking them back.

Peer: the caller's unit of work: order, decisions, judgements and letters are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from intake.answers import Answers
from intake.calls import Call, Calls
from intake.deciding.before import (
    cancel_overtaken,
    iso,
    merges_of,
    picture_of,
    refuse_when_told,
    restore,
    revisions_of,
)
from intake.deciding.extending import Extending
from intake.deciding.giving import Giver, order_from_json, order_to_json
from intake.deciding.hands import Hands
from intake.deciding.meaning import cases_meant, new_end, target_of
from intake.deciding.moving import Moving
from intake.deciding.precedence import refuse_second
from intake.deciding.ruling import Ruling
from intake.edges.clock import Clock
from intake.edges.records import Readings
from intake.errors import OperatorError
from intake.orders import Order
from intake.requests import Judging
from intake.wording import CHINESE_DATES
from storage.records.casebook import CaseRecord
from storage.records.correspondence import OutgoingRecord
from storage.records.ordering import NewOrder, OrderRecord, Undoing
from storage.unit_of_work import UnitOfWork, View

UNDO_FOR = timedelta(minutes=10)
"""How long an order can be taken back; the letters that tell of it wait for so long."""
MANY = 10
"""An order that names more cases than this is a bulk command."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What an order led to."""

    order: OrderRecord
    cases: tuple[CaseRecord, ...]
    """The cases it was carried out on, as they stand now."""
    told: tuple[OutgoingRecord, ...] = ()
    """The letters that tell of it, in the order they were written."""
    overtaken: tuple[int, ...] = ()
    """Unsent letters that it made untrue; they are cancelled."""


class Deciding:
    """Carries out what organizers order."""

    def __init__(
        self,
        readings: Readings,
        judging: Judging,
        answers: Answers,
        calls: Calls,
        *,
        clock: Clock,
        undo_for: timedelta = UNDO_FOR,
    ) -> None:
        """`undo_for`: how long the letters wait, and the order can be taken back."""
        self._judging = judging
        self._calls = calls
        self._clock = clock
        self._undo_for = undo_for
        hands = Hands(judging, answers, calls, clock)
        self._ruling = Ruling(readings, hands)
        self._moving = Moving(hands)
        self._extending = Extending(hands)

    @property
    def undo_for(self) -> timedelta:
        """How long an order can be taken back."""
        return self._undo_for

    def check(
        self,
        work: View,
        order: Order,
        giver: Giver,
        *,
        campaign: str,
        knowing: bool = False,
        told_at: datetime | None = None,
    ) -> None:
        """Whether `order` can be carried out now; nothing is written.

        `knowing`: the giver was told who decided before. `told_at`: and knows what was decided until then.
        Raises: OperatorError saying why not; AlreadyDecidedError when another organizer was first.
        """
        call = self._call(campaign)
        cases = cases_meant(work, order, call)
        self._check_terms(work, order, call, cases)
        if order.action == "merge":
            (stays,) = cases_meant(work, replace(order, numbers=(order.target,)), call)
            if stays in cases:  # under a number it had before
                raise OperatorError(f"{order.target} 就是 {stays.number}，一个案例不能合并到它自己。")
        if not knowing:
            refuse_second(work, order, giver, cases=cases, call=call, told_at=told_at)

    def carry_out(
        self, work: UnitOfWork, order: Order, giver: Giver, *, campaign: str, knowing: bool = False, asked: int = 0
    ) -> Carried:
        """Do what `order` says and queue what tells of it. `asked`: the stored order that was to be confirmed.

        Raises: as `check`; nothing is written then.
        """
        record = work.orders.get(asked) if asked else None
        told_at = record.at if record is not None else None
        self.check(work, order, giver, campaign=campaign, knowing=knowing, told_at=told_at)
        call = self._call(campaign)
        cases = cases_meant(work, order, call)
        if order.action == "merge":
            cases += cases_meant(work, replace(order, numbers=(order.target,)), call)
        record = record or self.keep(work, order, giver, campaign=campaign, state="done")
        last = work.outgoing.last_id()
        late = self._extending.late_cases(work, call) if order.everybody else ()
        before: dict[str, Any] = {
            "cases": picture_of(work, (*cases, *late)),
            "overtaken": [] if order.action == "note" else cancel_overtaken(work, (*cases, *late)),
            "end": iso(work.orders.ends().get(campaign)),
            "merged": merges_of(work, cases) if order.action == "merge" else [],
        }
        done = self._do(work, order, giver, record, call=call, cases=cases)
        told = self._put_off(work, last)
        before |= {
            "told": [mail.id for mail in told],
            "after": revisions_of(work, [case.id for case in (*cases, *late)]),
        }
        work.orders.settle(record.id, state="done", at=giver.at, before=before)
        settled = work.orders.get(record.id)
        assert settled is not None  # just written
        return Carried(settled, done, told, tuple(mail["id"] for mail in before["overtaken"]))

    def take_back(self, work: UnitOfWork, record: OrderRecord, giver: Giver) -> Carried:
        """Undo an order of the last minutes: its letters never leave, everything stands as before.

        Raises: OperatorError when it is too late, or there is nothing to take back.
        """
        if record.state != "done" or record.settled_at is None:
            raise OperatorError("这一项没有办理过，或者已经撤销。")
        if giver.at >= record.settled_at + self._undo_for:
            minutes = int(self._undo_for.total_seconds() // 60)
            raise OperatorError(f"已过{minutes}分钟，不能撤销；可以作新的决定，报送人会收到新的核对结果。")
        before = record.before or {}
        for stood in before.get("cases", ()):
            later = (each for each in work.orders.of_case(stood["id"]) if each.id > record.id)
            if any(each.state == "done" and each.action != "note" for each in later):
                raise OperatorError(f"{stood['number']} 之后又有新的决定，请先撤销那一项。")
        self._refuse_under_later_end(work, record)
        refuse_when_told(work, before)
        work.orders.take_back(
            Undoing(order_id=record.id, who=giver.who, channel=giver.channel, at=giver.at, letter_sha256=giver.letter)
        )
        if record.action == "extend":
            end = before.get("end")
            work.orders.put_end(record.campaign, datetime.fromisoformat(end) if end else None)
            work.when_over(self._calls.try_out(work.orders.ends()))
        cases = restore(work, self._judging, before, at=giver.at)
        undone = work.orders.get(record.id)
        assert undone is not None  # just written
        return Carried(undone, cases)

    def keep(self, work: UnitOfWork, order: Order, giver: Giver, *, campaign: str, state: str) -> OrderRecord:
        """Put an order on record. `state`: `asked` for one that waits to be confirmed."""
        return work.orders.add(
            NewOrder(
                campaign=campaign,
                action=order.action,
                who=giver.who,
                why=reason_of(order),
                said=order.said,
                channel=giver.channel,
                at=giver.at,
                state=state,
                terms=order_to_json(order),
                letter_sha256=giver.letter,
            )
        )

    def carry_out_asked(self, work: UnitOfWork, record: OrderRecord, giver: Giver) -> Carried:
        """Carry out an order that waited to be confirmed.

        Raises: OperatorError; AlreadyDecidedError when another organizer decided after it was asked about.
        """
        order = _asked(record)
        return self.carry_out(work, order, giver, campaign=record.campaign, asked=record.id)

    def ask_again(self, work: UnitOfWork, record: OrderRecord, giver: Giver) -> OrderRecord:
        """An order that waits to be confirmed waits anew: by now its giver knows more. Raises: OperatorError."""
        order = _asked(record)
        work.orders.settle(record.id, state="dropped", at=giver.at)
        return self.keep(work, order, giver, campaign=record.campaign, state="asked")

    def refresh(self, view: View) -> None:
        """Take over until when organizers extended campaigns, whichever process they did it in.

        Before anything is written: what a unit of work is about to change must not be taken over by all.
        """
        self._calls.take_over(view.orders.ends())

    def preview_for_all(self, view: View, order: Order, campaign: str) -> str:
        """What an order on a whole campaign would do, in words. Raises: OperatorError."""
        call = self._call(campaign)
        end = new_end(order.until, ends_at=call.campaign.closes_at, now=self._clock.now(), call=call)
        until = CHINESE_DATES.write_close(end, call.campaign.timezone)
        late = len(self._extending.late_cases(view, call))
        return f"“{call.campaign.title}”截止时间延至{until}：逾期的{late}件重新核对，已经告知过日期的各发一封更正"

    # --- checks

    def _call(self, campaign: str) -> Call:
        call = self._calls.get(campaign)
        if call is None:
            raise OperatorError(f"活动 {campaign} 不在设置里。请在 intake.toml 的 campaigns 中加上它。")
        return call

    @staticmethod
    def _refuse_under_later_end(view: View, record: OrderRecord) -> None:
        """Raise OperatorError when the whole campaign was extended again since: two ends are taken back in turn."""
        if not _is_wide(record):
            return
        if any(each.id > record.id for each in view.orders.done_on_all(record.campaign)):
            raise OperatorError("整个活动之后又延期过，请先撤销那一项。")

    def _check_terms(self, view: View, order: Order, call: Call, cases: Sequence[CaseRecord]) -> None:
        if order.action in ("undo", "confirm"):
            raise ValueError(f"{order.action} is no order on a case")
        if order.action == "waive" and order.rule not in {check.id for check in call.checks}:
            known = "、".join(check.id for check in call.checks)
            raise OperatorError(f"活动里没有代号为 {order.rule} 的规则。可以写：{known}。")
        if order.action == "move":
            target_of(order, call, self._calls)
        if order.action == "extend":
            now = self._clock.now()
            for ends_at in [case.closes_at or call.campaign.closes_at for case in cases] or [call.campaign.closes_at]:
                new_end(order.until, ends_at=ends_at, now=now, call=call)
        if order.action == "choose":
            self._ruling.check_version(view, order, cases)

    # --- doing

    def _do(
        self,
        work: UnitOfWork,
        order: Order,
        giver: Giver,
        record: OrderRecord,
        *,
        call: Call,
        cases: Sequence[CaseRecord],
    ) -> tuple[CaseRecord, ...]:
        if order.action == "merge":
            return self._moving.merge(work, giver, record, call=call, cases=cases)
        if order.action == "move":
            return self._moving.move(work, order, giver, record, call=call, cases=cases)
        if order.action == "extend":
            if order.everybody:
                return self._extending.extend_all(work, order, giver, record, call=call)
            return self._extending.extend(work, order, giver, record, call=call, cases=cases)
        return tuple(self._ruling.rule(work, order, giver, record, call=call, case=case) for case in cases)

    def _put_off(self, work: UnitOfWork, last: int) -> tuple[OutgoingRecord, ...]:
        """The letters written since `last`, none of which leaves before the order stands for good."""
        until_at = self._clock.now() + self._undo_for
        return tuple(
            work.outgoing.put_off(mail.id, until_at=until_at) if mail.state == "queued" and self._undo_for else mail
            for mail in work.outgoing.after(last)
        )


def _is_wide(record: OrderRecord) -> bool:
    return bool((record.terms or {}).get("everybody"))


def _asked(record: OrderRecord) -> Order:
    """The order that waits to be confirmed. Raises: OperatorError when it does not."""
    if record.state != "asked" or record.terms is None:
        raise OperatorError("这一项已经办理过。")
    return order_from_json(record.terms)


def reason_of(order: Order) -> str:
    """The reason on record: the one stated, else the words of the order."""
    return order.why.strip() or order.said


def needs_yes(order: Order, cases: Sequence[CaseRecord]) -> bool:
    """Whether an order by mail waits for a second mail: what takes a case out, or touches many."""
    return order.action in ("withdraw", "merge") or order.everybody or bool(order.of) or len(cases) > MANY
