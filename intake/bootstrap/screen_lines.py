"""What the worker logs, as a person who sits at its screen reads it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from intake.figures.alarm import name_alarm, name_desk
from intake.figures.ledger_words import ANSWERS, IGNORED, STATES
from intake.wording import write_size

Logged = Mapping[str, Any]

_KINDS = ANSWERS | {
    "digest": "简报",
    "case_notice": "请工作人员处理的案例",
    "orders": "处理意见的结果",
    "sign_in": "登录链接",
    "alarm": "故障通知",
}
_BEYOND_THE_LINE = frozenset({"exception", "stack", "traceback"})


def screen_line(logged: Logged, at: datetime) -> str:
    """One event as a line, with its traceback below it when it has one; empty when a person need not see it.

    `at`: local time. An event without words of its own is shown as it was logged.
    """
    event = str(logged.get("event", ""))
    say = _WORDS.get(event)
    said = say(logged) if say is not None else _as_logged(event, logged)
    if not said:
        return ""
    mark = {"warning": "! ", "error": "✗ ", "critical": "✗ "}.get(str(logged.get("level", "")), "")
    below = [str(logged[key]) for key in sorted(_BEYOND_THE_LINE) if logged.get(key)]
    return "\n".join([f"{at:%H:%M:%S} {mark}{said}", *below])


def _as_logged(event: str, logged: Logged) -> str:
    rest = [f"{key}={value}" for key, value in logged.items() if key not in {"event", "level", "timestamp"}]
    return " ".join([event, *(each for each in rest if each.partition("=")[0] not in _BEYOND_THE_LINE)])


def _listed(logged: Logged) -> str:
    new, gone = logged.get("new", 0), logged.get("gone", 0)
    if not new and not gone:
        return ""
    moved = f"，移走{gone}封" if gone else ""
    return f"{logged.get('folder')}：邮箱现有{logged.get('visible')}封，新到{new}封{moved}"


def _filed(logged: Logged) -> str:
    ignored = logged.get("ignored")
    what = f"非报送来信（{IGNORED.get(ignored, ignored)}）" if ignored else "已登记"
    return f"来信 {logged.get('letter')}：{what}"


def _kind(logged: Logged) -> str:
    kind = str(logged.get("kind", ""))
    return f"第{logged.get('outgoing')}号去信（{_KINDS.get(kind, kind)}）"


def _why(detail: object) -> str:
    return f"（{detail}）" if detail else ""


def _desk(logged: Logged) -> str:
    return name_desk(str(logged.get("desk", "")))


_WORDS: Mapping[str, Callable[[Logged], str]] = {
    "worker_started": lambda _: "",  # said by the command itself
    "folder_listed": _listed,
    "letter_collected": lambda each: f"收到来信 {each.get('letter')}，{write_size(int(each.get('bytes', 0)))}",
    "letter_read": lambda _: "",  # what comes of it follows
    "letter_filed": _filed,
    "letter_quarantined": lambda each: (
        f"来信 {each.get('letter')} 处理时出现异常，原件已留存；查看：intake quarantine list"
    ),
    "verdict_reached": lambda each: (
        f"{each.get('case')}：{STATES.get(str(each.get('verdict')), each.get('verdict'))}（第{each.get('revision')}版）"
    ),
    "mail_sent": lambda each: f"{_kind(each)}已发出",
    "mail_not_sent": lambda each: f"{_kind(each)}没有发出：{each.get('error', '我方程序异常')}",
    "mail_withdrawn": lambda each: f"{_kind(each)}不再需要，没有发出",
    "reminder_queued": lambda each: f"提醒已写好：{'、'.join(map(str, each.get('cases', ())))}",
    "digest_queued": lambda each: f"简报已写好，收件人{each.get('recipients')}位",
    "urgent_told": lambda each: f"有{each.get('things')}件急事，已另行告知工作人员",
    "orders_taken": lambda each: f"工作人员来信办理{each.get('done')}项，看不懂的{each.get('unclear')}项",
    "desk_backs_off": lambda each: (
        f"{_desk(each)}遇到故障，{each.get('seconds'):g}秒后再试（第{each.get('failures')}次）：{each.get('error')}"
    ),
    "desk_recovered": lambda each: f"{_desk(each)}已恢复",
    "alarm": lambda each: f"报警：{name_alarm(str(each.get('kind')))}{_why(each.get('detail'))}",
    "alarm_over": lambda each: f"故障已解除：{name_alarm(str(each.get('kind')))}",
    "waiting_connection_lost": lambda _: "",  # it is made anew at once; staying away is told as trouble
    "reconnected": lambda _: "",
}
"""By event; empty text: nothing a person at the screen need see."""
