"""Reads a scan: pages as pictures, their text recognised, facts as of any document, every count in doubt."""

from __future__ import annotations

import time
from pathlib import Path

from parsers.digests import sha256_of
from parsers.documents.ocr import READER
from parsers.documents.ocr.engine import recognise
from parsers.documents.ocr.layout import build_page_lines
from parsers.documents.ocr.pictures import page_count, page_pictures
from parsers.documents.pdf_furniture import find_furniture
from parsers.documents.pdf_lines import Line
from parsers.documents.pdf_paragraphs import build_blocks
from parsers.documents.sniff import sniff
from parsers.facts import DocumentFacts, Problem, Reading
from parsers.limits import Limits
from parsers.text.document_facts import build_document_facts

_FEWEST_CHARACTERS = 10
"""Less is a stamp or a sign on a photo, not a page of text."""
_SHARE_OF_TIME = 0.7
"""Of the wall-clock time, after which no page is begun; one takes seconds, a turned one four times as long."""
_SURE_SCORE = 0.5
"""Below this mean certainty the characters found are noise."""


def read_scan(path: Path, limits: Limits) -> Reading:
    """What a scanned PDF, or the photo of a page, says as far as it can be made out.

    `DocumentFacts.ocr` is true and counts have the reason `ocr`. Pages beyond `limits.pages`, those for which no
    time was left, and those without text are in `pages_without_text`. The problem is `no_text` when nothing like a text was found.

    Args:
        path: A PDF or a picture.
        limits: `pages`, `picture_pixels` and `text_characters` apply, and `wall_seconds`: no page is begun late.

    Raises:
        ParserError: The file cannot be opened.
    """
    pages: list[tuple[Line, ...]] = []
    widths_pt: list[float] = []
    heights_pt: list[float] = []
    characters, started = 0, time.monotonic()
    for number, (image, height_pt) in enumerate(page_pictures(path, limits), start=1):
        read = recognise(image)
        pieces = read.pieces if read.score >= _SURE_SCORE else ()
        pages.append(
            build_page_lines(pieces, page=number, width_px=read.width_px, height_px=read.height_px, height_pt=height_pt)
        )
        widths_pt.append(height_pt * read.width_px / read.height_px)
        heights_pt.append(height_pt)
        characters += sum(len(line.text) for line in pages[-1])
        if characters > limits.text_characters or time.monotonic() - started > _SHARE_OF_TIME * limits.wall_seconds:
            break
    found = characters >= _FEWEST_CHARACTERS
    return Reading(
        reader=READER,
        format=sniff(path).format,
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        document=_facts(pages, widths_pt, heights_pt, count=page_count(path)),
        problem=None if found else Problem(code="no_text", detail=f"{characters} characters"),
    )


def _facts(
    pages: list[tuple[Line, ...]], widths_pt: list[float], heights_pt: list[float], *, count: int
) -> DocumentFacts:
    furniture = find_furniture(pages, heights_pt)
    flows = [[line for line in lines if line not in furniture] for lines in pages]
    facts = build_document_facts(
        build_blocks(flows, widths_pt),
        pages=count,
        pages_without_text=count - sum(1 for lines in pages if lines),
        counts_reason="ocr",
    )
    return facts.model_copy(update={"ocr": True})
