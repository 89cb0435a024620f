"""The shape texts take between reading and being told apart: lines that know where they stood. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTE_MARKS = re.compile(r">*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a letter's text."""

    text: str
    quoted: bool = False
    """HTML says so: the line stands inside another letter's quotation."""
    signature: bool = False
    """HTML says so: the line belongs to the mail program's signature."""
    block: int = 0
    """Number of the indented block (a blockquote that does not say why) it stands in; 0 outside."""


def plain_lines(text: str) -> list[Line]:
    """The lines of a plain text; QQ's literal `&nbsp;` becomes a space."""
    spaced = text.replace("&nbsp;", " ").replace("\xa0", " ")
    return [Line(line.rstrip()) for line in spaced.split("\n")]


def unflowed(text: str, *, drop_space: bool) -> str:
    """A format=flowed text with its soft line breaks undone. Source: RFC 3676 §4."""
    lines: list[str] = []
    depth, open_line = 0, False
    for raw in text.split("\n"):
        marks = _QUOTE_MARKS.match(raw)
        own_depth = marks.end() if marks else 0
        content = raw[own_depth:].removeprefix(" ")
        if open_line and own_depth == depth and content != "-- ":
            lines[-1] += content
        else:
            lines.append((">" * own_depth + " " if own_depth else "") + content)
        depth, open_line = own_depth, content.endswith(" ") and content != "-- "
        if open_line and drop_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
