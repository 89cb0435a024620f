"""Trouble of the machine the service runs on, and of the network around it: each begins, lasts and passes."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from tests.e2e.faults.trial import Trial

Trouble = Callable[[Trial], AbstractContextManager[None]]


@contextmanager
def database_locked(day: Trial) -> Iterator[None]:
    """Somebody holds the database open in a tool and has begun to write."""
    held = sqlite3.connect(_database(day), isolation_level=None, timeout=30)
    held.execute("BEGIN IMMEDIATE")
    yield
    held.execute("ROLLBACK")
    held.close()


@contextmanager
def database_full(day: Trial) -> Iterator[None]:
    """SQLite finds no room for another page: what there was is filled up, and there shall be no more."""
    filling = sqlite3.connect(_database(day), isolation_level=None, timeout=30)
    filling.execute("CREATE TABLE ballast (weight BLOB)")
    (pages,) = filling.execute("PRAGMA page_count").fetchone()
    filling.execute(f"PRAGMA max_page_count = {pages + 20}")
    for size_bytes in (4000, 400, 40, 4):
        with suppress(sqlite3.OperationalError):
            while True:
                filling.execute("INSERT INTO ballast VALUES (zeroblob(?))", (size_bytes,))
    _tell_writer(day, f"PRAGMA max_page_count = {pages + 20}")
    yield
    _tell_writer(day, "PRAGMA max_page_count = 1000000")
    filling.close()


@contextmanager
def database_read_only(day: Trial) -> Iterator[None]:
    """SQLite may not write."""
    _tell_writer(day, "PRAGMA query_only = ON")
    yield
    _tell_writer(day, "PRAGMA query_only = OFF")


@contextmanager
def letters_full(day: Trial) -> Iterator[None]:
    """Raw letters find no room: the device that is always full takes their place."""
    real_open = Path.open

    def full(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if path.parent.name == "incoming" and "x" in mode:
            return real_open(Path("/dev/full"), "wb", *rest, **named)
        return real_open(path, mode, *rest, **named)

    with mock.patch.object(Path, "open", full):
        yield


@contextmanager
def names_unknown(day: Trial) -> Iterator[None]:
    """The connections break, and no name server answers."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    day.imap.cut()
    day.smtp.cut()
    with mock.patch.object(socket, "getaddrinfo", fail):
        yield


@contextmanager
def disk_full(day: Trial) -> Iterator[None]:
    """The disk itself is full; only on one of our own."""
    ballast = day.world.folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    yield
    ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of 8 MB at `folder`; whether we may have one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    mounted = os.name == "posix" and not subprocess.run(command, capture_output=True, check=False).returncode
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=True)


def _database(day: Trial) -> Path:
    return day.world.folder / "data" / "intake.sqlite3"


def _tell_writer(day: Trial, pragma: str) -> None:
    """To the one connection all writers share."""
    engine = day.world.records.store._writing
    assert engine is not None
    connection = engine.raw_connection()
    try:
        connection.cursor().execute(pragma)
    finally:
        connection.close()
