"""Reads Microsoft Works documents (.wps that are not Kingsoft's) by way of .docx, through an office program."""

from __future__ import annotations

from pathlib import Path

from parsers.documents.converted import read_through_office
from parsers.documents.office import ConversionError, find_office, reader_version
from parsers.errors import ParserError
from parsers.facts import ProblemCode, Reading
from parsers.limits import Limits

READER = "works/1"


def works_reader_version() -> str:
    """The reader's version with the program it works through."""
    return reader_version(READER)


def read_works(path: Path, job: Path, limits: Limits) -> Reading:
    """Text and counts of a Works document, a reading of format "wps".

    Raises:
        ParserError: `unsupported_format` without an office program, or when it cannot load the file;
            `timed_out`, `reader_failed` when it gives nothing.
        LimitError: The file asks for more than `limits` allow.
    """
    if find_office() is None:
        raise ParserError("unsupported_format", "Microsoft Works needs LibreOffice")
    try:
        return read_through_office(
            path, job, limits, reader=works_reader_version(), format_="wps", suffix=".wps", import_filter="MS_Works"
        )
    except ConversionError as error:
        codes: dict[str, ProblemCode] = {"refused": "unsupported_format", "timed_out": "timed_out"}
        raise ParserError(codes.get(error.why, "reader_failed"), str(error)) from error
