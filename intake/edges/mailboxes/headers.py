"""The few header fields a letter is recognised by, cut from its raw bytes as an IMAP server would. Pure."""

from __future__ import annotations

import re

HEADER_BYTES = 262_144
"""As much of a letter as is searched for its header."""

_END = re.compile(rb"(?:\A|\r?\n)\r?\n")
_FIELD = re.compile(
    rb"^(message-id|date|from|subject|in-reply-to|references|x-intake-id)[ \t]*:.*(?:\r?\n[ \t].*)*",
    re.IGNORECASE | re.MULTILINE,
)


def fingerprint_fields(raw: bytes) -> bytes:
    """Message-ID, Date, From, Subject, In-Reply-To, References and X-Intake-Id of `raw`, unchanged, in its order, closed by an empty line.

    Shapes: CRLF line ends; the empty line alone when none is there. Source: RFC 3501 §6.4.5, HEADER.FIELDS.
    """
    end = _END.search(raw)
    header = raw[: end.start()] if end else raw
    fields = [re.sub(rb"\r?\n", b"\r\n", found.group(0).rstrip(b"\r")) for found in _FIELD.finditer(header)]
    return b"".join(field + b"\r\n" for field in fields) + b"\r\n"
