"""Does the mailbox let us in, and what does it show? Peer: the mailbox; it is only read, nothing is left in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.settings import Settings
from intake.cli.complaints import say
from intake.cli.preflight.item import Item, fine, notice, wrong
from intake.edges.mailboxes import FolderStatus, Mailbox
from intake.errors import IntakeError
from intake.wording import CHINESE_DATES

LOOKED_AT = 50
"""Letters looked at from either end of the inbox: UIDs ascend, receipt times nearly so."""

_ROLES = {"inbox": "收件", "junk": "垃圾邮件", "sent": "已发送"}


@dataclass(frozen=True, slots=True)
class Ends:
    """The oldest and the newest letter the inbox shows; None when it shows none with a time."""

    oldest_at: datetime | None = None
    newest_at: datetime | None = None


def look_at_mailbox(
    mailbox: Mailbox, settings: Settings, *, now_at: datetime, opens_at: datetime | None
) -> tuple[Ends, tuple[Item, ...]]:
    """What the inbox shows, and what is to be said of login, folders and visible time.

    `opens_at`: when the earliest campaign begins, None when one does not say.
    """
    try:
        folders = mailbox.statuses()
        ends = _ends(mailbox, folders)
    except IntakeError as error:
        return Ends(), (wrong("收信", f"{_where(settings)} 不能收信", say(error) or str(error)),)
    finally:
        mailbox.close()
    items = [fine("收信", f"{_where(settings)} 可以收信{_introduced(settings)}"), *_folders(folders, settings)]
    window = _window(ends, settings, now_at=now_at, opens_at=opens_at)
    return ends, (*items, window) if window is not None else tuple(items)


def _ends(mailbox: Mailbox, folders: Sequence[FolderStatus]) -> Ends:
    inbox = next((each for each in folders if each.role == "inbox"), None)
    if inbox is None or not inbox.messages:
        return Ends()
    uids = mailbox.uids(inbox.folder)
    looked_at = sorted({*uids[:LOOKED_AT], *uids[-LOOKED_AT:]})
    times = [each.internal_at for each in mailbox.envelopes(inbox.folder, looked_at) if each.internal_at is not None]
    return Ends(min(times, default=None), max(times, default=None))


def _where(settings: Settings) -> str:
    mailbox = settings.mailbox
    return f"{mailbox.host}:{mailbox.port}" if mailbox.kind == "imap" else str(mailbox.path)


def _introduced(settings: Settings) -> str:
    mailbox = settings.mailbox
    if mailbox.kind != "imap":
        return ""
    return "，已登录并报客户端身份（ID）" if mailbox.needs_id else "，已登录"


def _folders(folders: Sequence[FolderStatus], settings: Settings) -> list[Item]:
    listed = "，".join(f"{each.folder}（{_ROLES[each.role]}）{each.messages}封" for each in folders)
    items = [fine("文件夹", listed)]
    roles = {each.role for each in folders}
    if settings.mailbox.kind != "imap":
        return items
    if "junk" not in roles:
        advice = "请在网页邮箱里核对垃圾邮件文件夹的名称，写在 [mailbox] 的 junk 里；没有这个文件夹则不必处理。"
        items.append(notice("垃圾邮件", "没有找到垃圾邮件文件夹，误入其中的报送材料会看不到", advice))
    if "sent" not in roles:
        advice = "请在网页邮箱里核对已发送文件夹的名称，写在 [mailbox] 的 sent 里，并开启“发信后保存到已发送”。"
        items.append(notice("已发送", "没有找到已发送文件夹，同事手工回过的信可能再回一次", advice))
    return items


def _window(ends: Ends, settings: Settings, *, now_at: datetime, opens_at: datetime | None) -> Item | None:
    """Whether the provider hides older letters: told by how far back the inbox goes."""
    provider = settings.provider
    if provider is None or provider.window_days is None:
        return _shown_since(ends, settings)
    shown_from = now_at - timedelta(days=provider.window_days + 1)
    needed_from = (
        opens_at if settings.answer_from is None else min(settings.answer_from, opens_at or settings.answer_from)
    )
    if ends.oldest_at is not None and (ends.oldest_at < shown_from or (needed_from and ends.oldest_at <= needed_from)):
        return _shown_since(ends, settings)
    if needed_from is not None and needed_from > shown_from:
        return fine("可见范围", f"征集开始还不到{provider.window_days}天，不受“只收最近{provider.window_days}天”影响")
    oldest = f"最早只到{_day(ends.oldest_at, settings)}" if ends.oldest_at else "收件箱是空的，看不出能收到多早"
    said = f"{oldest}：{provider.name}可能只让程序收取最近{provider.window_days}天的来信"
    return notice("可见范围", said, provider.window_help)


def _shown_since(ends: Ends, settings: Settings) -> Item | None:
    return fine("可见范围", f"最早可以看到{_day(ends.oldest_at, settings)}的来信") if ends.oldest_at else None


def _day(at: datetime, settings: Settings) -> str:
    return CHINESE_DATES.write_plain_day(at, settings.timezone)
