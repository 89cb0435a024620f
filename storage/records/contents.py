"""Files inside letters, and what readers found in them. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file inside a letter, an archive or a document."""

    sha256: str
    size_bytes: int
    locator: str
    name: str
    origin: str
    format: str
    folder: str = ""
    parent: int | None = None
    """Index of the containing file in the same sequence, before this one; None directly in the letter."""
    content_id: str | None = None
    shown: tuple[int, int] | None = None
    """Width and height shown, in CSS pixels."""
    media_type: str = ""
    repeats: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A stored file row."""

    id: int
    letter_sha256: str
    sha256: str
    size_bytes: int
    locator: str
    name: str
    origin: str
    format: str
    folder: str
    parent_id: int | None
    content_id: str | None
    shown: tuple[int, int] | None
    media_type: str
    repeats: int


@dataclass(frozen=True, slots=True)
class ReadingKey:
    """What a stored reading is found by."""

    file_sha256: str
    reader: str
    limits_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRecord:
    """The facts one reader found in one file under given limits."""

    file_sha256: str
    reader: str
    limits_key: str
    facts: Json
    problem: str | None
    at: datetime
    seconds: float | None = None
    """How long reading took; None when not measured."""

    @property
    def key(self) -> ReadingKey:
        """What it is found by."""
        return ReadingKey(self.file_sha256, self.reader, self.limits_key)
