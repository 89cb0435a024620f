"""A private PostgreSQL on loopback, with as many fresh databases as tests ask for."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from storage.store import Store

_START_SECONDS = 30.0
_STOP_SECONDS = 30.0
_EMPTIED = "intake_emptied"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "shared_buffers": "32MB",
    # Servers in China and servers with another default must give the same times.
    "timezone": "Asia/Shanghai",
    "log_min_messages": "fatal",
    "log_statement": "none",
    # Nothing here is about power cuts; a restart in the mode "immediate" still replays the log.
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
_CHINESE = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN'"
"""Sorts texts by pinyin, as servers in China may: what relies on an order must ask for its own."""
_EMPTY = """
DO $$ DECLARE each record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relkind IN ('r', 'S') AND relname <> 'alembic_version' LOOP
        IF each.relkind = 'r' THEN EXECUTE format('DELETE FROM %I', each.relname);
        ELSE PERFORM setval(each.relname::regclass, 1, false);
        END IF;
    END LOOP;
END $$
"""
"""Keys are not looked at: the order of tables does not matter."""

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
"""How a server is asked to end: roll back and close in order; or drop everything and recover at the next start."""


class PostgresServer:
    """Start with `start`, end with `stop`; between them it may be taken down and brought up again on the same port."""

    def __init__(self) -> None:
        # Short, because a Unix socket lies in it; open, because the server is not root's.
        self._root = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        self._data = self._root / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._emptying: psycopg.Connection[Any] | None = None
        self.port = 0

    def start(self) -> None:
        """Make a cluster and serve on a free port; another program may take it first, so try thrice."""
        if os.geteuid() == 0:
            shutil.chown(self._root, "nobody")
        made = subprocess.run(
            [
                *_as_nobody(),
                *(_program("initdb"), "-D", str(self._data), "-U", "postgres"),
                *("--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            capture_output=True,
            check=False,
            cwd=self._root,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace')}")
        for _ in range(3):
            with socket.create_server(("127.0.0.1", 0)) as listener:
                self.port = int(listener.getsockname()[1])
            try:
                self.up()
            except RuntimeError:
                continue
            return
        raise RuntimeError("PostgreSQL did not start: " + self._log())

    def stop(self) -> None:
        """End the process we started, wait for it, remove its files."""
        if self._emptying is not None:
            self._emptying.close()
        self.down(IMMEDIATE)
        shutil.rmtree(self._root, ignore_errors=True)

    def up(self) -> None:
        """Serve, and wait until the first question is answered."""
        settings = _SETTINGS | {"unix_socket_directories": str(self._root)}
        options = [each for name, value in settings.items() for each in ("-c", f"{name}={value}")]
        with (self._root / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_as_nobody(), _program("postgres"), "-D", str(self._data), "-p", str(self.port), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._root,
            )
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.ask("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        self.down(IMMEDIATE)
        raise RuntimeError("PostgreSQL did not start: " + self._log())

    def down(self, mode: signal.Signals = FAST) -> None:
        """End the server as `pg_ctl stop` does in that mode; nothing when it is down."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(mode)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @contextmanager
    def away(self, mode: signal.Signals = FAST) -> Iterator[None]:
        """The server is down while the block runs."""
        self.down(mode)
        try:
            yield
        finally:
            self.up()

    def url(self, database: str) -> str:
        """A database's address, as settings have it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def ask(self, question: str, *values: object, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Rows of one statement, in a transaction of its own; none for a statement without rows."""
        with self.connected(database) as connection:
            answer = connection.execute(question, values or None)
            return list(answer.fetchall()) if answer.description else []

    @contextmanager
    def connected(self, database: str) -> Iterator[psycopg.Connection[Any]]:
        """A connection of one's own, autocommit."""
        with self._link(database) as connection:
            yield connection

    @contextmanager
    def database(self) -> Iterator[str]:
        """A fresh database's name, without tables; dropped when the block ends."""
        name = f"intake_{uuid.uuid4().hex[:12]}"
        self.ask(f"CREATE DATABASE {name} {_CHINESE}")
        try:
            yield name
        finally:
            self.ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def emptied(self) -> Iterator[str]:
        """The name of a database with this program's tables, all of them empty; one for all who ask, in turn.

        Ten times cheaper than `database` and a migration.
        """
        if not self.ask("SELECT 1 FROM pg_database WHERE datname = %s", _EMPTIED):
            self.ask(f"CREATE DATABASE {_EMPTIED} {_CHINESE}")
            store = Store(self.url(_EMPTIED), data_dir=self._root / "emptied")
            store.open()
            store.close()
        try:
            yield _EMPTIED
        finally:
            self.terminate(_EMPTIED)
            self.empty()

    def empty(self) -> None:
        """Take every row out of the database of `emptied`. Over one link: a fresh one has every table to look up."""
        if self._emptying is None or self._emptying.closed:
            self._emptying = self._link(_EMPTIED)
        try:
            self._emptying.execute(_EMPTY)
        except psycopg.OperationalError:  # cut meanwhile
            self._emptying = self._link(_EMPTIED)
            self._emptying.execute(_EMPTY)

    def terminate(self, database: str, *, count: int | None = None) -> int:
        """Cut `count` connections to `database`, or all of them; how many there were."""
        chosen = (
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid() ORDER BY random() LIMIT %s"
        )
        cut = self.ask(f"SELECT pg_terminate_backend(pid) FROM ({chosen}) AS chosen", database, count)
        return len(cut)

    def _link(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=True, connect_timeout=10
        )

    def _log(self) -> str:
        path = self._root / "server.log"
        return path.read_text("utf-8", errors="replace")[-2000:] if path.exists() else "no log"


def postgres_binary() -> str | None:
    """Where the server program is; None when it is not installed. Debian keeps it off the search path."""
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return shutil.which("postgres") or (str(kept[-1]) if kept else None)


def _program(name: str) -> str:
    return str(Path(postgres_binary() or name).with_name(name))


def _as_nobody() -> list[str]:
    """PostgreSQL refuses to serve as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]
