"""All records from a file to a server and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage.copies import save_records
from storage.errors import BackupError
from storage.schema import HEAD_REVISION
from storage.store import Store
from tests.servers.postgresql import PostgresServer
from tests.storage.filled_database import ROWS_A_TABLE, Rows, released_database, rows_of
from tests.storage.samples import case, letter, mail

pytestmark = pytest.mark.server


def test_every_row_of_every_table_goes_to_a_server_and_comes_back_the_same(
    postgres: PostgresServer, data_dir: Path, tmp_path: Path
) -> None:
    file = released_database(data_dir, HEAD_REVISION)
    with postgres.emptied() as name:
        store = Store(postgres.url(name), data_dir=tmp_path / "other")
        store.open()

        store.load(file, last=lambda: None)

        save_records(store.database, tmp_path / "copy.sqlite3")
        store.close()
    before, after = _in_order(rows_of(file)), _in_order(rows_of(tmp_path / "copy.sqlite3"))
    # What a process of one database has, nobody has in another.
    assert (len(before.pop("leases")), after.pop("leases")) == (ROWS_A_TABLE, [])
    assert after == before


def test_new_rows_are_numbered_after_those_that_came(postgres: PostgresServer, data_dir: Path, tmp_path: Path) -> None:
    file = released_database(data_dir, HEAD_REVISION)
    with postgres.emptied() as name:
        store = Store(postgres.url(name), data_dir=tmp_path / "other")
        store.open()
        store.load(file, last=lambda: None)

        with store.write() as work:
            opened = work.cases.open(case("HL22-0099"))
            work.letters.add(letter())
            work.outgoing.enqueue(mail(99))
        store.close()

    assert opened.id == ROWS_A_TABLE + 1


def test_copy_lies_where_it_was_asked_for_whatever_its_folder_is_called(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    folder = tmp_path / "案例?备份"
    folder.mkdir()
    with postgres.emptied() as name:
        store = Store(postgres.url(name), data_dir=tmp_path / "other")
        store.open()

        save_records(store.database, folder / "copy.sqlite3")

        store.load(folder / "copy.sqlite3", last=lambda: None)
        store.close()
    assert [path.name for path in sorted(folder.iterdir())] == ["copy.sqlite3"]


def test_records_are_not_mixed_with_others(postgres: PostgresServer, data_dir: Path, tmp_path: Path) -> None:
    file = released_database(data_dir, HEAD_REVISION)
    done: list[str] = []
    with postgres.emptied() as name:
        store = Store(postgres.url(name), data_dir=tmp_path / "other")
        store.open()
        with store.write() as work:
            work.letters.add(letter())

        with pytest.raises(BackupError, match="holds records"):
            store.load(file, last=lambda: done.append("last"))

        assert (store.holds_records(), done) == (True, [])
        store.close()


def test_nothing_is_kept_when_what_belongs_to_the_records_fails(
    postgres: PostgresServer, data_dir: Path, tmp_path: Path
) -> None:
    file = released_database(data_dir, HEAD_REVISION)

    def fail() -> None:
        raise OSError("no room for the letters")

    with postgres.emptied() as name:
        store = Store(postgres.url(name), data_dir=tmp_path / "other")
        store.open()

        with pytest.raises(OSError, match="no room"):
            store.load(file, last=fail)

        assert not store.holds_records()
        store.close()


def _in_order(rows: Rows) -> Rows:
    return {
        table: sorted(({k: _said(v) for k, v in row.items()} for row in of_table), key=repr)
        for table, of_table in rows.items()
    }


def _said(value: object) -> object:
    """What JSON says, however it is spaced."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value
