"""From stored readings to the files casework reasons about. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.model import Document, Photo, Problem, ReadFile, Source
from parsers.facts import LetterFacts, Origin, Reading


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as it was found: its reading, its name, and what it lay in."""

    name: str
    origin: Origin
    reading: Reading
    container: FoundFile | None = None
    """The archive, document or forwarded letter that holds it; None when the letter itself does."""
    shown_px: tuple[int, int] | None = None
    folder: str = ""
    """Folders inside what holds it, "/"-separated."""


def read_files(found: Sequence[FoundFile]) -> tuple[ReadFile, ...]:
    """The files to judge, in the order found, roles not yet assigned.

    Containers that opened well (archives, forwarded letters) are not files of a
    submission themselves; one that did not open is a `Problem`.
    """
    places = _Places()
    return tuple(file for each in found if (file := _read_file(each, places.folder_of(each))) is not None)


def attached_letters(found: Sequence[FoundFile]) -> tuple[LetterFacts, ...]:
    """What the letters say that lie directly in a letter (forwarded as message/rfc822 or .eml), in order."""
    return tuple(each.reading.letter for each in found if each.container is None and each.reading.letter is not None)


class _Places:
    """Where files lie, each archive and forwarded letter a folder of its own, also when two have one name."""

    def __init__(self) -> None:
        self._named: dict[str, list[FoundFile]] = {}

    def folder_of(self, found: FoundFile) -> str:
        """The folders around a file, "/"-separated; empty in the letter itself."""
        container = found.container
        if container is None:
            return found.folder
        around = self.folder_of(container)
        if container.reading.format not in ("archive", "letter"):
            return around  # a document is no folder
        plain = _joined(around, container.name or _nameless(container.reading))
        alike = self._named.setdefault(plain, [])
        at = next((at for at, each in enumerate(alike) if each is container), len(alike))
        if at == len(alike):
            alike.append(container)
        return _joined(plain if at == 0 else f"{plain} ({at + 1})", found.folder)


def _joined(*folders: str) -> str:
    return "/".join(folder for folder in folders if folder)


def _read_file(found: FoundFile, folder: str) -> ReadFile | None:
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
            folder=folder,
        )
    if reading.photo is not None:
        return Photo(
            name=name,
            sha256=reading.sha256,
            size_bytes=reading.size_bytes,
            facts=reading.photo,
            source=source,
            folder=folder,
            container=found.container.name if found.container is not None else None,
            shown_px=found.shown_px,
            container_sha256=found.container.reading.sha256 if found.container is not None else None,
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
            folder=folder,
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
