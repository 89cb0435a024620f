"""The tokens of an RTF file. Pure. Source: Rich Text Format Specification 1.9.1, "RTF Syntax"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_TOKEN = re.compile(
    rb"\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|'(?P<byte>[0-9a-fA-F]{2})|(?P<symbol>[^a-zA-Z]))"
    rb"|(?P<group>[{}])|(?P<text>[^\\{}]+)"
)


class Token(NamedTuple):
    r"""One token. `byte` and `text` carry undecoded bytes, `binary` what follows a \bin."""

    kind: Literal["word", "symbol", "open", "close", "byte", "text", "binary"]
    word: str = ""
    """The control word, or the one sign of a control symbol."""
    number: int | None = None
    data: bytes = b""


def read_tokens(data: bytes) -> Iterator[Token]:
    """The tokens in order; what is none is left out, line breaks in text among it."""
    at = 0
    while at < len(data):
        found = _TOKEN.match(data, at)
        if found is None:
            at += 1
            continue
        at = found.end()
        kind = found.lastgroup
        if kind in {"word", "number"}:
            word = found["word"].decode("ascii")
            number = int(found["number"]) if found["number"] else None
            if word == "bin":
                yield Token("binary", data=data[at : at + max(number or 0, 0)])
                at += max(number or 0, 0)
                continue
            yield Token("word", word, number)
        elif kind == "byte":
            yield Token("byte", data=bytes.fromhex(found["byte"].decode("ascii")))
        elif kind == "symbol":
            yield Token("symbol", found["symbol"].decode("latin-1"))
        elif kind == "group":
            yield Token("open" if found["group"] == b"{" else "close")
        elif text := found["text"].translate(None, b"\r\n\0"):
            yield Token("text", data=text)
