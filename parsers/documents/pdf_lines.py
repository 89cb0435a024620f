"""Glyphs to lines of text: where a line ends, and which gaps are spaces. Pure."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsers.documents.pdf_glyphs import Glyph

_WIDE_GAP_EM = 4.0
"""Two pieces so far apart on one row are two texts: a label at the margin, another column."""
_SPACE_EM = 1.0
_SHADOW_EM = 0.12
"""Less than the narrowest letters are apart (two l: 0.22)."""
_BACKWARD_EM = 0.1
_EAST_ASIAN = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff“”‘’—…·]"
)
_BROKEN_AFTER = tuple("-/?&=_#@\\")
"""Where a word, or an address, is broken over two lines without a space."""
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2E80, 0x2FD6)} | str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳", "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟"
)
"""Some PDFs map 人 to the radical ⼈ (U+2F08) and 民 to ⺠ (U+2EA0), which look the same and match nothing.
Unicode gives the supplement's radicals no decomposition, hence the second table."""
_BULLET = re.compile(r"^[\ue000-\uf8ff]+\s*")
"""A symbol font's bullet: Word's automatic label, which is not text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as printed."""

    text: str
    page: int
    """1-based."""
    left: float
    top: float
    right: float
    bottom: float
    size_pt: float
    """The largest size in it."""
    bold: bool
    """Every glyph is bold."""
    black: bool
    """Every glyph is bold or set in a heading face."""


def is_east_asian(character: str) -> bool:
    """Whether a character needs no space beside it."""
    return _EAST_ASIAN.match(character) is not None


def join_lines(first: str, second: str) -> str:
    """Two lines of one paragraph as one text: a space only between two words of a script that has spaces."""
    if not first or not second:
        return first + second
    glued = is_east_asian(first[-1]) or is_east_asian(second[0]) or first.endswith(_BROKEN_AFTER)
    return first + second if glued else f"{first} {second}"


def without_shadows(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs without those drawn a second time, slightly moved: shadows and hand-made bold are no text.

    The letters of a ligature share one box and are neighbours; a shadow comes after its whole line.
    """
    if not _may_have_shadows(glyphs):
        return list(glyphs)
    kept: list[Glyph] = []
    places: dict[tuple[str, int, int], Glyph] = {}
    before: Glyph | None = None
    for glyph in glyphs:
        em = max(glyph.size_pt, 1.0)
        reach, cell = _SHADOW_EM * em, _SHADOW_EM * 4 * em
        keys = {
            (glyph.text, int((glyph.left + dx) / cell), int((glyph.top + dy) / cell))
            for dx in (-reach, reach)
            for dy in (-reach, reach)
        }
        near = [places[key] for key in keys if key in places]
        is_shadow = any(_is_shadow(glyph, other, reach) for other in near if other is not before)
        before = glyph
        if not is_shadow:
            kept.append(glyph)
            places[glyph.text, int(glyph.left / cell), int(glyph.top / cell)] = glyph
    return kept


def _may_have_shadows(glyphs: Sequence[Glyph]) -> bool:
    """Whether any character comes twice about one place: on pages of Chinese text it never does, and nothing more is done."""
    places = {
        (glyph.text, int(glyph.left / max(glyph.size_pt, 1.0)), int(glyph.top / max(glyph.size_pt, 1.0)))
        for glyph in glyphs
    }
    return len(places) < len(glyphs)


def _is_shadow(glyph: Glyph, other: Glyph, reach: float) -> bool:
    return abs(glyph.left - other.left) <= reach and abs(glyph.top - other.top) <= reach


def build_lines(glyphs: Sequence[Glyph], *, page: int) -> tuple[Line, ...]:
    """The lines of one page, in content order; empty for no glyphs."""
    return tuple(_line(run, page=page) for run in runs(glyphs))


def runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs that follow one another on one line, in their order; none is empty."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and not may_follow(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def may_follow(last: Glyph, glyph: Glyph) -> bool:
    """Whether `glyph` stands behind `last` on the same line."""
    em = max(last.size_pt, glyph.size_pt, 1.0)
    overlap = min(last.bottom, glyph.bottom) - max(last.top, glyph.top)
    lower = min(last.bottom - last.top, glyph.bottom - glyph.top)
    # Superscripts overlap by less than half; a new line does not overlap at all or starts at the left again.
    if overlap < 0.35 * lower:
        return False
    # The letters of a ligature share one box.
    return last.left - _BACKWARD_EM * em <= glyph.left <= last.right + _WIDE_GAP_EM * em


def _line(run: list[Glyph], *, page: int) -> Line:
    texts = [run[0].text]
    for last, glyph in itertools.pairwise(run):
        texts += (_space(last, glyph), glyph.text)
    return Line(
        text=_BULLET.sub("", "".join(texts).translate(_RADICALS).strip()),
        page=page,
        left=min(glyph.left for glyph in run),
        top=min(glyph.top for glyph in run),
        right=max(glyph.right for glyph in run),
        bottom=max(glyph.bottom for glyph in run),
        size_pt=max(glyph.size_pt for glyph in run),
        bold=all(glyph.bold for glyph in run),
        black=all(glyph.bold or glyph.black for glyph in run),
    )


def _space(last: Glyph, glyph: Glyph) -> str:
    """What stands between two neighbours: spaces of the text itself, or one for a gap that means one."""
    written = glyph.spaces.replace("\0", "")
    if written or not glyph.spaces:
        return written
    if is_east_asian(last.text) or is_east_asian(glyph.text):
        # Justified Chinese text is full of gaps; only one as wide as a character was meant.
        return " " if glyph.left - last.right >= _SPACE_EM * max(last.size_pt, glyph.size_pt) else ""
    return " "
