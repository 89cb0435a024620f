"""`intake doctor`: one screen that tells whether the service can start, and how to mend what is wrong.

Every item stands for itself: trouble with one never stops the others. The mailbox is only
read, nothing is sent, and no record changes.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from config.settings import Settings, missing_secrets
from intake.calls import Call
from intake.cli.preflight.configuration import (
    look_at_campaigns,
    look_at_choices,
    look_at_deciders,
    look_at_roster,
    look_at_secret,
    look_at_settings,
)
from intake.cli.preflight.incoming import look_at_mailbox
from intake.cli.preflight.item import Item, Mark, notice
from intake.cli.preflight.machine import Witness, look_at_clock, look_at_readers, look_at_zones
from intake.cli.preflight.records import Traces, look_at_database, look_at_disk, look_at_folder, look_at_worker
from intake.cli.preflight.sending import look_at_sending
from intake.cli.preflight.showing import look_at_fonts, look_at_page
from intake.cli.progress import sign_of_life
from intake.cli.shell_words import as_typed
from intake.edges.clock import Clock, SystemClock
from intake.edges.connections import make_mailbox

PATIENCE_SECONDS = 20.0
"""A person waits at the screen: servers get this long, whatever the settings allow the service."""

CHINA = "Asia/Shanghai"
_MARKS: dict[Mark, str] = {"fine": "✓", "notice": "!", "wrong": "✗"}
_PLAIN_MARKS: dict[Mark, str] = {"fine": "+", "notice": "!", "wrong": "x"}
_COLOURS: dict[Mark, str] = {"fine": "32", "notice": "33", "wrong": "31"}


def examine(folder: Path, *, clock: Clock | None = None) -> int:
    """Look at everything and print it item by item; exit status 0, or 2 when something must be mended.

    Raises: OperatorError when `folder` is no working folder.
    """
    import structlog

    # What the desks would log is told on the screen.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    seen: list[Item] = []
    for item in _items(folder, clock or SystemClock()):
        _print(item)
        seen.append(item)
    marks = [item.mark for item in seen]
    if "wrong" in marks:
        print(f"\n有{marks.count('wrong')}处须先处理（{_mark('wrong')}）。改好后再运行一次 intake doctor。")
        return 2
    noticed = f"，有{marks.count('notice')}处请留意（!）" if "notice" in marks else ""
    place = "" if folder.resolve() == Path.cwd() else f" -C {as_typed(folder)}"
    print(f"\n可以开始收件{noticed}。先试运行：intake run{place} --dry-run")
    return 0


def _items(folder: Path, clock: Clock) -> Iterator[Item]:
    now_at = clock.now()
    settings, said = look_at_settings(folder)
    yield from said
    calls: tuple[Call, ...] = ()
    witnesses: list[Witness] = []
    if settings is not None:
        calls, said = look_at_campaigns(settings, now_at=now_at)
        yield from said
        yield from look_at_roster(settings)
        yield from look_at_choices(settings)
        yield from look_at_deciders(settings, calls)
        yield from look_at_secret(settings)
        yield from look_at_folder(settings)
        yield from look_at_disk(settings)
        traces, said = look_at_database(settings)
        yield from said
        yield from look_at_worker(settings, traces, now_at=now_at)
        told, said = _servers(settings, calls, clock, traces)
        yield from said
        witnesses += told
        yield from look_at_page(settings, calls)
    yield from look_at_zones([CHINA, *(call.campaign.timezone for call in calls)])
    yield from look_at_clock(clock.now(), settings.timezone if settings is not None else CHINA, witnesses)
    with sign_of_life("正在试读文件…"):
        said = look_at_readers()
    yield from said
    yield from look_at_fonts()


def _servers(
    settings: Settings, calls: Iterable[Call], clock: Clock, traces: Traces
) -> tuple[list[Witness], tuple[Item, ...]]:
    """Mailbox and mail server, and the times they told."""
    past = [("数据库里最近的记录", traces.last_beat_at)]
    if missing_secrets(settings):
        # A login without the secret would be refused, and refused logins lock accounts.
        items: tuple[Item, ...] = (notice("收信和发信", "还没有授权码，没有登录服务器"),)
        return [Witness(who, at, is_now=False) for who, at in past if at is not None], items
    mailbox_settings = settings.mailbox
    patient = min(mailbox_settings.timeout_seconds, PATIENCE_SECONDS)
    quick = settings.model_copy(update={"mailbox": mailbox_settings.model_copy(update={"timeout_seconds": patient})})
    with sign_of_life("正在登录邮箱…"):
        ends, incoming = look_at_mailbox(
            make_mailbox(quick, clock), settings, now_at=clock.now(), opens_at=_opens_at(calls)
        )
    with sign_of_life("正在登录发信服务器…"):
        server_at, outgoing = look_at_sending(settings, timeout_seconds=PATIENCE_SECONDS)
    witnesses = [Witness("发信服务器的时间", server_at, is_now=True)] if server_at is not None else []
    past.append(("最近一封来信的收到时间", ends.newest_at))
    witnesses += [Witness(who, at, is_now=False) for who, at in past if at is not None]
    return witnesses, (*incoming, *outgoing)


def _opens_at(calls: Iterable[Call]) -> datetime | None:
    times = [call.campaign.opens_at for call in calls]
    return None if None in times else min((at for at in times if at is not None), default=None)


def _print(item: Item) -> None:
    lines = [f"{_mark(item.mark)} {item.what}：{item.said}"]
    if item.advice:
        lines.append(f"    → {item.advice}" if _can_show("→") else f"    {item.advice}")
    print("\n".join(lines), flush=True)


def _mark(mark: Mark) -> str:
    sign = _MARKS[mark] if _can_show("".join(_MARKS.values())) else _PLAIN_MARKS[mark]
    return f"\x1b[{_COLOURS[mark]}m{sign}\x1b[0m" if sys.stdout.isatty() and sys.platform != "win32" else sign


def _can_show(signs: str) -> bool:
    """A Chinese Windows console writes GBK, which has no check marks."""
    try:
        signs.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
