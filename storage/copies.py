"""All records from one database into another of either kind, as of one moment.

A copy is a SQLite file whatever it was made of, so that a backup can be restored anywhere. Leases are left out: what
a process of the one database has, nobody has in the other.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Table, func, insert, inspect, select, text

from storage.dialects import BUSY_SECONDS, Database
from storage.errors import BackupError
from storage.schema import bring_up_to_date
from storage.tables import leases, metadata
from storage.translation import translate_sqlite_error

_ROWS_AT_ONCE = 200
"""Letters of ours are in them: some hundred of these are a few dozen megabytes."""
_NOT_EMPTY = "数据库里已经有记录，恢复会与它们混在一起，没有恢复。请换一个空的数据库，或先把里面的数据表移走。"


def save_records(source: Database, target: Path) -> None:
    """Copy all records as of one moment into the new SQLite file `target`; whoever writes meanwhile goes on.

    Raises: CorruptError, DiskFullError, UnreachableError, StorageError.
    """
    if source.file is not None:
        _copy_file(source.file, target)
        return
    copy = _database_in(target)
    bring_up_to_date(copy)
    reading, writing = source.engine("read"), copy.engine("migrate")
    try:
        with reading.begin() as records, writing.begin() as kept:
            _copy_rows(records, kept)
    finally:
        reading.dispose()
        writing.dispose()


def load_records(source: Path, target: Connection) -> None:
    """Copy all records of the SQLite file `source`, of this program's schema, into the empty `target`.

    Raises: BackupError when the target holds records.
    """
    if has_records(target):
        raise BackupError("the database holds records", advice=_NOT_EMPTY)
    engine = _database_in(source).engine("read")
    try:
        with engine.begin() as records:
            _copy_rows(records, target)
    finally:
        engine.dispose()
    for table in metadata.sorted_tables:
        _count_on(target, table)


def has_records(connection: Connection) -> bool:
    """Whether any table of the database has a row, ours or not; Alembic's own does not count."""
    names = (name for name in inspect(connection).get_table_names() if name != "alembic_version")
    quote = connection.dialect.identifier_preparer.quote
    return any(connection.execute(text(f"SELECT EXISTS (SELECT 1 FROM {quote(name)})")).scalar() for name in names)  # noqa: S608 - names of the database itself


def _database_in(file: Path) -> Database:
    # Not as text: a folder's name may hold "?".
    return Database(URL.create("sqlite", database=str(file)), data_dir=file.parent)


def _copy_file(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)) as live,
            closing(sqlite3.connect(target, isolation_level=None)) as kept,
        ):
            # In one step: with several a busy worker would make it start over again and again. WAL lets it write on.
            live.backup(kept, pages=-1)
            kept.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise translate_sqlite_error(error, source.parent) from error


def _copy_rows(source: Connection, target: Connection) -> None:
    """Tables that others point to first, and in each the rows in the order of their keys."""
    for table in metadata.sorted_tables:
        if table is leases:
            continue
        rows = source.execute(
            select(table).order_by(*table.primary_key), execution_options={"yield_per": _ROWS_AT_ONCE}
        )
        for some in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in some])


def _count_on(connection: Connection, table: Table) -> None:
    """Let a server number new rows after those it was given with their numbers."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    connection.execute(select(func.setval(sequence, last, False)))
