"""Writes the files of an archive into a job folder, counting every byte: declared sizes lie."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from parsers.archives.volumes import digest_of
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Member, Problem, ProblemCode, Reading
from parsers.limits import Limits

PIECE_BYTES = 262_144
RATIO_FROM_BYTES = 1_000_000
"""One member may be packed as tightly as it likes up to this size: a blank page is nearly nothing."""
RATIO_FROM_BYTES_TOGETHER = 20_000_000
"""All members together likewise."""
_WORST_FIRST: tuple[ProblemCode, ...] = ("part_missing", "encrypted", "damaged", "unsupported_format")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member lies in its archive, its name decoded."""

    index: int
    """Its number in the archive's own order, from 0."""
    folder: str
    name: str

    @property
    def path(self) -> str:
        """Folder and name, "/"-separated."""
        return "/".join(filter(None, (self.folder, self.name)))


@dataclass(frozen=True, slots=True)
class Written:
    """A file in the job folder that is not yet a member."""

    stored_as: str
    size_bytes: int
    sha256: str
    crc32: int


class MemberFile:
    """A file in the job folder while it is written."""

    def __init__(self, sink: MemberSink, target: Path, most_bytes: int) -> None:
        self._sink = sink
        self._target = target
        self._most_bytes = most_bytes
        self._digest = hashlib.sha256()
        self._size_bytes = 0
        self._crc32 = 0
        self._file = target.open("wb")

    def write(self, piece: bytes | bytearray) -> int:
        """As a file's. Raises: LimitError, and no member of the archive remains."""
        self._size_bytes += len(piece)
        if self._size_bytes > self._most_bytes:
            self.abandon()
            self._sink.discard()
            raise LimitError(f"more than {self._most_bytes} bytes unpacked")
        self._digest.update(piece)
        self._crc32 = zlib.crc32(piece, self._crc32)
        return self._file.write(piece)

    def finish(self) -> Written:
        """Close the file; its bytes are counted from now on."""
        self._file.close()
        self._sink.left_bytes -= self._size_bytes
        return Written(self._target.name, self._size_bytes, self._digest.hexdigest(), self._crc32)

    def abandon(self) -> None:
        """Close and remove the file."""
        self._file.close()
        self._target.unlink(missing_ok=True)


class MemberSink:
    """The members of one archive: taken out within limits, or left out and said why."""

    def __init__(self, job: Path, limits: Limits, *, packed_bytes: int) -> None:
        """`packed_bytes`: the size of the archive, all its volumes together."""
        self.job = job
        self.limits = limits
        self._written = 0
        self._members: list[tuple[int, Member]] = []
        self._troubles: list[ParserError] = []
        together = max(RATIO_FROM_BYTES_TOGETHER, packed_bytes * limits.member_ratio)
        self.left_bytes = min(limits.members_bytes, together)
        """How many bytes may still be written."""

    @property
    def members(self) -> tuple[Member, ...]:
        """What was taken out, in the archive's own order."""
        return tuple(member for _, member in sorted(self._members, key=lambda pair: pair[0]))

    @property
    def problem(self) -> Problem | None:
        """The worst of what was left out; None when nothing was."""
        if not self._troubles:
            return None
        worst = min(self._troubles, key=lambda trouble: _WORST_FIRST.index(trouble.code))
        return Problem(code=worst.code, detail=f"{worst.detail}; {len(self._troubles)} left out")

    def take(self, place: Place, source: IO[bytes], *, most_bytes: int | None = None) -> None:
        """Make a member of all that `source` gives. What `source` raises passes through and leaves nothing behind.

        Raises:
            LimitError: More bytes than `most_bytes`, or than are left; no member of the archive remains.
        """
        self.keep(place, self.write(source, most_bytes=most_bytes))

    def write(self, source: IO[bytes], *, most_bytes: int | None = None) -> Written:
        """Write a file for which no place is known yet: `keep` or `drop` it. Raises as `take`."""
        file = self.begin(most_bytes=most_bytes)
        try:
            while piece := source.read(PIECE_BYTES):
                file.write(piece)
        except BaseException:
            file.abandon()
            raise
        return file.finish()  # to the end: many formats check their sums only there

    def begin(self, *, most_bytes: int | None = None) -> MemberFile:
        """A file to be written piece by piece."""
        target = self.job / f"member-{self._written:05d}"
        self._written += 1
        return MemberFile(self, target, self.left_bytes if most_bytes is None else min(most_bytes, self.left_bytes))

    def keep(self, place: Place, written: Written) -> None:
        """Make a written file the member at `place`."""
        member = Member(
            locator=f"{place.index}/{place.path}",
            name=place.name,
            folder=place.folder,
            stored_as=written.stored_as,
            size_bytes=written.size_bytes,
            sha256=written.sha256,
            origin="archive",
        )
        self._members.append((place.index, member))

    def drop(self, written: Written) -> None:
        """Remove a written file that belongs nowhere."""
        (self.job / written.stored_as).unlink(missing_ok=True)
        self.left_bytes += written.size_bytes

    def repeat(self, place: Place, of_index: int) -> bool:
        """Make the member at `place` a copy of the one taken out as `of_index`; False when there is none. Raises as `take`."""
        original = next((member for index, member in self._members if index == of_index), None)
        if original is None:
            return False
        with (self.job / original.stored_as).open("rb") as source:
            self.take(place, source)
        return True

    def leave_out(self, code: ProblemCode, detail: str) -> None:
        """Say why a member is not there. `detail` never quotes a name or a content."""
        self._troubles.append(ParserError(code, detail))

    def discard(self) -> None:
        """Remove all members: a limit was broken."""
        for _, member in self._members:
            (self.job / member.stored_as).unlink(missing_ok=True)
        self._members.clear()


def archive_reading(paths: Sequence[Path], sink: MemberSink, facts: ArchiveFacts, *, reader: str) -> Reading:
    """The reading of the archive in `paths`, its volumes, whose files are in `sink`; the problem `empty` without any."""
    sha256, size_bytes = digest_of(paths)
    return Reading(
        reader=reader,
        format="archive",
        sha256=sha256,
        size_bytes=size_bytes,
        archive=facts,
        problem=sink.problem or (None if sink.members else Problem(code="empty", detail="no files")),
        members=sink.members,
    )


def checked_count(count: int, limits: Limits) -> None:
    """Refuse an archive of more entries than `limits.members`. Raises: LimitError."""
    if count > limits.members:
        raise LimitError(f"{count} entries; the limit is {limits.members}")
