"""What was filled in over the pages of a PDF: values of form fields, text typed onto a page, and where it belongs.

PDFium is asked to draw annotations into the page (in memory only); what its text then has more than before was filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as c

from parsers.documents.pdf_glyphs import Glyph, PageGlyphs
from parsers.documents.pdf_lines import runs


def draw_annotations(raw_page: Any) -> bool:
    """Make the annotations of a page part of it; whether there were any. The page must be loaded anew to be read."""
    return bool(c.FPDFPage_Flatten(raw_page, c.FLAT_NORMALDISPLAY) == c.FLATTEN_SUCCESS)


def with_filled_in(printed: PageGlyphs, drawn: PageGlyphs) -> PageGlyphs:
    """`drawn`, the page with its annotations, with every filled-in text behind the printed text it belongs to.

    Pure. `printed` is the same page without them. When the two do not agree on what was printed, that stands alone.
    """
    count = len(printed.glyphs)
    own, added = drawn.glyphs[:count], drawn.glyphs[count:]
    if printed.rotation != drawn.rotation and printed.glyphs:
        return printed
    if [glyph.text for glyph in own] != [glyph.text for glyph in printed.glyphs]:
        return printed
    inserts: dict[int, list[Glyph]] = {}
    for run in runs(added):
        inserts.setdefault(_place(run[0], own), []).extend(run)
    glyphs: list[Glyph] = list(inserts.get(0, ()))
    for number, glyph in enumerate(own, start=1):
        glyphs.append(glyph)
        glyphs += inserts.get(number, ())
    return drawn._replace(glyphs=tuple(glyphs))


def _place(first: Glyph, printed: Sequence[Glyph]) -> int:
    """After how many printed glyphs a text goes: behind its label on the same row, else below what stands above it."""
    middle = (first.top + first.bottom) / 2
    beside = [
        (glyph.right, number)
        for number, glyph in enumerate(printed, start=1)
        if glyph.top <= middle <= glyph.bottom and glyph.right <= first.left + first.size_pt
    ]
    if beside:
        return max(beside)[1]
    above = [
        (glyph.bottom, glyph.right, number) for number, glyph in enumerate(printed, start=1) if glyph.bottom <= middle
    ]
    return max(above)[2] if above else 0
