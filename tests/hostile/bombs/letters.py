"""Letters with too much of one thing. Source: RFC 2045 and 2231."""

from __future__ import annotations

from tests.hostile.bombs.sizes import MB

_HEAD = b"From: a@example.org\r\nTo: box@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def letter_of_parts() -> bytes:
    """100,000 attachments."""
    part = b'--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\na\r\n'
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 100_000 + b"--b--\r\n"


def letter_of_depth() -> bytes:
    """2,000 parts inside one another."""
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2_000))
    return _HEAD + levels + b"Content-Type: text/plain\r\n\r\nend\r\n"


def letter_of_headers(count: int = 1_000_000) -> bytes:
    """A million header fields."""
    return _HEAD + b"X-Field: value\r\n" * count + b"\r\nbody\r\n"


def letter_of_one_line(characters: int = 100 * MB) -> bytes:
    """One header line of 100 MB."""
    return _HEAD + b"X-Long: " + b"a" * (characters - 1_000) + b"\r\n\r\nbody\r\n"


def letter_of_parameters() -> bytes:
    """A file name in 50,000 pieces (RFC 2231)."""
    pieces = b"".join(b";\r\n filename*%d=a" % number for number in range(50_000))
    return _HEAD + b"Content-Disposition: attachment" + pieces + b"\r\n\r\nbody\r\n"


def letter_of_recipients() -> bytes:
    """200,000 recipients, and a subject of 100,000 encoded words."""
    to = b",\r\n ".join([b"=?utf-8?B?5byg?= <a@example.org>"] * 200_000)
    return (
        b"From: a@example.org\r\nTo: " + to + b"\r\nSubject: " + b"=?utf-8?Q?a?=\r\n " * 100_000 + b"x\r\n\r\nbody\r\n"
    )


def letter_of_brackets() -> bytes:
    """HTML of 100,000 open elements, and comments in an address a thousand deep."""
    page = b"<div><blockquote><table><tr><td>" * 20_000
    sender = b"From: " + b"(" * 20_000 + b" <a@example.org>\r\n"
    return sender + b"Subject: x\r\nContent-Type: text/html\r\n\r\n" + page
