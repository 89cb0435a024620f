"""From stored readings to the files casework reasons about. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.model import Document, Photo, Problem, ReadFile, Source
from parsers.facts import Origin, Reading


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as it was found: its reading, its name, and what it lay in."""

    name: str
    origin: Origin
    reading: Reading
    container: FoundFile | None = None
    """The archive, document or forwarded letter that holds it; None when the letter itself does."""
    shown_px: tuple[int, int] | None = None


def read_files(found: Sequence[FoundFile]) -> tuple[ReadFile, ...]:
    """The files to judge, in the order found, roles not yet assigned.

    Containers that opened well (archives, forwarded letters) are not files of a
    submission themselves; one that did not open is a `Problem`.
    """
    return tuple(file for each in found if (file := _read_file(each)) is not None)


def _read_file(found: FoundFile) -> ReadFile | None:
    reading = found.reading
    if _is_scanned_page(found):
        return None
    name = found.name or _nameless(reading)
    source = _source(found)
    if reading.problem is not None:
        return Problem(
            name=name,
            sha256=reading.sha256,
            size_bytes=reading.size_bytes,
            format=reading.format,
            code=reading.problem.code,
            source=source,
        )
    if reading.photo is not None:
        return Photo(
            name=name,
            sha256=reading.sha256,
            size_bytes=reading.size_bytes,
            facts=reading.photo,
            source=source,
            container=found.container.name if found.container is not None else None,
            shown_px=found.shown_px,
        )
    if reading.document is not None:
        return Document(
            name=name,
            sha256=reading.sha256,
            size_bytes=reading.size_bytes,
            format=reading.format,
            role="attachment",
            facts=reading.document,
            source=source,
        )
    return None


def _is_scanned_page(found: FoundFile) -> bool:
    """A picture inside a PDF that has no text is a page of it, not a photo. (A Word file of pictures carries photos.)"""
    container = found.container
    return (
        found.origin == "embedded"
        and container is not None
        and container.reading.format == "pdf"
        and container.reading.problem is not None
        and container.reading.problem.code == "no_text"
    )


def _nameless(reading: Reading) -> str:
    """A sender's client may give no name at all; people still need one to speak of the file."""
    kind = reading.photo.kind if reading.photo is not None else reading.format
    return f"(无文件名).{kind}" if kind not in ("other", "archive", "letter") else "(无文件名)"


def _source(found: FoundFile) -> Source:
    if found.origin in ("embedded", "inline"):
        return found.origin
    container = found.container
    while container is not None:
        if container.reading.format == "archive":
            return "archive"
        container = container.container
    return "attachment"
