"""A disk that keeps what was synced and nothing else: what a power cut would leave, asked at every COMMIT.

POSIX promises the bytes of a file after fsync of the file, and its name after fsync of the folder it stands in
(fsync(2)); a rename is a name. Everything else a system may or may not have written. The page cache survives a
killed process, so no kill can show what is missing here.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest


class SyncedDisk:
    """Watches this process and knows which files below `root` would be there after a power cut."""

    def __init__(self, root: Path, *, ignores: Callable[[Path], bool] = lambda _path: False) -> None:
        """`ignores`: paths whose fsync counts for nothing, as if the program had not called it."""
        self._root = root
        self._ignores = ignores
        self._bytes: dict[int, bytes] = {}
        """Of files, by inode, as last synced."""
        self._names: dict[int, dict[str, int]] = {root.stat().st_ino: _listing(root)}
        """Of folders, by inode: names with inodes, as last synced."""
        self.broken: list[str] = []
        """Letters whose row was committed when a power cut would have lost them."""
        self.commits = 0
        """Commits that found letters on record."""

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin, until the test ends."""
        from sqlalchemy.engine.default import DefaultDialect

        fsync, do_commit = os.fsync, cast("Callable[..., None]", DefaultDialect.do_commit)

        def watched_fsync(descriptor: int) -> None:
            fsync(descriptor)
            self._synced(descriptor)

        def watched_commit(dialect: Any, connection: Any) -> None:
            self._look(connection)
            do_commit(dialect, connection)

        monkeypatch.setattr(os, "fsync", watched_fsync)
        monkeypatch.setattr(DefaultDialect, "do_commit", watched_commit)

    def survivors(self) -> dict[str, bytes]:
        """What a power cut would leave now: bytes by path below the root."""
        return dict(self._walk(self._root.stat().st_ino, ""))

    def _synced(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if not path.is_relative_to(self._root) or self._ignores(path.relative_to(self._root)):
            return
        inode = os.fstat(descriptor).st_ino
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self._names[inode] = _listing(path)
        else:
            self._bytes[inode] = path.read_bytes()

    def _walk(self, folder: int, prefix: str) -> Iterator[tuple[str, bytes]]:
        for name, inode in self._names.get(folder, {}).items():
            if inode in self._names:
                yield from self._walk(inode, f"{prefix}{name}/")
            elif inode in self._bytes:
                yield f"{prefix}{name}", self._bytes[inode]

    def _look(self, connection: Any) -> None:
        cursor = connection.cursor()
        if cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'letters'").fetchone():
            rows = cursor.execute("SELECT sha256 FROM letters").fetchall()
            kept = {hashlib.sha256(raw).hexdigest(): path for path, raw in self.survivors().items()}
            self.commits += bool(rows)
            self.broken += (
                sha256[:12] for (sha256,) in rows if kept.get(sha256) != f"data/letters/{sha256[:2]}/{sha256[2:]}.eml"
            )
        cursor.close()


def _listing(folder: Path) -> dict[str, int]:
    return {entry.name: entry.inode() for entry in os.scandir(folder)}
