"""The line above which an organizer writes, and what stands above it in an answer. Pure.

An answer carries our whole mail below what its writer says, marked as a quotation by most programs and by
some not at all. What stands above our line was written now; what stands below may be anybody's words.
"""

from __future__ import annotations

import re
import unicodedata

SENTINEL = "—— 请在此线以上写处理意见 ——"
"""Stands in every mail whose answer may hold orders, as its first line."""

_CORE = re.compile(r"请\s*在\s*此\s*线\s*以\s*上\s*写\s*处\s*理\s*意\s*见")
_EDGES = " \t>|*-_=—–─"


def above_sentinel(text: str, quoted: str, *, leading: int | None) -> str | None:
    """What the writer of an answer put above our line; None when the line is not there.

    Args:
        text: What the letter's reader took for newly written.
        quoted: What it took for history.
        leading: How many characters of `text` stand above the first quoted line; None when that is not known.
    """
    inside = _place(text)
    if inside is not None:
        return text[:inside] if leading is None else text[: min(inside, leading)]
    if _place(quoted) is None or leading is None:
        return None
    return text[:leading]


def _place(text: str) -> int | None:
    """Where the line with our words begins: a line of its own, its dashes in any form; None when there is none."""
    at = 0
    for line in text.split("\n"):
        found = _CORE.search(unicodedata.normalize("NFKC", line))
        if found and not unicodedata.normalize("NFKC", line).replace(found.group(), "").strip(_EDGES):
            return at
        at += len(line) + 1
    return None
