"""Rows of what organizers ordered, by whichever way, and of what orders change beside decisions:
longer times for a campaign, numbers a case had before, cases that went into another.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from storage import tables
from storage.dialects import insert_missing, insert_or_update
from storage.records.ordering import NewOrder, OrderCase, OrderRecord, Undoing
from storage.rows.mapping import Rows, as_record, as_row

_orders = tables.orders
_of_case = tables.order_cases
_ends = tables.campaign_ends
_numbers = tables.former_numbers
_merged = tables.merged_cases
_undone = tables.undone_orders

UNDONE = "undone"
"""State of an order that was taken back; its decisions count no more."""


class OrderRows(Rows):
    """Orders and their traces."""

    def add(self, order: NewOrder) -> OrderRecord:
        """Record an order."""
        new_id = self._insert(_orders, as_row(order))
        return self._all(OrderRecord, select(_orders).where(_orders.c.id == new_id))[0]

    def get(self, order_id: int) -> OrderRecord | None:
        """The order, None when unknown."""
        return self._first(OrderRecord, select(_orders).where(_orders.c.id == order_id))

    def told_in(self, outgoing_id: int) -> tuple[OrderRecord, ...]:
        """The orders that a mail of ours to an organizer told of, oldest first; empty when none."""
        return self._all(OrderRecord, select(_orders).where(_orders.c.answer_id == outgoing_id).order_by(_orders.c.id))

    def of_case(self, case_id: int) -> tuple[OrderRecord, ...]:
        """The orders carried out on a case, those taken back too, oldest first; empty when none."""
        mine = select(_of_case.c.order_id).where(_of_case.c.case_id == case_id)
        return self._all(OrderRecord, select(_orders).where(_orders.c.id.in_(mine)).order_by(_orders.c.id))

    def count_unheard(self, address: str, *, campaign: str, since_at: datetime) -> int:
        """How many answers to letters of orders were written to `address`, any case of letters, from `since_at` on that
        tell of no order: neither of one the letter gave nor of one it confirmed.
        """
        mails, answered = tables.outgoing, tables.outgoing_letters
        told = select(_orders.c.answer_id).where(_orders.c.answer_id.is_not(None))
        gave = select(_orders.c.letter_sha256).where(_orders.c.letter_sha256.is_not(None))
        heard = select(answered.c.outgoing_id).where(answered.c.letter_sha256.in_(gave))
        mine = (
            mails.c.campaign == campaign,
            mails.c.kind == "orders",
            func.lower(mails.c.to_address) == address.lower(),
        )
        lately = (mails.c.created_at >= since_at, mails.c.id.not_in(told), mails.c.id.not_in(heard))
        return self._count(select(func.count()).select_from(mails).where(*mine, *lately))

    def of_letter(self, letter_sha256: str) -> tuple[OrderRecord, ...]:
        """The orders a letter gave, oldest first; empty when none."""
        chosen = select(_orders).where(_orders.c.letter_sha256 == letter_sha256)
        return self._all(OrderRecord, chosen.order_by(_orders.c.id))

    def latest(self, limit: int) -> tuple[OrderRecord, ...]:
        """The latest orders, the last one first; empty when there are none."""
        return self._all(OrderRecord, select(_orders).order_by(_orders.c.id.desc()).limit(limit))

    def done_on_all(self, campaign: str) -> tuple[OrderRecord, ...]:
        """The orders on a whole campaign that stand, the last one first; empty when there are none."""
        everybody = _orders.c.terms["everybody"].as_boolean().is_(True)
        mine = (_orders.c.campaign == campaign, _orders.c.state == "done", everybody)
        return self._all(OrderRecord, select(_orders).where(*mine).order_by(_orders.c.id.desc()))

    def settle(self, order_id: int, *, state: str, at: datetime, before: object = None) -> None:
        """The order is `done`, `undone` or `dropped` now. `before`: JSON, what taking it back needs."""
        values: dict[str, object] = {"state": state, "settled_at": at}
        if before is not None:
            values["before"] = before
        self._connection.execute(update(_orders).where(_orders.c.id == order_id).values(**values))

    def take_back(self, undoing: Undoing) -> None:
        """The order is undone now, and by whom; it was carried out before."""
        self.settle(undoing.order_id, state=UNDONE, at=undoing.at)
        self._connection.execute(insert(_undone).values(**as_row(undoing)))

    def undone(self, case_id: int) -> tuple[tuple[OrderRecord, Undoing], ...]:
        """The orders on a case that were taken back, each with who did so, oldest first; empty when none."""
        gone = [order for order in self.of_case(case_id) if order.state == UNDONE]
        chosen = select(_undone).where(_undone.c.order_id.in_([order.id for order in gone]))
        kept = {each.order_id: each for each in self._all(Undoing, chosen)}
        return tuple((order, kept.get(order.id) or _undone_by_whom(order)) for order in gone)

    def undone_decisions(self) -> dict[int, Undoing]:
        """By decision, who took back the order it was made by; those that stand are left out."""
        joined = _of_case.join(_orders, _orders.c.id == _of_case.c.order_id).outerjoin(
            _undone, _undone.c.order_id == _orders.c.id
        )
        at = func.coalesce(_undone.c.at, _orders.c.settled_at, _orders.c.at).label("at")
        chosen = select(
            _of_case.c.decision_id,
            _orders.c.id.label("order_id"),
            func.coalesce(_undone.c.who, "").label("who"),
            func.coalesce(_undone.c.channel, "").label("channel"),
            _undone.c.letter_sha256,
            at,
        ).select_from(joined)
        undone = (_orders.c.state == UNDONE, _of_case.c.decision_id.is_not(None))
        found: Iterable[Row[Any]] = self._connection.execute(chosen.where(*undone))
        return {row.decision_id: as_record(Undoing, row) for row in found}

    def tell(self, order_id: int, outgoing_id: int) -> None:
        """A mail of ours told of the order; an answer to it may confirm it or take it back."""
        self._connection.execute(update(_orders).where(_orders.c.id == order_id).values(answer_id=outgoing_id))

    def add_case(self, order_id: int, case_id: int, *, decision_id: int | None) -> None:
        """The order was carried out on a case; `decision_id`: the decision made of it, None when it made none."""
        insert_missing(
            self._connection, _of_case, [{"order_id": order_id, "case_id": case_id, "decision_id": decision_id}]
        )

    def cases_of(self, order_id: int) -> tuple[OrderCase, ...]:
        """The cases an order was carried out on, by case; empty when none."""
        return self._all(
            OrderCase, select(_of_case).where(_of_case.c.order_id == order_id).order_by(_of_case.c.case_id)
        )

    def order_of(self, decision_id: int) -> OrderRecord | None:
        """The order a decision was made by; None for decisions of submitters and from before orders were kept."""
        mine = select(_of_case.c.order_id).where(_of_case.c.decision_id == decision_id)
        return self._first(OrderRecord, select(_orders).where(_orders.c.id.in_(mine)))

    # --- longer times

    def ends(self) -> dict[str, datetime]:
        """Until when campaigns were extended by organizers: id to exclusive end."""
        return {row[0]: row[1] for row in self._connection.execute(select(_ends.c.campaign, _ends.c.closes_at))}

    def put_end(self, campaign: str, closes_at: datetime | None) -> None:
        """A campaign ends then whatever its file says; None: as its file says."""
        if closes_at is None:
            self._connection.execute(delete(_ends).where(_ends.c.campaign == campaign))
        else:
            insert_or_update(self._connection, _ends, {"campaign": campaign, "closes_at": closes_at})

    # --- numbers a case had before

    def keep_number(self, number: str, case_id: int, *, at: datetime) -> None:
        """A case had this number once: whoever names it means that case."""
        insert_or_update(self._connection, _numbers, {"number": number, "case_id": case_id, "at": at})

    def former_numbers(self) -> dict[str, int]:
        """Every number that was given and is not in use any more, with the case that had it."""
        chosen = select(_numbers.c.number, _numbers.c.case_id).order_by(_numbers.c.number)
        return {row[0]: row[1] for row in self._connection.execute(chosen)}

    def other_numbers(self, case_id: int) -> tuple[str, ...]:
        """Numbers the case had before and those of cases that went into it, sorted; empty when none."""
        had = select(_numbers.c.number).where(_numbers.c.case_id == case_id)
        into = select(_merged.c.case_id).where(_merged.c.into_id == case_id)
        took = select(tables.cases.c.number).where(tables.cases.c.id.in_(into))
        return tuple(sorted({*self._connection.execute(had).scalars(), *self._connection.execute(took).scalars()}))

    # --- cases that went into another

    def merge(self, case_id: int, *, into_id: int, letters: tuple[str, ...]) -> None:
        """A case is part of another from now on; `letters`: those that were its own."""
        row = {"case_id": case_id, "into_id": into_id, "letters": list(letters)}
        self._connection.execute(insert(_merged).values(**row))

    def part_again(self, case_id: int) -> tuple[str, ...]:
        """Undo `merge`; the letters that were the case's own."""
        found = self._connection.execute(select(_merged.c.letters).where(_merged.c.case_id == case_id)).scalar_one()
        self._connection.execute(delete(_merged).where(_merged.c.case_id == case_id))
        return tuple(found)

    def merged_into(self, case_id: int) -> int | None:
        """The case that a case went into, at the end of the chain; None when it stands for itself."""
        seen = {case_id}
        found: int | None = None
        while (step := self._step(found or case_id)) is not None and step not in seen:
            seen.add(step)
            found = step
        return found

    def merged(self) -> frozenset[int]:
        """Every case that went into another and does not stand for itself."""
        return frozenset(self._connection.execute(select(_merged.c.case_id)).scalars())

    def _step(self, case_id: int) -> int | None:
        chosen = select(_merged.c.into_id).where(_merged.c.case_id == case_id)
        return self._connection.execute(chosen).scalar_one_or_none()


def _undone_by_whom(order: OrderRecord) -> Undoing:
    """Of an order taken back before it was kept by whom."""
    return Undoing(order_id=order.id, who="", channel="", at=order.settled_at or order.at)
