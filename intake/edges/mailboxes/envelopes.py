"""What an IMAP server says of letters before their bodies are fetched."""

from __future__ import annotations

import imaplib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from imapclient.exceptions import ProtocolError

from intake.edges.mailboxes import Envelope
from intake.edges.mailboxes.wire import WireClient

HEADER_ITEM = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT IN-REPLY-TO REFERENCES X-INTAKE-ID)]"
_ITEMS = ("RFC822.SIZE", "INTERNALDATE", HEADER_ITEM)


def envelopes_of(client: WireClient, uids: Sequence[int]) -> list[Envelope]:
    """Envelopes of those of `uids` (ascending) still in the open folder, ascending.

    A letter the server lists without describing it is asked for alone; when even that
    brings nothing it is returned with size 0, no time and no header, never left out.
    """
    answers = _ask(client, uids)
    missing = [uid for uid in uids if not _described(answers.get(uid))]
    if missing:
        listed = set(client.uid_search(("UID", ",".join(map(str, missing)))))
        for uid in missing:
            if uid in listed:
                answers[uid] = _ask_alone(client, uid)
            else:
                answers.pop(uid, None)
    return [_envelope(uid, answers[uid]) for uid in uids if uid in answers]


def _ask(client: WireClient, uids: Sequence[int]) -> dict[int, Mapping[bytes, Any]]:
    try:
        return dict(client.fetch(list(uids), list(_ITEMS)))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:  # one odd letter spoils the answer for all (ProtocolError is one of these)
        return {}


def _ask_alone(client: WireClient, uid: int) -> Mapping[bytes, Any]:
    told: dict[bytes, Any] = {}
    for item in _ITEMS:
        try:
            told.update(client.fetch([uid], [item]).get(uid, {}))
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, ProtocolError):
            continue
    return told


def _described(told: Mapping[bytes, Any] | None) -> bool:
    """Whether the answer is ours: servers also send FETCH lines nobody asked for, without these items."""
    return told is not None and isinstance(told.get(b"RFC822.SIZE"), int) and _header(told) is not None


def _header(told: Mapping[bytes, Any]) -> bytes | None:
    for key, value in told.items():
        if key.startswith(b"BODY[HEADER"):
            return value if isinstance(value, bytes) else b""
    return None


def _envelope(uid: int, told: Mapping[bytes, Any]) -> Envelope:
    size = told.get(b"RFC822.SIZE")
    at = told.get(b"INTERNALDATE")
    internal_at = at.astimezone(UTC) if isinstance(at, datetime) and at.tzinfo is not None else None
    return Envelope(uid, size if isinstance(size, int) else 0, internal_at, _header(told) or b"")
