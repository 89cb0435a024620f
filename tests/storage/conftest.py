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


@pytest.fixture(scope="session")
def store_on_server(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all tests of this process: its links know the tables already, and cost most."""
    with postgres.emptied() as name:
        yield from _opened(Store(postgres.url(name), data_dir=tmp_path_factory.mktemp("on-server")))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An open, empty store."""
    if request.param == "sqlite":
        yield from _opened(Store(data_dir=request.getfixturevalue("data_dir")))
        return
    yield request.getfixturevalue("store_on_server")
    request.getfixturevalue("postgres").empty()


def _opened(store: Store) -> Iterator[Store]:
    store.open()
    yield store
    store.close()
