"""Undoing Content-Transfer-Encoding in bounded pieces. Pure.

Every decoder takes the encoded body as pieces cut anywhere and yields decoded pieces,
so a 30 MB attachment never stands in memory whole. Source: RFC 2045 §6.
"""

from __future__ import annotations

import binascii
import string
from collections.abc import Iterable, Iterator
from itertools import chain

_ALPHABET = (string.ascii_letters + string.digits + "+/=").encode()
_NOT_BASE64 = bytes(set(range(256)) - set(_ALPHABET))
_LONGEST_LINE_BYTES = 1 << 20
_TELLING_BYTES = 200
_TELLING_LINE_BYTES = 16


def decoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body's own bytes. Unknown encodings pass as they are, as the identity ones do."""
    name = encoding.partition(";")[0].strip().strip('"').lower()
    if name == "base64":
        return _from_base64_if_it_is(iter(pieces))
    if name == "quoted-printable":
        return (binascii.a2b_qp(lines) for lines in whole_lines(pieces))
    if name in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        return _from_uuencode(pieces)
    return iter(pieces)


def _from_base64_if_it_is(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decoded, unless the label lies: text and binary under a base64 label pass as they are (gateways that re-encode do it)."""
    opening = b""
    for piece in pieces:
        opening += piece
        if len(opening) >= _TELLING_BYTES:
            break
    line = opening.strip()[:_TELLING_BYTES].partition(b"\n")[0].strip()
    foreign = len(line.translate(None, _ALPHABET))
    lies = not line.isascii() or (len(line) >= _TELLING_LINE_BYTES and foreign * 10 > len(line))
    every = chain([opening], pieces)
    return every if lies else _from_base64(every)


def base64_bytes(encoded: bytes) -> bytes:
    """All of a short base64 text, foreign characters skipped, missing padding forgiven, an odd last character dropped."""
    return b"".join(_from_base64([encoded]))


def _from_base64(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Decoded groups of four; what follows the padding is no part of the body (list footers)."""
    rest = b""
    for piece in pieces:
        data = rest + piece
        padding = data.find(b"=")
        cut = data.rfind(b"\n", 0, padding if padding >= 0 else len(data)) + 1
        if not cut and padding < 0:
            cut = len(data) & ~3
        whole, rest = _whole_groups(data[:cut])
        yield whole
        rest += data[cut:]
        if padding >= 0:
            break
    yield _last_groups(rest.translate(None, _NOT_BASE64).partition(b"=")[0])


def _whole_groups(lines: bytes) -> tuple[bytes, bytes]:
    """Lines without padding decoded, and the characters left over from the last group."""
    try:
        # Lines of whole groups are what every mailer writes; the decoder skips line ends by itself.
        return binascii.a2b_base64(lines), b""
    except binascii.Error:
        groups = lines.translate(None, _NOT_BASE64)
        whole = len(groups) & ~3
        return binascii.a2b_base64(groups[:whole]), groups[whole:]


def _last_groups(groups: bytes) -> bytes:
    if len(groups) % 4 == 1:
        groups = groups[:-1]  # six bits are no byte: cut off on the way
    return binascii.a2b_base64(groups + b"=" * (-len(groups) % 4))


def whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut after line ends only; an endless line is cut where no escape is open."""
    rest = b""
    for piece in pieces:
        data = rest + piece
        cut = data.rfind(b"\n") + 1
        if not cut and len(data) > _LONGEST_LINE_BYTES:
            cut = len(data) - 3
            cut = min((cut + at for at in [data[cut:].find(b"=")] if at >= 0), default=len(data))
        if cut:
            yield data[:cut]
        rest = data[cut:]
    if rest:
        yield rest


def _from_uuencode(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines between "begin" and "end"; a damaged line gives what its length byte promises, or nothing."""
    begun = False
    for lines in whole_lines(pieces):
        for line in lines.splitlines():
            if not begun:
                begun = line.startswith(b"begin ")
                continue
            if line.strip(b" \t\r\n\f") == b"end":
                return
            try:
                yield binascii.a2b_uu(line)
            except binascii.Error:
                # Some encoders pad the line; take as much as its first byte says. Source: cpython uu module.
                size = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
                try:
                    yield binascii.a2b_uu(line[:size])
                except binascii.Error:
                    continue
