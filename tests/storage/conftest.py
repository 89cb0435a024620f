"""A store per test, once on a real SQLite file and once in a database of a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.quick_stores import migrate_new_databases
from tests.servers.postgresql import PostgresServer


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """New stores are migrated as the program does it, not copied: for tests of that."""
    migrate_new_databases(monkeypatch)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for the default file in the data folder, or the address of a fresh, empty database on the server."""
    if request.param == "sqlite":
        yield None
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as name:
        yield server.url(name)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "数据"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[Store]:
    """An open, empty store."""
    if request.param == "sqlite":
        yield from _opened(Store(data_dir=data_dir))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.emptied() as name:
        yield from _opened(Store(server.url(name), data_dir=data_dir))


def _opened(store: Store) -> Iterator[Store]:
    store.open()
    yield store
    store.close()
