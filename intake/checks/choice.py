"""Finds which of a call's choices (category, level) a submitter wrote down. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from intake.model import Revision
from parsers.text.script import to_simplified

_MARKS = "□☐○☑☒■●🗹✓✔√"
_NAME = rf"([^\s()（）、，,；;{_MARKS}]+)"
# A bare tick belongs to the name it touches: "网格治理√ 社区治理" is the first, "网格治理 √社区治理" the second.
_TICKED = re.compile(
    rf"(?:[☑☒■●🗹]|(?<![\w(（])[✓✔√])\s*{_NAME}|(?<![^\s()（）、，,；;{_MARKS}])([^\s()（）、，,；;{_MARKS}]++)[(（]?[✓✔√]|^[(（]\s?[✓✔√]\s?[)）]{_NAME}"
)
_BOX = re.compile(rf"[{_MARKS}]")
_NOTHING = frozenset({"", "无", "待定", "请选择", "请勾选", "选填", "待填", "待补"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What was written, and what it is taken for."""

    kind: Literal["none", "chosen", "alias", "unknown"]
    found: str = ""
    """As the submitter wrote it, at most 60 characters; empty for `none`."""
    taken_for: str | None = None
    """The call's own word; None when it is none of them."""


def written_choice(written: Sequence[str], choices: Sequence[str], aliases: Mapping[str, str]) -> Choice:
    """The first of the `written` texts that says something, read against the call's `choices` and their `aliases`.

    Script, brackets, quotation marks and spaces do not matter; ticked boxes do. Texts that list
    several choices without a tick choose none.
    """
    for text in written:
        choice = _read(text, choices, aliases)
        if choice.kind != "none":
            return choice
    return Choice("none")


def form_values(revision: Revision, field: Literal["category", "level"]) -> tuple[str, ...]:
    """What the forms of `revision` say in that field, in reading order; empty when none has it."""
    readable = (document for document in revision.documents if document.role in {"case", "form"})
    return tuple(f.value for document in readable for f in document.facts.fields if f.name == field)


def key_of(text: str) -> str:
    """`text` as compared: simplified, width and punctuation folded, letters and digits only."""
    folded = to_simplified(unicodedata.normalize("NFKC", text)).lower()
    return "".join(character for character in folded if character.isalnum())


def _read(text: str, choices: Sequence[str], aliases: Mapping[str, str]) -> Choice:
    if ticked := _ticked(text):
        text = ticked
    elif _BOX.search(text):
        return Choice("none")  # boxes, none of them ticked
    key, found = key_of(text), text.strip()[:60]
    if key in _NOTHING:
        return Choice("none")
    for choice in choices:
        if key_of(choice) == key:
            return Choice("chosen", found, choice)
    for alias, meant in aliases.items():
        if key_of(alias) == key:
            return Choice("alias", found, meant or None)
    contained = [choice for choice in choices if key_of(choice) in key]
    # "小社区治理" would contain "社区治理" as well: only the longest of nested ones was meant.
    longest = [
        one for one in contained if not any(one != other and key_of(one) in key_of(other) for other in contained)
    ]
    if len(longest) == 1:
        return Choice("chosen", found, longest[0])
    return Choice("none") if longest else Choice("unknown", found)


def _ticked(text: str) -> str:
    found = [next(filter(None, match.groups())) for match in _TICKED.finditer(text)]
    return found[0] if len(found) == 1 else ""
