"""Errors in the words of the person who can act."""

from __future__ import annotations

import re

from config.errors import ConfigError
from intake.errors import MailboxError, OperatorError, TransportError
from storage.errors import MissingRecordError, StorageError

_BY_ITSELF = re.compile(r"[,，]?稍后会自动(?:重试|重新连接|继续)(?:[,，]无须处理)?。")
"""What holds for the worker, but not for a command that has just ended."""


def say(error: Exception) -> str | None:
    """What happened and what to do, in Chinese; None for a bug."""
    match error:
        case ConfigError() | OperatorError():
            return str(error)
        case MissingRecordError():
            return f"没有找到这条记录（{error}）。请用 intake cases list 或 intake outbox list 查看编号。"
        case StorageError():
            return f"{error.advice}（{error}）"
        case MailboxError() | TransportError():
            advice = _BY_ITSELF.sub("，请稍后再试。", error.advice)
            return advice or f"邮箱服务器没有按预期应答，请稍后再试。（{error}）"
        case _:
            return None
