"""What reading costs by itself: processor milliseconds per Word file, PDF page and photo, megabytes per second of letters."""

from __future__ import annotations

import email
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pypdfium2

from bench.samples import PHOTOS, case_docx, case_pdf, photo
from parsers.documents.pdf_glyphs import read_glyphs
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file, read_letter_file

FILES = 20


def measure_readers(letter: Path) -> dict[str, float]:
    """Medians; `letter` is one sample letter, as the mail server keeps it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        docx = [_put(place, f"{n}.docx", case_docx(n)) for n in range(FILES)]
        photos = [_put(place, f"{n}.jpg", photo(n)) for n in range(FILES)]
        pdfs = [_put(place, f"{n}.pdf", case_pdf(n)) for n in range(FILES // 4)]
        pages = len(pypdfium2.PdfDocument(pdfs[0]))
        raw = letter.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        letters = [_put(place, "letter.eml", raw)] * 5
        megabytes = len(raw) / 1e6
        return {
            "docx_ms": _milliseconds(docx, _read),
            "photo_ms": _milliseconds(photos, _read),
            "pdf_page_ms": _milliseconds(pdfs, _read) / pages,
            "pdfium_page_ms": _milliseconds(pdfs, _pdfium) / pages,
            "pdfplumber_page_ms": _milliseconds(pdfs, _pdfplumber) / pages,
            "letter_mb_per_second": megabytes * 1000 / _milliseconds(letters, _read_letter),
            "stdlib_mb_per_second": megabytes * 1000 / _milliseconds(letters, _stdlib),
            "photos_per_letter": float(PHOTOS),
        }


def _put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _milliseconds(paths: list[Path], read: Callable[[Path], None]) -> float:
    """Median processor time of one call, the first left out: it imports."""
    read(paths[0])
    spent = []
    for path in paths:
        started = time.process_time()
        read(path)
        spent.append((time.process_time() - started) * 1000)
    return statistics.median(spent)


def _read(path: Path) -> None:
    with tempfile.TemporaryDirectory() as job:
        reading = read_file(path, Path(job), DEFAULT_LIMITS)
    if reading.problem is not None:
        raise RuntimeError(f"{path.name}: {reading.problem}")


def _read_letter(path: Path) -> None:
    with tempfile.TemporaryDirectory() as job:
        reading = read_letter_file(path, Path(job), DEFAULT_LIMITS)
    if len(reading.members) != PHOTOS + 1:
        raise RuntimeError(f"{len(reading.members)} files found in {path.name}")


def _stdlib(path: Path) -> None:
    """The usual loop: parse, decode each part, look at nothing."""
    message = email.message_from_bytes(path.read_bytes())
    if sum(bool(part.get_payload(decode=True)) for part in message.walk()) < PHOTOS + 1:
        raise RuntimeError(f"the standard library finds no files in {path.name}")


def _pdfium(path: Path) -> None:
    """The first pass alone: every glyph with its place."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            read_glyphs(page, most=DEFAULT_LIMITS.text_characters)


def _pdfplumber(path: Path) -> None:
    """What pdfplumber would take for the text of every page; the reader asks it only where rulings are drawn."""
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_text()
