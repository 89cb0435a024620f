"""The commands by which organizers decide on cases, added to `intake cases`. Light: the work is imported when one runs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.commands.options import HERE, By, CampaignId, Folder, Number, Numbers, Why

if TYPE_CHECKING:
    from intake.orders import Action

Yes = Annotated[bool, typer.Option("--yes", help="另一位工作人员已经决定过，仍要这样办理")]
Now = Annotated[bool, typer.Option("--now", help="去信不等十分钟，立即发出；不能再撤销")]
Terms = dict[str, Any]
"""What an order says beside the cases it is on, as fields of `Order`."""


def _on_cases(numbers: Numbers, *, by: By, why: Why, folder: Folder = HERE, yes: Yes = False, now: Now = False) -> None:
    """What orders on several cases are asked for."""


def _on_one_case(
    number: Number, *, by: By, why: Why, folder: Folder = HERE, yes: Yes = False, now: Now = False
) -> None:
    """What orders on one case are asked for."""


def _order(
    action: Action, *, on: Callable[..., None] = _on_cases, without: Collection[str] = ()
) -> Callable[[Callable[..., Terms]], Callable[..., int]]:
    """Make a command of a function that says what is peculiar to an order.

    The command asks for the parameters of `on`, but for those in `without`, with the function's own behind the numbers;
    its help is the function's.
    """

    def make(terms: Callable[..., Terms]) -> Callable[..., int]:
        shared = [each for each in signature(on, eval_str=True).parameters.values() if each.name not in without]
        own = list(signature(terms, eval_str=True).parameters.values())

        def command(**given: Any) -> int:
            asked = {each.name: given[each.name] for each in own}
            numbers = given["numbers"] if "numbers" in given else [given["number"]]
            told = {"by": given["by"], "knowing": given.get("yes", False), "now": given.get("now", False)}
            return _give(given["folder"], action, numbers, given["why"], **told, **terms(**asked))

        command.__doc__ = terms.__doc__
        command.__signature__ = Signature([shared[0], *own, *shared[1:]])  # type: ignore[attr-defined]  # PEP 362
        return command

    return make


@_order("pass")
def _pass() -> Terms:
    """通过这一版材料，并告知报送人。"""
    return {}


@_order("return")
def _return() -> Terms:
    """退回这一版材料：理由会写进给报送人的信。"""
    return {}


@_order("waive", on=_on_one_case, without=("yes",))
def _waive(rule: Annotated[str, typer.Argument(metavar="规则", help="规则代号，如 length")]) -> Terms:
    """对这个案例放宽一条规则，以后的版本也适用，并告知报送人。"""
    return {"rule": rule}


@_order("choose", on=_on_one_case)
def _choose(version: Annotated[int, typer.Argument(metavar="版次", help="第几版，见 intake cases show")]) -> Terms:
    """选定以哪一版为准：截止后又收到新的一版时用；另一版留存，并告知报送人。"""
    return {"version": version}


@_order("merge")
def _merge(*, into: Annotated[str, typer.Option("--into", help="并入哪个登记编号，以它为准")]) -> Terms:
    """把重复或分开寄来的案例合并为一件，并告知各报送人。"""
    return {"target": into.strip().upper()}


def _extend(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="登记编号…", help="登记编号，可以写几个", show_default=False)
    ] = None,
    *,
    by: By,
    why: Why,
    until: Annotated[str, typer.Option("--until", help='延到哪天，含当日，如 "2022-12-25" 或 "2022-12-25 17:00"')] = "",
    days: Annotated[int, typer.Option("--days", help="延几天", show_default=False)] = 0,
    of: Annotated[str, typer.Option("--from", help="这个单位或邮箱报送的全部案例")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="整个活动：逾期的重新核对，告知过日期的逐一更正")] = False,
    campaign: CampaignId = "",
    folder: Folder = HERE,
    now: Now = False,
) -> int:
    """延长报送期限：几个案例、一个单位，或整个活动，并告知报送人新的日期。"""
    from intake.cli.orders import until_when
    from intake.errors import OperatorError

    if [bool(numbers), bool(of), everybody].count(True) != 1:
        raise OperatorError("请写明给谁延期：登记编号、--from 单位、--all 整个活动，三者写一个。")
    whose: dict[str, Any] = {"until": until_when(folder, until, days), "of": of, "everybody": everybody}
    return _give(folder, "extend", numbers or [], why, by=by, campaign=campaign, now=now, **whose)


@_order("move")
def _move(*, to: Annotated[str, typer.Option("--to", help="转到哪个活动，写活动代号")]) -> Terms:
    """转到另一个活动：按那里的规则重新核对，换新编号，发一封致歉信说明。"""
    return {"target": to}


@_order("reopen")
def _reopen() -> Terms:
    """重新打开：已撤回、已通过或已退回的案例恢复按规则核对。"""
    return {}


@_order("withdraw")
def _withdraw() -> Terms:
    """撤回：不再参加本次征集，材料留存，并告知报送人。"""
    return {}


@_order("note", without=("yes", "now"))
def _note() -> Terms:
    """备注：只记录，不发信，不改变结论；内容写在 --why 里。"""
    return {}


def _undo(
    number: Annotated[
        str, typer.Argument(metavar="登记编号", help="登记编号；不写则为对整个活动的决定", show_default=False)
    ] = "",
    *,
    by: By,
    campaign: CampaignId = "",
    folder: Folder = HERE,
) -> int:
    """撤销十分钟以内的决定：信不发出，恢复原状。"""
    from intake.cli.orders import undo_order

    return undo_order(folder, number, by=by, campaign=campaign)


ORDER_COMMANDS: dict[str, Callable[..., int]] = {
    "pass": _pass,
    "return": _return,
    "waive": _waive,
    "choose": _choose,
    "merge": _merge,
    "extend": _extend,
    "move": _move,
    "reopen": _reopen,
    "withdraw": _withdraw,
    "note": _note,
    "undo": _undo,
}


def _give(
    folder: Path,
    action: Any,
    numbers: list[str],
    why: str,
    *,
    by: str,
    campaign: str = "",
    knowing: bool = False,
    now: bool = False,
    **terms: Any,
) -> int:
    from intake.cli.orders import give_order
    from intake.orders import Order

    order = Order(action, "", tuple(numbers), why, **terms)
    return give_order(folder, order, by=by, campaign=campaign, knowing=knowing, now=now)
