"""Orders in an answer to one of our mails: read, carried out or put to a second mail, and answered in one.

Peer: the caller's unit of work. Whatever is not wholly clear orders nothing: what was understood is then
only done when its writer says yes to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from intake.calls import Call
from intake.deciding.access import Access, access_of, names_others_cases, unasked_by
from intake.deciding.giving import Giver, order_from_json
from intake.deciding.meaning import cases_meant
from intake.deciding.precedence import AlreadyDecidedError
from intake.deciding.replies import UNHEARD_AT_MOST, OrderReplies, Results
from intake.deciding.service import Carried, Deciding, needs_yes
from intake.deciding.words import shown, told, vocabulary_for
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox
from intake.errors import OperatorError
from intake.figures.orders_reply import OrderLine
from intake.model import Letter
from intake.orders import Order, Vocabulary, read_orders
from intake.organizers import name_of
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord
from storage.records.ordering import OrderRecord
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

_UNASKED = "来信不是直接回复我们寄给您本人的邮件，为防他人冒名，"
_ON_A_VERSION = frozenset({"pass", "return"})
"""Orders that bind the version they are given on."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """Orders in a letter that answers none of our mails; nothing was done."""

    call: Call
    is_answered: bool
    """Its writer is told how to decide."""


@dataclass(frozen=True, slots=True)
class _Writer:
    """Who wrote a letter: in each campaign under the name its file has for the address."""

    access: Access
    at: datetime
    letter: str

    def giver(self, campaign: str) -> Giver:
        """As organizer of `campaign`. Raises: OperatorError when none of it."""
        own = next((call for call in self.access.calls if call.campaign.id == campaign), None)
        if own is None:
            raise OperatorError("您不在这项活动的 organizers 名单里。")
        return Giver(name_of(own.campaign, self.access.address), self.at, "mail", self.letter)


class OrdersByMail:
    """Takes orders out of organizers' answers."""

    def __init__(
        self,
        deciding: Deciding,
        outbox: Outbox,
        calls: Mapping[str, Call],
        *,
        clock: Clock,
        test_mode: bool,
        dry_run: bool,
    ) -> None:
        """`test_mode`: short numbers mean trial cases. `dry_run`: our answers are held as all letters are."""
        self._deciding = deciding
        self._replies = OrderReplies(outbox, clock=clock, undo_for=deciding.undo_for, dry_run=dry_run)
        self._calls = calls
        self._clock = clock
        self._test_mode = test_mode

    def access(self, work: UnitOfWork, letter: Letter) -> Access | None:
        """What `letter` may order; None when it answers no mail of ours to organizers."""
        return access_of(work, letter, self._calls)

    def take(self, work: UnitOfWork, record: LetterRecord, letter: Letter, access: Access) -> tuple[str, ...]:
        """Do what the letter orders and queue the answer; lines that tell what became of it, for the record."""
        if access.refused:
            if access.is_answered:
                self._replies.write(work, record, letter, access.calls[0], problem=f"{access.refused}，")
            return (f"{access.refused}，没有作任何处理",)
        self._deciding.refresh(work)
        writer = _Writer(access, self._clock.now(), record.sha256)
        asked = [each for each in work.orders.told_in(access.mail.id) if each.state == "asked"]
        understood = read_orders(access.said, self._vocabulary(work, access, may_confirm=bool(asked)))
        results = Results()
        for order in understood.orders:
            self._one(work, order, writer, results=results, asked=asked, sure=not understood.unclear)
        problem = "" if understood.orders or understood.unclear else "线上没有读到处理意见，"
        call = access.calls[0]
        self._replies.write(work, record, letter, call, results=results, understood=understood, problem=problem)
        log.info("orders_taken", done=len(results.lines), unclear=len(understood.unclear))
        return tuple(f"{line.said}：{line.told}" for line in results.lines) or ("没有读懂，没有作任何处理",)

    def take_unasked(self, work: UnitOfWork, record: LetterRecord, letter: Letter) -> Unasked | None:
        """Tell an organizer how to decide who orders in a letter of his own; None for every other letter.

        Nothing is done: such a From line anybody may write. So the answer names no case, and goes out at most once
        a day unless a trusted host says that the letter is his.
        """
        calls = unasked_by(work, letter, self._calls)
        if not calls:
            return None
        sender = letter.facts.sender
        assert sender is not None  # an organizer's
        vocabulary = self._words(calls, sender.address, case=None, may_confirm=False)
        written = letter.facts.text[: letter.facts.leading_characters]
        if not names_others_cases(work, read_orders(written, vocabulary).orders, sender.address):
            return None
        proven = letter.authentication is not None and letter.authentication.dmarc == "pass"
        most = UNHEARD_AT_MOST if proven else 1
        told = self._replies.write(work, record, letter, calls[0], problem=_UNASKED, unheard_at_most=most)
        return Unasked(calls[0], is_answered=told)

    # --- one order

    def _one(
        self,
        work: UnitOfWork,
        order: Order,
        writer: _Writer,
        *,
        results: Results,
        asked: list[OrderRecord],
        sure: bool,
    ) -> None:
        """Do one order. `asked`: what waits to be confirmed; a yes empties it."""
        try:
            if order.action == "confirm":
                while asked:  # said twice, it is done once
                    self._confirmed(work, asked.pop(0), writer, results, sure=sure)
            elif order.action == "undo":
                self._undo(work, order, writer, results=results, asked=asked)
            else:
                self._carry_out(work, order, writer, results=results, sure=sure)
        except OperatorError as problem:
            results.lines.append(OrderLine(order.said, "refused", str(problem)))

    def _carry_out(self, work: UnitOfWork, order: Order, writer: _Writer, *, results: Results, sure: bool) -> None:
        campaign = self._campaign(work, order, writer.access)
        giver = writer.giver(campaign)
        why = "" if sure else "来信另有没有读懂的话"
        try:
            self._deciding.check(work, order, giver, campaign=campaign)
        except AlreadyDecidedError as decided:
            if decided.same:
                results.lines.append(OrderLine(order.said, "refused", f"{decided}没有重复办理。"))
                return
            why = f"{decided}如仍要这样办理，请确认"
        cases = cases_meant(work, order, self._calls[campaign])
        why = why or _changed_since(work, order, writer.access.mail.created_at, cases)
        if why or needs_yes(order, cases):
            stored = self._deciding.keep(work, order, giver, campaign=campaign, state="asked")
            results.records.append(stored)
            results.lines.append(OrderLine(order.said, "asked", why or self._preview(work, order, campaign)))
            return
        self._tell_done(self._deciding.carry_out(work, order, giver, campaign=campaign), order.said, results=results)

    def _confirmed(
        self, work: UnitOfWork, record: OrderRecord, writer: _Writer, results: Results, *, sure: bool
    ) -> None:
        try:
            giver = writer.giver(record.campaign)
            why = self._changed_since_asked(work, record) if sure else "来信另有没有读懂的话"
            if why:
                self._ask_again(work, record, giver, results, why=why)
            else:
                self._tell_done(self._deciding.carry_out_asked(work, record, giver), record.said, results=results)
        except AlreadyDecidedError as decided:
            if decided.same:
                results.lines.append(OrderLine(record.said, "refused", f"{decided}没有重复办理。"))
            else:
                self._ask_again(work, record, giver, results, why=f"{decided}如仍要这样办理，请确认")
        except OperatorError as problem:
            results.lines.append(OrderLine(record.said, "refused", str(problem)))

    def _changed_since_asked(self, work: UnitOfWork, record: OrderRecord) -> str:
        order = order_from_json(record.terms or {})
        cases = cases_meant(work, order, self._calls[record.campaign])
        return _changed_since(work, order, record.at, cases)

    def _ask_again(self, work: UnitOfWork, record: OrderRecord, giver: Giver, results: Results, *, why: str) -> None:
        results.records.append(self._deciding.ask_again(work, record, giver))
        results.lines.append(OrderLine(record.said, "asked", why))

    def _undo(
        self, work: UnitOfWork, order: Order, writer: _Writer, *, results: Results, asked: list[OrderRecord]
    ) -> None:
        """Take back what our mail told of; what it asked about is not asked any more."""
        if asked and not order.numbers:
            while asked:
                record = asked.pop(0)
                work.orders.settle(record.id, state="dropped", at=writer.at)
                results.lines.append(OrderLine(record.said, "undone", "没有办理，不再等待确认"))
            if all(each.state == "dropped" for each in work.orders.told_in(writer.access.mail.id)):
                return
        for record in self._undoable(work, order, writer.access):
            try:
                carried = self._deciding.take_back(work, record, writer.giver(record.campaign))
            except OperatorError as problem:
                results.lines.append(OrderLine(f"撤销：{record.said or record.action}", "refused", str(problem)))
                continue
            call = self._calls[record.campaign]
            results.lines.append(OrderLine(f"撤销：{record.said or record.action}", "undone", told(carried, call)))

    def _undoable(self, work: UnitOfWork, order: Order, access: Access) -> list[OrderRecord]:
        """The orders meant, the latest first: those our mail told of, or the latest on the cases named."""
        if not order.numbers:
            found = [each for each in work.orders.told_in(access.mail.id) if each.state == "done"]
            if not found:
                raise OperatorError("所回复的邮件里没有可以撤销的决定，请写明编号，如：撤销 HL22-0017。")
            return found[::-1]
        latest: dict[int, OrderRecord] = {}
        for number in order.numbers:
            case = work.cases.by_number(number)
            if case is None or case.campaign not in {call.campaign.id for call in access.calls}:
                raise OperatorError(f"没有登记编号为 {number} 的案例。")
            done = [each for each in work.orders.of_case(case.id) if each.state == "done"]
            if not done:
                raise OperatorError(f"{number} 没有可以撤销的决定。")
            latest[done[-1].id] = done[-1]
        return [latest[order_id] for order_id in sorted(latest, reverse=True)]

    def _tell_done(self, carried: Carried, said: str, *, results: Results) -> None:
        call = self._calls[carried.order.campaign]
        results.records.append(carried.order)
        results.lines.append(OrderLine(said, "done", told(carried, call), shown(carried.told)))
        results.leave = results.leave or any(mail.state == "queued" for mail in carried.told)

    def _preview(self, work: UnitOfWork, order: Order, campaign: str) -> str:
        cases = cases_meant(work, order, self._calls[campaign])
        if order.everybody:
            return self._deciding.preview_for_all(work, order, campaign)
        numbers = "、".join(case.number for case in cases[:20])
        return f"涉及{len(cases)}个案例：{numbers}"

    def _campaign(self, work: UnitOfWork, order: Order, access: Access) -> str:
        """The campaign of the cases named, one its writer is an organizer of. Raises: OperatorError."""
        own = {call.campaign.id: call.campaign.title for call in access.calls}
        if order.campaign:
            if order.campaign not in own:
                raise OperatorError("您不在这项活动的 organizers 名单里。")
            return order.campaign
        if not order.numbers:
            if len(own) == 1:
                return next(iter(own))
            if access.mail.kind == "case_notice" and access.mail.campaign in own:
                return access.mail.campaign
            raise OperatorError(f"有几项征集活动，请写明编号，或者写明是哪一项活动：{'、'.join(own.values())}。")
        case = work.cases.by_number(order.numbers[0])
        if case is None or case.campaign not in own:
            raise OperatorError(f"没有登记编号为 {order.numbers[0]} 的案例。")
        return case.campaign

    def _vocabulary(self, work: UnitOfWork, access: Access, *, may_confirm: bool) -> Vocabulary:
        about = work.outgoing.cases_of(access.mail.id) if access.mail.kind == "case_notice" else ()
        case = work.cases.get(about[0]) if len(about) == 1 else None
        number = case.number if case is not None else None
        return self._words(access.calls, access.address, case=number, may_confirm=may_confirm)

    def _words(self, mine: Sequence[Call], address: str, *, case: str | None, may_confirm: bool) -> Vocabulary:
        organizers = (each for call in mine for each in call.campaign.organizers)
        return vocabulary_for(
            mine,
            self._calls,
            now=self._clock.now(),
            names=(
                *(each.name for each in organizers if each.address.casefold() == address.casefold()),
                *(call.campaign.signature for call in mine),
            ),
            case=case,
            may_confirm=may_confirm,
            test=self._test_mode,
        )


def _changed_since(view: View, order: Order, shown_at: datetime, cases: Sequence[CaseRecord]) -> str:
    """Which of `cases` got a new version after they were shown: nobody rules on what he has not seen.

    Empty when none did, and for orders that bind no version.
    """
    if order.action not in _ON_A_VERSION:
        return ""
    newest = ((case, view.cases.revisions(case.id)[-1:]) for case in cases)
    newer = [case.number for case, last in newest if last and last[0].at > shown_at]
    return f"{'、'.join(newer)} 在所回复的邮件之后又收到新的材料，如仍要这样办理，请确认" if newer else ""
