"""Servers shared by tests: each starts once for a test process and is stopped by it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from intake.demo.servers import EmbeddedImap
from tests.distribution import put_longest_first
from tests.quick_stores import copied_empty_databases, statements_compiled_once
from tests.servers.dovecot import PASSWORD, DovecotServer, dovecot_binary
from tests.servers.postgresql import PostgresServer, postgres_binary

RequireServer = Callable[[str, object], None]


@pytest.fixture(scope="session")
def require_server() -> RequireServer:
    """Skip when a server program is missing; fail where the environment says that it must be there (CI)."""

    def require(name: str, found: object) -> None:
        if found:
            return
        reason = f"{name} is not installed"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and CI is set")
        pytest.skip(reason)

    return require


@pytest.fixture(scope="session", autouse=True)
def _quick_stores() -> Iterator[None]:
    """Stores that tests open anew need no migration, and compile no statement that another one has compiled."""
    with copied_empty_databases(), statements_compiled_once():
        yield


@pytest.fixture(scope="session")
def dovecot(require_server: RequireServer) -> Iterator[DovecotServer]:
    """A Dovecot; every user name is an empty account of its own, the password is `PASSWORD`."""
    require_server("Dovecot", dovecot_binary())
    server = DovecotServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres(require_server: RequireServer) -> Iterator[PostgresServer]:
    """A PostgreSQL; every test asks it for a database of its own."""
    require_server("PostgreSQL", postgres_binary())
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first."""
    put_longest_first(items, config.rootpath)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """A file is one piece of work for a worker process."""
    from tests.distribution import make_scheduler

    return make_scheduler(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What harnesses that kill and break have tried and found, one line each."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, line in getattr(report, "user_properties", ()) if getattr(report, "when", "") == "call" else ():
                if name == "reliability":
                    told = ", ".join(f"{key} {value}" for key, value in line.items() if key != "harness")
                    terminalreporter.write_line(f"{line['harness']}: {told}")


@pytest.fixture
def pymap() -> Iterator[tuple[int, str, str]]:
    """A pymap with one empty account: port, user name, password."""
    server = EmbeddedImap({"box@example.test": PASSWORD})
    port = server.start()
    yield port, "box@example.test", PASSWORD
    server.stop()
