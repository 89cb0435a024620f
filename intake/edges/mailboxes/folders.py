"""Which folders are watched, and what each is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.model import FolderRole

JUNK_NAMES = frozenset(
    {
        "junk",
        "junk e-mail",
        "junk email",
        "junk mail",
        "spam",
        "bulk mail",
        "bulk",
        "垃圾邮件",
        "垃圾箱",
        "垃圾邮件箱",
        "垃圾郵件",
        "广告邮件",
        "廣告郵件",
        "病毒文件夹",
        "病毒邮件",
        "病毒郵件",
    }
)
"""Names of folders a provider sorts unwanted mail into (casefolded last part). Source: 163, QQ, Aliyun, Sina, Gmail, Outlook web mail."""

SENT_NAMES = frozenset(
    {
        "sent",
        "sent messages",
        "sent items",
        "sent mail",
        "sent-mail",
        "已发送",
        "已发送邮件",
        "已发送信件",
        "已发邮件",
        "寄件備份",
        "寄件备份",
        "已傳送郵件",
        "已传送邮件",
    }
)
"""Names of folders that hold what was sent; 发件箱 is not one of them, it holds what waits to be sent."""

ROLE_ORDER: tuple[FolderRole, ...] = ("inbox", "junk", "sent")


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """One line of a LIST answer."""

    name: str
    """As people read it."""
    attributes: frozenset[str]
    """Lower case, with their backslash: `\\junk` (RFC 6154)."""
    separator: str = "/"

    @property
    def selectable(self) -> bool:
        """Whether it can be opened at all."""
        return self.attributes.isdisjoint({"\\noselect", "\\nonexistent"})


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder that is polled."""

    name: str
    role: FolderRole
    required: bool = True
    """False for a folder found by its name only: when it does not open, the others are still watched."""


def role_of(folder: ListedFolder) -> FolderRole | None:
    """What `folder` is, by its special use (RFC 6154), else by its name; None when it is none of ours."""
    if folder.name.upper() == "INBOX":
        return "inbox"
    if folder.attributes & {"\\junk", "\\spam"}:
        return "junk"
    if "\\sent" in folder.attributes:
        return "sent"
    last = re.split(re.escape(folder.separator), folder.name)[-1] if folder.separator else folder.name
    name = last.strip().casefold()
    if name in JUNK_NAMES:
        return "junk"
    return "sent" if name in SENT_NAMES else None


def watched(listed: Iterable[ListedFolder], *, wanted: Sequence[str] | None) -> tuple[WatchedFolder, ...]:
    """The folders to poll: inbox first, then junk, then sent; by name within a role.

    With `wanted` exactly those, found or not, each with the role its name or special
    use gives it, else `inbox`. Without: INBOX, every junk folder, every folder of sent letters.
    """
    known = {folder.name: folder for folder in listed if folder.selectable}
    if wanted is not None:
        chosen = [
            WatchedFolder(name, role_of(known.get(name, ListedFolder(name, frozenset()))) or "inbox")
            for name in dict.fromkeys(wanted)
        ]
    else:
        chosen = [WatchedFolder("INBOX", "inbox")]
        for folder in known.values():
            role = role_of(folder)
            if role in {"junk", "sent"}:
                chosen.append(WatchedFolder(folder.name, role, required=False))
    return tuple(sorted(chosen, key=lambda f: (ROLE_ORDER.index(f.role), f.name != "INBOX", f.name)))
