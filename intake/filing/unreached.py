"""Whom our letters do not reach, as the digest shows it: with the case and its telephone.

Peer: the caller's view of the records.
"""

from __future__ import annotations

from intake.casework.bounces import UNPROVEN
from intake.figures.matter import HumanItem
from intake.wording import clean_text
from storage.records.casebook import CaseRecord
from storage.records.correspondence import BounceRecord, OutgoingRecord
from storage.unit_of_work import View

_KINDS = {
    "receipt": "收件回执",
    "receipts": "报送清单",
    "fix_request": "材料补充完善提示",
    "being_checked": "核对通知",
    "late": "收件通知",
    "reminder": "提醒",
    "decision": "核对结果",
    "digest": "日报",
    "alarm": "报警",
}


def unreached_items(view: View) -> list[HumanItem]:
    """One item for each address that is not written to any more, the one that came back first on top.

    Then those of which a letter says so that nothing shows to be a bounce of ours.
    """
    first = {bounce.address: bounce for bounce in reversed(view.bounces.open())}
    doubtful = {each.address: each for each in view.bounces.doubtful(UNPROVEN) if each.address not in first}
    stopped = [_item(view, first[address]) for address in reversed(list(first))]
    return [*stopped, *(_doubtful_item(view, bounce) for bounce in doubtful.values())]


def _doubtful_item(view: View, bounce: BounceRecord) -> HumanItem:
    mail, cases = _told_of(view, bounce)
    kind = _KINDS.get(mail.kind, "回信") if mail is not None else "回信"
    return HumanItem(
        what="、".join(_case(case) for case in cases[:3]) or bounce.address,
        reason=f"有来信说发往 {bounce.address} 的{kind}被退回，真假待查，仍照常发信",
        evidence=clean_text(f"{bounce.status} {bounce.reason}".strip(), 200),
        how=f"{_call(cases)}；核实后运行 intake outbox release {bounce.address}，即不再列出。",
        cost="submitter",
    )


def _told_of(view: View, bounce: BounceRecord) -> tuple[OutgoingRecord | None, list[CaseRecord]]:
    """The letter that came back, and the cases it names."""
    mail = view.outgoing.get(bounce.outgoing_id) if bounce.outgoing_id is not None else None
    named = view.outgoing.cases_of(mail.id) if mail is not None else ()
    return mail, [case for case_id in named if (case := view.cases.get(case_id)) is not None]


def _item(view: View, bounce: BounceRecord) -> HumanItem:
    mail, cases = _told_of(view, bounce)
    waiting = sum(1 for each in view.outgoing.blocked() if each.to_address.lower() == bounce.address)
    kind = _KINDS.get(mail.kind, "回信") if mail is not None else "回信"
    held = f"，另有{waiting}封暂不发出" if waiting else ""
    return HumanItem(
        what="、".join(_case(case) for case in cases[:3]) or bounce.address,
        reason=f"发往 {bounce.address} 的{kind}被退回{held}",
        evidence=clean_text(
            bounce.reason if bounce.status in bounce.reason else f"{bounce.status} {bounce.reason}", 200
        ),
        how=f"{_call(cases)}；对方再次来信，或运行 intake outbox release {bounce.address}，即恢复发信。",
        cost="deadline" if any(case.state == "needs_fix" for case in cases) else "submitter",
    )


def _case(case: CaseRecord) -> str:
    return f"{case.number} 《{case.title}》" if case.title else case.number


def _call(cases: list[CaseRecord]) -> str:
    """Whom to call: contact and telephone of the case, as its form or signature gives them."""
    for case in cases:
        if case.phone:
            return f"请电话联系{case.unit}{case.contact}（{case.phone}），核对邮箱地址"
    unit = next((case.unit for case in cases if case.unit), "")
    return f"请联系{unit or '报送单位'}核对邮箱地址（来信未留电话）"
