"""Fills in what follows from other settings: absolute paths, the provider's SMTP, the mailbox's login. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.campaign import start_of
from config.providers import providers


def completed(table: Mapping[str, Any]) -> dict[str, Any]:
    """`table`, as written by people, with every setting that depends on another one filled in.

    What cannot be understood stays as it is, for validation to name.
    """
    folder = Path(table.get("folder") or Path()).absolute()
    data_dir = folder / Path(table.get("data_dir") or "data")
    database_url = table.get("database_url") or f"sqlite:///{(data_dir / 'intake.sqlite3').as_posix()}"
    filled = dict(table) | {"folder": folder, "data_dir": data_dir, "database_url": database_url}
    if "answer_from" in table:
        filled["answer_from"] = start_of(table["answer_from"], _zone(table)) or table["answer_from"]
    mailbox = table.get("mailbox")
    if isinstance(mailbox, Mapping):
        filled["mailbox"] = _absolute(mailbox, folder, "ca_file", "path")
        filled["smtp"] = _absolute(_completed_smtp(table.get("smtp", {}), mailbox), folder, "ca_file")
    if "log" in table:
        filled["log"] = _absolute(table["log"], folder, "file")
    return filled


def _completed_smtp(smtp: Any, mailbox: Mapping[str, Any]) -> Any:
    if not isinstance(smtp, Mapping):
        return smtp
    filled: dict[str, Any] = {"username": mailbox.get("username") or mailbox.get("address", "")}
    filled |= {key: mailbox[key] for key in ("password", "auth", "ca_file") if key in mailbox}
    known = providers().get(str(mailbox.get("provider")))
    if known is not None:
        filled |= known.smtp.model_dump()
        filled |= {"seconds_between": known.send_seconds, "daily_sends": known.daily_sends}
        filled.setdefault("auth", known.auth[0])
    return filled | {key: value for key, value in smtp.items() if value is not None and value != ""}


def _absolute(table: Any, folder: Path, *keys: str) -> Any:
    if not isinstance(table, Mapping):
        return table
    return dict(table) | {key: folder / str(table[key]) for key in keys if table.get(key)}


def _zone(table: Mapping[str, Any]) -> ZoneInfo:
    try:
        return ZoneInfo(str(table.get("timezone", "Asia/Shanghai")))
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")  # the zone itself is refused by its own validator
