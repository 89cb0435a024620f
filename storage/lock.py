"""One worker per data folder: a lock that the operating system frees when its holder dies."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from storage.errors import LockedFolderError
from storage.translation import translated_os_errors

LOCK_NAME = "worker.lock"

_LOCKED_BYTE = 1 << 30
"""On Windows a locked byte cannot be read by others, so one far behind the text is locked."""


_ASKING_SECONDS = 0.2
"""Longer than `is_held` takes."""


@contextmanager
def hold_folder(data_dir: Path, *, at: datetime) -> Iterator[None]:
    """Hold `data_dir` for this process until the block ends or the process dies.

    `at`: the present, told to whoever is refused. The file stays: removing it would let
    two processes hold two files of one name.
    Raises: LockedFolderError naming the holder; ReadOnlyError, StorageError.
    """
    path = data_dir / LOCK_NAME
    with translated_os_errors(path):
        data_dir.mkdir(parents=True, exist_ok=True)
        # Unbuffered: the text is there for others at once. Not inherited by readers (PEP 446).
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        file = os.fdopen(descriptor, "r+b", buffering=0)
    with file:
        with translated_os_errors(path):
            mine = _try_lock(descriptor) or _try_lock_again(descriptor)
        if not mine:
            raise LockedFolderError(f"{data_dir} is held by another worker: {_holder(path)}")
        with translated_os_errors(path):
            holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": at.isoformat(timespec="seconds")}
            file.truncate(0)
            file.write(json.dumps(holder).encode())
        try:
            yield
        finally:
            with translated_os_errors(path):
                file.truncate(0)
                _unlock(descriptor)


@contextmanager
def private_folder(parent: Path, *, prefix: str, at: datetime) -> Iterator[Path]:
    """A new folder below `parent`, held while the block runs and removed then; with those of `prefix` whose maker was killed.

    Raises: ReadOnlyError, StorageError.
    """
    for left in parent.glob(f"{prefix}*"):
        if not is_held(left):
            shutil.rmtree(left, ignore_errors=True)  # what is in it is somebody's letters, and nobody looks after it
    # Made 0700.
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as folder, hold_folder(Path(folder), at=at):
        yield Path(folder)


def is_held(data_dir: Path) -> bool:
    """Whether some process holds `data_dir` now; the lock is tried, nothing is written.

    Raises: StorageError when the lock file cannot be opened, or the file system knows no locks.
    """
    path = data_dir / LOCK_NAME
    if not path.exists():
        return False
    with translated_os_errors(path):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        with translated_os_errors(path):
            if not _try_lock(descriptor):
                return True
            _unlock(descriptor)
        return False
    finally:
        os.close(descriptor)


def _try_lock_again(descriptor: int) -> bool:
    """A moment later: whoever only asked whether the folder is held has let go by then."""
    time.sleep(_ASKING_SECONDS)
    return _try_lock(descriptor)


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_bytes())
        return f"process {told['pid']} on {told['host']} since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "holder unknown"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        return _lock_byte(descriptor, msvcrt.LK_NBLCK)

    def _unlock(descriptor: int) -> None:
        _lock_byte(descriptor, msvcrt.LK_UNLCK)

    def _lock_byte(descriptor: int, mode: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, mode, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # EAGAIN or, on shared folders of Windows servers, EACCES: fcntl(2)
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
