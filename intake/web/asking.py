"""The forms by which organizers decide, read as orders. Pure."""

from __future__ import annotations

from typing import Any, Protocol
from zoneinfo import ZoneInfo

from config.campaign import end_of
from intake.orders import Action, Order, Until
from intake.orders.times import MOST_DAYS

WORDS: dict[Action, str] = {
    "pass": "通过",
    "return": "退回补充",
    "waive": "放宽一条规则",
    "extend": "延期",
    "choose": "选定一版",
    "merge": "并入别的案例",
    "move": "转到别的活动",
    "reopen": "重新核对",
    "withdraw": "撤回",
    "note": "只作备注",
}
"""What the form of a case offers, in its order, and what people call it."""
ON_A_CASE = tuple(WORDS)
FIELDS = ("action", "why", "rule", "target", "days", "until", "version", "campaign", "shown", "after")
"""All that a form may say; asked again when it has to be confirmed."""
MOST_CHARACTERS = 400
"""Of a reason."""


class Form(Protocol):
    """Fields by name."""

    def get(self, name: str, default: str, /) -> str:
        """The field, `default` when there is none."""
        ...


class UnclearFormError(Exception):
    """A form that orders nothing; says what is missing."""


def order_on_case(form: Form, number: str, zone: ZoneInfo) -> Order:
    """What the form orders on the case. Raises: UnclearFormError."""
    action = next((each for each in ON_A_CASE if each == form.get("action", "")), None)
    if action is None:
        raise UnclearFormError("请选一项处理意见。")
    terms: dict[str, Any] = {}
    if action == "waive":
        terms["rule"] = form.get("rule", "").strip()
    elif action == "merge":
        terms["target"] = form.get("target", "").strip().upper()
        if not terms["target"] or terms["target"] == number:
            raise UnclearFormError("请写明并入哪个登记编号。")
    elif action == "move":
        terms["target"] = form.get("target", "").strip()
    elif action == "choose":
        version = form.get("version", "").strip()
        if not _is_number(version):
            raise UnclearFormError("请选定以哪一版为准。")
        terms["version"] = int(version)
    elif action == "extend":
        terms["until"] = _until(form, zone)
    return Order(action, "", (number,), _why(form), **terms)


def order_on_campaign(form: Form, zone: ZoneInfo) -> Order:
    """What the form orders for a whole campaign: a later end. Raises: UnclearFormError."""
    return Order("extend", "", why=_why(form), until=_until(form, zone), everybody=True)


def shown_by(form: Form) -> int:
    """The newest version on the page the form stood on, 0 for none. Raises: UnclearFormError."""
    return _given(form, "shown")


def order_before(form: Form) -> int:
    """The latest stored order on the page the form stood on, 0 for none. Raises: UnclearFormError."""
    return _given(form, "after")


def order_meant(form: Form) -> int:
    """The stored order that the button stood beside. Raises: UnclearFormError."""
    return _given(form, "order")


def _given(form: Form, name: str) -> int:
    """A number the page itself had put into the form."""
    written = form.get(name, "")
    if not (written.isascii() and written.isdecimal() and len(written) < 12):
        raise UnclearFormError("页面不完整，请返回、刷新后再提交。")
    return int(written)


def _why(form: Form) -> str:
    why = form.get("why", "").strip()[:MOST_CHARACTERS]
    if not why:
        raise UnclearFormError("请写明理由，理由会记录在案。")
    return why


def _until(form: Form, zone: ZoneInfo) -> Until:
    days, until = form.get("days", "").strip(), form.get("until", "").strip()
    if bool(days) == bool(until):
        raise UnclearFormError("请写明延几天，或者延到哪一天，二者写一个。")
    if days:
        if not _is_number(days) or not 0 < int(days) <= MOST_DAYS:
            raise UnclearFormError(f"天数请写1至{MOST_DAYS}之间的整数。")
        return Until(days=int(days))
    at = end_of(until, zone)
    if at is None:
        raise UnclearFormError("日期请写成 2022-12-25 的样子。")
    return Until(at=at)


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) < 4
