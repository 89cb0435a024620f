"""Finds the line that is a document's own title. Pure."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from parsers.facts import Block
from parsers.text.form_labels import field_name, is_form_title
from parsers.text.heading_numbers import leading_number
from parsers.text.lines import is_attachment_mark, is_byline, is_caption, is_date, is_unit, split_lines

_REACH = 12
"""Lines from the start among which a title is looked for."""
_LONGEST = 80
_SHORTEST = 4
"""Characters of a title that does not stand out; one that does may be 好邻居."""
_TITLE_STYLE = re.compile(r"title|标题|標題|文档标题|文章标题|题目", re.IGNORECASE)
_TITLE_FIELD = re.compile(
    r"\s*+((?:案例|项目|作品|申报案例)?\s*+(?:名称|题目|标题|題目|標題|名稱))\s*+[：:]\s*+(\S.*)", re.DOTALL
)
_SENTENCE = re.compile(r"[。；;，,、]$|。.")
_SUBTITLE = re.compile(r"\s*(?:——|—|--|－－|──)")


def find_title(blocks: Sequence[Block]) -> tuple[str, int] | None:
    """The title's text, without 《》 around it, and the index of its block; None when no line stands out.

    Looked for among the first lines of the main text: the title style, or the line
    that stands out most by place, size and weight; a line after 案例名称： also
    counts. Never a byline, a date, a form's label or title, a numbered heading. A
    subtitle line that begins with —— is joined.
    """
    lines, origins = split_lines(blocks)
    first = list(
        itertools.islice(((i, one) for i, one in enumerate(lines) if one.part == "main" and one.text.strip()), _REACH)
    )
    for index, line in first:
        if found := _TITLE_FIELD.fullmatch(line.text.strip()):
            return _tidy(found[2]), origins[index]
    body_pt = body_size_pt(blocks)
    best: tuple[float, int] | None = None
    for position, (index, line) in enumerate(first):
        if _has_siblings(lines, index) and (position or _has_text_of_its_own(first)):
            continue
        prominence = _prominence(line, body_pt)
        if _may_be_title(line, shortest=_SHORTEST if prominence < 2 else 2):
            score = prominence - 0.2 * position
            best = max(best or (score, index), (score, index), key=lambda pair: pair[0])
        elif _is_prose(line):
            break
    if best is not None and best[0] < 1 and _may_be_title(first[0][1], shortest=_SHORTEST):
        best = (0.0, first[0][0])  # nothing stands out: the line that opens the text, or none
    if best is None or (best[0] < 1 and not _opens_text(first, best[1])):
        return None
    return _tidy(lines[best[1]].text + _subtitle(lines, best[1])), origins[best[1]]


def body_size_pt(blocks: Sequence[Block]) -> float | None:
    """The font size most characters of the main text have, in points; None when sizes are unknown."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        if block.part == "main" and block.size_pt is not None:
            sizes[block.size_pt] += len(block.text)
    return sizes.most_common(1)[0][0] if sizes else None


def _may_be_title(block: Block, *, shortest: int) -> bool:
    text = block.text.strip()
    return not (
        block.table is not None
        or not shortest <= len(text) <= _LONGEST
        or _SENTENCE.search(text)
        or _SUBTITLE.match(text)
        or leading_number(block.label + text)
        or is_date(text)
        or is_caption(text)
        or is_byline(text)
        or is_attachment_mark(text)
        or is_form_title(text)
        or field_name(text)
    )


def _has_siblings(lines: Sequence[Block], index: int) -> bool:
    """Whether other lines are headings of the same level: below the top, a title stands alone at its own."""
    level = lines[index].outline_level
    return level is not None and any(
        other.outline_level == level and other.part == "main" and other.text.strip()
        for place, other in enumerate(lines)
        if place != index
    )


def _has_text_of_its_own(first: Sequence[tuple[int, Block]]) -> bool:
    """Whether prose follows the first line at once: then it opens a part, as its siblings do, and is no title."""
    return len(first) > 1 and _is_prose(first[1][1])


def _is_prose(block: Block) -> bool:
    return len(block.text) > _LONGEST or block.text.rstrip().endswith("。")


def _prominence(block: Block, body_pt: float | None) -> float:
    score = 0.0
    if _TITLE_STYLE.fullmatch(block.style.strip()):
        score += 4
    if block.centred:
        score += 2
    if body_pt is not None and block.size_pt is not None:
        score += max(0.0, min(3.0, (block.size_pt - body_pt) / 2))
    if block.bold:
        score += 0.5
    if block.outline_level == 1:
        score += 0.5
    return score - 2.5 if is_unit(block.text) else score


def _opens_text(first: Sequence[tuple[int, Block]], index: int) -> bool:
    """Whether an unmarked line is the very first of the main text and more follows it."""
    return len(first) > 1 and first[0][0] == index and len(first[0][1].text.strip()) <= 40


def _subtitle(blocks: Sequence[Block], index: int) -> str:
    for block in blocks[index + 1 : index + 2]:
        if block.part == "main" and len(block.text) <= _LONGEST and _SUBTITLE.match(block.text):
            return "——" + block.text.strip().lstrip("—-－─ ")
    return ""


def _tidy(text: str) -> str:
    line = " ".join(text.split())
    inner = line[1:-1]
    return inner if line.startswith("《") and line.endswith("》") and "》" not in inner else line
