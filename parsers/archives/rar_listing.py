"""Lists a RAR archive: what it declares of itself, before anything is unpacked. `rarfile` reads the headers.

Source: RAR 5.0 archive format; for RAR 4, technote.txt of RAR 4.20.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rarfile

from parsers.archives.leftovers import is_leftover
from parsers.archives.member_names import choose_charset, split_path
from parsers.archives.members import Place
from parsers.archives.unpacking import Wanted
from parsers.errors import ParserError

BROKEN = (rarfile.Error, EOFError, ValueError, IndexError, struct.error, OverflowError)
"""What rarfile raises over broken bytes."""
_FLAG_UNICODE = 0x200
_FLAG_SPLIT_BEFORE = 0x01
_TWEAKED_SUMS = 0x02
_METHOD_STORED = 0x30
_COPIES = (rarfile.RAR5_XREDIR_HARD_LINK, rarfile.RAR5_XREDIR_FILE_COPY)


@dataclass(frozen=True, slots=True)
class RarEntry:
    """One file of the archive."""

    info: Any
    """rarfile's own record."""
    wanted: Wanted
    encrypted: bool
    stored: bool
    """Neither packed nor encrypted: its bytes stand in the archive as they are."""
    copy_of: int | None
    """Number of the entry it repeats; None when its content is its own."""


@dataclass(frozen=True, slots=True)
class RarListing:
    """What an archive holds, sorted out."""

    archive: rarfile.RarFile
    entries: dict[int, RarEntry]
    """Files worth taking out, by their number in the archive."""
    count: int
    skipped: tuple[str, ...]
    name_encoding: str
    encrypted: bool
    is_rar5: bool
    password: str
    """The one that opened the headers; empty when they are open."""


def list_rar(path: Path, passwords: Iterable[str]) -> RarListing:
    """The archive that begins at `path`; further volumes lie beside it under the names it gives them.

    Raises:
        ParserError: `part_missing`, `damaged`, or `encrypted` when even the names are and no password opens them.
    """
    archive, password = _opened(path, passwords)
    told = archive.strerror() or ""
    if "volume" in told:
        raise ParserError("part_missing", f"after volume {len(archive.volumelist())}")
    infos = archive.infolist()
    if not infos and told:
        raise ParserError("damaged", "rar: header")
    charset = choose_charset([info.orig_filename for info in infos if _is_unmarked(info)])
    entries: dict[int, RarEntry] = {}
    skipped: list[str] = []
    numbers: dict[str, int] = {}
    for number, info in enumerate(infos):
        name_in_full = info.orig_filename.decode(charset, "replace") if _is_unmarked(info) else info.filename
        folder, name = split_path(name_in_full.rstrip("/\\"))
        place = Place(number, folder, name)
        if info.is_dir() or info.is_symlink() or not info.is_file() or is_leftover(folder, name):
            skipped.append(place.path + ("/" if info.is_dir() else ""))
            continue
        if info.flags & _FLAG_SPLIT_BEFORE:
            raise ParserError("part_missing", "begins in the middle of a file")
        entries[number] = _entry(info, place, numbers)
        numbers[info.filename] = number
    return RarListing(
        archive=archive,
        entries=entries,
        count=len(infos),
        skipped=tuple(skipped),
        name_encoding=charset,
        encrypted=bool(archive.needs_password()),
        is_rar5=_is_rar5(path),
        password=password,
    )


def _opened(path: Path, passwords: Iterable[str]) -> tuple[rarfile.RarFile, str]:
    archive = _parsed(path, "")
    locked = archive is None or (archive.needs_password() and not archive.infolist())
    if archive is not None and not locked:
        return archive, ""
    for password in passwords:
        archive = _parsed(path, password)
        if archive is not None and archive.infolist():
            return archive, password
    raise ParserError("encrypted", "rar: names are encrypted too")


def _parsed(path: Path, password: str) -> rarfile.RarFile | None:
    """The archive with its headers read; None when `password` does not open them."""
    try:
        archive = rarfile.RarFile(path)
        if password:
            archive.setpassword(password)
    except rarfile.NeedFirstVolume as error:
        raise ParserError("part_missing", "the first volume is not there") from error
    except (rarfile.RarWrongPassword, rarfile.PasswordRequired):
        return None
    except (*BROKEN, OSError) as error:
        if (
            isinstance(error, OSError) and error.errno != errno.EINVAL
        ):  # a size no file can have is led to; a disk is not
            raise
        if password:
            return None
        raise ParserError("damaged", f"rar: {type(error).__name__}") from error
    return archive


def _entry(info: Any, place: Place, numbers: dict[str, int]) -> RarEntry:
    redirected = info.file_redir
    copy_of = numbers.get(redirected[2]) if redirected and redirected[0] in _COPIES else None
    crc32 = info.CRC if info.CRC is not None and not _has_tweaked_sums(info) else None
    encrypted = bool(info.needs_password())
    return RarEntry(
        info=info,
        wanted=Wanted(place, info.file_size, crc32),
        encrypted=encrypted,
        stored=info.compress_type == _METHOD_STORED and not encrypted and redirected is None,
        copy_of=copy_of,
    )


def _is_unmarked(info: Any) -> bool:
    """A RAR 4 name without the flag that says Unicode: its charset must be guessed."""
    return isinstance(info, rarfile.Rar3Info) and not info.flags & _FLAG_UNICODE


def _has_tweaked_sums(info: Any) -> bool:
    """RAR 5 hides the checksums of encrypted files behind the password."""
    encryption = getattr(info, "file_encryption", None)
    return bool(encryption and encryption[1] & _TWEAKED_SUMS)


def _is_rar5(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8) == b"Rar!\x1a\x07\x01\x00"
