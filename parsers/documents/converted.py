"""Reads a .docx that another program made of a file, and tells it as the file's own reading."""

from __future__ import annotations

from pathlib import Path

from parsers.digests import sha256_of
from parsers.documents.docx import read_docx
from parsers.documents.office import ConversionError, converted_to_docx, find_office
from parsers.facts import Format, Reading
from parsers.limits import Limits


def read_through_office(
    path: Path, job: Path, limits: Limits, *, reader: str, format_: Format, suffix: str, import_filter: str
) -> Reading:
    """The reading of a file that only an office program understands, by way of .docx.

    Args:
        path: The file.
        job: Existing folder for its pictures; nothing else is left there.
        limits: Ceilings for the conversion and for what comes of it.
        reader: Version on record.
        format_: What the file is.
        suffix: What a name of that format ends in.
        import_filter: LibreOffice's name of the format.

    Raises:
        ConversionError: The program is not there, or gave nothing.
        ParserError: As `read_docx`, of the converted document.
    """
    office = find_office()
    if office is None:
        raise ConversionError("failed", "no office program is installed")
    with converted_to_docx(
        path, office, suffix=suffix, import_filter=import_filter, job=job, limits=limits
    ) as converted:
        return retold(read_docx(converted, job, limits), path, reader=reader, format_=format_, by=office.name)


def retold(reading: Reading, path: Path, *, reader: str, format_: Format, by: str) -> Reading:
    """`reading`, of a conversion made by the program `by`, as the reading of the file at `path`."""
    return reading.model_copy(
        update={
            "reader": reader,
            "format": format_,
            "sha256": sha256_of(path),
            "size_bytes": path.stat().st_size,
            "converted_by": by,
        }
    )
