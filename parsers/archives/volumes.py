"""Files that are volumes of one archive, told by their names, and put together again.

`split_sets` is pure. Names: name.part1.rar (WinRAR), name.rar name.r00 (older), name.z01 name.zip (PKZIP, WinZip),
name.zip.001 name.7z.001 (7-Zip, Bandizip, 360压缩).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parsers.errors import ParserError

Style = Literal["part", "r00", "z01", "001"]

_PART = re.compile(r"(?P<stem>.+)\.part(?P<number>\d{1,4})\.(?:rar|exe)", re.IGNORECASE)
_OLD_RAR = re.compile(r"(?P<stem>.+)\.(?:(?P<letter>[r-y])(?P<number>\d\d)|rar)", re.IGNORECASE)
_PK = re.compile(r"(?P<stem>.+)\.(?:z(?P<number>\d\d\d?)|zip)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<stem>.+\.(?:zip|7z|rar|tar|tgz|gz|bz2|xz))\.(?P<number>\d{3})", re.IGNORECASE)
# A second download of the same letter puts " (1)" behind a name, some clients into its middle.
_COPY_MARK = re.compile(r" ?\(\d\)(?=\.[^.]*$)|（\d）(?=\.[^.]*$)")


@dataclass(frozen=True, slots=True)
class SplitSet:
    """One archive in several files."""

    style: Style
    places: tuple[int, ...]
    """Indexes into the names given, in the order of the volumes."""
    missing: tuple[int, ...] = ()
    """Numbers of volumes (1 is the first) that are not there, as far as names tell: nothing is known behind the last."""


def split_sets(names: Sequence[str]) -> tuple[SplitSet, ...]:
    """The sets of volumes among files that lie side by side, in the order of their first files; empty when none.

    A file belongs to one set at most. A single name.rar or name.zip is no set; a single volume that says so is one.
    """
    found: dict[tuple[Style, str], dict[int, int]] = {}
    for place, name in enumerate(names):
        for style, stem, number in _readings_of(_COPY_MARK.sub("", name)):
            found.setdefault((style, stem), {}).setdefault(number, place)
    sets: list[SplitSet] = []
    taken: set[int] = set()
    for (style, _), volumes in found.items():
        # name.rar and name.zip are whole archives unless a volume lies beside them.
        if set(volumes) == {_WHOLE[style]} or taken.intersection(volumes.values()):
            continue
        taken.update(volumes.values())
        sets.append(_put_in_order(style, volumes))
    return tuple(sorted(sets, key=lambda each: min(each.places)))


def digest_of(paths: Sequence[Path]) -> tuple[str, int]:
    """SHA-256 and size of all files' bytes, one after the other: what a set of volumes is known by."""
    digest = hashlib.sha256()
    size_bytes = 0
    for path in paths:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
                size_bytes += len(piece)
    return digest.hexdigest(), size_bytes


def set_digest(sha256s: Sequence[str]) -> str:
    """What a set is known by: SHA-256 of its volumes' hashes in order, so that none of its volumes is taken for it."""
    return hashlib.sha256("\n".join(sha256s).encode("ascii")).hexdigest()


def join(paths: Sequence[Path], target: Path, style: Style) -> None:
    """Write the volumes into one file; a zip split by PKZIP's rules gets a directory that fits it.

    Raises:
        ParserError: `part_missing` when the last volume of such a zip is not there, or others its directory counts.
    """
    starts: list[int] = []
    with target.open("wb") as whole:
        for path in paths:
            starts.append(whole.tell())
            with path.open("rb") as volume:
                shutil.copyfileobj(volume, whole, 1 << 20)
    if style == "z01":
        _mend_directory(target, starts)


_LAST = 1_000_000
_WHOLE: dict[Style, int] = {"part": 0, "r00": 1, "z01": _LAST, "001": 0}
"""The number of the volume whose name is that of a whole archive; 0 where every name tells a volume."""


def _readings_of(name: str) -> list[tuple[Style, str, int]]:
    """What `name` may be: style, stem (case folded) and number of the volume."""
    if match := _PART.fullmatch(name):
        return [("part", match["stem"].casefold(), int(match["number"]))]
    if match := _NUMBERED.fullmatch(name):
        return [("001", match["stem"].casefold(), int(match["number"]))]
    found: list[tuple[Style, str, int]] = []
    if match := _OLD_RAR.fullmatch(name):
        series = (ord(match["letter"].lower()) - ord("r")) * 100 if match["letter"] else 0
        number = 1 if match["number"] is None else series + int(match["number"]) + 2
        found.append(("r00", match["stem"].casefold(), number))
    if match := _PK.fullmatch(name):
        found.append(("z01", match["stem"].casefold(), _LAST if match["number"] is None else int(match["number"])))
    return found


def _put_in_order(style: Style, volumes: dict[int, int]) -> SplitSet:
    numbers = sorted(volumes)
    last = max((number for number in numbers if number != _LAST), default=0)
    missing = [number for number in range(1, last + 1) if number not in volumes]
    if style == "z01" and _LAST not in volumes:
        missing.append(last + 1)
    return SplitSet(style, tuple(volumes[number] for number in numbers), tuple(missing))


def _mend_directory(whole: Path, starts: Sequence[int]) -> None:
    """Turn offsets within volumes into offsets within `whole`. Source: PKWARE APPNOTE 6.3.10, 4.3.12, 4.3.16, 8.5."""
    with whole.open("r+b") as file:
        size_bytes = file.seek(0, 2)
        tail_at = max(0, size_bytes - 65_557)
        file.seek(tail_at)
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        if end < 0 or end + 22 > len(tail):
            raise ParserError("part_missing", "the last volume is not there")
        disk, directory_disk, _, count, length, offset = struct.unpack_from("<HHHHII", tail, end + 4)
        if disk + 1 != len(starts) or directory_disk >= len(starts):
            raise ParserError("part_missing", f"{len(starts)} of {disk + 1} volumes")
        directory_at = starts[directory_disk] + offset
        file.seek(directory_at)
        directory = bytearray(file.read(length))
        _move_entries(directory, count, starts)
        file.seek(directory_at)
        file.write(directory)
        file.seek(tail_at + end + 4)
        file.write(struct.pack("<HHHHII", 0, 0, count, count, length, directory_at))


def _move_entries(directory: bytearray, count: int, starts: Sequence[int]) -> None:
    at = 0
    for _ in range(count):
        if directory[at : at + 4] != b"PK\x01\x02" or at + 46 > len(directory):
            raise ParserError("damaged", "directory of a split archive")
        name_bytes, extra_bytes, comment_bytes, disk = struct.unpack_from("<HHHH", directory, at + 28)
        if disk >= len(starts):
            raise ParserError("part_missing", f"an entry begins in volume {disk + 1}")
        offset = struct.unpack_from("<I", directory, at + 42)[0]
        struct.pack_into("<H", directory, at + 34, 0)
        struct.pack_into("<I", directory, at + 42, (starts[disk] + offset) & 0xFFFFFFFF)
        at += 46 + name_bytes + extra_bytes + comment_bytes
