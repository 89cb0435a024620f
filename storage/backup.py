"""A consistent copy of database and letters in one zip file, and the way back.

    manifest.json              format, when, by which program, every other member with SHA-256 and size
    data/intake.sqlite3        the records as of one moment, checked; in this form too when they live on a server
    data/letters/ab/cdef….eml  the letters it names
    settings/…                 texts given by the caller

The database is copied first: a letter is durable before its row is committed, so every
letter the copy names is there. The file appears under its name only when all of it was
written, synced and read again. Peer: the disk; a worker may go on meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL

from storage import durable
from storage.copies import save_records
from storage.dialects import Database
from storage.errors import BackupError, CorruptError
from storage.letters import LetterStore
from storage.lock import private_folder
from storage.translation import translate_sqlite_error, translated_os_errors

FORMAT = 1
"""Of the file; a program refuses one above its own."""
DATABASE_MEMBER = "data/intake.sqlite3"
SETTINGS_PREFIX = "settings/"
MANIFEST_MEMBER = "manifest.json"
MANIFEST_MOST_BYTES = 200_000_000

_LETTER_MEMBER = re.compile(r"data/letters/([0-9a-f]{2})/([0-9a-f]{62})\.eml")
_SETTINGS_MEMBER = re.compile(r"settings/(intake\.toml|(?:campaigns|sentences)/[^/\\\x00-\x1f:]{1,120}\.toml)")
_PIECE_BYTES = 1 << 20
_MAKING = ".intake-backup-"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)

Progress = Callable[[int, int], None]
"""Told after each letter: how many of how many."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file says of itself."""

    made_at: datetime
    program: str
    schema: str
    """Revision of the database inside."""
    letters: int
    worker_ran: bool
    """A worker held the data folder while the copy was made: it may have gone on afterwards."""
    size_bytes: int


def write_backup(
    target: Path,
    *,
    database: Path | Database,
    letters: LetterStore,
    settings: Mapping[str, str],
    at: datetime,
    program: str,
    worker_ran: bool,
    progress: Progress = lambda _done, _all: None,
) -> Backup:
    """Copy everything into `target`, which must not exist, and read the copy again; what it holds.

    `database`: a SQLite file, of an earlier schema too, or any database of this program's.
    `settings`: relative path below `settings/` to text, without secrets.
    Raises: BackupError when `target` exists; CorruptError when database or a letter is damaged; DiskFullError,
    ReadOnlyError, StorageError. Then nothing stands at `target`.
    """
    if target.exists():
        raise BackupError(f"{target} exists", advice="这个文件已经存在，请换一个文件名。")
    with translated_os_errors(target.parent), private_folder(target.parent, prefix=_MAKING, at=at) as spare:
        copy, part = spare / "intake.sqlite3", spare / "backup.part"
        save_records(_as_database(database), copy)
        schema, hashes = _look_through(copy)
        with _create(part) as file:
            _pack(file, copy, letters, hashes, settings=settings, progress=progress, about={
                "format": FORMAT, "made_at": at.isoformat(), "program": program, "schema": schema,
                "letters": len(hashes), "worker_ran": worker_ran,
            })  # fmt: skip
            file.flush()
            os.fsync(file.fileno())
        found = check_backup(part)
        _move_to_new_name(part, target)
    return found


def check_backup(path: Path, *, progress: Progress = lambda _done, _all: None) -> Backup:
    """Read every member of a backup and compare it with the manifest; what it holds.

    Raises: BackupError when it is none, or of a newer program; CorruptError when it is damaged; StorageError.
    """
    with _opened(path) as (archive, manifest):
        for number, (name, told) in enumerate(manifest["members"].items(), 1):
            for _ in _pieces(archive, name, told):
                pass
            progress(number, len(manifest["members"]))
        return _about(path, manifest)


def read_settings(path: Path) -> dict[str, str]:
    """The settings inside a backup: path below `settings/` to text. Raises: as `check_backup`."""
    with _opened(path) as (archive, manifest):
        return {
            name.removeprefix(SETTINGS_PREFIX): b"".join(_pieces(archive, name, told)).decode()
            for name, told in manifest["members"].items()
            if name.startswith(SETTINGS_PREFIX)
        }


def unpack_backup(path: Path, folder: Path, *, progress: Progress = lambda _done, _all: None) -> Backup:
    """Unpack database and letters, each checked and synced, into the new `folder`; what the backup holds.

    The database lies at `folder`/intake.sqlite3, letters at `folder`/letters.
    Raises: as `check_backup`; DiskFullError, ReadOnlyError. Then `folder` is incomplete and to be removed.
    """
    with translated_os_errors(folder), _opened(path) as (archive, manifest):
        durable.make_folder(folder)
        folder.chmod(0o700)
        names = [name for name in manifest["members"] if not name.startswith(SETTINGS_PREFIX)]
        for number, name in enumerate(names, 1):
            target = folder / name.removeprefix("data/")
            durable.make_folder(target.parent)
            with _create(target) as file:
                for piece in _pieces(archive, name, manifest["members"][name]):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            durable.sync_folder(target.parent)
            progress(number, len(names))
        _look_through(folder / "intake.sqlite3")
        return _about(path, manifest)


# --- writing


def _as_database(database: Path | Database) -> Database:
    if isinstance(database, Database):
        return database
    return Database(URL.create("sqlite", database=str(database)), data_dir=database.parent)


def _look_through(database: Path) -> tuple[str, list[str]]:
    try:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            if verdict != "ok" or broken is not None:
                raise CorruptError(f"the copy of the database is not sound: {verdict if verdict != 'ok' else broken}")
            schema = str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
            # The bytes of letters that were purged are gone on purpose.
            rows = connection.execute("SELECT sha256 FROM letters WHERE outcome <> 'purged' ORDER BY sha256")
            return schema, [str(row[0]) for row in rows]
    except sqlite3.Error as error:
        raise translate_sqlite_error(error, database.parent) from error


def _pack(
    file: IO[bytes],
    copy: Path,
    letters: LetterStore,
    hashes: list[str],
    *,
    settings: Mapping[str, str],
    progress: Progress,
    about: Mapping[str, Any],
) -> None:
    members: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with copy.open("rb") as database:
            members[DATABASE_MEMBER] = _add(archive, DATABASE_MEMBER, database)
        for number, sha256 in enumerate(hashes, 1):
            name = f"data/letters/{sha256[:2]}/{sha256[2:]}.eml"
            with letters.open(sha256) as letter:
                members[name] = _add(archive, name, letter)
            if members[name]["sha256"] != sha256:
                raise CorruptError(f"raw letter {sha256} is damaged")
            progress(number, len(hashes))
        for path, text in settings.items():
            with tempfile.TemporaryFile() as told:
                told.write(text.encode())
                told.seek(0)
                members[SETTINGS_PREFIX + path] = _add(archive, SETTINGS_PREFIX + path, told)
        archive.writestr(
            zipfile.ZipInfo(MANIFEST_MEMBER, _LONG_AGO),
            json.dumps({**about, "members": members}, ensure_ascii=False, indent=1).encode(),
            zipfile.ZIP_DEFLATED,
        )


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> dict[str, Any]:
    """Stream `source` into the archive; its hash and size."""
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        while piece := source.read(_PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return {"sha256": digest.hexdigest(), "size": size}


def _move_to_new_name(part: Path, target: Path) -> None:
    """Give the finished file its name; a file that has appeared there meanwhile is not replaced."""
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise BackupError(f"{target} exists", advice="这个文件已经存在，请换一个文件名。") from error
    except OSError:  # a stick or a share without hard links
        durable.move_into_place(part, target)
    else:
        durable.sync_folder(target.parent)


def _create(path: Path) -> IO[bytes]:
    """A new file that nobody but its owner can ever open."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


# --- reading


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    with translated_os_errors(path):
        try:
            archive = zipfile.ZipFile(path)
        except FileNotFoundError as error:
            raise BackupError(f"no file {path}", advice="没有这个文件，请核对备份文件的位置。") from error
        except zipfile.BadZipFile as error:
            raise BackupError(f"{path} is no backup: {error}", advice=_NO_BACKUP) from error
        with archive:
            yield archive, _manifest(archive, path)


_NO_BACKUP = "这不是 intake backup 做的备份，或者文件没有传完整。"
_NEWER = "这份备份由更新版本的程序制作，当前程序不能恢复；请先安装相同或更新的程序版本。"


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        if archive.getinfo(MANIFEST_MEMBER).file_size > MANIFEST_MOST_BYTES:
            raise BackupError(f"{path}: the manifest is too large", advice=_NO_BACKUP)
        manifest = json.loads(archive.read(MANIFEST_MEMBER))
        if int(manifest["format"]) > FORMAT:
            raise BackupError(f"{path} has format {manifest['format']}, this program knows {FORMAT}", advice=_NEWER)
        members = {str(name): (str(m["sha256"]), int(m["size"])) for name, m in manifest["members"].items()}
        datetime.fromisoformat(manifest["made_at"])
        for key in ("program", "schema", "letters", "worker_ran"):
            manifest[key]
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise BackupError(f"{path} has no usable manifest: {error!r}", advice=_NO_BACKUP) from error
    if DATABASE_MEMBER not in members:
        raise BackupError(f"{path} holds no database", advice=_NO_BACKUP)
    strange = [
        n
        for n in members
        if n != DATABASE_MEMBER and not (_LETTER_MEMBER.fullmatch(n) or _SETTINGS_MEMBER.fullmatch(n))
    ]
    if strange:
        raise BackupError(f"{path} holds {strange[0]!r}, which no backup holds", advice=_NO_BACKUP)
    return {**manifest, "members": members}


def _pieces(archive: zipfile.ZipFile, name: str, told: tuple[str, int]) -> Iterator[bytes]:
    """The bytes of a member, piece by piece. Raises: CorruptError when they are not what the manifest tells."""
    sha256, size = told
    digest, read = hashlib.sha256(), 0
    try:
        with archive.open(name) as member:
            # One byte more than told is enough to know: a bomb is not unpacked.
            while piece := member.read(min(_PIECE_BYTES, size - read + 1)):
                read += len(piece)
                if read > size:
                    break
                digest.update(piece)
                yield piece
    except (KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise CorruptError(f"backup: {name} cannot be read: {error}", advice=_DAMAGED) from error
    if read != size or digest.hexdigest() != sha256:
        raise CorruptError(f"backup: {name} is damaged", advice=_DAMAGED)


_DAMAGED = "备份文件已损坏，没有恢复任何内容。请换用另一份备份。"


def _about(path: Path, manifest: Mapping[str, Any]) -> Backup:
    return Backup(
        made_at=datetime.fromisoformat(manifest["made_at"]),
        program=str(manifest["program"]),
        schema=str(manifest["schema"]),
        letters=int(manifest["letters"]),
        worker_ran=bool(manifest["worker_ran"]),
        size_bytes=path.stat().st_size,
    )
