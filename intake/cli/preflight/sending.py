"""Does the server for sending let us in? Nothing is sent. Peer: the submission server."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime

from config.settings import Settings
from intake.cli.complaints import say
from intake.cli.preflight.item import Item, fine, wrong
from intake.edges.connections import smtp_account
from intake.errors import TransportError


def look_at_sending(settings: Settings, *, timeout_seconds: float) -> tuple[datetime | None, tuple[Item, ...]]:
    """The server's own time, None when it does not tell, and what is to be said of logging in."""
    from intake.edges.transports.smtp_probe import greeting_time, try_login

    account = smtp_account(settings)
    if account is None:
        return None, (_folder(settings),)
    where = f"{account.host}:{account.port}"
    try:
        greeting = try_login(replace(account, timeout_seconds=min(account.timeout_seconds, timeout_seconds)))
    except TransportError as error:
        return None, (wrong("发信", f"{where} 不能发信", say(error) or str(error)),)
    entered = "已登录" if account.username else "可以连接，服务器不要求登录"
    pace = f"两封信至少间隔{settings.smtp.seconds_between:g}秒"
    return greeting_time(greeting), (fine("发信", f"{where} {entered}（没有发出任何邮件），{pace}"),)


def _folder(settings: Settings) -> Item:
    folder = settings.data_dir / "sent"
    above = next(each for each in (folder, *folder.parents) if each.exists())
    if os.access(above, os.W_OK):
        return fine("发信", f"没有写发信服务器，回信存为文件：{folder}")
    return wrong("发信", f"回信应存到 {folder}，但不能写入", "请检查文件夹权限。")
