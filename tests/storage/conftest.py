"""A store per test: real SQLite files, and PostgreSQL too where INTAKE_TEST_POSTGRES_URL names a server to test on."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.store import Store

_SERVER = os.environ.get("INTAKE_TEST_POSTGRES_URL", "")


@pytest.fixture(params=["sqlite", "postgresql"] if _SERVER else ["sqlite"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for the default file in the data folder, or the address of a fresh database on the server."""
    if request.param == "sqlite":
        yield None
        return
    name = f"intake_{uuid.uuid4().hex}"
    admin = create_engine(_SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(_SERVER).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "数据"


@pytest.fixture
def store(database_url: str | None, data_dir: Path) -> Iterator[Store]:
    """An open, empty store."""
    store = Store(database_url, data_dir=data_dir)
    store.open()
    yield store
    store.close()
