"""Reads raw letters in tests: writes the file, makes the job folder, hands back what a caller would see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parsers.facts import LetterFacts, Member, Reading
from parsers.letter import read_letter
from parsers.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True)
class Read:
    """A reading beside the job folder its members stand in."""

    reading: Reading
    job: Path

    @property
    def letter(self) -> LetterFacts:
        assert self.reading.letter is not None
        return self.reading.letter

    @property
    def members(self) -> tuple[Member, ...]:
        return self.reading.members

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """Name and content of each member, in order."""
        return [(member.name, (self.job / member.stored_as).read_bytes()) for member in self.members]


def read_raw(raw: bytes, folder: Path, *, limits: Limits = DEFAULT_LIMITS) -> Read:
    """The reading of a raw letter; `folder` may serve several letters."""
    number = len(list(folder.iterdir()))
    path, job = folder / f"{number}.eml", folder / f"{number}.job"
    path.write_bytes(raw)
    job.mkdir()
    return Read(read_letter(path, job, limits), job)


def headed(fields: bytes | str, body: bytes | str = b"") -> bytes:
    """A letter from its header lines (LF) and its body."""
    head = fields.encode() if isinstance(fields, str) else fields
    content = body.encode() if isinstance(body, str) else body
    return head.strip(b"\n").replace(b"\n", b"\r\n") + b"\r\n\r\n" + content
