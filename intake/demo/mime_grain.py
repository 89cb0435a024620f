"""The grain of MIME for the sample letters: entities, encoded words, parameters. Text in, text out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import quote

CRLF = "\r\n"


def word(text: str, charset: str) -> str:
    """`text` as RFC 2047 encoded words of whole characters, folded; ASCII stays as it is."""
    if text.isascii():
        return text
    pieces, piece = [], ""
    for character in text:
        if len((piece + character).encode(_codec(charset))) > 42:
            pieces.append(piece)
            piece = ""
        piece += character
    pieces.append(piece)
    encoded = (base64.b64encode(each.encode(_codec(charset))).decode() for each in pieces)
    return f"{CRLF}\t".join(f"=?{charset}?B?{each}?=" for each in encoded)


def part(headers: Sequence[str], body: str) -> str:
    """One MIME entity: header lines, a blank line, its body."""
    return CRLF.join(headers) + CRLF * 2 + body


def multipart(kind: str, boundary: str, parts: Sequence[str], *, quoted_label: bool = True, preamble: str = "") -> str:
    """A multipart entity holding `parts`."""
    mark = f'"{boundary}"' if quoted_label else boundary
    body = "".join(f"--{boundary}{CRLF}{each}{CRLF}" for each in parts)
    opening = preamble + CRLF * 2 if preamble else ""
    return part([f"Content-Type: multipart/{kind};{CRLF}\tboundary={mark}"], f"{opening}{body}--{boundary}--{CRLF}")


def base64_lines(data: bytes, *, width: int = 76) -> str:
    """`data` in base64 lines of `width` characters."""
    plain = base64.b64encode(data).decode()
    return CRLF.join(plain[start : start + width] for start in range(0, len(plain), width)) + CRLF


def text_part(
    text: str, charset: str, *, kind: str = "plain", encoding: str = "base64", quoted_label: bool = True
) -> str:
    """A text/plain or text/html entity."""
    data = text.replace("\n", CRLF).encode(_codec(charset))
    label = f'"{charset}"' if quoted_label else charset
    if encoding == "base64":
        body = base64_lines(data)
    else:
        body = binascii.b2a_qp(data.replace(b"\r\n", b"\n")).decode().replace("\n", CRLF) + CRLF
    headers = [f"Content-Type: text/{kind};{CRLF}\tcharset={label}", f"Content-Transfer-Encoding: {encoding}"]
    return part(headers, body)


def extended_parameter(key: str, value: str, charset: str = "utf-8") -> str:
    """`value` as an RFC 2231 parameter, continued over lines without regard to character borders."""
    encoded = quote(value.encode(charset), safe="")
    if len(encoded) <= 60:
        return f"{key}*={charset}''{encoded}"
    cuts, start = [], 0
    while start < len(encoded):
        end = min(start + 60, len(encoded))
        while "%" in encoded[end - 2 : end] and end < len(encoded):
            end -= 1  # never inside an escape; inside a character it may be
        cuts.append(encoded[start:end])
        start = end
    return f";{CRLF}\t".join(
        f"{key}*{number}*={charset + chr(39) * 2 if not number else ''}{cut}" for number, cut in enumerate(cuts)
    )


def _codec(charset: str) -> str:
    """What the bytes really are: programs write the label GB2312 over everything GB18030 knows."""
    return "gb18030" if charset.lower() in {"gb2312", "gbk"} else charset
