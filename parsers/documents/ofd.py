"""Reads OFD documents (GB/T 33190-2016), the fixed-layout format of Chinese offices, from a file.

Pages are glyphs at places, as in a PDF: the same rules put them together to lines and paragraphs.
"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from parsers.digests import sha256_of
from parsers.documents.ofd_geometry import PT_PER_MM, Box, box
from parsers.documents.ofd_package import OfdPackage, child_text, children
from parsers.documents.ofd_page import ObjectBudget, PageContent, ShownPicture, read_content
from parsers.documents.ofd_resources import Resources, load_resources
from parsers.documents.pdf_flow import build_flow
from parsers.documents.pdf_furniture import find_furniture
from parsers.documents.pdf_lines import Line
from parsers.documents.pdf_paragraphs import build_blocks
from parsers.documents.shown_pictures import ShownPictures
from parsers.errors import LimitError, ParserError
from parsers.facts import DocumentFacts, Problem, Reading
from parsers.limits import Limits
from parsers.text.document_facts import build_document_facts

READER = "ofd/1"

_A4 = Box(0.0, 0.0, 210.0, 297.0)
_FEWEST_OUTLINES = 20
"""Fewer drawn paths are a rule or a frame on a blank page."""
_GARBLED_SHARE = 0.1
_FEWEST_UNREADABLE = 5
_STAMP_GLYPHS = 30
"""What a scanning program prints over its pages, or a page number; no text."""
_SCAN_SHARE = 0.8
"""A picture over this much of a page is the page."""


@dataclass(frozen=True, slots=True)
class _PageSource:
    """Where one page lies, and what it may refer to."""

    part: str | None
    resources: Resources
    templates: dict[str, str]
    paper: Box


@dataclass(slots=True)
class _Pages:
    """What the pages have given so far."""

    contents: list[PageContent] = field(default_factory=list)
    papers: list[Box] = field(default_factory=list)
    templates: list[PageContent] = field(default_factory=list)
    """Of each page what its templates show: letterheads, frames, watermarks."""
    broken: int = 0


def read_ofd(path: Path, job: Path, limits: Limits) -> Reading:
    """Text, structure, counts and pages of an OFD; the pictures on its pages become members in `job`.

    What templates show is furniture of the page and not counted, unless the pages
    themselves say nothing. Seals of signatures and annotations are left out.

    Args:
        path: The file, any name.
        job: Existing folder that receives the members.
        limits: Ceilings for sizes, pages and counts.

    Returns:
        A reading of format "ofd". Beside its facts stand the problems `no_text` (pages of
        pictures only), `garbled_text` (characters that stand for nothing known), `empty`, `over_limit` (pages).

    Raises:
        ParserError: `damaged`, `encrypted`.
        LimitError: The file asks for more than `limits` allow.
    """
    pictures = ShownPictures(job, limits, "ofd-picture")
    try:
        with OfdPackage(path, limits) as package:
            sources = list(_page_sources(package))
            pages = _read_pages(package, sources[: limits.pages], limits)
            for content, paper in zip(pages.contents, pages.papers, strict=True):
                for picture in _pictures(content, paper):
                    pictures.show(
                        picture.part.lower(),
                        functools.partial(package.pieces, picture.part),
                        name=posixpath.basename(picture.part),
                        size_px=picture.size_px,
                    )
    except RecursionError as error:
        raise LimitError("nested too deeply") from error
    facts = _facts(pages, pictures=pictures.count, count=len(sources))
    over = f"{len(sources)} pages; the limit is {limits.pages}" if len(sources) > limits.pages else ""
    return Reading(
        reader=READER,
        format="ofd",
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        document=facts,
        problem=_problem(pages, facts, over),
        members=pictures.members(),
    )


def _page_sources(package: OfdPackage) -> Iterator[_PageSource]:
    """The pages of all documents in the package, in order. Source: GB/T 33190-2016, 7.4 and 7.5.

    Raises:
        ParserError: `encrypted`; `damaged` when nothing in it says where its pages are.
    """
    if package.has("Encryptions.xml"):  # GM/T 0099-2020: the parts behind it are noise
        raise ParserError("encrypted", "Encryptions.xml")
    entry = "OFD.xml"
    found = False
    for body in children(package.xml(entry), "DocBody"):
        part = package.resolve(entry, child_text(body, "DocRoot"))
        if part is None:
            continue
        found = True
        yield from _pages_of(package, part)
    if not found:
        raise ParserError("damaged", "no document root")


def _pages_of(package: OfdPackage, part: str) -> Iterator[_PageSource]:
    document = package.xml(part)
    common = document.find("CommonData")
    area = None if common is None else common.find("PageArea")
    paper = box(child_text(area, "PhysicalBox")) or _A4
    resources = load_resources(package, part, common)
    templates = {
        template.get("ID", ""): location
        for template in children(common, "TemplatePage")
        if (location := package.resolve(part, template.get("BaseLoc"))) is not None
    }
    for page in document.iterfind("Pages/Page"):
        yield _PageSource(package.resolve(part, page.get("BaseLoc")), resources, templates, paper)


def _read_pages(package: OfdPackage, sources: list[_PageSource], limits: Limits) -> _Pages:
    pages = _Pages()
    budget = ObjectBudget()
    known: dict[str, etree._Element | None] = {}
    for source in sources:
        root = None if source.part is None else _optional(package, source.part)
        if root is None or source.part is None:
            pages.broken += 1
            root = etree.Element("Page")
        own = [package.resolve(source.part or "", element.text) for element in children(root, "PageRes")]
        resources = source.resources.with_own(package, [part for part in own if part is not None])
        pages.contents.append(read_content(root, resources, budget, most=limits.text_characters))
        pages.papers.append(box(child_text(root.find("Area"), "PhysicalBox")) or source.paper)
        template = PageContent()
        for reference in children(root, "Template"):
            part = source.templates.get(reference.get("TemplateID", ""))
            if part is not None:
                if part not in known:
                    known[part] = _optional(package, part)
                if (shown := known[part]) is not None:
                    content = read_content(shown, resources, budget, most=limits.text_characters)
                    template.glyphs += content.glyphs
                    template.paths += content.paths
                    template.unreadable += content.unreadable
                    template.pictures += content.pictures
        pages.templates.append(template)
    return pages


def _optional(package: OfdPackage, part: str) -> etree._Element | None:
    """A page or template; one that is missing or broken gives None and costs the others nothing."""
    try:
        return package.xml(part)
    except LimitError:
        raise
    except ParserError:
        return None


def _facts(pages: _Pages, *, pictures: int, count: int) -> DocumentFacts:
    contents = pages.contents
    if not any(content.glyphs for content in contents):
        # A form whose words all stand in its template is still a document.
        contents = [PageContent(glyphs=template.glyphs) for template in pages.templates]
    flows = [build_flow(content.glyphs, (), page=page, first_table=0) for page, content in enumerate(contents, 1)]
    lines = [[item for item in flow if isinstance(item, Line)] for flow in flows]
    furniture = find_furniture(lines, [paper.height * PT_PER_MM for paper in pages.papers])
    kept = [[item for item in flow if item not in furniture] for flow in flows]
    return build_document_facts(
        build_blocks(kept, [paper.width * PT_PER_MM for paper in pages.papers]),
        pictures=pictures,
        pages=count,
        pages_without_text=pages.broken
        + sum(_has_no_text(content, paper) for content, paper in zip(pages.contents, pages.papers, strict=True)),
        counts_reason="pdf_text",
    )


def _has_no_text(content: PageContent, paper: Box) -> bool:
    """Whether a page shows something and says nothing: a scan, or text turned into outlines."""
    if not content.glyphs:
        return bool(content.pictures) or content.paths >= _FEWEST_OUTLINES
    return len(content.glyphs) < _STAMP_GLYPHS and _scan(content, paper) is not None


def _scan(content: PageContent, paper: Box) -> ShownPicture | None:
    """The picture that is the page, when one covers it."""
    largest = max(content.pictures, key=lambda picture: picture.area_mm2, default=None)
    covers = largest is not None and largest.area_mm2 >= _SCAN_SHARE * paper.width * paper.height
    return largest if covers else None


def _pictures(content: PageContent, paper: Box) -> list[ShownPicture]:
    """The pictures a page shows. On a scanned page the pieces above the scan are its layers, no photos."""
    scan = _scan(content, paper) if _has_no_text(content, paper) else None
    return content.pictures if scan is None else [scan]


def _problem(pages: _Pages, facts: DocumentFacts, over_limit: str) -> Problem | None:
    if over_limit:
        return Problem(code="over_limit", detail=over_limit)
    if not pages.contents:
        return Problem(code="damaged", detail="no pages")
    if pages.broken == len(pages.contents):
        return Problem(code="damaged", detail=f"none of {pages.broken} pages can be read")
    said = pages.contents + pages.templates
    glyphs = sum(len(content.glyphs) for content in said)
    unreadable = sum(content.unreadable for content in said)
    if facts.pages_without_text == len(pages.contents) or (not glyphs and facts.pages_without_text):
        return Problem(code="no_text", detail=f"{facts.pages_without_text} pages")
    if not glyphs and not facts.pictures:
        return Problem(code="empty", detail="blank pages")
    if unreadable >= max(_GARBLED_SHARE * glyphs, min(_FEWEST_UNREADABLE, glyphs)):
        return Problem(code="garbled_text", detail=f"{unreadable} of {glyphs} characters")
    return None
