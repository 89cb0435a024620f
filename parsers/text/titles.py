"""Compares section titles as people write them: 一、背景和起因： is 背景与起因. Pure."""

from __future__ import annotations

import functools
import re
import unicodedata

from parsers.text.heading_numbers import without_number
from parsers.text.script import to_simplified

AND = "与"
"""What every connective becomes in a normalised title."""

_CONNECTIVE = re.compile(r"以及|[与和及、暨&/／＋+]|and", re.IGNORECASE)
_SUBTITLE = re.compile(r"[：:—（(【|｜]|--| - ")
_OUTSIDE = re.compile(r"[^\w]+|_")
_BEFORE = (
    "本案例的",
    "本案例",
    "案例的",
    "案例",
    "工作",
    "项目",
    "活动",
    "实施",
    "主要",
    "基本",
    "具体",
    "典型",
    "相关",
    "关于",
    "我们的",
)
_AFTER = ("部分", "情况", "内容", "介绍", "简介", "概述", "概况", "分析", "如下", "阐述", "说明")


def normalise_title(text: str) -> str:
    """A title in the form titles are compared in: simplified, half-width, lower case, no number, no punctuation, no
    spaces, every connective 与 (none at the ends, none doubled). Empty when nothing is left.
    """
    plain = unicodedata.normalize("NFKC", to_simplified(without_number(text.strip().strip("【】〖〗[]［］"))))
    parts = (_OUTSIDE.sub("", part) for part in _CONNECTIVE.split(plain.lower()))
    return AND.join(part for part in parts if part)


def title_matches(heading: str, wanted: str) -> float:
    """How surely a heading is the section a call asks for: 1.0 the same words, 0.9 the same with words around
    them, a fraction when only some of its elements are there (做法 of 做法与经过: 0.5), 0.0 otherwise.

    A heading counts for what it names before a colon, a dash or a bracket.

    Args:
        heading: As printed, or its title.
        wanted: The section's title in the call.
    """
    return max((_match(candidate, wanted) for candidate in _candidates(heading)), default=0.0)


@functools.lru_cache(maxsize=2048)
def _candidates(heading: str) -> tuple[str, ...]:
    """The heading whole, and its lead before a subtitle."""
    whole = without_number(heading.strip().strip("【】〖〗[]［］"))
    lead = _SUBTITLE.split(whole, maxsplit=1)[0]
    return tuple(
        dict.fromkeys(
            normal for normal in (normalise_title(heading), normalise_title(whole), normalise_title(lead)) if normal
        )
    )


def _match(found: str, wanted: str) -> float:
    aim = normalise_title(wanted)
    if not aim:
        return 0.0
    if found.replace(AND, "") == aim.replace(AND, ""):
        return 1.0
    asked = _elements(aim)
    present = _elements(found)
    shared = [element for element in asked if element in present]
    if len(shared) == len(asked):
        return 0.9
    if _bare(found.replace(AND, "")) == _bare(aim.replace(AND, "")):
        return 0.9
    return round(len(shared) / len(asked), 2)


@functools.lru_cache(maxsize=2048)
def _elements(normal: str) -> tuple[str, ...]:
    """What a title is made of: 案例背景与主要起因 is 背景, 起因; each once."""
    return tuple(dict.fromkeys(_bare(element) for element in normal.split(AND)))


def _bare(element: str) -> str:
    """An element without the words that say nothing; itself when nothing else is left."""
    core = element
    for word in _BEFORE:
        core = core.removeprefix(word) or core
    for word in _AFTER:
        core = core.removesuffix(word) or core
    return core or element
