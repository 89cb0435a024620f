"""Empty databases with all tables: migrated once for a test process, copied wherever a test opens a new store.

Only what `Store.open` finds differs: a file that is up to date instead of none. Migrations have tests of their own.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import storage.store
from storage.dialects import prepare_sqlite_file
from storage.store import DATABASE_NAME, Store


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
