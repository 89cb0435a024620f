"""What an alarm says: what happened, what it means for submitters, what to do. Pure.

Organizers read Chinese; like the digest's, the words stand here and not in a language file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from intake.figures.matter import DigestDraft
from intake.figures.rendering import render_html, render_text
from intake.figures.sections import Section
from intake.wording import CHINESE_DATES, clean_text

AlarmKind = Literal[
    "login_refused",
    "mailbox_silent",
    "incomplete",
    "records_unwritable",
    "desk_failing",
    "mailbox_full",
    "other_intake",
    "sending_refused",
    "sends_short",
    "answers_stopped",
    "disk_low",
]

ALARM_KINDS: tuple[AlarmKind, ...] = get_args(AlarmKind)

_WHAT: dict[AlarmKind, str] = {
    "login_refused": "邮箱连续三次拒绝登录，已停止登录",
    "mailbox_silent": "邮箱查收一直没有成功",
    "records_unwritable": "记录一直写不进数据库",
    "desk_failing": "有一道处理工序一直出错",
    "incomplete": "邮箱里有来信还没有登记",
    "mailbox_full": "邮箱容量快用完了",
    "other_intake": "另有一套收件系统在用这个邮箱回信",
    "sending_refused": "发信连续三次没有成功",
    "sends_short": "邮箱一天可发的信快用完了",
    "answers_stopped": "自动答复过于频繁，回信已暂停",
    "disk_low": "磁盘空间快用完了",
}
_OVER: dict[AlarmKind, str] = {
    "login_refused": "邮箱已能登录",
    "mailbox_silent": "邮箱查收",
    "records_unwritable": "数据库",
    "desk_failing": "处理工序",
    "incomplete": "邮箱来信已全部登记",
    "mailbox_full": "邮箱容量",
    "other_intake": "一天内没有另一套收件系统的回信",
    "sending_refused": "发信",
    "sends_short": "一天可发的信",
    "answers_stopped": "回信已放行",
    "disk_low": "磁盘空间",
}
_MEANS: dict[AlarmKind, str] = {
    "login_refused": "再试会锁定账号，所以不再自动登录。来信都在邮箱里，恢复后自动补收，收到时间以邮箱为准，报送人不受影响。",
    "mailbox_silent": "系统会继续自动重试。来信都在邮箱里，恢复后自动补收，收到时间以邮箱为准，报送人不受影响。",
    "records_unwritable": "新来的信登记不了，要发的信也发不出；来信都在邮箱里，恢复后自动补收，收到时间以邮箱为准。",
    "desk_failing": "来信照常接收和留存；这道工序恢复以前，有关的核对和答复会推迟。",
    "incomplete": "系统每次查收都会再取；取到之前，里面若有报送材料还没有人看到。",
    "mailbox_full": "邮箱满了以后，新的来信会被退回给报送人。",
    "other_intake": "同一封来信可能收到两份不同的答复。",
    "sending_refused": "收信、核对、登记照常，要发的信都已存好，恢复后自动发出。",
    "sends_short": "先发补充提示、决定和人工核对的信，同一发件人的回执合成一封；到了上限，其余的信存好，有余量时自动发出。",
    "answers_stopped": "来信照常接收、核对、登记，要发的回信都已存好，放行后发出；其间报送人收不到回执和提示。",
    "disk_low": "空间用完后不能再收信；已登记的来信和记录不受影响，腾出空间后自动继续。",
}
_DO: dict[AlarmKind, str] = {
    "login_refused": "请核对 .env 里的授权码、网页邮箱里 IMAP 服务是否开启，改好后重新启动 intake run。",
    "mailbox_silent": "请检查网络，在网页邮箱里看看能否登录，再运行 intake doctor 查找原因。",
    "records_unwritable": "请关闭正在打开数据库文件的程序，检查磁盘空间和数据文件夹的权限，再运行 intake doctor 查找原因。",
    "desk_failing": "请重新启动 intake run；如仍出错，请把运行日志转给技术人员。",
    "incomplete": "请在网页邮箱里核对最近的来信，再运行 intake doctor 查找原因。",
    "mailbox_full": "请先备份（intake backup），再运行 intake removable 列出已留存、可以从邮箱里删除的来信；或请服务商扩容。系统自己从不删信。",
    "other_intake": "请核对是否在别的电脑上也运行着 intake run，只留一套。",
    "sending_refused": "请核对授权码和服务商的发信限制，运行 intake doctor 查找原因。",
    "sends_short": "不用做什么。服务商许可更多的，可在设置 [smtp] 的 daily_sends 里改写；急着等回音的，可先电话告知。",
    "answers_stopped": "请在网页“发信”里（或运行 intake outbox list）查看待发的信；确认无误后放行（intake outbox release），不该发的先用 intake outbox cancel 取消。",
    "disk_low": "请清理磁盘，或换到更大的本机磁盘（设置的 data_dir）。",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One trouble, from its beginning."""

    kind: AlarmKind
    since_at: datetime
    """When the trouble began, as far as known."""
    detail: str = ""
    """What the machine itself said, one sentence; may be empty."""


_DESKS = {
    "collect": "收信",
    "read": "读取附件",
    "file": "登记",
    "judge": "核对",
    "post": "发信",
    "remind": "提醒",
    "notify": "单案通知",
    "urge": "急件通知",
    "gather": "合并回执",
    "digest": "简报",
    "watch": "巡查",
    "correct": "更正说明",
    "restore": "备份",
}


def name_desk(desk: str) -> str:
    """What organizers call a desk; the word itself when it has no other name."""
    return _DESKS.get(desk, desk)


def name_alarm(kind: str) -> str:
    """The trouble in one phrase, without full stop; the word itself when it is not known."""
    return next((what for known, what in _WHAT.items() if known == kind), kind)


def write_alarm(alarm: Alarm, *, mailbox: str, zone: str, tag: str) -> DigestDraft:
    """The letter and, as its text, the short message of other channels when trouble begins."""
    since = CHINESE_DATES.write_moment(alarm.since_at, zone)
    lines = [f"邮箱：{mailbox}", f"时间：自{since}起", f"影响：{_MEANS[alarm.kind]}", f"办法：{_DO[alarm.kind]}"]
    if alarm.detail:
        lines.insert(2, f"原因：{clean_text(alarm.detail, 200)}")
    headline = f"征集收件报警：{_WHAT[alarm.kind]}。"
    return _draft(
        f"【{tag}】收件报警：{_WHAT[alarm.kind]}", headline, lines, after="恢复后另行告知，其间不再重复发送。"
    )


def write_all_clear(alarm: Alarm, *, over_at: datetime, mailbox: str, zone: str, tag: str) -> DigestDraft:
    """The same when it is over; whole by itself, should the first message never have arrived."""
    since, until = (CHINESE_DATES.write_moment(at, zone) for at in (alarm.since_at, over_at))
    lines = [
        f"邮箱：{mailbox}",
        f"经过：{_WHAT[alarm.kind]}，自{since}起，至{until}恢复",
        "其间的来信会自动补收、答复，无须处理。",
    ]
    return _draft(
        f"【{tag}】收件已恢复：{_OVER[alarm.kind]}", f"征集收件已恢复：{_OVER[alarm.kind]}。", lines, after=""
    )


def _draft(subject: str, headline: str, lines: list[str], *, after: str) -> DigestDraft:
    section = Section("情况", lines=tuple(lines), after=(after,) if after else ())
    return DigestDraft(
        subject=subject,
        text=render_text(headline, (), (section,)),
        html=render_html(headline, (), (section,), subject=subject),
    )
