"""A database as an earlier program left it: made by its migrations, with rows in every table it had, in raw SQL.

The rows are made from the tables themselves, so that no table can be forgotten: one row with a value in
every column, one with nothing where nothing is allowed; keys point to rows that are there.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from storage.dialects import Database, prepare_sqlite_file
from storage.schema import bring_up_to_date
from storage.store import DATABASE_NAME

Rows = dict[str, list[dict[str, object]]]
"""By table: rows as column to value, in no order that means anything."""
ROWS_A_TABLE = 2


def released_database(data_dir: Path, revision: str, *, name: str = DATABASE_NAME, letters: Sequence[str] = ()) -> Path:
    """A filled database at `revision` below `data_dir`; its file. `letters`: hashes of its letters, if they matter."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = data_dir / name
    prepare_sqlite_file(file)
    bring_up_to_date(Database(f"sqlite:///{file}", data_dir=data_dir), head=revision)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA foreign_keys = ON")
        tables = [str(row[0]) for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in _parents_first(database, [each for each in tables if each != "alembic_version"]):
            _fill(database, table, letters=letters)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    return file


def rows_of(file: Path) -> Rows:
    """Every row of every table."""
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        tables = [str(row[0]) for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: [dict(row) for row in database.execute(f"SELECT * FROM {table}")] for table in tables}


def lost_rows(before: Mapping[str, Sequence[Mapping[str, object]]], after: Rows) -> list[str]:
    """Rows of `before` that `after` no longer has with the same values, however many columns it has added."""
    return [
        f"{table}: {row}"
        for table, rows in before.items()
        if table != "alembic_version"
        for row in rows
        if not any(row.items() <= other.items() for other in after.get(table, []))
    ]


def _parents_first(database: sqlite3.Connection, tables: list[str]) -> list[str]:
    ordered: list[str] = []
    while len(ordered) < len(tables):
        ready = [t for t in tables if t not in ordered and _parents(database, t) - {t} <= set(ordered)]
        assert ready, f"tables point to each other in a circle: {set(tables) - set(ordered)}"
        ordered += ready
    return ordered


def _parents(database: sqlite3.Connection, table: str) -> set[str]:
    return {str(row[2]) for row in database.execute(f"PRAGMA foreign_key_list({table})")}


def _fill(database: sqlite3.Connection, table: str, *, letters: Sequence[str]) -> None:
    points = {str(row[3]): (str(row[2]), str(row[4])) for row in database.execute(f"PRAGMA foreign_key_list({table})")}
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    for number in range(1, ROWS_A_TABLE + 1):
        row: dict[str, object] = {}
        for _, column, kind, required, _, key in columns:
            if number == ROWS_A_TABLE and not required and not key:
                row[column] = None
            elif column in points:
                row[column] = _existing(database, *points[column], number=number)
            elif table == "letters" and column == "sha256" and letters:
                row[column] = letters[number - 1]
            else:
                row[column] = _value(kind, table, column, number)
        names = ", ".join(row)
        database.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def _existing(database: sqlite3.Connection, table: str, column: str, *, number: int) -> object:
    found = database.execute(f"SELECT {column} FROM {table} ORDER BY rowid").fetchall()
    return found[(number - 1) % len(found)][0] if found else None


def _value(kind: str, table: str, column: str, number: int) -> object:
    match kind.partition("(")[0].upper():
        case "INTEGER" | "BIGINT":
            return number
        case "BOOLEAN":
            return number % 2
        case "FLOAT":
            return number / 2
        case "DATETIME":
            return f"2022-12-0{number} 04:00:00.123456"
        case "JSON":
            return f'{{"{column}": ["甲", {number}]}}'
        case "BLOB":
            return hashlib.sha256(f"{table}{number}".encode()).digest()
        case "TEXT":
            return f"{table}.{column} 甲 {number}"
    raise AssertionError(f"no value for {kind} of {table}.{column}")
