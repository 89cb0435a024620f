"""Takes the files out of a zip, streaming, counting every byte: declared sizes lie.

Stored, deflated, bzip2 and LZMA members are unpacked here; other packings, and what is behind a password, by bsdtar where
it is installed (traditional encryption here too, at a fortieth of the speed).
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path

from parsers.archives.members import RATIO_FROM_BYTES, MemberSink, archive_reading
from parsers.archives.salvage import read_damaged
from parsers.archives.unpacking import Wanted, folder_for_program, unpack_with_bsdtar
from parsers.archives.zip_directory import AES, Directory, Entry, open_entry, open_zip, read_directory
from parsers.archives.zip_locked import as_bytes, is_summed, may_open
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Reading
from parsers.limits import Limits

READER = "zip/3"

_NATIVE = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, OSError, ValueError, RuntimeError)


def read_zip(path: Path, job: Path, limits: Limits) -> Reading:
    """As `unlock_zip`, without a password."""
    return unlock_zip(path, job, limits, ())


def unlock_zip(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    """What the archive holds; its files as members in `job`.

    A nested archive is a member like any other and is not opened: the caller reads each member
    as a task of its own, knows how deep it is, and stops at `limits.depth` (an archive in a letter has depth 1,
    one inside it depth 2). Members that no password opens, fail their CRC or are packed in a way not known here are left
    out and give the problem `encrypted`, `damaged` or `unsupported_format`, in that order; the others stand beside it.
    A directory that only bsdtar can follow gives the problem `reader_failed` beside the members.

    Raises:
        LimitError: Too many entries, too many bytes, or too tightly packed; nothing is handed out then.
        ParserError: `damaged` when the directory cannot be trusted, `part_missing` when it lies in several volumes.
    """
    with path.open("rb") as file:
        sink = MemberSink(job, limits, packed_bytes=path.stat().st_size)
        try:
            opened = open_zip(file, limits)
        except ParserError as error:
            return read_damaged(path, job, limits, kind="zip", reader=READER, found=error)
        with opened as archive:
            directory = read_directory(archive)
            _Unpacking(archive, directory, sink, path).run(passwords)
    facts = ArchiveFacts(
        kind="zip",
        entries=directory.count,
        encrypted=any(entry.encrypted for entry in directory.entries),
        name_encoding=directory.name_encoding,
        skipped=directory.skipped,
    )
    return archive_reading((path,), sink, facts, reader=READER)


class _Unpacking:
    """One archive on its way into a sink."""

    def __init__(self, archive: zipfile.ZipFile, directory: Directory, sink: MemberSink, path: Path) -> None:
        self._archive = archive
        self._entries = directory.entries
        self._sink = sink
        self._path = path

    def run(self, passwords: tuple[str, ...]) -> None:
        """Every member that can be had goes into the sink, and the trouble with the others. Raises: LimitError."""
        try:
            for entry in self._entries:
                self._check_declared(entry)
            for entry in self._entries:
                if not entry.encrypted and entry.info.compress_type in _NATIVE:
                    self._take(entry)
            self._take_rarely_packed([entry for entry in self._entries if not entry.encrypted])
            self._take_locked([entry for entry in self._entries if entry.encrypted], passwords)
        except LimitError:
            self._sink.discard()
            raise

    def _check_declared(self, entry: Entry) -> None:
        if entry.info.file_size > self._most_bytes(entry):
            raise LimitError(f"entry {entry.place.index}: {entry.info.file_size} bytes from {entry.info.compress_size}")

    def _most_bytes(self, entry: Entry) -> int:
        """How many bytes this member may unpack to."""
        by_ratio = max(RATIO_FROM_BYTES, entry.info.compress_size * self._sink.limits.member_ratio)
        return min(self._sink.left_bytes, by_ratio)

    def _take(self, entry: Entry, password: bytes = b"") -> bool:
        """Unpack one member here; False, and its trouble noted unless a password was tried, when it does not come out."""
        try:
            with open_entry(self._archive, entry, password) as source:
                self._sink.take(entry.place, source, most_bytes=self._most_bytes(entry))
        except _BROKEN as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # our own disk
            if not password:
                self._sink.leave_out("damaged", f"entry {entry.place.index}: {type(error).__name__}")
            return False
        return True

    def _take_rarely_packed(self, entries: list[Entry]) -> None:
        rare = {entry.place.index: entry for entry in entries if entry.info.compress_type not in _NATIVE}
        done = self._by_program(list(rare.values()), b"") if rare else set()
        for index, entry in rare.items():
            if index not in (done or ()):
                why = "bsdtar does not unpack it" if done is not None else "needs bsdtar"
                self._sink.leave_out("unsupported_format", f"entry {index}: method {entry.info.compress_type}, {why}")

    def _take_locked(self, entries: list[Entry], passwords: tuple[str, ...]) -> None:
        left = {entry.place.index: entry for entry in entries}
        opened: set[int] = set()
        has_program = False
        for password in passwords:
            for raw in as_bytes(password):
                candidates = [entry for entry in left.values() if may_open(self._archive, entry, raw)]
                if not candidates:
                    continue
                opened.update(entry.place.index for entry in candidates)
                done = self._by_program(candidates, raw)
                has_program = has_program or done is not None
                for entry in candidates:
                    here = entry.info.compress_type in _NATIVE
                    if entry.place.index in (done or ()) or (here and self._take(entry, raw)):
                        del left[entry.place.index]
        for index, entry in left.items():
            if index in opened and entry.info.compress_type == AES:
                why = "bsdtar does not unpack it" if has_program else "needs bsdtar"
                self._sink.leave_out("unsupported_format", f"entry {index}: AES, {why}")
            else:
                self._sink.leave_out("encrypted", f"entry {index}")

    def _by_program(self, entries: list[Entry], password: bytes) -> set[int] | None:
        """Indexes of those of `entries` that bsdtar unpacks; None without it."""
        wanted = {
            entry.place.index: Wanted(
                entry.place, entry.info.file_size, entry.info.CRC if is_summed(entry.info) else None
            )
            for entry in entries
        }
        with folder_for_program(self._path, self._sink.job, "set.zip") as folder:
            return unpack_with_bsdtar(
                folder, "set.zip", wanted, sink=self._sink, limits=self._sink.limits, password=password
            )
