"""Which folders are watched, and which header fields a letter is known by."""

from __future__ import annotations

import pytest

from intake.edges.mailboxes.folders import ListedFolder, WatchedFolder, role_of, watched
from intake.edges.mailboxes.headers import fingerprint_fields


def listed(name: str, *attributes: str, separator: str = "/") -> ListedFolder:
    return ListedFolder(name, frozenset(attributes), separator)


@pytest.mark.parametrize(
    ("folder", "role"),
    [
        (listed("INBOX"), "inbox"),
        (listed("inbox"), "inbox"),
        (listed("X", "\\junk"), "junk"),
        (listed("[Gmail]/All", "\\all"), None),
        (listed("垃圾邮件"), "junk"),
        (listed("广告邮件"), "junk"),
        (listed("病毒文件夹"), "junk"),
        (listed("Junk E-Mail"), "junk"),
        (listed("INBOX.Spam", separator="."), "junk"),
        (listed("Sent Messages"), "sent"),
        (listed("已发送"), "sent"),
        (listed("其他文件夹/已发送"), "sent"),
        (listed("发件箱"), None),
        (listed("草稿箱"), None),
        (listed("投稿", "\\sent"), "sent"),
    ],
    ids=lambda value: value.name if isinstance(value, ListedFolder) else str(value),
)
def test_a_folder_is_known_by_its_special_use_or_its_name(folder: ListedFolder, role: str | None) -> None:
    assert role_of(folder) == role


def test_every_junk_folder_is_watched_and_what_cannot_be_opened_is_not() -> None:
    found = watched(
        [
            listed("已发送"),
            listed("病毒文件夹"),
            listed("广告邮件"),
            listed("Spam", "\\noselect"),
            listed("草稿箱"),
            listed("INBOX"),
        ],
        wanted=None,
    )

    assert found == (
        WatchedFolder("INBOX", "inbox"),
        WatchedFolder("广告邮件", "junk", required=False),
        WatchedFolder("病毒文件夹", "junk", required=False),
        WatchedFolder("已发送", "sent", required=False),
    )


def test_wanted_folders_are_watched_once_each_even_when_the_server_lists_none() -> None:
    found = watched([], wanted=("投稿", "垃圾邮件", "INBOX", "投稿"))

    assert found == (
        WatchedFolder("INBOX", "inbox"),
        WatchedFolder("投稿", "inbox"),
        WatchedFolder("垃圾邮件", "junk"),
    )


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b"Subject: a\r\nX: y\r\n\r\nFrom: body\r\n", b"Subject: a\r\n\r\n"),
        (b"subject : a\n folded\nDATE: d\n\nbody", b"subject : a\r\n folded\r\nDATE: d\r\n\r\n"),
        (b"X-Subject: a\r\nFrom: b\r\n\tc\r\nFrom: d\r\n\r\n", b"From: b\r\n\tc\r\nFrom: d\r\n\r\n"),
        (b"Subject: \xb0\xb8\xc0\xfd\r\n\r\n", b"Subject: \xb0\xb8\xc0\xfd\r\n\r\n"),
        (b"Message-ID: <a@b>", b"Message-ID: <a@b>\r\n\r\n"),
        (b"In-Reply-To: <a@b>\r\nReferences: <c@d>\r\n <a@b>\r\n\r\n", None),
        (b"", b"\r\n"),
        (b"\r\nSubject: in the body\r\n\r\n", b"\r\n"),
    ],
    ids=["plain", "bare-line-feeds", "twice-and-folded", "raw-gbk", "no-end", "thread", "empty", "no-header"],
)
def test_the_fields_are_cut_out_unchanged(raw: bytes, fields: bytes | None) -> None:
    assert fingerprint_fields(raw) == (raw if fields is None else fields)
