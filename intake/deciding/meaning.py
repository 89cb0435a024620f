"""Which cases an order is about, and whether it can be carried out at all. Peer: the caller's unit of work; nothing is written."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from intake.calls import Call
from intake.casework.standing import MERGED, WITHDRAWN
from intake.casework.units import is_called, same_unit
from intake.errors import OperatorError, UnknownCaseError
from intake.orders import Order, Until
from intake.wording import CHINESE_DATES, clean_text
from storage.records.casebook import CaseRecord
from storage.unit_of_work import View

_UNITS_NAMED = 5
GONE = {MERGED: "已并入别的案例", "purged": "的材料已按期清除"}
"""States in which nothing can be decided on a case any more."""


def cases_meant(view: View, order: Order, call: Call) -> tuple[CaseRecord, ...]:
    """The cases `order` is about, each once; those of a whole campaign are left out. Raises: OperatorError."""
    if order.everybody:
        return ()
    if order.of:
        return _of_sender(view, order.of, call)
    if not order.numbers:
        raise OperatorError("没有写明是哪个案例。")
    found = {case.id: case for number in order.numbers for case in (case_numbered(view, number, call),)}
    return tuple(found.values())


def case_numbered(view: View, number: str, call: Call) -> CaseRecord:
    """The case with this number, of this campaign, on which something can be decided. Raises: OperatorError."""
    case = view.cases.by_number(number.strip().upper())
    if case is None:
        raise UnknownCaseError(number)
    if case.campaign != call.campaign.id:
        raise OperatorError(f"{number} 不属于“{call.campaign.title}”。")
    if case.state in GONE:
        into = view.orders.merged_into(case.id)
        other = view.cases.get(into) if into is not None else None
        hint = f"，请改写 {other.number}" if other is not None else ""
        raise OperatorError(f"{number} {GONE[case.state]}{hint}。")
    return case


def target_of(order: Order, call: Call, calls: Mapping[str, Call]) -> Call:
    """The campaign cases are moved to. Raises: OperatorError."""
    target = calls.get(order.target)
    if target is None:
        raise OperatorError(f"没有代号为 {order.target} 的活动。可以写：{'、'.join(calls)}。")
    if target is call:
        raise OperatorError(f"案例已经在“{call.campaign.title}”里。")
    return target


def new_end(until: Until | None, *, ends_at: datetime | None, now: datetime, call: Call) -> datetime:
    """The exclusive end an extension leads to. Raises: OperatorError when it is not later than `ends_at` or than now.

    Days count from the end that stands; from tonight when that is over.
    """
    if until is None or ends_at is None:
        raise OperatorError("征集没有截止时间，无须延期。" if until is not None else "请写明延到什么时候。")
    if until.days is not None:
        today = now.astimezone(call.campaign.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        end = max(ends_at, today + timedelta(days=1)) + timedelta(days=until.days)
    else:
        assert until.at is not None  # one of the two is set
        end = until.at
    if end <= ends_at:
        raise OperatorError(
            f"新的截止时间不晚于现在的截止时间（{CHINESE_DATES.write_close(ends_at, call.campaign.timezone)}）。"
        )
    if end <= now:
        raise OperatorError("新的截止时间已经过去。")
    return end


def _of_sender(view: View, of: str, call: Call) -> tuple[CaseRecord, ...]:
    """The cases of an address, or of the one unit of that name: a part of a name is another unit's as well."""
    if "@" in of:
        found = view.cases.for_address(of, campaign=call.campaign.id)
    else:
        found = tuple(case for case in view.cases.list(campaign=call.campaign.id) if is_called(case.unit, of))
    standing = tuple(case for case in found if _stands(case))
    units = tuple(dict.fromkeys(clean_text(case.unit) for case in standing))
    if "@" not in of and not all(same_unit(one, other) for one, other in itertools.combinations(units, 2)):
        raise OperatorError(f"“{of}”可能是{_named(units)}，请写单位全称或登记编号。")
    if not standing:
        raise OperatorError(f"没有“{of}”报送的案例。{_nearly(view, of, call)}")
    return standing


def _stands(case: CaseRecord) -> bool:
    return case.state not in GONE and case.state != WITHDRAWN


def _nearly(view: View, of: str, call: Call) -> str:
    """Units on record in whose names `of` stands, as a hint; empty when none."""
    cases = view.cases.list(campaign=call.campaign.id) if "@" not in of else ()
    units = tuple(dict.fromkeys(clean_text(case.unit) for case in cases if of in case.unit and _stands(case)))
    return f"名称相近的有{_named(units)}，请写单位全称或登记编号。" if units else ""


def _named(units: Sequence[str]) -> str:
    shown = "、".join(f"“{unit}”" for unit in units[:_UNITS_NAMED])
    return f"{shown}等{len(units)}个单位" if len(units) > _UNITS_NAMED else shown
