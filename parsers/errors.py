"""What can go wrong while reading, drawn as a tree.

    ParserError            a reader met something it must name; carries a `ProblemCode`
    └── LimitError         a limit of `parsers.limits` was reached (code is its `limit` kind)

A reader raises these inside itself only; `parsers.reading` turns each into
`Reading.problem`, so nothing of the kind leaves the room. Any other exception
is a bug and becomes the problem `reader_failed`.
"""

from __future__ import annotations

from parsers.facts import ProblemCode


class ParserError(Exception):
    """A file cannot be read, and `code` says why in one word of the closed list."""

    def __init__(self, code: ProblemCode, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code: ProblemCode = code
        self.detail = detail


class LimitError(ParserError):
    """A file asks for more than its limits allow (size, count, depth, ratio, pixels)."""

    def __init__(self, detail: str) -> None:
        super().__init__("over_limit", detail)
