"""A letter's parts as a tree, by the standard library's parser under bounds. Pure.

`Part` reads its own Content-Type (the library's reading raises on some parameter
mixtures and loses raw 8-bit values) and refuses to grow without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Policy, compat32
from typing import Any

from parsers.errors import LimitError
from parsers.letter.headers import Headers
from parsers.letter.parameters import Value, parse_value

DEEPEST = 60
"""Multiparts and forwarded letters inside one another; real ones stay under ten."""
_FEED_BYTES = 64 << 10
_TYPE = re.compile(r"[!-.0-:<-~]+/[!-.0-:<-~]+")
_FIRST_DELIMITER = re.compile(r"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-)", re.IGNORECASE | re.MULTILINE)


_ESCAPED_FROM = re.compile(rb"\A>From [^\r\n]{0,200}\r?\n(?=[!-9;-~]{1,60}:)")
"""The separator of an mbox, escaped on its way through another: no header, and no end of them."""


class Part(Message):
    """One entity while it is parsed: its type is read leniently, its depth is known."""

    depth = 0

    def get_content_type(self) -> str:
        """The media type, lower case; text/plain when absent or malformed (RFC 2045 §5.2)."""
        value = self.described.value
        if _TYPE.fullmatch(value):
            return value
        # "text" alone, or a list of types: what comes before the slash still says what to do.
        return (
            "multipart/mixed"
            if value.startswith("multipart")
            else self.get_default_type()
            if not value
            else "text/plain"
        )

    def get_boundary(self, failobj: Any = None) -> Any:
        """The boundary parameter without trailing space; `failobj` when there is none."""
        stored = parse_value(self.headers.stored("content-type"))  # 8-bit bytes must equal those of the delimiter lines
        return stored.parameter("boundary").rstrip() or failobj

    @property
    def undecoded(self) -> str:
        """A leaf's body as it came, with surrogate escapes; empty for what holds parts.

        The library has no public way to it: `get_payload` decodes 8-bit bodies, wrongly.
        """
        payload = vars(self).get("_payload")
        return payload if isinstance(payload, str) else ""

    def attach(self, payload: Any) -> None:
        """Adds a child one level deeper.

        Raises:
            LimitError: When the child lies deeper than `DEEPEST`.
        """
        payload.depth = self.depth + 1
        if payload.depth > DEEPEST:
            raise LimitError(f"parts nested deeper than {DEEPEST}")
        super().attach(payload)

    @property
    def headers(self) -> Headers:
        """The fields as stored."""
        return Headers(self.raw_items())

    @property
    def described(self) -> Value:
        """Content-Type taken apart."""
        return parse_value(self.headers.undecoded("content-type"))

    @property
    def children(self) -> list[Part]:
        """The parts inside, in order; empty for a leaf."""
        payload = self.get_payload()
        return [part for part in payload if isinstance(part, Part)] if isinstance(payload, list) else []

    @property
    def body(self) -> bytes:
        """A leaf's body as it stands, transfer encoding and tokens untouched."""
        return self.undecoded.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Tree:
    """The parsed letter."""

    root: Part
    problem: str | None
    """Why parsing stopped early; None when it did not."""


def parse_tree(data: bytes, *, most_parts: int, depth: int = 0) -> Tree:
    """The tree of a letter, as far as bounds allow; whatever was reached stands in it.

    Source: RFC 2046 §5.1; leading blank lines and a byte order mark are skipped.
    """
    parts: list[Part] = []

    def new_part(policy: Policy[Any] = compat32) -> Part:
        if len(parts) >= most_parts:
            raise LimitError(f"more than {most_parts} parts")
        parts.append(Part(policy))
        parts[-1].depth = depth  # the root's; every other part's is set when it is attached
        return parts[-1]

    parser: BytesFeedParser[Any] = BytesFeedParser(new_part, policy=compat32)
    parts.clear()  # the parser tries its factory once before it starts
    data = _ESCAPED_FROM.sub(b"", data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), count=1)
    try:
        for start in range(0, len(data), _FEED_BYTES):
            parser.feed(data[start : start + _FEED_BYTES])
        parser.close()
    except LimitError as limit:
        return Tree(parts[0], limit.detail)
    except RecursionError:
        return Tree(parts[0], f"parts nested deeper than {DEEPEST}")
    return Tree(parts[0], None)


def undelimited(part: Part, *, most_parts: int) -> Part | None:
    """A multipart whose announced boundary never came, parsed again by the first delimiter that stands there.

    None when nothing in it looks like one.
    """
    text = part.body.decode("ascii", "surrogateescape")
    delimiter = _FIRST_DELIMITER.search(text)
    if delimiter is None or '"' in delimiter[1] or part.depth >= DEEPEST:
        return None
    opening = f'Content-Type: {part.get_content_type()}; boundary="{delimiter[1]}"\n\n'
    data = opening.encode("ascii", "surrogateescape") + part.body
    again = parse_tree(data, most_parts=most_parts, depth=part.depth + 1).root
    return again if again.children else None


def walk(part: Part) -> Iterator[Part]:
    """The part and everything in it, in document order."""
    yield part
    for child in part.children:
        yield from walk(child)
