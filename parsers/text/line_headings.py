"""Whether one line of text is a heading, or begins with one. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.facts import Block
from parsers.text.counting import count_words
from parsers.text.form_labels import field_name, is_form_title
from parsers.text.heading_levels import Signal
from parsers.text.heading_numbers import MAIN_RANK, leading_number
from parsers.text.lines import is_byline, is_caption, is_date, is_office, is_salutation, is_unit
from parsers.text.run_in_headings import (
    INSIDE,
    LETTER,
    TEXT_WORDS,
    Series,
    bracketed_lead,
    is_bracketed,
    is_remark,
    may_lead,
    numbered_lead,
    printed_line,
    unnumbered_lead,
)
from parsers.text.titles import names_usual_part

_LONGEST_STYLED = 120
_LONGEST_LINE = 80
"""Widths count 2 for a Chinese character and 1 for a Latin one."""
_LONGEST_SENTENCE = 25
"""一、 before a sentence of at most this many characters is a heading that ends with 。"""
_LONGEST_POINT = 24
"""A numbered point with a comma in it is a sentence when it is longer, in characters."""
_LONGEST_BARE = 16
_LONGEST_SLOGAN = 24
_SHORTEST_SLOGAN = 4
_TEXT_LETTERS = 100
_POINT_RANK = 40
_ITEM_RANK = 60
_LARGER_PT = 1.0

_STYLE = re.compile(r"(?:heading|标题|標題)\s*\d", re.IGNORECASE)
_OPEN_END = re.compile(r"[，,；;、]$")
_SENTENCE_END = re.compile(r"[。！!？?]$|[a-z]\.$")
_END = re.compile(r"[。！!；;，,、？?]$|[a-z]\.$")
_BULLET = re.compile(r"^[■●◆★▲□◇○▶►•]\s*")
_PLAIN_TITLE = re.compile(r"[\u3400-\u9fff“”‘’《》、·\s（）()—-]+[：:]?")
_SLOGAN = re.compile(r"[\u3400-\u9fff“”‘’《》、·，！—（）：:\d+]+")
_TEXT_END = re.compile(r"[。！？”’）)：:]\s*$")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class LineContext:
    """What the whole document says about the weight of single lines."""

    body_pt: float | None
    """The size of most of its text."""
    bold_stands_out: bool
    """False when most of the text is bold."""
    series: Series


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The lines of text before and after a line; empty at the ends."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineHeading:
    """A heading as it stands in a line."""

    text: str
    """As printed, with its number."""
    signal: Signal
    taken: int | None = None
    """Characters of the block it takes; None when it is the whole line."""


def heading_in_line(block: Block, context: LineContext, neighbours: Neighbours) -> LineHeading | None:
    """The heading a block is or begins with, by the strongest sign; None when it is plain text.

    Args:
        block: One paragraph of the main text, not of a table of contents.
        context: The document's own measure of what stands out.
        neighbours: What stands before and after it.
    """
    line = block.text.strip()
    if not LETTER.search(line) or is_date(line) or is_caption(block.label + line):
        return None
    if is_heading_line(block):
        return LineHeading(printed_line(block), "style" if _STYLE.match(block.style) else "outline")
    return (
        _numbered(block, context, neighbours)
        or _standing_out(block, context)
        or _run_in(block, context)
        or _bracketed(block)
        or _bare(block, neighbours)
    )


def is_heading_line(block: Block) -> bool:
    """Whether the writer made the whole block a heading by style or outline level, and it can be one."""
    line = block.text.strip()
    fits = LETTER.search(line) is not None and _width(line) <= _LONGEST_STYLED
    return block.outline_level is not None and fits and not is_byline(line)


def is_text(line: str) -> bool:
    """Whether a line is a paragraph of text: 30 字, or as much of a line in Latin letters."""
    return len(line) >= _TEXT_LETTERS or count_words(line) >= TEXT_WORDS


def _width(line: str) -> int:
    return sum(2 if character > "\u2e80" else 1 for character in line)


def _numbered(block: Block, context: LineContext, neighbours: Neighbours) -> LineHeading | None:
    printed = printed_line(block)
    number = leading_number(printed)
    if number is None:
        return None
    body = printed[number.length :].strip()
    bold = block.bold and context.bold_stands_out
    if _is_numbered_line(body, rank=number.rank, bold=bold, neighbours=neighbours):
        return LineHeading(printed, "numbered" if leading_number(block.text) else "auto_numbered")
    lead = numbered_lead(block, context.series) if number.rank < _ITEM_RANK else None
    return LineHeading(lead.text, "run_in", lead.taken) if lead is not None else None


def _is_numbered_line(body: str, *, rank: int, bold: bool, neighbours: Neighbours) -> bool:
    longest = _LONGEST_STYLED if rank <= MAIN_RANK and is_text(neighbours.after) else _LONGEST_LINE
    if rank <= MAIN_RANK and _is_short_saying(body, neighbours):
        return True
    if not 2 <= _width(body) <= longest or INSIDE.search(body) or _OPEN_END.search(body) or _is_torn(body):
        return False
    if is_byline(body) or field_name(re.split(r"[：:]", body)[0]) == "phone":
        return False
    if bold or _names_part(body, neighbours):
        return True
    if rank >= _POINT_RANK and "，" in body and len(body) > _LONGEST_POINT:
        return False
    # ① before a paragraph heads it; the last of a list does not.
    if rank >= _ITEM_RANK and (not is_text(neighbours.after) or _rank(neighbours.before) == rank):
        return False
    return not _SENTENCE_END.search(body) or (rank <= MAIN_RANK and len(body) <= _LONGEST_SENTENCE)


def _is_short_saying(body: str, neighbours: Neighbours) -> bool:
    """坚持高位推动。区里成立专班。 on a line of its own, before its text."""
    return body.endswith("。") and 2 < len(body) <= _LONGEST_SENTENCE and is_text(neighbours.after)


def _is_torn(line: str) -> bool:
    """Whether a line stops inside a bracket: the row of a page, not a line of its writer."""
    return line.count("（") + line.count("(") > line.count("）") + line.count(")")


def _rank(line: str) -> int | None:
    number = leading_number(line)
    return number.rank if number else None


def _standing_out(block: Block, context: LineContext) -> LineHeading | None:
    """A whole line that is bold, or larger than the text."""
    line = block.text.strip()
    if not 2 <= _width(line) <= _LONGEST_LINE or INSIDE.search(line) or _END.search(line) or is_byline(line):
        return None
    larger = context.body_pt is not None and block.size_pt is not None and block.size_pt >= context.body_pt + _LARGER_PT
    if (larger or block.centred) and (is_office(line) or is_salutation(line) or is_form_title(line)):
        return None
    if line.startswith(("——", "--")):
        return None
    if block.bold and context.bold_stands_out:
        return LineHeading(printed_line(block), "bracketed" if is_bracketed(line) else "bold")
    is_item = (_rank(printed_line(block)) or 0) >= _ITEM_RANK
    return LineHeading(printed_line(block), "larger") if larger and not is_item and not is_unit(line) else None


def _run_in(block: Block, context: LineContext) -> LineHeading | None:
    lead = unnumbered_lead(block, context.series)
    return LineHeading(lead.text, "run_in", lead.taken) if lead is not None else None


def _bracketed(block: Block) -> LineHeading | None:
    lead = bracketed_lead(block)
    if lead is None:
        return None
    whole = lead.taken >= len(block.text.rstrip())
    return LineHeading(lead.text, "bracketed", None if whole else lead.taken)


def _bare(block: Block, neighbours: Neighbours) -> LineHeading | None:
    """A short line of nothing but words, before a paragraph of text."""
    line = _BULLET.sub("", block.text.strip())
    if _names_part(line, neighbours):
        return LineHeading(printed_line(block), "bare")
    if not is_text(neighbours.after) or not (_is_plain_title(line) or _is_slogan(line, neighbours)):
        return None
    if (
        is_byline(line)
        or is_unit(line)
        or is_salutation(line)
        or is_remark(line)
        or field_name(line)
        or not may_lead(line.rstrip("：:"))
    ):
        return None
    return LineHeading(printed_line(block), "bare")


def _names_part(line: str, neighbours: Neighbours) -> bool:
    """Whether a short line before a paragraph names a part that cases usually have, whatever mark it ends with."""
    fits = len(line) <= _LONGEST_SLOGAN and not _OPEN_END.search(line)
    return fits and is_text(neighbours.after) and names_usual_part(line)


def _is_plain_title(line: str) -> bool:
    return 2 <= len(line) <= _LONGEST_BARE and line[0] not in "—-" and _PLAIN_TITLE.fullmatch(line) is not None


def _is_slogan(line: str, neighbours: Neighbours) -> bool:
    """党建引领聚合力，居民议事解民忧 between two paragraphs; not a line torn off a paragraph that goes on."""
    before_ends = (
        not neighbours.before or _TEXT_END.search(neighbours.before) or len(neighbours.before) <= _LONGEST_SLOGAN
    )
    return (
        len(line) <= _LONGEST_SLOGAN
        and len(_HAN.findall(line)) >= _SHORTEST_SLOGAN
        and _SLOGAN.fullmatch(line) is not None
        and line[0] not in "—-"
        and leading_number(line) is None
        and line[-1] not in "：:"
        and not _END.search(line)
        and not _is_torn(line)
        and bool(before_ends)
        and _TEXT_END.search(neighbours.after) is not None
    )
