"""Readers of text documents, one file per format, and the ordered registry that names them.

A reader is `read_x(path, job, limits) -> Reading`. Adding a format is one module and
one row here; `parsers.documents.sniff` tells formats apart by their bytes. Rows
import their reader when it is called, so that naming versions costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from parsers.documents.ocr import reader_version as ocr_version
from parsers.documents.office.program import reader_version
from parsers.facts import Format, Reading
from parsers.limits import Limits

Read = Callable[[Path, Path, Limits], Reading]
"""Reads the file at the first path, writes members into the second (an existing folder), within limits."""

Unlock = Callable[[Path, Path, Limits, tuple[str, ...]], Reading]
"""As `Read`, with passwords to try in turn should the file ask for one. They are the sender's secret: they may stand
in no detail, no reading and no command line that others can see. Opened by one of them, the file has no problem."""


class Reader(NamedTuple):
    """One row of a registry."""

    format: Format
    version: str
    """Name and version, "docx/1": raised whenever the same file would give other facts."""
    read: Read
    kinds: tuple[str, ...]
    """What `sniff` calls the files it reads; a kind belongs to one row only."""
    unlock: Unlock | None = None
    """Called instead of `read` when passwords are known, also for a file `sniff` itself finds encrypted; None for
    formats without passwords."""


def _read_docx(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.docx import read_docx

    return read_docx(path, job, limits)


def _read_doc(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.doc import read_doc

    return read_doc(path, job, limits)


def _unlock_docx(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    from parsers.documents.word_passwords import unlock_docx

    return unlock_docx(path, job, limits, passwords)


def _unlock_doc(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    from parsers.documents.word_passwords import unlock_doc

    return unlock_doc(path, job, limits, passwords)


def _read_word_xml(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.word_xml import read_word_xml

    return read_word_xml(path, job, limits)


def _read_works(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.works import read_works

    return read_works(path, job, limits)


def _read_rtf(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.rtf import read_rtf

    return read_rtf(path, job, limits)


def _read_pdf(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.pdf import read_pdf

    return read_pdf(path, job, limits)


def _unlock_pdf(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    from parsers.documents.pdf import read_pdf

    return read_pdf(path, job, limits, passwords)


def _read_txt(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.txt import read_txt

    return read_txt(path, job, limits)


def _read_odt(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.odt import read_odt

    return read_odt(path, job, limits)


def _read_ofd(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.ofd import read_ofd

    return read_ofd(path, job, limits)


def _read_html(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.html import read_html_file

    return read_html_file(path, job, limits)


def _read_mht(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.html import read_mht

    return read_mht(path, job, limits)


def _read_sheet(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.sheet import read_sheet

    return read_sheet(path, job, limits)


def _read_ods(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.sheet import read_ods

    return read_ods(path, job, limits)


def _read_csv(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.documents.sheet import read_csv

    return read_csv(path, job, limits)


READERS: tuple[Reader, ...] = (
    Reader("docx", "docx/3", _read_docx, ("docx",), _unlock_docx),
    Reader("doc", reader_version("doc/1"), _read_doc, ("doc",), _unlock_doc),
    Reader("doc", reader_version("word-xml/1"), _read_word_xml, ("word-xml",)),
    Reader("wps", reader_version("works/1"), _read_works, ("wps",)),
    Reader("rtf", reader_version("rtf/1"), _read_rtf, ("rtf",)),
    Reader("pdf", f"pdf/3+{ocr_version()}", _read_pdf, ("pdf",), unlock=_unlock_pdf),
    Reader("odt", "odt/1", _read_odt, ("odt", "fodt")),
    Reader("ofd", "ofd/1", _read_ofd, ("ofd",)),
    Reader("html", "html/2", _read_html, ("html",)),
    Reader("html", "mht/2", _read_mht, ("mht",)),
    Reader("sheet", "sheet/1", _read_sheet, ("xlsx", "xls")),
    Reader("sheet", "ods/1", _read_ods, ("ods",)),
    Reader("sheet", "csv/1", _read_csv, ("csv",)),
    Reader("txt", "txt/2", _read_txt, ("txt",)),
)
"""One row per kind of file. Versions of those that read through another program tell whether it is there."""
