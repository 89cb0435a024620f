"""`intake cases pass|return|waive|choose|merge|extend|move|reopen|withdraw|note|undo`: what organizers order at a desk."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from config.campaign import end_of
from intake.bootstrap import Records, make_decide_desk
from intake.calls import Call
from intake.cli.folder import records_of
from intake.deciding import UNDO_FOR, AlreadyDecidedError, Carried
from intake.desks.decide import DecideDesk
from intake.errors import OperatorError
from intake.figures.ledger_words import STATES
from intake.orders import Order, Until
from intake.orders.times import until_in
from storage.records.correspondence import OutgoingRecord

SAID = {
    "pass": "通过",
    "return": "退回",
    "waive": "放宽",
    "choose": "选定",
    "merge": "合并",
    "extend": "延期",
    "move": "转活动",
    "reopen": "重新打开",
    "withdraw": "撤回",
    "note": "备注",
}
_SHOWN = 3
"""Letters shown whole; of more than these only the numbers are told."""


def give_order(
    folder: Path, order: Order, *, by: str, campaign: str = "", knowing: bool = False, now: bool = False
) -> int:
    """Carry out an order and show the letters that tell of it; exit status 0. `now`: they do not wait ten minutes."""
    with records_of(folder) as records:
        desk = make_decide_desk(records, undo_for=timedelta(0) if now else UNDO_FOR)
        try:
            carried = desk.order(order, who=by, campaign=campaign, knowing=knowing)
        except AlreadyDecidedError as decided:
            raise OperatorError(f"{decided}如仍要这样办理，请加 --yes。") from decided
        _say_done(carried, order, by=carried.order.who, records=records)
        _say_told(carried, desk, by=by, records=records)
    return 0


def undo_order(folder: Path, number: str, *, by: str, campaign: str = "") -> int:
    """Take back the latest order on a case, or with no number the latest on the whole of `campaign`; exit status 0."""
    with records_of(folder) as records:
        carried = make_decide_desk(records).undo(number, who=by, campaign=campaign)
    what = SAID.get(carried.order.action, carried.order.action)
    print(f"已撤销“{what}”（{carried.order.who}：{carried.order.why}），没有发信，恢复原状。")
    for case in carried.cases:
        print(f"{case.number} 现在状态：{STATES.get(case.state, case.state)}。")
    return 0


def until_when(folder: Path, until: str, days: int) -> Until:
    """What `--until` or `--days` says. Raises: OperatorError when it is neither or both, or no date."""
    if bool(until) == bool(days):
        raise OperatorError('请用 --until 写明延到哪天（如 "2022-12-25"），或用 --days 写明延几天，二者写一个。')
    if days:
        return Until(days=days)
    with records_of(folder) as records:
        zone, now_at = records.settings.zone, records.clock.now()
    at = end_of(until, zone)
    named = Until(at=at) if at is not None else until_in(until, now_at=now_at, zone=zone)
    if named is None:
        raise OperatorError(f'日期“{until}”写法不对，请写成 "2022-12-25" 或 "2022-12-25 17:00"。')
    return named


def _say_done(carried: Carried, order: Order, *, by: str, records: Records) -> None:
    what = SAID[order.action]
    if order.rule:
        what = f"{what} {order.rule}"
    elif order.version:
        what = f"{what}第{order.version}版"
    why = carried.order.why
    if order.everybody:
        call: Call = records.calls[carried.order.campaign]
        end = call.campaign.closes_at
        until = call.language.dates.write_close(end, call.campaign.timezone) if end is not None else ""
        print(f"“{call.campaign.title}”延至{until}，已记录（{by}：{why}）。重新核对{len(carried.cases)}个逾期案例。")
    for case in carried.cases:
        state = STATES.get(case.state, case.state)
        target = f"，{'、'.join(order.numbers)} 已并入" if order.action == "merge" else ""
        print(f"{case.number} {what}，已记录（{by}：{why}）{target}。现在状态：{state}。")
    if carried.overtaken:
        print(f"此前还没有发出的去信 {'、'.join(map(str, carried.overtaken))} 已取消，以本决定为准。")


def _say_told(carried: Carried, desk: DecideDesk, *, by: str, records: Records) -> None:
    if not carried.told:
        if carried.order.action != "note":
            print("没有可以回复的来信，请用电话告知报送人。")
        return
    for mail in carried.told[:_SHOWN]:
        _say_letter(mail, waits=bool(desk.undo_for))
    if len(carried.told) > _SHOWN:
        print(f"另有{len(carried.told) - _SHOWN}封去信，见 intake outbox list。")
    if desk.undo_for and any(mail.state == "queued" for mail in carried.told):
        at = (carried.order.at + desk.undo_for).astimezone(records.settings.zone)
        print(f"以上去信{at:%H:%M}发出，此前可以撤销：intake cases undo{_which(carried, records)} --by {by}")


def _which(carried: Carried, records: Records) -> str:
    """The order as `intake cases undo` wants it named."""
    if carried.cases and not (carried.order.terms or {}).get("everybody"):
        return f" {carried.cases[0].number}"
    return f" --campaign {carried.order.campaign}" if len(records.calls) > 1 else ""


def _say_letter(mail: OutgoingRecord, *, waits: bool) -> None:
    if mail.state == "held":
        print(f"告知报送人的信（去信 {mail.id}）已写好，暂缓发送。发出请运行：intake outbox release {mail.id}")
        return
    print(f"告知报送人的信（去信 {mail.id}）已放入待发，运行中的 intake run 会发出。")
    if waits:
        body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
        text = str(body.get_content()).replace("\r\n", "\n").rstrip() if body is not None else ""
        quoted = "\n".join(f"  │ {line}".rstrip() for line in text.splitlines())
        print(f"  收件人：{mail.to_address}\n  主题：{mail.subject}\n{quoted}")
