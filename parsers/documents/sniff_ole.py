"""What an OLE compound file is, by the streams of its root storage: doc, xls, an encrypted docx …

Reads the directory only, bounded. A stream of the same name deeper inside belongs to an
embedded object and says nothing of the file.
Source: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.6 (directory); stream names from [MS-DOC] 2.1.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

from parsers.facts import Format, ProblemCode

_MOST_SECTORS = 4_096
"""Directory sectors read; 4 entries and more lie in each."""
_NO_STREAM = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers from here on are marks (end of chain, free, …)."""

_BY_STREAM: tuple[tuple[str, Format, str, ProblemCode | None], ...] = (
    ("EncryptedPackage", "docx", "docx", "encrypted"),  # [MS-OFFCRYPTO] 2.3.4.4: the package inside cannot be seen
    ("WordDocument", "doc", "doc", None),  # also what Kingsoft calls .wps: the bytes are the same
    ("Workbook", "sheet", "xls", None),
    ("Book", "sheet", "xls", None),
    ("PowerPoint Document", "other", "ppt", None),
    ("__properties_version1.0", "letter", "msg", None),
    ("VisioDocument", "other", "vsd", None),
    ("HwpSummaryInformation", "other", "hwp", None),
    ("Quill", "other", "pub", None),
    ("MatOST", "wps", "wps", None),  # Microsoft Works, two generations
    ("CONTENTS", "wps", "wps", None),
)
"""In order: the first stream present decides, whatever its case ([MS-CFB] 2.6.4 compares upper-cased)."""


def sniff_ole(path: Path) -> tuple[Format, str, ProblemCode | None]:
    """Format, kind and, for a document behind a password, the problem; ("other", "ole", None) when unknown."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        names = _root_streams(view) if len(view) >= 512 else frozenset()
    for stream, format_, kind, problem in _BY_STREAM:
        if stream.upper() in names:
            return format_, kind, problem
    return "other", "ole", None


def _root_streams(view: mmap.mmap) -> frozenset[str]:
    """Upper-cased names directly below the root entry; empty when the directory cannot be followed."""
    entries = [entry for sector in _directory_sectors(view) for entry in _entries(sector)]
    if not entries:
        return frozenset()
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [entries[0][3]]
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        name, left, right, _ = entries[number]
        names.add(name.upper())
        waiting += [left, right]
    return frozenset(names)


def _entries(sector: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Name, left sibling, right sibling and child of each entry; leading control characters of names are kept out."""
    for at in range(0, len(sector) - 127, 128):
        length = min(struct.unpack_from("<H", sector, at + 64)[0], 64)
        name = sector[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        left, right, child = struct.unpack_from("<III", sector, at + 68)
        yield name.lstrip("\x01\x02\x03\x04\x05\x06"), left, right, child


def _directory_sectors(view: mmap.mmap) -> Iterator[bytes]:
    """The directory's sectors in order, as far as the chain can be followed."""
    shift = struct.unpack_from("<H", view, 30)[0]
    if shift not in {9, 12}:
        return
    size = 1 << shift
    fat = _FatTable(view, size)
    sector = struct.unpack_from("<I", view, 48)[0]
    for _ in range(_MOST_SECTORS):
        start = (sector + 1) * size
        if sector >= _LAST_SECTOR or start >= len(view):
            return
        yield view[start : start + size]
        sector = fat.next_of(sector)


class _FatTable:
    """Looks up a sector's successor without reading the whole table."""

    def __init__(self, view: mmap.mmap, sector_bytes: int) -> None:
        self._view = view
        self._size = sector_bytes
        self._per_sector = sector_bytes // 4

    def next_of(self, sector: int) -> int:
        """The sector after `sector`, or a mark that ends the chain."""
        index = sector // self._per_sector
        table_sector = self._table_sector(index)
        at = (table_sector + 1) * self._size + (sector % self._per_sector) * 4
        if table_sector >= _LAST_SECTOR or at + 4 > len(self._view):
            return _NO_STREAM
        return int(struct.unpack_from("<I", self._view, at)[0])

    def _table_sector(self, index: int) -> int:
        """Where part `index` of the table lies: 109 places in the header, the others in the DIFAT chain."""
        if index < 109:
            return int(struct.unpack_from("<I", self._view, 76 + 4 * index)[0])
        index -= 109
        difat = struct.unpack_from("<I", self._view, 68)[0]
        for _ in range(min(index // (self._per_sector - 1), _MOST_SECTORS)):
            at = (difat + 2) * self._size - 4
            if difat >= _LAST_SECTOR or at + 4 > len(self._view):
                return _NO_STREAM
            difat = struct.unpack_from("<I", self._view, at)[0]
        at = (difat + 1) * self._size + 4 * (index % (self._per_sector - 1))
        if difat >= _LAST_SECTOR or at + 4 > len(self._view):
            return _NO_STREAM
        return int(struct.unpack_from("<I", self._view, at)[0])
