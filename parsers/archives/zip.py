"""Takes the files out of a zip, streaming, counting every byte: declared sizes lie."""

from __future__ import annotations

import hashlib
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import IO

from parsers.archives.zip_directory import Directory, Entry, open_entry, open_zip, read_directory
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Member, Problem, ProblemCode, Reading
from parsers.limits import Limits

READER = "zip/1"

_PIECE_BYTES = 262_144
_RATIO_FROM_BYTES = 1_000_000
"""Smaller members may be packed as tightly as they like."""
_WORST_FIRST: tuple[ProblemCode, ...] = ("encrypted", "damaged", "unsupported_format")


def read_zip(path: Path, job: Path, limits: Limits) -> Reading:
    """What the archive holds; its files as members in `job`, named `member-00000` after their place.

    A nested archive is a member like any other and is not opened: the caller reads each member
    as a task of its own, knows how deep it is, and stops at `limits.depth` (an archive in a letter has depth 1,
    one inside it depth 2). Members that ask for a password, fail their CRC or are packed in a way not known here are left
    out and give the problem `encrypted`, `damaged` or `unsupported_format`, in that order; the others stand beside it.

    Raises:
        LimitError: Too many entries, too many bytes, or too tightly packed; nothing is handed out then.
        ParserError: `damaged` when the directory cannot be trusted, `empty` when it lists no file.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        with open_zip(file, limits) as archive:
            directory = read_directory(archive)
            members, troubles = _take_out(archive, directory, job=job, limits=limits)
        size_bytes = file.seek(0, 2)
    return Reading(
        reader=READER,
        format="archive",
        sha256=digest,
        size_bytes=size_bytes,
        archive=ArchiveFacts(
            kind="zip",
            entries=directory.count,
            encrypted=any(entry.encrypted for entry in directory.entries),
            name_encoding=directory.name_encoding,
            skipped=directory.skipped,
        ),
        problem=_worst(troubles) if directory.entries else Problem(code="empty", detail="no files"),
        members=members,
    )


def _take_out(
    archive: zipfile.ZipFile, directory: Directory, *, job: Path, limits: Limits
) -> tuple[tuple[Member, ...], list[ParserError]]:
    """Every member that can be had, in directory order, and the trouble with the others."""
    members: list[Member] = []
    troubles: list[ParserError] = []
    left_bytes = limits.members_bytes
    for entry in directory.entries:
        target = job / f"member-{entry.index:05d}"
        try:
            member = _extract(archive, entry, target=target, most_bytes=_most_bytes(entry, left_bytes, limits))
        except LimitError:
            _remove(job, [member.stored_as for member in members] + [target.name])
            raise
        except ParserError as error:
            _remove(job, [target.name])
            troubles.append(error)
            continue
        left_bytes -= member.size_bytes
        members.append(member)
    return tuple(members), troubles


def _most_bytes(entry: Entry, left_bytes: int, limits: Limits) -> int:
    """How many bytes this member may unpack to."""
    by_ratio = max(_RATIO_FROM_BYTES, entry.info.compress_size * limits.member_ratio)
    return min(left_bytes, by_ratio)


def _extract(archive: zipfile.ZipFile, entry: Entry, *, target: Path, most_bytes: int) -> Member:
    if entry.encrypted:
        raise ParserError("encrypted", f"entry {entry.index}")
    if entry.info.file_size > most_bytes:
        raise LimitError(f"entry {entry.index}: {entry.info.file_size} bytes from {entry.info.compress_size}")
    try:
        with open_entry(archive, entry) as source, target.open("wb") as sink:
            size_bytes, digest = _copy(source, sink, most_bytes=most_bytes)
    except NotImplementedError as error:
        raise ParserError("unsupported_format", f"entry {entry.index}: method {entry.info.compress_type}") from error
    except (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, OSError, ValueError, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # our own disk
        raise ParserError("damaged", f"entry {entry.index}: {type(error).__name__}") from error
    path = "/".join(filter(None, (entry.folder, entry.name)))
    return Member(
        locator=f"{entry.index}/{path}",
        name=entry.name,
        folder=entry.folder,
        stored_as=target.name,
        size_bytes=size_bytes,
        sha256=digest,
        origin="archive",
    )


def _copy(source: IO[bytes], sink: IO[bytes], *, most_bytes: int) -> tuple[int, str]:
    """Bytes copied and their SHA-256. Reading to the end is what checks the CRC."""
    digest = hashlib.sha256()
    size_bytes = 0
    while piece := source.read(_PIECE_BYTES):
        size_bytes += len(piece)
        if size_bytes > most_bytes:
            raise LimitError(f"more than {most_bytes} bytes unpacked")
        digest.update(piece)
        sink.write(piece)
    return size_bytes, digest.hexdigest()


def _remove(job: Path, names: list[str]) -> None:
    for name in names:
        (job / name).unlink(missing_ok=True)


def _worst(troubles: list[ParserError]) -> Problem | None:
    if not troubles:
        return None
    worst = min(troubles, key=lambda trouble: _WORST_FIRST.index(trouble.code))
    return Problem(code=worst.code, detail=f"{worst.detail}; {len(troubles)} left out")
