"""Reads Rich Text Format by way of .docx, through an office program."""

from __future__ import annotations

from pathlib import Path

from parsers.documents.converted import read_through_office
from parsers.documents.office import ConversionError, find_office, reader_version
from parsers.errors import ParserError
from parsers.facts import Reading
from parsers.limits import Limits

READER = "rtf/1"


def rtf_reader_version() -> str:
    """The reader's version with the program it works through."""
    return reader_version(READER)


def read_rtf(path: Path, job: Path, limits: Limits) -> Reading:
    """Text, structure and counts of an RTF file; the pictures it shows become members in `job`.

    Raises:
        ParserError: `unsupported_format` where no office program is installed; `timed_out`, `reader_failed`
            when it gives nothing; as `read_docx` of what it wrote.
        LimitError: The file asks for more than `limits` allow.
    """
    if find_office() is None:
        raise ParserError("unsupported_format", "RTF needs LibreOffice")
    try:
        return read_through_office(
            path,
            job,
            limits,
            reader=rtf_reader_version(),
            format_="rtf",
            suffix=".rtf",
            import_filter="Rich Text Format",
        )
    except ConversionError as error:
        raise ParserError("timed_out" if error.why == "timed_out" else "reader_failed", str(error)) from error
