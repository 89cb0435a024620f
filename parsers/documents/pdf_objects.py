"""The drawn objects of a PDF page: pictures with their place, and which rulings a table could be made of."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import c_float
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

_MOST_DEPTH = 8
_MOST_OBJECTS = 50_000
"""Objects looked at on one page; drawings have more, and what they hold is no picture."""
_MOST_ANNOTATIONS = 5_000
_THIN_PT = 3.0
_LONG_PT = 15.0

_NOT_SHOWN = frozenset({c.FPDF_ANNOT_LINK, c.FPDF_ANNOT_POPUP})
_MARKS = frozenset(
    {
        c.FPDF_ANNOT_HIGHLIGHT,
        c.FPDF_ANNOT_UNDERLINE,
        c.FPDF_ANNOT_SQUIGGLY,
        c.FPDF_ANNOT_STRIKEOUT,
        c.FPDF_ANNOT_CARET,
    }
)

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in PDF user space."""
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class ShownImage(NamedTuple):
    """One showing of an image on a page."""

    handle: Any
    """PDFium's object; alive as long as its page."""
    box: Box

    @property
    def area_pt2(self) -> float:
        """How much of the page it covers, in square points."""
        left, bottom, right, top = self.box
        return (right - left) * (top - bottom)


class PageObjects(NamedTuple):
    """What is drawn on a page besides text."""

    images: tuple[ShownImage, ...]
    """In drawing order; those outside the page left out."""
    across: int
    """Thin horizontal lines; a frame is two."""
    down: int
    """Thin vertical lines; a frame is two."""
    paths: int
    shadings: int
    annotations: int
    """Form fields, typed text, stamps and marks laid over the page; links and windows that open are none."""
    comments: int
    """Remarks of a reader: notes, and marks with words."""

    @property
    def shows_anything(self) -> bool:
        """Whether the page is more than blank."""
        return bool(self.images or self.paths or self.shadings or self.annotations)


def read_objects(page: pdfium.PdfPage) -> PageObjects:
    """The pictures and rulings of `page`, those inside form objects included."""
    images: list[ShownImage] = []
    across = down = paths = shadings = 0
    visible: Box = tuple(page.get_bbox())
    for count, (handle, kind, matrix) in enumerate(_walk(page.raw, _IDENTITY, 0)):
        if count >= _MOST_OBJECTS:
            break
        box = _box(handle, matrix)
        if kind == c.FPDF_PAGEOBJ_IMAGE and _meet(box, visible):
            images.append(ShownImage(handle, box))
        elif kind == c.FPDF_PAGEOBJ_PATH:
            paths += 1
            lies, stands = _rulings(box)
            across, down = across + lies, down + stands
        elif kind == c.FPDF_PAGEOBJ_SHADING:
            shadings += 1
    notes = list(_notes(page))
    return PageObjects(
        images=tuple(images),
        across=across,
        down=down,
        paths=paths,
        shadings=shadings,
        annotations=sum(kind not in _NOT_SHOWN for kind, _ in notes),
        comments=sum(kind == c.FPDF_ANNOT_TEXT or (kind in _MARKS and has_words) for kind, has_words in notes),
    )


def _notes(page: pdfium.PdfPage) -> Iterator[tuple[int, bool]]:
    """Kind of each annotation, and whether it has words of its own."""
    for index in range(min(c.FPDFPage_GetAnnotCount(page.raw), _MOST_ANNOTATIONS)):
        note = c.FPDFPage_GetAnnot(page.raw, index)
        if note:
            # An empty string is two bytes of UTF-16.
            yield c.FPDFAnnot_GetSubtype(note), c.FPDFAnnot_GetStringValue(note, b"Contents", None, 0) > 2
            c.FPDFPage_CloseAnnot(note)


def _walk(parent: Any, matrix: _Matrix, depth: int) -> Iterator[tuple[Any, int, _Matrix]]:
    """Every object below `parent`, with the matrix that leads to user space."""
    count = c.FPDFFormObj_CountObjects(parent) if depth else c.FPDFPage_CountObjects(parent)
    for index in range(max(count, 0)):
        handle = c.FPDFFormObj_GetObject(parent, index) if depth else c.FPDFPage_GetObject(parent, index)
        if not handle:
            continue
        kind = c.FPDFPageObj_GetType(handle)
        # Forms are handed out too: forms of forms of forms must count toward the limit.
        yield handle, kind, matrix
        if kind == c.FPDF_PAGEOBJ_FORM and depth < _MOST_DEPTH:
            yield from _walk(handle, _inside(handle, matrix), depth + 1)


def _inside(form: Any, outer: _Matrix) -> _Matrix:
    """The matrix of a form's content: the form's own, then what surrounds it."""
    own = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(form, own):
        return outer
    a, b, cc, d, e, f = outer
    return (
        own.a * a + own.b * cc,
        own.a * b + own.b * d,
        own.c * a + own.d * cc,
        own.c * b + own.d * d,
        own.e * a + own.f * cc + e,
        own.e * b + own.f * d + f,
    )


def _box(handle: Any, matrix: _Matrix) -> Box:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    c.FPDFPageObj_GetBounds(handle, left, bottom, right, top)
    if matrix == _IDENTITY:
        return left.value, bottom.value, right.value, top.value
    a, b, cc, d, e, f = matrix
    corners = [(x.value, y.value) for x in (left, right) for y in (bottom, top)]
    xs = [a * x + cc * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _rulings(box: Box) -> tuple[int, int]:
    """How many horizontal and vertical rulings a path is: a thin line one, a frame two of each, a speck none."""
    width, height = box[2] - box[0], box[3] - box[1]
    if max(width, height) < _LONG_PT:
        return 0, 0
    if min(width, height) <= _THIN_PT:
        return (1, 0) if width > height else (0, 1)
    return 2, 2
