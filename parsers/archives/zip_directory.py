"""Opens a zip and says what stands in it, refusing directories that lie. Nothing is unpacked here.

Source: PKWARE APPNOTE 6.3.10; the overlapping bomb is D. Fifield's "A better zip bomb" (WOOT 2019).
"""

from __future__ import annotations

import bisect
import copy
import io
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from parsers.archives.leftovers import is_leftover
from parsers.archives.member_names import choose_charset, split_path, unicode_path
from parsers.archives.members import Place
from parsers.errors import LimitError, ParserError
from parsers.limits import Limits

_TAIL_BYTES = 65_557
_BYTES_PER_ENTRY = 2_048
"""What one entry may take in the directory on average: 46 bytes, a name, extra fields."""
_SENTINEL = 0xFFFFFFFF
_LOCAL_HEADER_BYTES = 30
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
AES = 99
"""The packing method that says WinZip AES; the true one stands in an extra field."""
_MOST_DIRECTORY_BYTES = 8_000_000
"""Largest directory mended in memory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive, its name decoded."""

    info: zipfile.ZipInfo
    place: Place
    """`index` is the place in the central directory."""
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """What an archive holds, sorted out."""

    entries: tuple[Entry, ...]
    """Files worth taking out, in directory order."""
    count: int
    """All entries, skipped ones included."""
    skipped: tuple[str, ...]
    """Paths left out on purpose, as decoded, in directory order."""
    name_encoding: str
    """Charset of the names, one for all those not marked; "utf-8" when all were."""


def open_zip(file: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """The archive, its directory read.

    Raises:
        LimitError: More entries than `limits.members`, or a directory too large for them.
        ParserError: `damaged` when the directory is missing or broken, `part_missing` when it says that the archive lies
            in several volumes.
    """
    _check_end_record(file, limits)
    try:
        try:
            archive = zipfile.ZipFile(file)
        except UnicodeDecodeError:  # a name marked as UTF-8 that is not: some packers set the flag over GBK
            archive = zipfile.ZipFile(_unmarked(file))
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, ValueError, OSError, struct.error) as error:
        raise ParserError("damaged", f"directory: {type(error).__name__}") from error
    if len(archive.filelist) > limits.members:
        raise LimitError(f"{len(archive.filelist)} entries; the limit is {limits.members}")
    return archive


def read_directory(archive: zipfile.ZipFile) -> Directory:
    """The entries of `archive` with decoded names; folders, links and programs' leftovers are skipped and named.

    Raises:
        ParserError: `damaged` when entries overlap: no packer does that, and no other reader is asked.
    """
    infos = archive.filelist
    _check_overlap(infos)
    unmarked = [_raw_name(info) for info in infos if _marked_name(info) is None]
    charset = choose_charset(unmarked)
    entries: list[Entry] = []
    skipped: list[str] = []
    for index, info in enumerate(infos):
        path = _marked_name(info)
        if path is None:
            path = _raw_name(info).decode(charset, "replace")
        place = Place(index, *split_path(path.rstrip("/")))
        if _is_skipped(info, place):
            skipped.append(place.path + ("/" if _is_folder(info) else ""))
        else:
            encrypted = bool(info.flag_bits & _ENCRYPTED_FLAGS) or info.compress_type == AES
            entries.append(Entry(info=info, place=place, encrypted=encrypted))
    return Directory(entries=tuple(entries), count=len(infos), skipped=tuple(skipped), name_encoding=charset)


def open_entry(archive: zipfile.ZipFile, entry: Entry, password: bytes = b"") -> IO[bytes]:
    """The entry's content, whatever name stands before it.

    `zipfile` refuses an entry whose local header names it otherwise than the directory does. Packers that write
    Unicode names into the directory alone do that, and the directory is what their users see: it stands.
    """
    info = copy.copy(entry.info)
    file = archive.fp
    if file is not None:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER_BYTES)
        if header[:4] == b"PK\x03\x04" and len(header) == _LOCAL_HEADER_BYTES:
            name = file.read(int.from_bytes(header[26:28], "little"))
            flags = int.from_bytes(header[6:8], "little")
            info.orig_filename = name.decode("utf-8" if flags & _UTF8_FLAG else "cp437")
    return archive.open(info, pwd=password or None)


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    """The name's bytes as stored. `filename` has been cut at NUL and turned around; `orig_filename` has not."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_FLAG else "cp437")


def _marked_name(info: zipfile.ZipInfo) -> str | None:
    """The name where the archive itself says it is Unicode; None where its charset must be guessed."""
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    return unicode_path(info.extra, _raw_name(info))


def _is_folder(info: zipfile.ZipInfo) -> bool:
    # Not `is_dir()`: it fails on a name that begins with NUL.
    return info.orig_filename.endswith("/")


def _is_skipped(info: zipfile.ZipInfo, place: Place) -> bool:
    mode = info.external_attr >> 16
    if _is_folder(info) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode):
        return True
    return is_leftover(place.folder, place.name)


def _unmarked(file: IO[bytes]) -> IO[bytes]:
    """The archive with the UTF-8 flag taken from those names that are not UTF-8; the file itself stays as it is."""
    size_bytes = file.seek(0, 2)
    tail_at = max(0, size_bytes - _TAIL_BYTES)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    length, offset = struct.unpack_from("<II", tail, end + 12)
    # Bytes put before the archive move everything: the directory ends where the end record begins.
    start = tail_at + end - length
    if start < 0 or not _stands_at(file, start):
        start = offset
    if length > _MOST_DIRECTORY_BYTES or not _stands_at(file, start):
        raise zipfile.BadZipFile("directory not found")
    file.seek(start)
    directory = bytearray(file.read(length))
    patches: dict[int, bytes] = {}
    at = 0
    while at + 46 <= len(directory) and directory[at : at + 4] == b"PK\x01\x02":
        flags = struct.unpack_from("<H", directory, at + 8)[0]
        name_bytes, extra_bytes, comment_bytes = struct.unpack_from("<HHH", directory, at + 28)
        if flags & _UTF8_FLAG and not _is_utf8(directory[at + 46 : at + 46 + name_bytes]):
            unmarked = struct.pack("<H", flags & ~_UTF8_FLAG)
            patches[start + at + 8] = unmarked
            local_at = struct.unpack_from("<I", directory, at + 42)[0] + start - offset
            patches[local_at + 6] = unmarked
        at += 46 + name_bytes + extra_bytes + comment_bytes
    file.seek(0)
    return io.BufferedReader(_Overlaid(file, patches))


def _stands_at(file: IO[bytes], start: int) -> bool:
    file.seek(start)
    return file.read(4) == b"PK\x01\x02"


def _is_utf8(name: bytes | bytearray) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Overlaid(io.RawIOBase):
    """A file some of whose bytes read otherwise."""

    def __init__(self, file: IO[bytes], patches: Mapping[int, bytes]) -> None:
        """`patches`: two bytes each, by their offset."""
        super().__init__()
        self._file = file
        self._patches = patches
        self._starts = sorted(patches)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        at = self._file.tell()
        piece = bytearray(self._file.read(len(buffer)))
        for start in self._starts[bisect.bisect_left(self._starts, at - 1) :]:
            if start >= at + len(piece):
                break
            for place, byte in enumerate(self._patches[start], start=start):
                if at <= place < at + len(piece):
                    piece[place - at] = byte
        buffer[: len(piece)] = piece
        return len(piece)


def _check_end_record(file: IO[bytes], limits: Limits) -> None:
    """Refuse a directory of millions of entries before `zipfile` makes an object of each."""
    size_bytes = file.seek(0, 2)
    file.seek(max(0, size_bytes - _TAIL_BYTES))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        raise ParserError("damaged", "no end record: cut off")
    disk, _, _, count, length = struct.unpack_from("<HHHHI", tail, at + 4)
    if disk not in {0, 0xFFFF}:
        raise ParserError("part_missing", f"the last of {disk + 1} volumes")
    for count_bytes in _wide_record(tail, at):
        count, length = count_bytes
    if count > limits.members and (count != 0xFFFF or length > limits.members * _BYTES_PER_ENTRY):
        raise LimitError(f"{count} entries; the limit is {limits.members}")
    if length != _SENTINEL and length > limits.members * _BYTES_PER_ENTRY:
        raise LimitError(f"a directory of {length} bytes")


def _wide_record(tail: bytes, end_at: int) -> Iterator[tuple[int, int]]:
    """Count and length of the directory from the ZIP64 end record, when one stands before the end record."""
    at = tail.rfind(b"PK\x06\x06", 0, end_at)
    if at >= 0 and at + 56 <= len(tail) and tail[end_at - 20 : end_at - 16] == b"PK\x06\x07":
        count, length = struct.unpack_from("<QQ", tail, at + 32)
        yield count, length


def _check_overlap(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share bytes: a bomb whose every file is the whole archive."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise ParserError("damaged", "entries overlap")
        end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size
