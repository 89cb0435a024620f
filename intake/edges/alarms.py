"""The second channel: an alarm file, a command, a webhook. For when mail itself may be what does not work.

Peers: the disk, one program the settings name, one web address the settings name. Nothing
here raises: what could not be told is reported back and tried again by the caller.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

import structlog

from intake.figures.alarm import Alarm

ALARMS = "alarms"
"""Mark: the alarms that are open, as the watchdog writes them; absent when none is."""
LAST_POLL = "last_poll_at"
"""Mark: when the mailbox last answered, as of the watchdog's last turn that could write."""
WATCHDOG = "watch"
"""The desk under whose name alarms stand among the events."""
OVER = "_over"
"""Ending of the kind of an event that tells of an end."""

log = structlog.get_logger(__name__)

ALARM_FILE = "alarm.txt"
COMMAND_SECONDS = 30.0
WEBHOOK_SECONDS = 10.0
ANSWER_BYTES = 65_536

_FEISHU_HOSTS = ("open.feishu.cn", "open.larksuite.com")


class AlarmChannels:
    """Tells people by every way the settings name."""

    def __init__(self, data_dir: Path, *, command: str = "", webhook: str = "") -> None:
        """`command` gets the text on standard input; `webhook` as the JSON of WeCom, DingTalk or Feishu robots."""
        self._file = data_dir / ALARM_FILE
        self._command = command
        self._webhook = webhook

    def tell(self, text: str, *, kind: str, over: bool) -> bool:
        """Run the command and call the webhook; whether both that are set took it. True when none is set."""
        told = [
            self._run(text, kind=kind, over=over) if self._command else True,
            self._call(text) if self._webhook else True,
        ]
        return all(told)

    def write_file(self, open_ones: Sequence[str], over: Sequence[str]) -> bool:
        """Say in the alarm file what is open and what was over lately; whether that went well."""
        head = f"未恢复的故障：{len(open_ones)}" if open_ones else "未恢复的故障：无"
        text = "\n".join([head, *open_ones, *(["", "最近恢复的：", *over] if over else [])]) + "\n"
        part = self._file.with_suffix(".part")
        try:
            part.write_text(text, encoding="utf-8")
            os.replace(part, self._file)  # noqa: PTH105 - atomically: others watch this file
        except OSError as error:
            log.warning("alarm_file_not_written", error=str(error))
            return False
        return True

    def _run(self, text: str, *, kind: str, over: bool) -> bool:
        # Our secrets are none of that program's business.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("INTAKE_")}
        environment |= {"ALARM_KIND": kind, "ALARM_STATE": "over" if over else "begun"}
        try:
            arguments = shlex.split(self._command, posix=sys.platform != "win32")
            ran = subprocess.run(
                arguments,
                input=text.encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=COMMAND_SECONDS,
                check=False,
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            log.warning("alarm_command_failed", error=type(error).__name__)
            return False
        if ran.returncode:
            log.warning("alarm_command_failed", status=ran.returncode)
        return ran.returncode == 0

    def _call(self, text: str) -> bool:
        request = urllib.request.Request(  # noqa: S310 - the settings allow http and https alone
            self._webhook,
            data=json.dumps(message_for(self._webhook, text), ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        try:
            with urllib.request.urlopen(request, timeout=WEBHOOK_SECONDS) as answer:  # noqa: S310 - as above
                said = answer.read(ANSWER_BYTES)
        except (URLError, OSError, ValueError) as error:
            # Never the address: it holds the robot's key.
            log.warning("alarm_webhook_failed", error=type(error).__name__, status=getattr(error, "code", None))
            return False
        refused = refusal_in(said)
        if refused:
            log.warning("alarm_webhook_refused", code=refused)
        return not refused


def message_for(webhook: str, text: str) -> dict[str, object]:
    """The message as the robot behind `webhook` takes it. Pure.

    Source: developer.work.weixin.qq.com 群机器人, open.dingtalk.com 自定义机器人 (the same shape),
    open.feishu.cn 自定义机器人.
    """
    if (urlsplit(webhook).hostname or "").lower() in _FEISHU_HOSTS:
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def refusal_in(answer: bytes) -> int:
    """The error code of a robot that answers 200 all the same; 0 when it took the message. Pure."""
    try:
        told = json.loads(answer)
    except ValueError:
        return 0
    if not isinstance(told, dict):
        return 0
    code = told.get("errcode", told.get("code", 0))
    return code if isinstance(code, int) else 0


def alarms_from_json(kept: Any) -> tuple[Alarm, ...]:
    """The open alarms, from the value of their mark; empty when none is. Pure."""
    return tuple(Alarm(each["kind"], datetime.fromisoformat(each["since_at"]), each["detail"]) for each in kept or ())
