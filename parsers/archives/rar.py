"""Takes the files out of a RAR archive: what is stored by `rarfile`, what is packed by a program that is shut in.

No library unpacks RAR; its methods are free to read in unar and libarchive alone. What comes out of them counts only where
the archive's own listing has a file of that size and checksum.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from parsers.archives.members import MemberSink, archive_reading, checked_count
from parsers.archives.rar_listing import BROKEN, RarEntry, RarListing, list_rar
from parsers.archives.salvage import read_damaged
from parsers.archives.unpacking import Unpack, Wanted, unpack_with_bsdtar, unpack_with_unar
from parsers.archives.volumes import Style
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Reading
from parsers.limits import Limits

READER = "rar/2"


def read_rar(path: Path, job: Path, limits: Limits) -> Reading:
    """As `read_rar_volumes`, of one file and without a password."""
    return read_rar_volumes((path,), job, limits, (), style="part")


def unlock_rar(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    """As `read_rar_volumes`, of one file."""
    return read_rar_volumes((path,), job, limits, passwords, style="part")


def read_rar_volumes(
    paths: Sequence[Path], job: Path, limits: Limits, passwords: tuple[str, ...], *, style: Style
) -> Reading:
    """What the archive in `paths` (its volumes in order) holds; its files as members in `job`.

    `passwords` are tried in turn. Files no program here unpacks are left out and give `unsupported_format`; that is no
    proof of damage, and nobody is blamed for it.
    What only bsdtar opens comes out beside the problem `reader_failed`.

    Raises:
        LimitError: Too many entries, too many bytes or too tightly packed, by what it declares or while unpacking.
        ParserError: `part_missing`, `encrypted` (names too), `damaged` (its headers cannot be followed), `timed_out`.
    """
    volumes = job / "volumes"
    volumes.mkdir()
    try:
        first = _lay_out(paths, volumes, style)
        try:
            listing = list_rar(first, passwords)
        except ParserError as error:
            if len(paths) > 1:
                raise
            shutil.rmtree(volumes)
            return read_damaged(paths[0], job, limits, kind="rar", reader=READER, found=error)
        sink = MemberSink(job, limits, packed_bytes=sum(each.stat().st_size for each in paths))
        checked_count(listing.count, limits)
        declared_bytes = sum(entry.wanted.size_bytes or 0 for entry in listing.entries.values())
        if declared_bytes > sink.left_bytes:
            raise LimitError(f"declares {declared_bytes} bytes")
        _take_out(listing, first, sink=sink, limits=limits, passwords=passwords)
    finally:
        shutil.rmtree(volumes, ignore_errors=True)
    facts = ArchiveFacts(
        kind="rar",
        entries=listing.count,
        encrypted=listing.encrypted,
        name_encoding=listing.name_encoding,
        skipped=listing.skipped,
        volumes=len(paths),
    )
    return archive_reading(paths, sink, facts, reader=READER)


def _lay_out(paths: Sequence[Path], folder: Path, style: Style) -> Path:
    """The volumes in `folder` under the names by which each finds the next; the first of them."""
    for number, path in enumerate(paths, start=1):
        if style == "r00":
            name = "set.rar" if number == 1 else f"set.{chr(ord('r') + (number - 2) // 100)}{(number - 2) % 100:02d}"
        else:
            name = f"set.part{number:04d}.rar"
        try:
            os.link(path, folder / name)
        except OSError:
            shutil.copyfile(path, folder / name)
    return folder / ("set.rar" if style == "r00" else "set.part0001.rar")


def _take_out(
    listing: RarListing, first: Path, *, sink: MemberSink, limits: Limits, passwords: tuple[str, ...]
) -> None:
    """Fill `sink`, the cheapest way first, and say what did not come out."""
    left = dict(listing.entries)
    _take_stored(listing, left, sink)
    has_program = False
    for password in ("", *((listing.password,) if listing.password else passwords)):
        for unpack in _programs(listing, password):
            wanted = _wanted(left, unlocked=bool(password))
            if wanted:
                done = unpack(first.parent, first.name, wanted, sink=sink, limits=limits, password=password.encode())
                has_program = has_program or done is not None
                for number in done or ():
                    del left[number]
    for number, entry in list(left.items()):
        if entry.copy_of is not None and sink.repeat(entry.wanted.place, entry.copy_of):
            del left[number]
    for number, entry in left.items():
        if entry.encrypted:
            sink.leave_out("encrypted", f"entry {number}")
        else:
            why = "neither unar nor bsdtar unpacks it" if has_program else "needs unar or bsdtar"
            sink.leave_out("unsupported_format", f"entry {number}: {why}")


def _take_stored(listing: RarListing, left: dict[int, RarEntry], sink: MemberSink) -> None:
    """What needs no program: files stored as they are, and empty ones."""
    for number, entry in listing.entries.items():
        if entry.wanted.size_bytes and not entry.stored:
            continue
        del left[number]
        try:
            with io.BytesIO() if not entry.wanted.size_bytes else listing.archive.open(entry.info) as source:
                sink.take(entry.wanted.place, source)
        except BROKEN as error:
            sink.leave_out("damaged", f"entry {number}: {type(error).__name__}")


def _wanted(left: dict[int, RarEntry], *, unlocked: bool) -> dict[int, Wanted]:
    return {
        number: entry.wanted
        for number, entry in left.items()
        if entry.copy_of is None and (unlocked or not entry.encrypted)
    }


def _programs(listing: RarListing, password: str) -> tuple[Unpack, ...]:
    """In order of trust. bsdtar knows no RAR passwords; of RAR 4 it misses volumes and solid archives, unar RAR 5 ones."""
    if password:
        return (unpack_with_unar,)
    if listing.is_rar5:
        return (unpack_with_bsdtar, unpack_with_unar)
    return (unpack_with_unar, unpack_with_bsdtar)
