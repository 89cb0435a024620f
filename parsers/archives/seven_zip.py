"""Takes the files out of a 7z archive, checking what it declares before anything is unpacked."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zlib
from pathlib import Path
from typing import IO, Any

import py7zr
from py7zr.exceptions import ArchiveError, PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import MemIO, Py7zIO, WriterFactory

from parsers.archives.leftovers import is_leftover
from parsers.archives.member_names import split_path
from parsers.archives.members import MemberFile, MemberSink, Place, Written, archive_reading, checked_count
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Reading
from parsers.limits import Limits

READER = "7z/1"

_BROKEN = (ArchiveError, lzma.LZMAError, zlib.error, EOFError, ValueError, IndexError, struct.error, OverflowError)
"""What py7zr and the decompressors below it raise over broken bytes."""
_GARBLED = (*_BROKEN, LookupError, TypeError, AttributeError, AssertionError, RuntimeError)
"""What they raise, besides, over a header that a wrong password made of nothing: any line of the parser is reached."""


def read_7z(path: Path, job: Path, limits: Limits) -> Reading:
    """As `unlock_7z`, without a password."""
    return unlock_7z(path, job, limits, ())


def unlock_7z(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    """What the archive holds; its files as members in `job`. `passwords` are tried in turn when it asks for one.

    Names, too, may be behind the password: then nothing is known but that. What comes out whole before a broken place is
    kept beside the problem `damaged`.

    Raises:
        LimitError: Too many entries, too many bytes or too tightly packed, by what it declares or while unpacking.
        ParserError: `encrypted`, `damaged` (nothing of it can be read), `unsupported_format` (a packing not known here).
    """
    with path.open("rb") as file:
        facts, sink = _first_that_opens(file, job, limits, passwords, path.stat().st_size)
    return archive_reading((path,), sink, facts, reader=READER)


def _first_that_opens(
    file: IO[bytes], job: Path, limits: Limits, passwords: tuple[str, ...], size_bytes: int
) -> tuple[ArchiveFacts, MemberSink]:
    """Facts and members with the first password that gives whole files; without any first."""
    for password in (None, *passwords):
        sink = MemberSink(job, limits, packed_bytes=size_bytes)
        file.seek(0)
        try:
            return _take_out(file, sink, limits, password), sink
        except PasswordRequired:
            sink.discard()
        except LimitError:
            sink.discard()
            raise
        except UnsupportedCompressionMethodError as error:
            raise ParserError("unsupported_format", "7z: packing method") from error
        except _GARBLED as error:
            sink.discard()
            if password is None:
                if not isinstance(error, _BROKEN):
                    raise
                raise ParserError("damaged", f"7z: {type(error).__name__}") from error
    raise ParserError("encrypted", f"{len(passwords)} passwords tried")


def _take_out(file: IO[bytes], sink: MemberSink, limits: Limits, password: str | None) -> ArchiveFacts:
    """Raises: PasswordRequired, or or one of `_GARBLED`: over a broken header, or with a wrong `password`."""
    archive = py7zr.SevenZipFile(file, password=password)
    if password is None and archive.needs_password():
        raise PasswordRequired(archive.password_protected)
    wanted, skipped = _sorted_out(archive)
    checked_count(len(archive.files), limits)
    declared_bytes = sum(entry.uncompressed for entry in archive.files)
    if declared_bytes > sink.left_bytes:
        raise LimitError(f"declares {declared_bytes} bytes")
    factory = _Files(sink)
    for index in wanted:
        archive.worker.register_filelike(archive.files[index].id, MemIO(str(index), factory))
    try:
        archive.worker.extract(archive.fp, None, parallel=False)
    except _GARBLED as error:
        factory.forget_last()
        if password is not None and not any(written.size_bytes for written in factory.done.values()):
            raise  # the wrong password, most likely
        if not isinstance(error, _BROKEN):
            raise
        sink.leave_out("damaged", f"7z: {type(error).__name__}")
    for index, place in wanted.items():
        if index in factory.done:
            sink.keep(place, factory.done[index])
    return ArchiveFacts(
        kind="7z",
        entries=len(archive.files),
        encrypted=password is not None,
        name_encoding="utf-16-le",
        skipped=tuple(skipped),
    )


def _sorted_out(archive: py7zr.SevenZipFile) -> tuple[dict[int, Place], list[str]]:
    """The files worth taking out by their number, and the paths of all else."""
    wanted: dict[int, Place] = {}
    skipped: list[str] = []
    for index, entry in enumerate(archive.files):
        folder, name = split_path(entry.filename)
        path = "/".join(filter(None, (folder, name)))
        if entry.is_directory:
            skipped.append(path + "/")
        elif _is_link(entry) or is_leftover(folder, name):
            skipped.append(path)
        else:
            wanted[index] = Place(index, folder, name)
    return wanted, skipped


def _is_link(entry: Any) -> bool:
    mode = entry.st_fmt
    return bool(entry.is_symlink or entry.is_junction or entry.is_socket or (mode and mode != stat.S_IFREG))


class _Files(WriterFactory):
    """Gives py7zr one file after the other to write to."""

    def __init__(self, sink: MemberSink) -> None:
        self.sink = sink
        self.done: dict[int, Written] = {}
        """Files written to their end, by number; of the last one the checksum is not known to fit."""
        self._last: int | None = None
        self.writing: MemberFile | None = None
        """The one not yet closed: over a broken place py7zr closes nothing."""

    def create(self, filename: str) -> Py7zIO:
        self._last = int(filename)
        return _File(self, int(filename))

    def forget_last(self) -> None:
        """Remove the file in whose place the archive broke."""
        if self.writing is not None:
            self.writing.abandon()
            self.writing = None
        if self._last is not None and self._last in self.done:
            self.sink.drop(self.done.pop(self._last))


class _File(Py7zIO):
    """One member as py7zr wants to write it."""

    def __init__(self, files: _Files, index: int) -> None:
        self._files = files
        self._index = index
        self._file = files.writing = files.sink.begin()

    def write(self, s: bytes | bytearray) -> int:
        return self._file.write(s)

    def close(self) -> None:
        self._files.done[self._index] = self._file.finish()
        self._files.writing = None

    def read(self, size: int | None = None) -> bytes:
        raise io.UnsupportedOperation(f"{size} bytes asked of a file that is written")

    def seek(self, offset: int, whence: int = 0) -> int:
        """Asked for before closing, to no effect."""
        return 0 * offset * whence

    def flush(self) -> None:
        """Nothing is held back."""

    def size(self) -> int:
        return 0
