"""What every mailbox promises, held against real servers and real files."""

from __future__ import annotations

import io
import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from intake.edges.mailboxes import Envelope, FolderStatus, Mailbox
from tests.intake.edges.posts import AT, PIECE_BYTES, FilePost, Post, dovecot_post, letter, pymap_post


@pytest.fixture(params=["pymap", "dovecot-plain", "dovecot-starttls", "dovecot-tls", "maildir", "eml"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Post:
    kind, _, tls = request.param.partition("-")
    if kind == "dovecot":
        return dovecot_post(request.getfixturevalue("dovecot"), f"{uuid.uuid4().hex}@example.test", tls=tls)
    if kind == "pymap":
        port, user, _ = request.getfixturevalue("pymap")
        return pymap_post(port, user)
    return FilePost(tmp_path, maildir=kind == "maildir")


def fetched(mailbox: Mailbox, uid: int, folder: str = "INBOX") -> bytes:
    sink = io.BytesIO()
    count = mailbox.fetch(folder, uid, sink)
    assert count == len(sink.getvalue())
    return sink.getvalue()


def status(mailbox: Mailbox, folder: str = "INBOX") -> FolderStatus:
    return next(found for found in mailbox.statuses() if found.folder == folder)


def test_statuses_of_an_account_come_inbox_first_then_junk_then_sent(post: Post) -> None:
    found = post.mailbox().statuses()

    assert [(f.role, f.folder) for f in found] == [
        (role, post.folders[role]) for role in ("inbox", "junk", "sent") if role in post.folders
    ]
    assert [f.messages for f in found] == [0] * len(found)


def test_an_empty_folder_has_no_uids(post: Post) -> None:
    assert post.mailbox().uids("INBOX") == ()


def test_a_letter_that_arrives_changes_the_status(post: Post) -> None:
    mailbox = post.mailbox()
    before = status(mailbox)

    post.append("inbox", letter("a"), AT)
    after = status(mailbox)

    assert (after.messages, after.uidvalidity) == (before.messages + 1, before.uidvalidity)
    assert (before.uidnext or 0) < (after.uidnext or 0)


def test_uids_are_ascending_and_the_same_after_a_restart(post: Post) -> None:
    for number in range(5):
        post.append("inbox", letter(str(number)), AT + timedelta(minutes=number))

    uids = post.mailbox().uids("INBOX")

    assert len(uids) == 5
    assert list(uids) == sorted(set(uids))
    assert post.mailbox().uids("INBOX") == uids


def test_uids_from_beyond_the_highest_are_none(post: Post) -> None:
    for number in range(3):
        post.append("inbox", letter(str(number)), AT + timedelta(minutes=number))
    mailbox = post.mailbox()
    uids = mailbox.uids("INBOX")

    assert mailbox.uids("INBOX", first=uids[1]) == uids[1:]
    assert mailbox.uids("INBOX", first=uids[-1] + 1) == ()


def test_the_uid_of_a_deleted_letter_is_never_given_again(post: Post) -> None:
    for subject in "ab":
        post.append("inbox", letter(subject), AT + timedelta(minutes=ord(subject)))
    first, second = post.mailbox().uids("INBOX")

    post.delete("inbox", second, letter("b"))
    post.append("inbox", letter("c"), AT + timedelta(days=1))
    mailbox = post.mailbox()
    uids = mailbox.uids("INBOX")

    assert uids[0] == first
    assert uids[1] > second
    assert [fetched(mailbox, uid) for uid in uids] == [letter("a"), letter("c")]


def test_envelopes_tell_size_time_and_the_fingerprint_fields(post: Post) -> None:
    raw = letter("title")
    post.append("inbox", raw, AT)
    mailbox = post.mailbox()
    [uid] = mailbox.uids("INBOX")

    [envelope] = mailbox.envelopes("INBOX", [uid])

    assert (envelope.uid, envelope.size_bytes, envelope.internal_at) == (uid, len(raw), AT)
    assert sorted(envelope.header.split(b"\r\n")) == sorted(
        [
            b"Message-ID: <title@example.test>",
            b"From: =?gb18030?B?vfCwsg==?=",
            b" <jinan@example.test>",
            b"Subject: title",
            b"Date: Thu, 1 Dec 2022 10:00:00 +0800",
            b"",
            b"",
        ]
    )


def test_envelopes_leave_out_what_is_not_there_and_come_ascending(post: Post) -> None:
    for number in range(3):
        post.append("inbox", letter(str(number)), AT + timedelta(minutes=number))
    mailbox = post.mailbox()
    uids = mailbox.uids("INBOX")

    found: list[Envelope] = list(mailbox.envelopes("INBOX", [uids[2], 999_999, uids[0], uids[2]]))

    assert [envelope.uid for envelope in found] == [uids[0], uids[2]]


@pytest.mark.parametrize(
    "size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES], ids=lambda size: f"{size}-bytes"
)
def test_fetch_hands_out_the_raw_bytes_at_every_size(post: Post, size: int) -> None:
    head = b"Subject: x\r\n\r\n"
    raw = (head + bytes(range(128, 256)) * (size // 128 + 1))[: max(size, len(head) + 1)]
    post.append("inbox", raw, AT)
    mailbox = post.mailbox()
    [uid] = mailbox.uids("INBOX")

    assert fetched(mailbox, uid) == raw


def test_fetch_of_a_letter_gone_meanwhile_writes_nothing(post: Post) -> None:
    post.append("inbox", letter("a"), AT)
    post.append("inbox", letter("b"), AT)
    mailbox = post.mailbox()
    uids = mailbox.uids("INBOX")
    doomed = next(uid for uid in uids if fetched(mailbox, uid) == letter("a"))

    post.delete("inbox", doomed, letter("a"))
    mailbox.statuses()  # until it is looked at again, an open folder may still hand out the letter (RFC 2180 §4.1)

    assert fetched(mailbox, doomed) == b""


def test_letters_of_every_folder_are_read(post: Post) -> None:
    for role in post.folders:
        post.append(role, letter(role), AT)
    mailbox = post.mailbox()

    found = {
        found.role: [fetched(mailbox, uid, found.folder) for uid in mailbox.uids(found.folder)]
        for found in mailbox.statuses()
    }

    assert found == {role: [letter(role)] for role in post.folders}


def test_reading_leaves_no_trace(post: Post) -> None:
    post.append("inbox", letter("a"), AT)
    before = post.traces()
    mailbox = post.mailbox()

    mailbox.statuses()
    [uid] = mailbox.uids("INBOX")
    list(mailbox.envelopes("INBOX", [uid]))
    fetched(mailbox, uid)
    mailbox.wait_for_news(0.1, threading.Event())
    mailbox.close()

    assert post.traces() == before


def test_waiting_ends_when_a_letter_arrives(post: Post) -> None:
    mailbox = post.mailbox()
    mailbox.statuses()
    arrival = threading.Timer(0.3, post.append, ("inbox", letter("a"), AT))
    arrival.start()

    news = mailbox.wait_for_news(60, threading.Event())
    arrival.join()

    assert news
    assert len(mailbox.uids("INBOX")) == 1


def test_waiting_ends_without_news_when_told_to_stop(post: Post) -> None:
    mailbox = post.mailbox()
    mailbox.statuses()
    stop = threading.Event()
    stop.set()

    assert mailbox.wait_for_news(3600, stop) is False


def test_waiting_in_vain_ends_by_itself_and_the_mailbox_goes_on(post: Post) -> None:
    mailbox = post.mailbox()
    mailbox.statuses()

    assert mailbox.wait_for_news(0.2, threading.Event()) is False
    post.append("inbox", letter("a"), AT)
    assert status(mailbox).messages == 1


def test_a_closed_mailbox_opens_again(post: Post) -> None:
    post.append("inbox", letter("a"), AT)
    mailbox = post.mailbox()
    [uid] = mailbox.uids("INBOX")

    mailbox.close()
    mailbox.close()

    assert fetched(mailbox, uid) == letter("a")
