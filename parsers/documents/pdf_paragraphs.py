"""Lines to paragraphs: what a reader sees as one text, across line, column and page ends. Pure.

A line goes on in the next when it is full (reaches the right edge of its column) and the next
does not start further in. Wrong guesses cost little: 字数 does not depend on them, headings stand on lines of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.documents.pdf_lines import Line, is_east_asian, join_lines
from parsers.facts import Block

_FULL_EM = 2.1
"""Chinese text that is not justified leaves two characters free when a mark may not open the next line."""
_INDENT_EM = 0.6
_MOST_GAP_EM = 1.6
"""Space between two lines of a paragraph at most; double spacing has 1.3."""
_CENTRE_SHARE = 0.03
_MANY_LINES = 200
_OPENS_PART = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章节部条]"
    r"|\d{1,2}(?:、|．|\.(?!\d))|[①-⑳]|【)"
)
_SENTENCE_END = tuple("。！？；：!?;:”…")


@dataclass(frozen=True, slots=True)
class _Column:
    left: float
    right: float
    lines: int
    """How many lines speak for its edges."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the document as a whole says of its lines; lines are keyed by identity."""

    columns: dict[int, _Column]
    widths: dict[int, float]
    body_pt: float
    black_is_bold: bool

    def centres(self, line: Line) -> bool:
        """Whether a line stands in the middle of its page, with room on both sides."""
        column, width_pt = self.columns[id(line)], self.widths[id(line)]
        room = min(line.left - column.left, column.right - line.right)
        alone = line.left == column.left and line.right == column.right
        in_middle = abs((line.left + line.right) / 2 - width_pt / 2) <= _CENTRE_SHARE * width_pt
        return in_middle and (alone or room >= line.size_pt)


def build_blocks(pages: Sequence[Sequence[Line | Block]], widths_pt: Sequence[float]) -> tuple[Block, ...]:
    """Paragraphs in reading order, with page, size, bold and centred; empty for no lines.

    Args:
        pages: What flows on each page, in content order: lines of its text, and finished blocks (table cells).
        widths_pt: The width of each page.
    """
    lines = [[item for item in flow if isinstance(item, Line)] for flow in pages]
    setting = _Setting(
        columns={id(line): column for on_page in lines for line, column in _columns(on_page)},
        widths={id(line): width for on_page, width in zip(lines, widths_pt, strict=True) for line in on_page},
        body_pt=_body_size(lines),
        black_is_bold=not _is_mostly_black(lines),
    )
    blocks: list[Block] = []
    paragraph: list[Line] = []
    for item in (item for flow in pages for item in flow if item.text):
        if paragraph and not (isinstance(item, Line) and _goes_on(paragraph, item, setting)):
            blocks.append(_block(paragraph, setting))
            paragraph = []
        if isinstance(item, Line):
            paragraph.append(item)
        else:
            blocks.append(item)
    if paragraph:
        blocks.append(_block(paragraph, setting))
    return tuple(blocks)


def _goes_on(paragraph: list[Line], line: Line, setting: _Setting) -> bool:
    """Whether `line` continues the paragraph."""
    last = paragraph[-1]
    em = max(last.size_pt, line.size_pt, 1.0)
    if abs(last.size_pt - line.size_pt) > 0.1 * em or (last.bold != line.bold and _is_uniform(paragraph, line)):
        return False
    last_column, column = setting.columns[id(last)], setting.columns[id(line)]
    if line.page == last.page and not _is_next_below(last, line, em):
        return False
    full = _is_full(last, line, last_column)
    # A centred title wraps when it is full: that line itself has no room on its sides.
    if (
        last.size_pt > setting.body_pt + 1
        and line.page == last.page
        and setting.centres(line)
        and (full or setting.centres(last))
    ):
        return last.bold == line.bold
    if _OPENS_PART.match(line.text) or not full:
        return False
    if line.page != last.page or line.top < last.top:
        # A new page or column: it goes on unless the sentence ended or the next line is set in.
        return not last.text.endswith(_SENTENCE_END) and line.left - column.left <= _INDENT_EM * em
    return line.left <= last.left + _INDENT_EM * em


def _is_uniform(paragraph: list[Line], line: Line) -> bool:
    """Whether all lines so far are of one weight: then a change of weight is a change of text."""
    return line.bold or all(part.bold for part in paragraph)


def _is_next_below(last: Line, line: Line, em: float) -> bool:
    """Directly below, or at the head of the next column."""
    if line.top < last.top - em:
        return line.left > last.left
    return line.top >= last.bottom - 0.6 * em and line.top - last.bottom <= _MOST_GAP_EM * em


def _is_full(last: Line, line: Line, column: _Column) -> bool:
    """Whether the next line's first word would not have fitted on the last one; a line alone is never full."""
    if column.lines == 1:
        return False
    word = re.match(r"\S+", line.text)
    letters = 1 if word is None or is_east_asian(line.text[0]) else len(word.group())
    room = max(_FULL_EM, 0.6 * letters) * last.size_pt
    return last.right >= column.right - room


def _columns(lines: Sequence[Line]) -> Iterator[tuple[Line, _Column]]:
    """For each line the column it stands in: the edges of the lines above and below it."""
    whole = _column(lines)
    for line in lines:
        if len(lines) > _MANY_LINES:
            yield line, whole
            continue
        yield line, _column([other for other in lines if _share_column(line, other)])


def _column(lines: Sequence[Line]) -> _Column:
    left = min((line.left for line in lines), default=0.0)
    right = max((line.right for line in lines), default=0.0)
    return _Column(left, right, len(lines))


def _share_column(line: Line, other: Line) -> bool:
    overlap = min(line.right, other.right) - max(line.left, other.left)
    return overlap >= 0.5 * min(line.right - line.left, other.right - other.left)


def _is_mostly_black(pages: Sequence[Sequence[Line]]) -> bool:
    black = sum(len(line.text) for lines in pages for line in lines if line.black)
    return 2 * black > sum(len(line.text) for lines in pages for line in lines)


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size_pt] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _block(paragraph: list[Line], setting: _Setting) -> Block:
    text = ""
    for line in paragraph:
        text = join_lines(text, line.text)
    return Block(
        text=text,
        bold=all(line.bold or (setting.black_is_bold and line.black) for line in paragraph),
        centred=all(setting.centres(line) for line in paragraph),
        size_pt=max(line.size_pt for line in paragraph) or None,
        page=paragraph[0].page,
    )
