"""Whether one line of text is a heading, or begins with one. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.facts import Block
from parsers.text.counting import count_words
from parsers.text.form_labels import field_name
from parsers.text.heading_levels import Signal
from parsers.text.heading_numbers import leading_number
from parsers.text.lines import is_byline, is_caption, is_date, is_unit

_LONGEST_STYLED = 60
_LONGEST_LINE = 40
_LONGEST_SENTENCE = 25
"""一、 before a sentence of at most this many characters is a heading that ends with 。"""
_LONGEST_LEAD = 14
_LONGEST_BARE = 16
_TEXT_WORDS = 30
"""A paragraph of text has at least this many 字; what follows a bare heading, or its lead, must be one."""
_MAIN_RANK = 30
"""一、 （一） 第一部分: numbers that mark parts rather than items of a list."""
_ITEM_RANK = 60
_LARGER_PT = 1.0

_STYLE = re.compile(r"(?:heading|标题|標題)\s*\d", re.IGNORECASE)
_INSIDE = re.compile(r"[。；;！!？?].")
_OPEN_END = re.compile(r"[，,；;、]$")
_END = re.compile(r"[。！!；;，,、？?]$")
_RUN_IN = re.compile(r"(.{2,30}?)(?:([。：:])|[ \u3000]{1,4}(?=\S{10}))(?=.{10})", re.DOTALL)
_BRACKETED = re.compile(r"\s*[【〖［\[]\s*([^【】〖〗［］\[\]\n]{2,20}?)\s*[】〗］\]]\s*[：:]?")
_PLAIN_TITLE = re.compile(r"[\u3400-\u9fff“”‘’《》、·\s（）()—-]+[：:]?")
_SAYING = re.compile(
    r"(?:指出|強調|强调|说|說|表示|认为|認為|提出|要求|介绍|介紹|如下|包括|分别是|分為|分为|例如|比如|即|是|为|有|道|称|告诉|所示|看到|问|答|目标|注)$"
)


@dataclass(frozen=True, slots=True)
class LineContext:
    """What the whole document says about the weight of single lines."""

    body_pt: float | None
    """The size of most of its text."""
    bold_stands_out: bool
    """False when most of the text is bold."""


@dataclass(frozen=True, slots=True)
class LineHeading:
    """A heading as it stands in a line."""

    text: str
    """As printed, with its number."""
    signal: Signal
    taken: int | None = None
    """Characters of the block it takes; None when it is the whole line."""


def heading_in_line(block: Block, context: LineContext, *, following: str) -> LineHeading | None:
    """The heading a block is or begins with, by the strongest sign; None when it is plain text.

    Args:
        block: One paragraph of the main text, not of a table of contents.
        context: The document's own measure of what stands out.
        following: The next line of the text; empty at the end.
    """
    line = block.text.strip()
    if not line or is_date(line) or is_caption(line):
        return None
    if is_heading_line(block):
        return LineHeading(_printed(block), "style" if _STYLE.match(block.style) else "outline")
    return (
        _numbered(block, context)
        or _standing_out(block, context)
        or _run_in(block)
        or _bracketed(block)
        or _bare(block, following)
    )


def is_heading_line(block: Block) -> bool:
    """Whether the writer made the whole block a heading by style or outline level, and it is short enough to be one."""
    return block.outline_level is not None and 0 < len(block.text.strip()) <= _LONGEST_STYLED


def _printed(block: Block) -> str:
    """The line with its automatic number; a bullet is no number."""
    return (block.label if leading_number(block.label + "一") else "") + block.text.strip()


def _offset(block: Block, lead: str) -> int:
    """Characters of the block up to the end of a lead of its stripped text."""
    return len(block.text) - len(block.text.lstrip()) + len(lead)


def _numbered(block: Block, context: LineContext) -> LineHeading | None:
    printed = _printed(block)
    number = leading_number(printed)
    if number is None:
        return None
    signal: Signal = "numbered" if leading_number(block.text) else "auto_numbered"
    body = printed[number.length :].strip()
    bold = block.bold and context.bold_stands_out
    if _is_numbered_line(body, rank=number.rank, bold=bold):
        return LineHeading(printed, signal)
    if number.rank >= _ITEM_RANK:
        return None
    found = _RUN_IN.match(body)
    if found is None or not _may_lead(found[1]) or count_words(body) < _TEXT_WORDS:
        return None
    # After a space only a short lead is one: text has spaces of its own.
    if found[2] is None and (len(found[1]) > _LONGEST_LEAD or number.rank > _MAIN_RANK):
        return None
    lead = printed[: len(printed) - len(body) + found.end(1)]
    return LineHeading(
        lead.strip(), "run_in", _offset(block, "") + len(lead) - (len(printed) - len(block.text.strip()))
    )


def _is_numbered_line(body: str, *, rank: int, bold: bool) -> bool:
    if not 2 <= len(body) <= _LONGEST_LINE or _INSIDE.search(body) or _OPEN_END.search(body) or "\n" in body:
        return False
    if rank >= _ITEM_RANK and not bold:
        return False
    if is_byline(body) or field_name(re.split(r"[：:]", body)[0]) == "phone":
        return False
    ends_sentence = body[-1] in "。！!？?"
    return not ends_sentence or bold or (rank <= _MAIN_RANK and len(body) <= _LONGEST_SENTENCE)


def _standing_out(block: Block, context: LineContext) -> LineHeading | None:
    """A whole line that is bold, or larger than the text."""
    line = block.text.strip()
    if not 2 <= len(line) <= _LONGEST_LINE or _INSIDE.search(line) or _END.search(line) or is_byline(line):
        return None
    if block.bold and context.bold_stands_out:
        return LineHeading(_printed(block), "bracketed" if _BRACKETED.fullmatch(line) else "bold")
    larger = context.body_pt is not None and block.size_pt is not None and block.size_pt >= context.body_pt + _LARGER_PT
    return LineHeading(_printed(block), "larger") if larger and not is_unit(line) else None


def _run_in(block: Block) -> LineHeading | None:
    """背景与起因：…… at the start of a paragraph, or a bold start."""
    line = block.text.strip()
    if count_words(line) < _TEXT_WORDS:
        return None
    if block.bold_lead:
        lead = block.text[: block.bold_lead]
        title = lead.strip(" \t\u3000：:。")
        if 2 <= len(title) <= _LONGEST_LINE and _may_lead(title) and leading_number(title) is None:
            return LineHeading(lead.strip(), "run_in", block.bold_lead)
    found = _RUN_IN.match(line)
    if (
        found is None
        or found[2] not in ("：", ":")
        or len(found[1]) > _LONGEST_LEAD
        or re.search(r"[，,“”\d]", found[1])
    ):
        return None
    if not _may_lead(found[1]) or field_name(found[1]) or is_byline(found[0]):
        return None
    return LineHeading(found[1], "run_in", _offset(block, found[0]))


def _may_lead(lead: str) -> bool:
    """Whether words before a colon or full stop can be a title, not the start of a speech or a list."""
    return not _SAYING.search(lead.strip()) and not _INSIDE.search(lead) and lead.count("，") <= 2


def _bracketed(block: Block) -> LineHeading | None:
    found = _BRACKETED.match(block.text)
    if found is None or field_name(found[1]) or found[1].strip().isdecimal() or is_date(found[1]):
        return None
    whole = found.end() >= len(block.text.rstrip())
    return LineHeading(found[0].strip(), "bracketed", None if whole else found.end())


def _bare(block: Block, following: str) -> LineHeading | None:
    """A short line of nothing but words, before a paragraph of text."""
    line = block.text.strip()
    if not 2 <= len(line) <= _LONGEST_BARE or not _PLAIN_TITLE.fullmatch(line) or count_words(following) < _TEXT_WORDS:
        return None
    if is_byline(line) or is_unit(line) or field_name(line) or _SAYING.search(line.rstrip("：:")):
        return None
    return LineHeading(_printed(block), "bare")
