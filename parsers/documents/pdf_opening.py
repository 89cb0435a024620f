"""Opens a PDF with PDFium, with a password when one is known, and says whose fault it is when that fails."""

from __future__ import annotations

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
            `unsupported_format` when pdfminer does: then it is PDFium that cannot read it, not the file that is broken.
    """
    for password in (None, *passwords[:_MOST_PASSWORDS]):
        _forget_last_error()
        try:
            document = pdfium.PdfDocument(path, password=password)
        except pdfium.PdfiumError as error:
            if error.err_code in {c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY}:
                continue
            raise _unopened(path, error.err_code) from error
        if len(document) == 0:
            document.close()
            raise _unopened(path, c.FPDF_ERR_PAGE)
        return OpenedPdf(document, password)
    raise ParserError("encrypted", "asks for a password")


def _forget_last_error() -> None:
    """PDFium's error code is the last one of the process and may be another file's: set it to "no PDF"."""
    c.FPDF_LoadMemDocument(b"-", 1, None)


def _unopened(path: Path, error_code: int | None) -> ParserError:
    """Damaged only when two readers that share no code say so.

    What pdfminer alone can open is not read through it: where the two disagree on which objects are the document, its
    text may be an older state of it or a part (of the 112 files of public test suites four, all broken on purpose).
    """
    knows_better = _pdfminer_knows_better(path)
    return ParserError("unsupported_format" if knows_better else "damaged", f"PDFium error {error_code}")


def _pdfminer_knows_better(path: Path) -> bool:
    """Whether pdfminer finds pages, or a lock.

    A lock, because PDFium calls a file broken when it does not know the cipher, and a password is not asked for then:
    RC4 with short keys under revision 4 opens in Acrobat without one, in no library here.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    try:
        with pdfplumber.open(path) as document:
            return len(document.pages) > 0
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 -- another library's verdict on a broken file: anything else it raises is a no
        return any(isinstance(reason, PDFEncryptionError | PDFPasswordIncorrect) for reason in (error, *error.args))
