"""Headings that stand at the start of their own text: 背景与起因：……, （一）摸清底数。……, a bold start. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from parsers.facts import Block
from parsers.text.counting import count_words
from parsers.text.form_labels import field_name
from parsers.text.heading_numbers import MAIN_RANK, leading_number
from parsers.text.lines import is_byline, is_date, is_salutation
from parsers.text.titles import names_usual_part

TEXT_WORDS = 30
"""A paragraph of text has at least this many 字; what follows a bare heading, or its lead, must be one."""
_LONGEST_LEAD = 14
_LONGEST_BOLD_LEAD = 40
_FEWEST_LETTERS = 2
"""A bold start has at least so many; a bold verse number has none."""
_SERIES = 2
"""So many leads of one kind support each other; a single one may be the start of any sentence."""

_RUN_IN = re.compile(r"(.{2,30}?)(?:([。：:])|[ \u3000]{1,4}(?=\S{10}))(?=.{10})", re.DOTALL)
_BRACKETED = re.compile(
    r"\s*[【〖［\[]\s*+([^【】〖〗［］\[\]\n。]{2,20}?|(?<=\s)[^【】〖〗［］\[\]\n。]|(?<=\s\s))\s*+[】〗］\]]\s*[：:]?"
)
INSIDE = re.compile(r"[。；;！!？?].")
"""A sentence ends, and something follows."""
_STOP = re.compile(r"[：:。.、\s】]")
LETTER = re.compile(r"[^\W\d_]")
_COUNTS_UP = re.compile(r"\s*(?:一[、是]|[（(]一[）)]|首先|其一|第一|1[.、．]|①)")
_SAYING = re.compile(
    r"(?:指出|強調|强调|说|說|表示|认为|認為|提出|如下|包括|分别是|分為|分为|例如|比如|即|是|为|有|道|称|告诉|所示|看到|问|问我|答|写道|感慨|坦言|回忆)$"
)
_LEADING_IN = re.compile(
    r"(?:介绍|介紹|要求|目标|目標)$|(?:特别)?(?:注|备注|備註|说明|說明|提示|注意|note)$", re.IGNORECASE
)
"""Before a colon these announce a speech, a list or a remark."""


@dataclass(frozen=True, slots=True)
class Series:
    """Which leads of a document stand beside others of their kind."""

    ranks: AbstractSet[int]
    """Ranks whose numbered paragraphs mostly begin with a lead."""
    leads: AbstractSet[str]
    """Unnumbered leads before a colon, when there are several and each comes once."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A heading at the start of a paragraph."""

    text: str
    """As printed, with its number."""
    taken: int
    """Characters of the block it takes."""


def series_of(blocks: Sequence[Block]) -> Series:
    """The series of leads among the paragraphs of the main text."""
    numbered: Counter[int] = Counter()
    with_lead: Counter[int] = Counter()
    leads: Counter[str] = Counter()
    for text in _paragraphs(blocks):
        number = leading_number(text)
        if number is not None:
            found = _RUN_IN.match(text[number.length :])
            numbered[number.rank] += 1
            with_lead[number.rank] += bool(found and found[2] and may_lead(found[1]))
        elif (lead := _colon_lead(text)) is not None:
            leads[lead] += 1
    ranks = {rank for rank, count in with_lead.items() if count >= _SERIES and 3 * count >= 2 * numbered[rank]}
    once = {lead for lead, count in leads.items() if count == 1}
    return Series(ranks, once if len(once) >= _SERIES else frozenset())


def numbered_lead(block: Block, series: Series) -> Lead | None:
    """The heading a numbered paragraph begins with; None when its first words are part of a sentence."""
    text = block.text.strip()
    printed = printed_line(block)
    number = leading_number(printed)
    if number is None or count_words(printed[number.length :]) < TEXT_WORDS:
        return None
    body = printed[number.length :].strip()
    found = _RUN_IN.match(body)
    if found is None or not may_lead(found[1]):
        return None
    # After a space only a short lead is one: text has spaces of its own.
    if found[2] is None and (len(found[1]) > _LONGEST_LEAD or number.rank > MAIN_RANK):
        return None
    lead = printed[: len(printed) - len(body) + found.end(1)]
    own = _start_of(block) + len(lead) - (len(printed) - len(text))
    if number.rank in series.ranks or names_usual_part(found[1]) or own - 1 <= block.bold_lead <= own + 2:
        return Lead(lead.strip(), own)
    return None


def unnumbered_lead(block: Block, series: Series) -> Lead | None:
    """The heading an unnumbered paragraph begins with, by a colon, or by being bold."""
    text = block.text.strip()
    if count_words(text) < TEXT_WORDS:
        return None
    if block.bold_lead and (lead := _bold_lead(block)) is not None:
        return lead
    title = _colon_lead(text)
    if title is None:
        return None
    rest = text[len(title) + 1 :]
    if names_usual_part(title) or (title in series.leads and not _COUNTS_UP.match(rest)):
        return Lead(title, _start_of(block) + len(title) + 1)
    return None


def bracketed_lead(block: Block) -> Lead | None:
    """【背景】 at the start of a line, or as a whole line (then it takes all of it)."""
    found = _BRACKETED.match(block.text)
    if found is None or field_name(found[1]) or found[1].strip().isdecimal() or is_date(found[1]):
        return None
    return Lead(found[0].strip(), found.end())


def is_bracketed(line: str) -> bool:
    """Whether a whole line stands in title brackets."""
    return _BRACKETED.fullmatch(line) is not None


def printed_line(block: Block) -> str:
    """A line with its automatic number as the page shows it; a bullet is no number."""
    text = block.text.strip()
    if not leading_number(block.label + "一"):
        return text
    space = " " if text[:1].isascii() and text[:1].isalpha() else ""
    return block.label + space + text


def is_remark(line: str) -> bool:
    """Whether a line announces a remark: 说明： 备注："""
    return _LEADING_IN.fullmatch(line.strip(" \t\u3000：:")) is not None


def may_lead(lead: str) -> bool:
    """Whether words before a colon or full stop can be a title, not the start of a speech or a list."""
    return not _SAYING.search(lead.strip()) and not INSIDE.search(lead) and lead.count("，") <= 2


def _paragraphs(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.part == "main" and block.table is None and count_words(block.text) >= TEXT_WORDS:
            yield printed_line(block)


def _colon_lead(text: str) -> str | None:
    """The words before the first colon of a paragraph, when they can be a title."""
    found = _RUN_IN.match(text)
    if found is None or found[2] not in ("：", ":") or len(found[1]) > _LONGEST_LEAD:
        return None
    title = found[1]
    if re.search(r"[，,“”\d]", title) or not may_lead(title) or _LEADING_IN.search(title) or field_name(title):
        return None
    return None if is_byline(found[0]) or is_salutation(found[0]) else title


def _bold_lead(block: Block) -> Lead | None:
    """A bold start that stops where a title does, not in the middle of a sentence."""
    lead, after = block.text[: block.bold_lead], block.text[block.bold_lead :]
    title = lead.strip(" \t\u3000：:。")
    stops = _STOP.match(lead.rstrip(" \t\u3000")[-1:]) or _STOP.match(after)
    if (
        not stops
        or len(LETTER.findall(title)) < _FEWEST_LETTERS
        or is_remark(title)
        or not 2 <= len(title) <= _LONGEST_BOLD_LEAD
        or not may_lead(title)
        or leading_number(title)
    ):
        return None
    return Lead(lead.strip(), block.bold_lead)


def _start_of(block: Block) -> int:
    """Characters of white space before the text of a block."""
    return len(block.text) - len(block.text.lstrip())
