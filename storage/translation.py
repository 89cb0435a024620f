"""Turns what sqlite3, database servers and the operating system raise into our own errors. The only place that does."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
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
_BAD_PATH_ERRNOS = frozenset(
    {errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.ENAMETOOLONG, errno.EISDIR, errno.EINVAL}
)
_CHECK_PATH = "这个路径无法使用，请检查设置中的数据文件夹是否写对。"
_NEARLY_FULL_BYTES = 1_000_000
"""Below this much free space an unexplained I/O error is taken for a full disk."""


_READ_ONLY_NOW = "25006"
# Source: PostgreSQL manual, appendix A.
_SQLSTATES: dict[str, type[StorageError]] = {
    "40001": StorageBusyError,
    "40P01": StorageBusyError,
    "55P03": StorageBusyError,
    "57014": StorageBusyError,
    "53100": DiskFullError,
    "53200": UnreachableError,
    "53300": UnreachableError,
    _READ_ONLY_NOW: ReadOnlyError,
    "42501": ReadOnlyError,
    "XX001": CorruptError,
    "XX002": CorruptError,
}
_GONE = ("08", "57P", "25P03")
"""Beginnings of states: connection; server shutting down or starting; connection cut because it stood still."""
_ON_SERVER: dict[type[StorageError], str] = {
    StorageBusyError: "另一个程序正在长时间占用数据库，请稍后再试；一直如此，请联系数据库管理员。",
    DiskFullError: "数据库服务器的磁盘空间已满，请联系数据库管理员；已登记的邮件不会丢失，腾出空间后会自动继续。",
    ReadOnlyError: "数据库服务器现在只许读取，或所用的账号没有写入权限，请联系数据库管理员。",
    CorruptError: "数据库服务器报告数据已损坏，请停止程序，并联系数据库管理员从备份恢复。",
}
"""What a person can do where the database is no file of ours; else what the error itself says."""


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
    if error.errno in _BAD_PATH_ERRNOS:
        return StorageError(f"{where} cannot be used: {error}", advice=_CHECK_PATH)
    return StorageError(f"{where}: {error}", temporary=error.errno in {errno.EIO, errno.EMFILE, errno.ENFILE})


def translate_database_error(error: BaseException, where: Path) -> BaseException:
    """Our error for what a database call raised; `where` is the data folder. Anything unknown comes back as it is.

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
    if isinstance(error.orig, sqlite3.Error):
        return translate_sqlite_error(error.orig, where)
    sqlstate = getattr(error.orig, "sqlstate", None)
    said = " ".join(str(error.orig).split())
    # psycopg gives no sqlstate when it never got through.
    if error.connection_invalidated or not sqlstate or sqlstate.startswith(_GONE):
        return UnreachableError(f"the database server does not answer: {said}")
    kind = _SQLSTATES.get(sqlstate, StorageError)
    # A server is read-only while it is looked after, or until its successor takes over.
    temporary = True if sqlstate == _READ_ONLY_NOW else None
    text = f"the database refused ({sqlstate}): {said}"
    return kind(text, temporary=temporary, advice=_ON_SERVER.get(kind))


def translate_sqlite_error(error: sqlite3.Error, where: Path) -> StorageError:
    """Our error for what sqlite3 raised; `where` is the folder of the database."""
    # The low byte is the primary code. Errors of the module itself carry none.
    return _from_sqlite(getattr(error, "sqlite_errorcode", 0) & 0xFF, str(error), where)


def _from_sqlite(code: int, text: str, where: Path) -> StorageError:
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StorageBusyError(f"database in {where} is busy: {text}")
    if code == sqlite3.SQLITE_FULL:
        return DiskFullError(f"no space left for the database in {where}: {text}")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}:
        return ReadOnlyError(f"database in {where} cannot be written: {text}")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return CorruptError(f"database in {where} is damaged: {text}")
    if code == sqlite3.SQLITE_IOERR:
        # Growing the -shm file on a full disk says only "disk I/O error".
        if _is_nearly_full(where):
            return DiskFullError(f"no space left for the database in {where}: {text}")
        return StorageError(f"disk trouble in {where}: {text}", temporary=True)
    return StorageError(f"database in {where}: {text}")


def _is_nearly_full(where: Path) -> bool:
    with suppress(OSError):
        return shutil.disk_usage(where).free < _NEARLY_FULL_BYTES
    return False
