"""The glyphs of one PDF page in content order, with place, size and weight, read through PDFium.

PDFium's text page is used glyph by glyph instead of as a string: that costs about 4 ms for a
page of 1,000 characters and gives what the string lacks: sizes, bold, turned and unmapped glyphs.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "heavy", "black", "demi", "粗")
_BLACK_NAMES = ("simhei", "heiti", "黑体", "stheiti", "dengxian-bold", "fzhei", "fzxbs", "小标宋")
"""Faces that Chinese documents set headings in; they count as bold unless the whole text is set in them."""
_UNMAPPED = frozenset({0, 0xFFFD, 0xFFFE, 0xFFFF})
_SOFT_HYPHEN = 0x02
"""What PDFium gives for a hyphen at a line's end."""
_FEWEST_DOWNWARD = 8
"""A few characters below one another are a sign board, or a list of one-letter lines."""
_INVISIBLE_MODES = frozenset({3, 7})


class Glyph(NamedTuple):
    """One glyph as shown: points from the top left corner of the page, y downward, text running to the right."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size_pt: float
    bold: bool
    black: bool
    """Set in a face used for headings."""
    spaces: str
    """White space before it on the page; a generated space is "\\0": PDFium saw a gap."""


class PageGlyphs(NamedTuple):
    """What one page shows as text."""

    glyphs: tuple[Glyph, ...]
    """In content order."""
    width_pt: float
    height_pt: float
    rotation: int
    """Degrees the page was turned clockwise so that its text runs to the right: 0, 90, 180, 270."""
    unreadable: int
    """Glyphs that stand for no known character: unmapped, private use, control."""
    invisible: int
    """Glyphs drawn in no ink: the text layer under a scan."""
    characters: int
    """How many characters PDFium was asked for, white space and left out glyphs included."""


class _Face(NamedTuple):
    size_pt: float
    bold: bool
    black: bool
    invisible: bool
    angle: int
    """Degrees counter-clockwise, -180 to 180, rounded to whole ones."""


class _Char(NamedTuple):
    code: int
    box: tuple[float, float, float, float]
    face: _Face
    spaces: str
    unmapped: bool


def read_glyphs(page: pdfium.PdfPage, *, most: int) -> PageGlyphs:
    """The glyphs of `page`, at most `most`; turned glyphs (watermarks, margin notes) are left out."""
    text_page = page.get_textpage()
    try:
        characters = min(text_page.count_chars(), most)
        chars = list(_chars(text_page.raw, characters))
    finally:
        text_page.close()
    angles = Counter(char.face.angle for char in chars)
    angle = angles.most_common(1)[0][0] if angles else -page.get_rotation()
    # Text at an odd angle all over the page is a scan's slant: taken as straight.
    rotation = round(angle / 90) * 90 % 360
    kept_angles: tuple[int, ...] = (angle,)
    if angle == 0 and _runs_down(chars):
        # Lines from top to bottom, the first at the right: turned to the left they are lines like others.
        # Latin words lie on their side among them.
        rotation, kept_angles = 270, (0, -90)
    shown = _Turn(page, rotation)
    glyphs = tuple(
        Glyph(
            _character(char),
            *shown.box(char.box),
            char.face.size_pt,
            char.face.bold,
            char.face.black,
            char.spaces,
        )
        for char in chars
        if any(abs(char.face.angle - kept) <= 5 for kept in kept_angles)
    )
    if len(kept_angles) > 1:
        glyphs = _from_first_line(glyphs)
    return PageGlyphs(
        glyphs=glyphs,
        width_pt=shown.width_pt,
        height_pt=shown.height_pt,
        rotation=rotation,
        unreadable=sum(_is_unreadable(char) for char in chars),
        invisible=sum(char.face.invisible for char in chars),
        characters=characters,
    )


def _runs_down(chars: list[_Char]) -> bool:
    """Whether characters follow one another downward: vertical writing."""
    down = across = 0
    for last, char in itertools.pairwise(chars):
        em = max(last.face.size_pt, char.face.size_pt, 1.0)
        x = (char.box[0] + char.box[2] - last.box[0] - last.box[2]) / 2
        y = (char.box[1] + char.box[3] - last.box[1] - last.box[3]) / 2
        down += abs(x) <= 0.3 * em and 0.3 * em <= -y <= 2 * em
        across += abs(y) <= 0.3 * em and 0.3 * em <= x <= 2.5 * em
    return down >= _FEWEST_DOWNWARD and down > 2 * across


def _from_first_line(glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
    """The glyphs of a turned vertical page; PDFium puts lines that begin at one height in order from left to right."""
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        if lines and abs(glyph.top - lines[-1][-1].top) <= 0.5 * glyph.size_pt:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    backward = sum(line[0].top < last[0].top for last, line in itertools.pairwise(lines))
    if 2 * backward < len(lines):
        return glyphs
    lines.sort(key=lambda line: line[0].top)
    rows: list[list[list[Glyph]]] = []
    for line in lines:
        if rows and line[0].top - rows[-1][0][0].top <= 0.5 * line[0].size_pt:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(glyph for row in rows for line in sorted(row, key=lambda line: line[0].left) for glyph in line)


def _chars(text_page: Any, count: int) -> Iterator[_Char]:
    """Characters other than white space; the white space before each goes with it."""
    rectangle = c.FS_RECTF()
    faces: dict[int, _Face] = {}
    spaces = ""
    for index in range(count):
        code = c.FPDFText_GetUnicode(text_page, index)
        if code in {0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x3000, 0x2002, 0x2003, 0x2009}:
            generated = c.FPDFText_IsGenerated(text_page, index) == 1
            spaces += "\0" if generated else chr(code)
            continue
        if not c.FPDFText_GetLooseCharBox(text_page, index, rectangle):
            continue
        box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        unmapped = c.FPDFText_HasUnicodeMapError(text_page, index) == 1
        yield _Char(code, box, _face_of(text_page, index, faces), spaces, unmapped)
        spaces = ""


def _face_of(text_page: Any, index: int, faces: dict[int, _Face]) -> _Face:
    """Size, weight and direction of the text object a character belongs to, looked up once an object."""
    text_object = c.FPDFText_GetTextObject(text_page, index)
    key = ctypes.addressof(text_object.contents) if text_object else -1
    known = faces.get(key)
    if known is not None:
        return known
    matrix = c.FS_MATRIX()
    c.FPDFText_GetMatrix(text_page, index, matrix)
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    mode = c.FPDFTextObj_GetTextRenderMode(text_object) if text_object else 0
    bold, black = _weight(text_object)
    face = _Face(
        size_pt=round(c.FPDFText_GetFontSize(text_page, index) * scale * 2) / 2,
        # Filled and stroked: how Word and WPS print the bold of a font that has no bold cut.
        bold=bold or mode == c.FPDF_TEXTRENDERMODE_FILL_STROKE,
        black=black,
        invisible=mode in _INVISIBLE_MODES,
        angle=round(math.degrees(math.atan2(matrix.b, matrix.a))),
    )
    faces[key] = face
    return face


def _weight(text_object: Any) -> tuple[bool, bool]:
    """Whether a text object's font is bold, and whether it is a heading face."""
    font = c.FPDFTextObj_GetFont(text_object) if text_object else None
    if not font:
        return False, False
    length = c.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 1))
    c.FPDFFont_GetBaseFontName(font, buffer, length)
    name = buffer.value.decode("utf-8", "replace").lower()
    bold = any(word in name for word in _BOLD_NAMES) or c.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
    return bold, any(word in name for word in _BLACK_NAMES)


def _character(char: _Char) -> str:
    if char.code == _SOFT_HYPHEN:
        return "-"
    return "\ufffd" if char.code in _UNMAPPED or 0xD800 <= char.code <= 0xDFFF else chr(char.code)


def _is_unreadable(char: _Char) -> bool:
    code = char.code
    private = 0xE000 <= code <= 0xF8FF or code >= 0xF0000
    control = (code < 0x20 and code != _SOFT_HYPHEN) or 0x7F <= code < 0xA0
    return private or control or code in _UNMAPPED or (char.unmapped and not _is_in_daily_use(chr(code)))


def _is_in_daily_use(character: str) -> bool:
    """Whether a guess of PDFium's may stand: kana, or a character of GB 2312 level 1. Latin guesses are often shifted."""
    if "\u3000" <= character <= "\u30ff" or "\uff00" <= character <= "\uff5e":
        return True
    try:
        return 0xB0 <= character.encode("gb2312")[0] <= 0xD7
    except UnicodeError:
        return False


class _Turn:
    """Carries boxes from PDF user space to the page as shown. Source: ISO 32000-1, 8.3.2.3 and table 30."""

    def __init__(self, page: pdfium.PdfPage, rotation: int) -> None:
        self._left, self._bottom, self._right, self._top = _visible_box(page)
        self._rotation = rotation
        width, height = self._right - self._left, self._top - self._bottom
        self.width_pt, self.height_pt = (height, width) if rotation in {90, 270} else (width, height)

    def box(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Left, top, right, bottom as shown, from left, bottom, right, top in user space."""
        left, bottom, right, top = box
        if self._rotation == 90:
            return bottom - self._bottom, left - self._left, top - self._bottom, right - self._left
        if self._rotation == 180:
            return self._right - right, bottom - self._bottom, self._right - left, top - self._bottom
        if self._rotation == 270:
            return self._top - top, self._right - right, self._top - bottom, self._right - left
        return left - self._left, self._top - top, right - self._left, self._top - bottom


def _visible_box(page: pdfium.PdfPage) -> tuple[float, float, float, float]:
    """The crop box inside the media box; the media box when they do not meet."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if left < right and bottom < top else tuple(media)
