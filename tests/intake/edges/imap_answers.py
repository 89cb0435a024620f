"""What tests of misbehaving IMAP servers share: a letter, fetching it, and answers to give."""

from __future__ import annotations

import io
from collections.abc import Callable

from intake.edges.mailboxes.imap import ImapMailbox
from tests.servers.scripted_imap import Session, StoredLetter

BODY = b"Subject: a\r\n\r\n" + bytes(range(32, 127)) * 4
LETTER = StoredLetter(1, BODY)


def fetched(mailbox: ImapMailbox, uid: int = 1) -> bytes:
    sink = io.BytesIO()
    mailbox.fetch("INBOX", uid, sink)
    return sink.getvalue()


def refusing(answer: str) -> Callable[[Session, str, str], None]:
    return lambda session, tag, _: session.say(f"{tag} {answer}")


def once(answer: Callable[[Session, str, str], bool | None]) -> Callable[[Session, str, str], bool | None]:
    """`answer` the first time, the proper answer afterwards."""
    left = [answer]
    return lambda session, tag, arguments: left.pop()(session, tag, arguments) if left else False
