"""Opens a PDF with PDFium, with a password when one is known, and says whose fault it is when that fails."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

from parsers.errors import ParserError

_MOST_PASSWORDS = 20


class OpenedPdf(NamedTuple):
    """A document with at least one page; whoever asked for it closes it."""

    document: pdfium.PdfDocument
    password: str | None
    """The one that opened it."""


def open_pdf(path: Path, passwords: Sequence[str] = ()) -> OpenedPdf:
    """The document, opened.

    A password that only forbids printing or copying is none to us.

    Args:
        path: A PDF.
        passwords: Tried in order when the document asks for one.

    Raises:
        ParserError: `encrypted` when no password fits; `damaged` when neither PDFium nor pdfminer finds a page;
            `reader_failed` when pdfminer does: then it is PDFium that cannot read it, not the file that is broken.
    """
    for password in (None, *passwords[:_MOST_PASSWORDS]):
        try:
            document = pdfium.PdfDocument(path, password=password)
        except pdfium.PdfiumError as error:
            # The code is the library's last one and may be another file's: it alone makes no file a locked one.
            if error.err_code in {c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY} and _speaks_of_encryption(path):
                continue
            raise _unopened(path, error.err_code) from error
        if len(document) == 0:
            document.close()
            raise _unopened(path, c.FPDF_ERR_PAGE)
        return OpenedPdf(document, password)
    raise ParserError("encrypted", "asks for a password")


def _speaks_of_encryption(path: Path) -> bool:
    """Whether the name of the encryption dictionary occurs. Source: ISO 32000-1, table 15."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"/Encrypt") >= 0


def _unopened(path: Path, error_code: int | None) -> ParserError:
    """Damaged only when two readers that share no code say so."""
    return ParserError("reader_failed" if _pdfminer_knows_better(path) else "damaged", f"PDFium error {error_code}")


def _pdfminer_knows_better(path: Path) -> bool:
    """Whether pdfminer finds pages, or a lock (PDFium calls a file broken when it does not know the cipher)."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    try:
        with pdfplumber.open(path) as document:
            return len(document.pages) > 0
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 -- another library's verdict on a broken file: anything else it raises is a no
        return any(isinstance(reason, PDFEncryptionError | PDFPasswordIncorrect) for reason in (error, *error.args))
