"""What the stores of one test process share: an empty database migrated once, and statements compiled once.

Each of them is a file and connections of its own all the same. Only what `Store.open` finds differs, a file that is up
to date instead of none; migrations have tests of their own.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import URL, Engine
from sqlalchemy.util import LRUCache

import storage.dialects
import storage.store
from storage.columns import dump_json
from storage.dialects import prepare_sqlite_file
from storage.store import DATABASE_NAME, Store

_STATEMENTS = 2_000
"""More than there are: none is compiled twice."""


@contextmanager
def copied_empty_databases() -> Iterator[None]:
    """Within the block a store without a database file begins with a copy of one that has all tables."""
    with tempfile.TemporaryDirectory(prefix="intake-empty-") as folder, pytest.MonkeyPatch.context() as patch:
        empty = Path(folder) / DATABASE_NAME

        def prepare(file: Path) -> None:
            if not empty.exists():
                migrate_new_databases(patch)
                store = Store(data_dir=Path(folder))
                store.open()
                store.close()
                patch.setattr(storage.store, "prepare_sqlite_file", prepare)
            if not file.exists():
                with suppress(OSError):  # whatever is wrong with the folder is the program's to say
                    shutil.copyfile(empty, file)
            prepare_sqlite_file(file)

        patch.setattr(storage.store, "prepare_sqlite_file", prepare)
        yield


def migrate_new_databases(patch: pytest.MonkeyPatch) -> None:
    """From now on a new store runs every migration, as in the program."""
    patch.setattr(storage.store, "prepare_sqlite_file", prepare_sqlite_file)


@contextmanager
def statements_compiled_once() -> Iterator[None]:
    """Within the block engines on SQLite share what they compiled, which costs a store of few rows more than running it.

    SQLAlchemy keeps compiled statements by engine and by the object that stands for the dialect: both are shared.
    """
    first = sqlalchemy.create_engine("sqlite://", json_serializer=dump_json)
    first.connect().close()  # a dialect gets to know its database at the first connection
    compiled: LRUCache[Any, Any] = LRUCache(_STATEMENTS)

    def create_engine(url: str | URL, **options: Any) -> Engine:
        engine = sqlalchemy.create_engine(url, **options)
        if engine.dialect.name == first.dialect.name:
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = compiled
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage.dialects, "create_engine", create_engine)
        yield
    first.dispose()
