"""UIDs of letters that are files, and what the disk can do to them."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.edges.clock import SetClock
from intake.edges.mailboxes.files import EmlFolderMailbox, MaildirMailbox
from intake.errors import BodyUnavailableError, MailboxError
from tests.intake.edges.posts import ADDRESS, AT

NOW = datetime(2022, 12, 10, tzinfo=UTC)


def eml_mailbox(root: Path) -> EmlFolderMailbox:
    return EmlFolderMailbox(root / "in", state_folder=root / "state", account=ADDRESS, clock=SetClock(NOW))


def maildir_mailbox(root: Path) -> MaildirMailbox:
    return MaildirMailbox(root / "in", state_folder=root / "state", account=ADDRESS, clock=SetClock(NOW))


def put(path: Path, raw: bytes = b"Subject: a\r\n\r\nbody", at: datetime = AT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def fetched(mailbox: EmlFolderMailbox | MaildirMailbox, uid: int) -> bytes:
    sink = io.BytesIO()
    mailbox.fetch("INBOX", uid, sink)
    return sink.getvalue()


# -- .eml ------------------------------------------------------------------------------------


def test_files_that_are_no_letters_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path / "in" / "一.EML")
    put(tmp_path / "in" / "街道" / "二.eml", b"Subject: b\r\n\r\n")
    put(tmp_path / "in" / "说明.txt")

    mailbox = eml_mailbox(tmp_path)

    assert [fetched(mailbox, uid) for uid in mailbox.uids("INBOX")] == [
        b"Subject: a\r\n\r\nbody",
        b"Subject: b\r\n\r\n",
    ]


def test_a_file_changed_in_place_is_another_letter(tmp_path: Path) -> None:
    path = put(tmp_path / "in" / "a.eml")
    mailbox = eml_mailbox(tmp_path)
    [first] = mailbox.uids("INBOX")

    put(path, b"Subject: b\r\n\r\nbody", AT + timedelta(hours=1))
    assert fetched(mailbox, first) == b""
    [second] = mailbox.uids("INBOX")

    assert second > first
    assert fetched(mailbox, second) == b"Subject: b\r\n\r\nbody"


def test_a_file_still_being_copied_is_not_seen_yet(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.eml", at=NOW - timedelta(seconds=1))
    put(tmp_path / "in" / "b.eml", at=NOW - timedelta(seconds=3))
    put(tmp_path / "in" / "c.eml", at=NOW + timedelta(days=1))

    assert len(eml_mailbox(tmp_path).uids("INBOX")) == 2


def test_a_file_that_comes_back_has_the_uid_it_had(tmp_path: Path) -> None:
    path = put(tmp_path / "in" / "a.eml")
    mailbox = eml_mailbox(tmp_path)
    before = mailbox.uids("INBOX")

    away = path.rename(tmp_path / "away")
    assert mailbox.uids("INBOX") == ()
    away.rename(path)

    assert mailbox.uids("INBOX") == before


COPIED_AT = datetime(2022, 12, 20, 2, tzinfo=UTC)
RECEIVED = (
    b"Received: from a by mx.b.cn; %s\r\nReceived: from c by a; Mon, 5 Dec 2022 09:00:00 +0800\r\nSubject: a\r\n\r\nx"
)


@pytest.mark.parametrize(
    ("topmost", "expected"),
    [
        pytest.param(b"Thu, 1 Dec 2022 09:30:00 +0800", datetime(2022, 12, 1, 1, 30, tzinfo=UTC), id="copied later"),
        pytest.param(b"Sat, 1 Dec 2035 09:30:00 +0800", COPIED_AT, id="later than the file"),
        pytest.param(b"unreadable", datetime(2022, 12, 5, 1, 0, tzinfo=UTC), id="unreadable: the next one"),
    ],
)
def test_a_letter_kept_as_a_file_arrived_when_its_server_says(
    tmp_path: Path, topmost: bytes, expected: datetime
) -> None:
    put(tmp_path / "in" / "a.eml", RECEIVED % topmost, at=COPIED_AT)
    mailbox = eml_mailbox(tmp_path)

    [envelope] = mailbox.envelopes("INBOX", mailbox.uids("INBOX"))

    assert envelope.internal_at == expected


def test_an_empty_file_has_no_body(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.eml", b"")
    mailbox = eml_mailbox(tmp_path)

    with pytest.raises(BodyUnavailableError):
        fetched(mailbox, mailbox.uids("INBOX")[0])


@pytest.mark.parametrize("mailbox_of", [eml_mailbox, maildir_mailbox])
def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, mailbox_of: Callable[[Path], EmlFolderMailbox | MaildirMailbox]
) -> None:
    with pytest.raises(MailboxError) as caught:
        mailbox_of(tmp_path).statuses()

    assert not caught.value.temporary
    assert str(tmp_path / "in") in caught.value.advice


# -- the index -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"uidvalidity": 5, "uidnext": 1, "uids": {"a": 1}}',
        b'{"uidvalidity": 5, "uidnext": 9, "uids": {"a": 1, "b": 1}}',
        b"\xff\xfe",
    ],
    ids=["empty", "torn", "other-shape", "uid-ahead", "uid-twice", "no-text"],
)
def test_a_damaged_index_begins_a_new_uidvalidity(tmp_path: Path, damage: bytes) -> None:
    put(tmp_path / "in" / "a.eml")
    mailbox = eml_mailbox(tmp_path)
    [index] = (mailbox.statuses(), list((tmp_path / "state").iterdir()))[1]
    content = json.loads(index.read_text("utf-8"))
    index.write_text(json.dumps(content | {"uidvalidity": 7}), "utf-8")
    assert eml_mailbox(tmp_path).statuses()[0].uidvalidity == 7

    index.write_bytes(damage)
    [status] = eml_mailbox(tmp_path).statuses()

    assert status.uidvalidity == int(NOW.timestamp())
    assert (status.messages, status.uidnext) == (1, 2)


def test_an_index_lost_while_running_begins_a_higher_uidvalidity(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.eml")
    mailbox = eml_mailbox(tmp_path)
    [before] = mailbox.statuses()

    for path in (tmp_path / "state").iterdir():
        path.unlink()
    [after] = mailbox.statuses()

    assert after.uidvalidity > before.uidvalidity


def test_an_index_that_cannot_be_written_shows_no_uid(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.eml")
    (tmp_path / "state").write_text("a file where the folder should be")

    with pytest.raises(MailboxError) as caught:
        eml_mailbox(tmp_path).uids("INBOX")

    assert caught.value.temporary
    assert "磁盘空间" in caught.value.advice


# -- Maildir -------------------------------------------------------------------------------


def maildir(root: Path) -> Path:
    for inner in ("new", "cur", "tmp"):
        (root / "in" / inner).mkdir(parents=True)
    return root / "in"


def test_a_letter_read_by_a_colleague_keeps_its_uid(tmp_path: Path) -> None:
    root = maildir(tmp_path)
    path = put(root / "new" / "1669860000.M1P2.host")
    mailbox = maildir_mailbox(tmp_path)
    before = mailbox.uids("INBOX")

    path.rename(root / "cur" / "1669860000.M1P2.host:2,RS")

    assert fetched(mailbox, before[0]) == b"Subject: a\r\n\r\nbody"
    assert mailbox.uids("INBOX") == before


def test_what_is_still_being_delivered_is_not_seen(tmp_path: Path) -> None:
    put(maildir(tmp_path) / "tmp" / "1669860000.M1P2.host")

    assert maildir_mailbox(tmp_path).uids("INBOX") == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1669860001.M1.host", datetime(2022, 12, 1, 2, 0, 0, tzinfo=UTC)),
        ("1669850000.M1.host", datetime(2022, 11, 30, 23, 13, 20, tzinfo=UTC)),
        ("no-time-here", AT),
    ],
    ids=["file-time-is-earlier", "name-is-earlier", "no-time-in-name"],
)
def test_a_letter_arrived_at_the_earlier_of_its_times(tmp_path: Path, name: str, expected: datetime) -> None:
    put(maildir(tmp_path) / "new" / name, at=AT)
    mailbox = maildir_mailbox(tmp_path)

    [envelope] = mailbox.envelopes("INBOX", mailbox.uids("INBOX"))

    assert envelope.internal_at == expected
