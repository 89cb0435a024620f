"""Where SQLite and PostgreSQL differ: engines, how a transaction opens, inserting what may be there already.

Writing units of work stand in one line on either. On SQLite they open with BEGIN IMMEDIATE: each waits for its turn
at the door instead of failing halfway, when a read is turned into a write behind somebody's back
(SQLITE_BUSY_SNAPSHOT, which no time-out cures). On PostgreSQL they open with an advisory lock that ends with the
transaction, so that what was looked at before it was written is still so: nothing above needs to know which database
it is. A reading unit sees one moment of the database throughout, and waits for nobody.
"""

from __future__ import annotations

import functools
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, Insert, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from storage.columns import dump_json, dump_strict_json
from storage.errors import StorageBusyError, StorageError
from storage.translation import translate_database_error, translate_sqlite_error

BUSY_SECONDS = 30.0
"""How long a unit of work waits for another process."""

Purpose = Literal["write", "read", "migrate", "maintain"]
"""`maintain`: outside any transaction, on a server alone."""

_READERS_AT_ONCE = 20
_WRITE_LOCK = 0x494E54414B45
"""The key of PostgreSQL's advisory lock ("INTAKE"); keys are of one database, so two of one server do not meet."""

_CONNECT_SECONDS = 10
_SERVER_SETTINGS = {
    "timezone": "UTC",
    # A machine that loses its power in the middle of a unit of work would keep the lock for two hours.
    "idle_in_transaction_session_timeout": "5min",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""Of each session. Source: PostgreSQL manual, 20.3.2 and 20.11."""
_LINK = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "60000"}
"""The same seen from here: a server that vanished is noticed within a minute. Source: manual, 34.1.2."""

_CHECK_URL = "请检查设置中的数据库地址；使用 PostgreSQL 时还需安装驱动：pip install 'psycopg[binary]'。"
_FILE = "sqlite:///"
_NEED_FILE = "请把设置中的数据库地址改为一个文件，例如 sqlite:///intake.db。"
_OTHER_SERVER = "数据库只支持 SQLite（不写 database_url 即可）和 PostgreSQL（postgresql://用户名:密码@主机/数据库名）。"


class Database:
    """One database: its address, and the folder to name when something goes wrong with it."""

    def __init__(self, url: str | URL, *, data_dir: Path) -> None:
        """Connects to nothing. Raises: StorageError when `url` is no usable address."""
        self.data_dir = data_dir
        try:
            self._url = _address(url) if isinstance(url, str) else url
        except ArgumentError as error:
            raise StorageError(f"not a database address: {error}", advice=_CHECK_URL) from error
        self.fence: Callable[[Connection], None] = lambda _: None
        """Asked at the beginning of each writing unit of work on a server, behind its lock; may refuse by raising."""
        self.file: Path | None = None
        """The SQLite file; None on a database server."""
        if self._url.get_backend_name() == "sqlite":
            if not self._url.database or self._url.database == ":memory:":
                raise StorageError("a database in memory would lose every record", advice=_NEED_FILE)
            self.file = Path(self._url.database)
        elif self._url.get_backend_name() != "postgresql":
            raise StorageError(f"no database we know: {self._url.get_backend_name()}", advice=_OTHER_SERVER)

    def engine(self, purpose: Purpose) -> Engine:
        """An engine whose transactions open as `purpose` asks and whose errors are ours. Connects to nothing yet.

        Raises: StorageError when the driver of a database server is not installed.
        """
        if self.file is not None:
            engine = _sqlite_engine(self._url, purpose)
        else:
            try:
                engine = self._server_engine(purpose)
            except (ArgumentError, ModuleNotFoundError) as error:
                raise StorageError(f"no driver for this database: {error}", advice=_CHECK_URL) from error

        @event.listens_for(engine, "handle_error")
        def _translate(context: ExceptionContext) -> BaseException | None:
            # A connection that died while it lay idle is replaced by the pool itself, which wants its own error.
            if context.is_pre_ping:
                return None
            # What is returned is raised instead.
            return translate_database_error(context.sqlalchemy_exception or context.original_exception, self.data_dir)

        return engine

    def _server_engine(self, purpose: Purpose) -> Engine:
        # What the address says itself goes first.
        query = self._url.query
        chosen = {"connect_timeout": _CONNECT_SECONDS, "application_name": "intake", **_LINK}
        asked = {"lock_timeout": f"{BUSY_SECONDS * 1000:.0f}ms", **_SERVER_SETTINGS}
        settings = " ".join(f"-c {name}={value}" for name, value in asked.items())
        engine = create_engine(
            self._url,
            json_serializer=dump_strict_json,
            pool_pre_ping=True,
            max_overflow=_READERS_AT_ONCE,
            connect_args={name: value for name, value in chosen.items() if name not in query}
            | {"options": " ".join([settings, *_as_tuple(query.get("options", ()))])},
        )
        if purpose == "read":
            return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        if purpose == "maintain":
            return engine.execution_options(isolation_level="AUTOCOMMIT")
        engine = engine.execution_options(isolation_level="READ COMMITTED")

        @event.listens_for(engine, "begin")
        def _wait_for_turn(connection: Connection) -> None:
            # Each statement after it sees what the one before us in line has committed: so READ COMMITTED it is.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
            if purpose == "write":
                self.fence(connection)

        return engine


def _address(written: str) -> URL:
    """What a setting names. Of a file all that follows is its path: folders may be called "50%?" or "#1".

    Raises: ArgumentError.
    """
    if written.startswith(_FILE):
        return URL.create("sqlite", database=written.removeprefix(_FILE))
    return make_url(written.replace("postgres://", "postgresql://", 1))


def _sqlite_engine(url: URL, purpose: Purpose) -> Engine:
    readers = purpose == "read"
    engine = create_engine(
        url,
        json_serializer=dump_json,
        poolclass=QueuePool,
        pool_size=5 if readers else 1,
        max_overflow=_READERS_AT_ONCE if readers else 0,
        pool_timeout=BUSY_SECONDS,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    begin = "BEGIN" if readers else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver would open transactions by itself, deferred and late: "begin" below does it.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = FULL")
        # Rebuilding a table while migrating drops the old one, which keys would take for deletions.
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if purpose == 'migrate' else 'ON'}")
        if readers:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _as_tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def prepare_sqlite_file(file: Path) -> None:
    """Put the database `file` into WAL mode, making it if need be. Kept in the file, so done once.

    Raises: StorageBusyError, ReadOnlyError, CorruptError, StorageError.
    """
    gives_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        mode = _switch_to_wal(file)
        if mode == "wal":
            return
        if time.monotonic() > gives_up_at:
            raise StorageBusyError(f"{file} could not be put into WAL mode (it is in {mode} mode)")
        # The change wants the file alone and does not wait for it by itself.
        time.sleep(0.05)


def _switch_to_wal(file: Path) -> str:
    try:
        connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error as error:
        trouble = translate_sqlite_error(error, file.parent)
        if isinstance(trouble, StorageBusyError):
            return "busy"
        raise trouble from error


def broken_keys(connection: Connection) -> int:
    """How many rows point to nothing; a migration must leave none. Servers hold this themselves: 0."""
    if connection.dialect.name != "sqlite":
        return 0
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, leaving out those whose key is there already."""
    if rows:
        connection.execute(_insert_missing(connection.dialect.name, table), list(rows))


def insert_or_update(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert `row`, or give the row with the same primary key its other values."""
    connection.execute(_insert_or_update(connection.dialect.name, table, tuple(row)), dict(row))


# Built once: `excluded` copies every column of the table, which costs more than the insertion.


@functools.cache
def _insert_missing(dialect: str, table: Table) -> Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


@functools.cache
def _insert_or_update(dialect: str, table: Table, names: tuple[str, ...]) -> Insert:
    keys = [column.name for column in table.primary_key]
    insert = _insert(dialect, table)
    return insert.on_conflict_do_update(
        index_elements=keys, set_={name: insert.excluded[name] for name in names if name not in keys}
    )


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
