"""Reads a PDF: its text in paragraphs and table cells, its pictures, and whether it can be read at all.

One pass with PDFium gives text, sizes, weights and pictures of every page; pdfplumber is
asked for table cells where rulings are drawn. A page that shows something but no text is
counted, never taken for 0 字.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium

from parsers.digests import sha256_of
from parsers.documents.pdf_blankness import paints_something
from parsers.documents.pdf_filled_in import draw_annotations, with_filled_in
from parsers.documents.pdf_flow import build_flow
from parsers.documents.pdf_furniture import find_furniture
from parsers.documents.pdf_glyphs import PageGlyphs, read_glyphs
from parsers.documents.pdf_lines import Line
from parsers.documents.pdf_objects import PageObjects, ShownImage, read_objects
from parsers.documents.pdf_opening import open_pdf
from parsers.documents.pdf_paragraphs import build_blocks
from parsers.documents.pdf_pictures import PictureCollector
from parsers.documents.pdf_tables import Cell, TableFinder
from parsers.facts import Block, DocumentFacts, Problem, Reading
from parsers.limits import Limits
from parsers.text.document_facts import build_document_facts

READER = "pdf/3"

_GARBLED_SHARE = 0.1
_FEWEST_UNREADABLE = 5
"""A few symbols of unknown fonts are no sign."""
_FEWEST_OUTLINES = 20
"""Fewer drawn paths are a rule or a frame on a blank page."""
_STAMP_GLYPHS = 30
"""What a scanning app prints over its pages, or a page number; no text."""
_SCAN_SHARE = 0.8
"""A picture over this much of a page is the page."""


@dataclass
class _Pages:
    """What the pages have given so far."""

    flows: list[tuple[Line | Block, ...]] = field(default_factory=list)
    heights_pt: list[float] = field(default_factory=list)
    widths_pt: list[float] = field(default_factory=list)
    characters: int = 0
    glyphs: int = 0
    unreadable: int = 0
    invisible: int = 0
    without_text: int = 0
    with_text: int = 0
    with_anything: int = 0
    tables: int = 0
    comments: int = 0


def read_pdf(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...] = ()) -> Reading:
    """The document's facts and its pictures as members.

    Problems with the facts beside them, as far as reading came: `no_text` (pages of pictures only),
    `garbled_text` (its characters stand for nothing known), `empty`, `over_limit`.

    Args:
        path: A PDF.
        job: Where pictures are written, as `picture-0000`.
        limits: Pages, characters, pixels, members.
        passwords: Tried in order when one is asked for.

    Raises:
        ParserError: As `open_pdf`.
    """
    pages = _Pages()
    opened = open_pdf(path, passwords)
    with opened.document as document, TableFinder(path, opened.password) as tables:
        pictures = PictureCollector(document, job, limits)
        count = len(document)
        over = _read_pages(document, pages, pictures=pictures, tables=tables, limits=limits)
    facts = _facts(pages, pictures=pictures.shown, count=count)
    return Reading(
        reader=READER,
        format="pdf",
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        document=facts,
        problem=_problem(pages, over or pictures.refused, path),
        members=pictures.members(),
    )


def _read_pages(
    document: pdfium.PdfDocument, pages: _Pages, *, pictures: PictureCollector, tables: TableFinder, limits: Limits
) -> str:
    """Read page after page; what limit was reached, empty when none."""
    for index in range(min(len(document), limits.pages)):
        try:
            _read_page(document, index, pages, pictures=pictures, tables=tables, limits=limits)
        except pdfium.PdfiumError:
            _add_broken_page(pages)
        if pages.characters > limits.text_characters:
            return f"more than {limits.text_characters} characters"
    return f"{len(document)} pages; the limit is {limits.pages}" if len(document) > limits.pages else ""


def _read_page(
    document: pdfium.PdfDocument,
    index: int,
    pages: _Pages,
    *,
    pictures: PictureCollector,
    tables: TableFinder,
    limits: Limits,
) -> None:
    page = document[index]
    try:
        text = read_glyphs(page, most=limits.text_characters - pages.characters + 1)
        objects = read_objects(page)
        for image in _pictures(text, objects):
            pictures.add(image, page=page, page_number=index + 1)
        if objects.annotations and draw_annotations(page.raw):
            page.close()
            page = document[index]
            text = with_filled_in(text, read_glyphs(page, most=limits.text_characters - pages.characters + 1))
        _add_page(pages, text, objects, cells=_cells(page, index, text, objects, tables))
    finally:
        page.close()


def _add_broken_page(pages: _Pages) -> None:
    """A page PDFium cannot load: the others stand, this one shows nothing that can be read."""
    pages.flows.append(())
    pages.heights_pt.append(0.0)
    pages.widths_pt.append(0.0)
    pages.without_text += 1
    pages.with_anything += 1


def _cells(
    page: pdfium.PdfPage, index: int, text: PageGlyphs, objects: PageObjects, tables: TableFinder
) -> tuple[Cell, ...]:
    """The table cells of a page, where text and page are turned alike."""
    if not text.glyphs or text.rotation != page.get_rotation():
        return ()
    return tables.cells(index, across=objects.across, down=objects.down)


def _add_page(pages: _Pages, text: PageGlyphs, objects: PageObjects, *, cells: tuple[Cell, ...]) -> None:
    number = len(pages.flows) + 1
    pages.flows.append(tuple(build_flow(text.glyphs, cells, page=number, first_table=pages.tables)))
    pages.heights_pt.append(text.height_pt)
    pages.widths_pt.append(text.width_pt)
    pages.tables += len({cell.table for cell in cells})
    pages.characters += text.characters
    pages.glyphs += len(text.glyphs)
    pages.unreadable += text.unreadable
    pages.invisible += text.invisible
    pages.comments += objects.comments
    without_text = _has_no_text(text, objects)
    pages.without_text += without_text
    pages.with_text += bool(text.glyphs) and not without_text
    pages.with_anything += bool(text.glyphs) or objects.shows_anything


def _has_no_text(text: PageGlyphs, objects: PageObjects) -> bool:
    """Whether a page shows something and says nothing: a scan, text turned into outlines, an unread form."""
    if not text.glyphs:
        drawn = objects.paths >= _FEWEST_OUTLINES or objects.shadings or objects.annotations
        return bool(objects.images) or bool(drawn)
    return len(text.glyphs) < _STAMP_GLYPHS and _scan(text, objects) is not None


def _scan(text: PageGlyphs, objects: PageObjects) -> ShownImage | None:
    """The picture that is the page, when one covers it."""
    page_pt2 = text.width_pt * text.height_pt
    largest = max(objects.images, key=lambda image: image.area_pt2, default=None)
    return largest if largest is not None and largest.area_pt2 >= _SCAN_SHARE * page_pt2 else None


def _pictures(text: PageGlyphs, objects: PageObjects) -> tuple[ShownImage, ...]:
    """The pictures a page shows. On a scanned page the pieces above the scan are its layers: compression, no photos.

    Where a machine has put its reading below the scan, the scan itself is the page and no picture.
    """
    scan = _scan(text, objects)
    if scan is not None and text.glyphs and 2 * text.invisible > len(text.glyphs):
        return ()
    return (scan,) if scan is not None and _has_no_text(text, objects) else objects.images


def _facts(pages: _Pages, *, pictures: int, count: int) -> DocumentFacts:
    lines = [[item for item in flow if isinstance(item, Line)] for flow in pages.flows]
    furniture = find_furniture(lines, pages.heights_pt)
    flows = [[item for item in flow if item not in furniture] for flow in pages.flows]
    # Text in no ink lies under a scan: a machine has read it.
    recognised = 2 * pages.invisible > pages.glyphs
    facts = build_document_facts(
        build_blocks(flows, pages.widths_pt),
        pictures=pictures,
        pages=count,
        pages_without_text=pages.without_text,
        counts_reason="ocr" if recognised else "pdf_text",
        comments=pages.comments,
    )
    return facts.model_copy(update={"ocr": recognised})


def _problem(pages: _Pages, over_limit: str, path: Path) -> Problem | None:
    if over_limit:
        return Problem(code="over_limit", detail=over_limit)
    if not pages.with_anything:
        if paints_something(path):
            return Problem(code="no_text", detail="PDFium shows blank pages")
        return Problem(code="empty", detail="blank pages")
    if not pages.with_text:
        return Problem(code="no_text", detail=f"{pages.without_text} pages")
    if pages.unreadable >= max(_GARBLED_SHARE * pages.glyphs, min(_FEWEST_UNREADABLE, pages.glyphs)):
        return Problem(code="garbled_text", detail=f"{pages.unreadable} of {pages.glyphs} characters")
    return None
