"""Where SQLite and PostgreSQL differ: engines, how a transaction opens, inserting what may be there already.

A writing unit of work opens with BEGIN IMMEDIATE on SQLite: it waits for its turn at the
door instead of failing halfway, when a read is turned into a write behind somebody's back
(SQLITE_BUSY_SNAPSHOT, which no time-out cures). A reading one opens a deferred BEGIN and
sees one moment of the database throughout.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import QueuePool

from storage.columns import dump_json
from storage.errors import StorageBusyError

BUSY_SECONDS = 30.0
"""How long a unit of work waits for another process."""

Purpose = Literal["write", "read", "migrate"]

_READERS_AT_ONCE = 20
_MIGRATION_LOCK = 0x494E54414B45  # "INTAKE", the key of PostgreSQL's advisory lock while migrating


def sqlite_file(url: str) -> Path | None:
    """The database file `url` names; None for a database server or a database in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def make_engine(url: str, purpose: Purpose) -> Engine:
    """An engine whose transactions open as `purpose` asks. Connects to nothing yet."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, purpose)
    engine = create_engine(url, json_serializer=dump_json, pool_pre_ping=True, max_overflow=_READERS_AT_ONCE)
    if purpose == "read":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def _sqlite_engine(url: str, purpose: Purpose) -> Engine:
    engine = create_engine(
        url,
        json_serializer=dump_json,
        poolclass=QueuePool,
        pool_size=1 if purpose != "read" else 5,
        max_overflow=0 if purpose != "read" else _READERS_AT_ONCE,
        pool_timeout=BUSY_SECONDS,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    begin = "BEGIN" if purpose == "read" else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver would open transactions by itself, deferred and late: "begin" below does it.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = FULL")
        # Rebuilding a table while migrating drops the old one, which keys would take for deletions.
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if purpose == 'migrate' else 'ON'}")
        if purpose == "read":
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def prepare_sqlite_file(file: Path) -> None:
    """Put the database `file` into WAL mode, making it if need be. Kept in the file, so done once.

    Changing the mode wants the file alone and does not wait for it, hence the loop.
    Raises: StorageBusyError; sqlite3.Error as it comes.
    """
    waits_until = time.monotonic() + BUSY_SECONDS
    while True:
        connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            mode = "busy"
        finally:
            connection.close()
        if mode == "wal":
            return
        if time.monotonic() > waits_until:
            raise StorageBusyError(f"{file} could not be put into WAL mode (it is in {mode} mode)")
        time.sleep(0.05)


def hold_for_migration(connection: Connection) -> None:
    """Keep every other process from migrating until this transaction ends."""
    # SQLite: BEGIN IMMEDIATE holds them already.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})


def broken_keys(connection: Connection) -> int:
    """How many rows point to nothing; a migration must leave none. Servers hold this themselves: 0."""
    if connection.dialect.name != "sqlite":
        return 0
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, leaving out those whose key is there already."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), list(rows))


def insert_or_update(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert `row`, or give the row with the same primary key its other values."""
    keys = [column.name for column in table.primary_key]
    insert = _insert(connection, table).values(**row)
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=keys, set_={name: insert.excluded[name] for name in row if name not in keys}
        )
    )


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
