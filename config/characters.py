"""Characters that nobody sees or means: they come along when text is pasted. Pure."""

from __future__ import annotations

import re
from typing import Any

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""Control characters but tab and line feed, blanks of no width and places to part a word, marks that turn the direction
of a line, and what is no character at all. Letters are read without them as well: what is typed here has to find them.
Source: Unicode 15, general category Cc, chapter 23.2; UAX #9, table 4; D14."""


def without_unseen(text: str) -> str:
    """`text` without them."""
    return _UNSEEN.sub("", text)


def all_without_unseen(value: Any) -> Any:
    """`value` as a file of settings holds it, every text in it without them; keys stay as they are."""
    if isinstance(value, str):
        return without_unseen(value)
    if isinstance(value, dict):
        return {key: all_without_unseen(each) for key, each in value.items()}
    return [all_without_unseen(each) for each in value] if isinstance(value, list) else value
