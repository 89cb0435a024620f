"""Lets a program unpack an archive, and finds out which entry each file is by its size and checksum, not by its name.

Programs write names in their own way; the listing that was read here stands. bsdtar turns an archive into a tar on its
standard output: it writes nothing to the disk. unar needs a folder, which is watched while it fills.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from parsers.archives.members import MemberSink, Place, Written
from parsers.archives.programs import find_bsdtar, find_unar
from parsers.archives.tar import take_tar
from parsers.cage import Cage, Caged, CageError, Ceilings, caged
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts
from parsers.limits import Limits

_AS_TAR = ("-c", "-f", "-", "--format=pax")
"""What makes bsdtar write another archive's files to its standard output."""
_LOOK_SECONDS = 0.1
_SHARE_OF_TIME = 0.8
"""The program ends before the reader's own time does, so that what came out until then can be told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that a program is to unpack, as the archive's listing tells of it."""

    place: Place
    size_bytes: int
    crc32: int | None
    """None when the archive holds none that can be compared."""


class Unpack(Protocol):
    """What both programs are called by."""

    def __call__(
        self,
        folder: Path,
        name: str,
        wanted: dict[int, Wanted],
        *,
        sink: MemberSink,
        limits: Limits,
        password: bytes = b"",
    ) -> set[int] | None:
        """Keep of `wanted` what comes out of the archive `name` in `folder`; their keys, None without the program."""
        ...


@dataclass(frozen=True, slots=True)
class _Found:
    path: str
    written: Written


def unpack_with_bsdtar(
    folder: Path, name: str, wanted: dict[int, Wanted], *, sink: MemberSink, limits: Limits, password: bytes = b""
) -> set[int] | None:
    """Keep of `wanted` what comes out of the archive `name` in `folder`; their keys. None without the program.

    The password goes in by the standard input, where nobody sees it.

    Raises:
        LimitError: More bytes than are left.
        ParserError: `timed_out`.
    """
    program = find_bsdtar()
    if program is None:
        return None
    with _shut_in((str(program), *_AS_TAR, f"@{name}"), folder, limits, typed=(password + b"\n") * 2) as running:
        found = _from_stream(running, sink)
        is_sound = running.wait() == 0
    return _claim(found, wanted, sink=sink, is_sound=is_sound)


def unpack_with_unar(
    folder: Path, name: str, wanted: dict[int, Wanted], *, sink: MemberSink, limits: Limits, password: bytes = b""
) -> set[int] | None:
    """As `unpack_with_bsdtar`, by way of a folder of its own. unar takes a password on its command line only."""
    program = find_unar()
    if program is None:
        return None
    with _empty_folder(folder / "unpacked") as target:
        locked = ("-p", os.fsdecode(password)) if password else ()
        arguments = ("-q", "-D", "-r", "-k", "skip", *locked, "-o", target.name, name)
        with _shut_in((str(program), *arguments), folder, limits, writable=target) as running:
            while not running.has_ended(within_seconds=_LOOK_SECONDS):
                _check_size(target, sink)
            is_sound = running.wait() == 0
        _check_size(target, sink)
        found = _from_folder(target, sink)
    return _claim(found, wanted, sink=sink, is_sound=is_sound)


def unpack_unlisted(folder: Path, name: str, *, sink: MemberSink, limits: Limits) -> ArchiveFacts | None:
    """Keep all that bsdtar finds in the archive `name` in `folder`, which has no listing of ours; what it holds.

    None without the program, or when it, too, meets a broken place or finds no file: nothing is kept then.

    Raises:
        LimitError: Too many entries or bytes.
        ParserError: `timed_out`.
    """
    program = find_bsdtar()
    if program is None:
        return None
    with _shut_in((str(program), *_AS_TAR, f"@{name}"), folder, limits, typed=b"\n\n") as running:
        facts = take_tar(running.output, sink, limits)
        is_sound = running.wait() == 0
    if not is_sound or sink.problem is not None or not sink.members:
        sink.discard()
        return None
    return facts


@contextmanager
def folder_for_program(path: Path, job: Path, name: str) -> Iterator[Path]:
    """A folder below `job` with nothing in it but the archive at `path`, called `name`; gone at the end."""
    with _empty_folder(job / "volumes") as folder:
        try:
            os.link(path, folder / name)
        except OSError:
            shutil.copyfile(path, folder / name)
        yield folder


@contextmanager
def _shut_in(
    command: tuple[str, ...], folder: Path, limits: Limits, *, writable: Path | None = None, typed: bytes = b""
) -> Iterator[Caged]:
    """`command` at work in `folder`, where the archive lies. Raises: ParserError (`timed_out`, `unsupported_format`)."""
    ceilings = Ceilings(limits.memory_bytes, limits.cpu_seconds, limits.members_bytes)
    cage = Cage(ceilings, folder=folder, writable=writable)
    try:
        with caged(
            command, cage, seconds=limits.wall_seconds * _SHARE_OF_TIME, typed=typed, listened=writable is None
        ) as running:
            yield running
    except CageError as error:
        if error.why == "timed_out":
            raise ParserError("timed_out", "the unpacking program took too long") from error
        raise ParserError("unsupported_format", "the unpacking program cannot be started") from error


def _from_stream(running: Caged, sink: MemberSink) -> list[_Found]:
    found: list[_Found] = []
    try:
        with tarfile.open(fileobj=running.output, mode="r|", encoding="utf-8", errors="surrogateescape") as stream:
            for info in stream:
                content = stream.extractfile(info) if info.isreg() else None
                if content is not None:
                    found.append(_Found(info.name, sink.write(content)))
    except (tarfile.TarError, EOFError, ValueError):
        pass  # the program gave up at a broken place: what came before it is compared with the listing
    return found


def _from_folder(target: Path, sink: MemberSink) -> list[_Found]:
    found: list[_Found] = []
    for path in sorted(_regular_files(target)):
        with path.open("rb") as source:
            found.append(_Found(path.relative_to(target).as_posix(), sink.write(source)))
        path.unlink()
    return found


def _regular_files(target: Path) -> Iterator[Path]:
    """Files of their own below `target`: no link is followed, none is taken for a file."""
    for folder, _, names in os.walk(target, followlinks=False):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _check_size(target: Path, sink: MemberSink) -> None:
    size_bytes = 0
    for path in _regular_files(target):
        try:
            size_bytes += path.lstat().st_size
        except FileNotFoundError:
            continue  # the program renames what it has done
    if size_bytes > sink.left_bytes:
        sink.discard()
        raise LimitError(f"more than {sink.left_bytes} bytes unpacked")


def _claim(found: list[_Found], wanted: dict[int, Wanted], *, sink: MemberSink, is_sound: bool) -> set[int]:
    """Keep each found file as the entry it is, drop the others; the keys of what was kept."""
    claimed: set[int] = set()
    for file in found:
        fitting = [key for key, entry in wanted.items() if key not in claimed and _is(entry, file, is_sound)]
        key = min(fitting, key=lambda key: not _is_named(wanted[key], file), default=None)
        if key is None:
            sink.drop(file.written)
            continue
        sink.keep(wanted[key].place, file.written)
        claimed.add(key)
    return claimed


def _is(entry: Wanted, file: _Found, is_sound: bool) -> bool:  # noqa: FBT001 -- one call, beside its meaning
    if entry.size_bytes != file.written.size_bytes:
        return False
    if entry.crc32 is not None:
        return entry.crc32 == file.written.crc32
    return is_sound  # without a checksum the program's word that all fitted must do


def _is_named(entry: Wanted, file: _Found) -> bool:
    return unicodedata.normalize("NFC", file.path).split("/")[-1] == entry.place.name


@contextmanager
def _empty_folder(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
