"""Turns what sqlite3, database servers and the operating system raise into our own errors. The only place that does."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.errors import (
    ConflictError,
    CorruptError,
    DiskFullError,
    ReadOnlyError,
    StorageBusyError,
    StorageError,
    UnreachableError,
)

_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY_ERRNOS = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NEARLY_FULL_BYTES = 1_000_000
"""Below this much free space an unexplained I/O error is taken for a full disk."""

# Primary result codes, the low byte of the extended one. Source: sqlite.org/rescode.html
_SQLITE_BUSY, _SQLITE_LOCKED = 5, 6
_SQLITE_PERM, _SQLITE_READONLY, _SQLITE_CANTOPEN = 3, 8, 14
_SQLITE_IOERR, _SQLITE_CORRUPT, _SQLITE_FULL, _SQLITE_NOTADB = 10, 11, 13, 26

# Source: PostgreSQL manual, appendix A.
_SQLSTATES: dict[str, type[StorageError]] = {
    "40001": StorageBusyError,
    "40P01": StorageBusyError,
    "55P03": StorageBusyError,
    "53100": DiskFullError,
    "25006": ReadOnlyError,
    "42501": ReadOnlyError,
    "XX001": CorruptError,
    "XX002": CorruptError,
}


@contextmanager
def translated_os_errors(where: Path) -> Iterator[None]:
    """Raise StorageError instead of OSError for work on `where`."""
    try:
        yield
    except OSError as error:
        raise translate_os_error(error, where) from error


def translate_os_error(error: OSError, where: Path) -> StorageError:
    """Our error for an OSError met at `where`."""
    if error.errno in _FULL_ERRNOS:
        return DiskFullError(f"no space left at {where}: {error}")
    if error.errno in _READ_ONLY_ERRNOS:
        return ReadOnlyError(f"{where} cannot be written: {error}")
    return StorageError(f"{where}: {error}", temporary=error.errno in {errno.EIO, errno.EMFILE, errno.ENFILE})


def translate_database_error(error: SQLAlchemyError, where: Path) -> Exception:
    """Our error for what SQLAlchemy raised; `where` is the data folder.

    A value of a wrong kind (a naive time) comes back as the ValueError or TypeError it
    was: that is a bug of the caller, not trouble of ours.
    """
    if isinstance(error, PoolTimeoutError):
        return StorageBusyError(f"no free database connection: {error}")
    if not isinstance(error, DBAPIError):
        if isinstance(error, StatementError) and isinstance(error.orig, (ValueError, TypeError)):
            return error.orig
        return error
    if isinstance(error, IntegrityError):
        return ConflictError(f"refused by the database: {error.orig}")
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _from_sqlite(code & 0xFF, str(error.orig), where)
    sqlstate = getattr(error.orig, "sqlstate", None)
    if isinstance(sqlstate, str) and not sqlstate.startswith(("08", "57P")):
        return _SQLSTATES.get(sqlstate, StorageError)(f"{sqlstate}: {error.orig}")
    if error.connection_invalidated or sqlstate or _says_no_connection(error):
        return UnreachableError(f"the database server does not answer: {error.orig}")
    return StorageError(f"the database refused: {error.orig}")


def _from_sqlite(code: int, text: str, where: Path) -> StorageError:
    if code in {_SQLITE_BUSY, _SQLITE_LOCKED}:
        return StorageBusyError(f"database in {where} is busy: {text}")
    if code == _SQLITE_FULL:
        return DiskFullError(f"no space left for the database in {where}: {text}")
    if code in {_SQLITE_READONLY, _SQLITE_PERM, _SQLITE_CANTOPEN}:
        return ReadOnlyError(f"database in {where} cannot be written: {text}")
    if code in {_SQLITE_CORRUPT, _SQLITE_NOTADB}:
        return CorruptError(f"database in {where} is damaged: {text}")
    if code == _SQLITE_IOERR:
        # Growing the -shm file on a full disk says only "disk I/O error".
        if _is_nearly_full(where):
            return DiskFullError(f"no space left for the database in {where}: {text}")
        return StorageError(f"disk trouble in {where}: {text}", temporary=True)
    return StorageError(f"database in {where}: {text}")


def _is_nearly_full(where: Path) -> bool:
    with suppress(OSError):
        return shutil.disk_usage(where).free < _NEARLY_FULL_BYTES
    return False


def _says_no_connection(error: DBAPIError) -> bool:
    # psycopg gives no sqlstate when it never got through.
    return type(error.orig).__name__ == "OperationalError" and "sqlite3" not in type(error.orig).__module__
