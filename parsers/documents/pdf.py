"""Reads a PDF: its text in paragraphs and table cells, its pictures, and whether it can be read at all.

One pass with PDFium gives text, sizes, weights and pictures of every page; pdfplumber is
asked for table cells where rulings are drawn. A page that shows something but no text is
counted, never taken for 0 字.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as c

from parsers.documents.pdf_flow import build_flow
from parsers.documents.pdf_furniture import find_furniture
from parsers.documents.pdf_glyphs import PageGlyphs, read_glyphs
from parsers.documents.pdf_lines import Line
from parsers.documents.pdf_objects import PageObjects, ShownImage, read_objects
from parsers.documents.pdf_paragraphs import build_blocks
from parsers.documents.pdf_pictures import PictureCollector
from parsers.documents.pdf_tables import Cell, TableFinder
from parsers.errors import ParserError
from parsers.facts import Block, DocumentFacts, Problem, Reading, TextCounts
from parsers.limits import Limits
from parsers.text.document_facts import build_document_facts

READER = "pdf/1"

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


def read_pdf(path: Path, job: Path, limits: Limits) -> Reading:
    """The document's facts and its pictures as members.

    Problems with the facts beside them, as far as reading came: `no_text` (pages of pictures only),
    `garbled_text` (its characters stand for nothing known), `empty`, `over_limit`.

    Args:
        path: A PDF.
        job: Where pictures are written, as `picture-0000`.
        limits: Pages, characters, pixels, members.

    Raises:
        ParserError: `encrypted` when a password is needed, `damaged` when PDFium finds no pages.
    """
    pages = _Pages()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with _open(path) as document, TableFinder(path) as tables:
        pictures = PictureCollector(document, job, limits)
        count = len(document)
        over = _read_pages(document, pages, pictures=pictures, tables=tables, limits=limits)
    facts = _facts(pages, pictures=pictures.shown, count=count)
    return Reading(
        reader=READER,
        format="pdf",
        sha256=digest,
        size_bytes=path.stat().st_size,
        document=facts,
        problem=_problem(pages, over or pictures.refused),
        members=pictures.members(),
    )


def _open(path: Path) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in {c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY}:
            raise ParserError("encrypted", "asks for a password") from error
        raise ParserError("damaged", f"PDFium error {error.err_code}") from error
    if len(document) == 0:
        document.close()
        raise ParserError("damaged", "no pages")
    return document


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
        _add_page(pages, text, objects, cells=_cells(page, index, text, objects, tables))
        for image in _pictures(text, objects):
            pictures.add(image, page=page, page_number=index + 1)
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
    """The pictures a page shows. On a scanned page the pieces above the scan are its layers: compression, no photos."""
    scan = _scan(text, objects) if _has_no_text(text, objects) else None
    return objects.images if scan is None else (scan,)


def _facts(pages: _Pages, *, pictures: int, count: int) -> DocumentFacts:
    lines = [[item for item in flow if isinstance(item, Line)] for flow in pages.flows]
    furniture = find_furniture(lines, pages.heights_pt)
    flows = [[item for item in flow if item not in furniture] for flow in pages.flows]
    facts = build_document_facts(
        build_blocks(flows, pages.widths_pt),
        pictures=pictures,
        pages=count,
        pages_without_text=pages.without_text,
        counts_reason="pdf_text",
    )
    return _as_recognised(facts) if 2 * pages.invisible > pages.glyphs else facts


def _as_recognised(facts: DocumentFacts) -> DocumentFacts:
    """The same with its counts marked as a machine's reading of a scan: the text lies in no ink under a picture."""
    counts = {
        part: TextCounts(**{name: measure.model_copy(update={"reason": "ocr"}) for name, measure in iter(of_part)})
        for part, of_part in facts.counts.items()
    }
    return facts.model_copy(update={"counts": counts})


def _problem(pages: _Pages, over_limit: str) -> Problem | None:
    if over_limit:
        return Problem(code="over_limit", detail=over_limit)
    if not pages.with_anything:
        return Problem(code="empty", detail="blank pages")
    if not pages.with_text:
        return Problem(code="no_text", detail=f"{pages.without_text} pages")
    if pages.unreadable >= max(_GARBLED_SHARE * pages.glyphs, min(_FEWEST_UNREADABLE, pages.glyphs)):
        return Problem(code="garbled_text", detail=f"{pages.unreadable} of {pages.glyphs} characters")
    return None
