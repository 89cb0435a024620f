"""The store of raw letters: files named by the hash of their bytes, never changed.

    <root>/incoming/<random>.part     being received
    <root>/ab/cdef….eml               durable; "abcdef…" is the SHA-256

A letter is durable before anybody may write a row about it: `Incoming.commit` returns only
after the file and the folders that name it were synced.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from storage import durable
from storage.errors import CorruptError
from storage.translation import translated_os_errors

_PIECE_BYTES = 1 << 20
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A raw letter that is durable."""

    sha256: str
    size_bytes: int


class Incoming(io.RawIOBase):
    """A letter being received. Counts and hashes what is written; nothing of it is visible before `commit`."""

    def __init__(self, store: LetterStore, part: Path) -> None:
        super().__init__()
        self._store = store
        self._part = part
        self._file = part.open("xb")
        self._hash = hashlib.sha256()
        self.size_bytes = 0
        """Bytes written so far."""
        self.stored: StoredLetter | None = None
        """What `commit` returned."""

    @property
    def sink(self) -> BinaryIO:
        """This object, for callers that ask for a BinaryIO."""
        return cast("BinaryIO", self)

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # any bytes-like object will do
        """Append `data`; return its length in bytes. Raises: DiskFullError, StorageError."""
        with translated_os_errors(self._part):
            self._file.write(data)
        self._hash.update(data)
        written = memoryview(data).nbytes
        self.size_bytes += written
        return written

    def commit(self) -> StoredLetter:
        """Make the letter durable and give it its name. The same bytes again are the same letter.

        Raises: DiskFullError, ReadOnlyError, StorageError; then nothing is stored.
        """
        stored = StoredLetter(self._hash.hexdigest(), self.size_bytes)
        with translated_os_errors(self._part):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._store._put(self._part, stored)  # noqa: SLF001 - two halves of one thing
        self.stored = stored
        return stored

    def abort(self) -> None:
        """Forget what was written. Never raises; does nothing after `commit`."""
        # A full disk makes even the closing flush fail; the leftover goes with `clean_incoming`.
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)
        self.close()


class LetterStore:
    """Raw letters under one folder. Safe for several threads and processes at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"

    @contextmanager
    def receive(self) -> Iterator[Incoming]:
        """Receive one letter; what was not committed when the block ends is removed.

        Raises: DiskFullError, ReadOnlyError, StorageError.
        """
        with translated_os_errors(self._root):
            durable.make_folder(self._incoming)
            incoming = Incoming(self, self._incoming / f"{os.getpid()}-{secrets.token_hex(8)}.part")
        try:
            yield incoming
        finally:
            incoming.abort()

    @property
    def root(self) -> Path:
        """The folder below which all letters lie."""
        return self._root

    def path(self, sha256: str) -> Path:
        """Where the letter lies, whether or not it is there."""
        return self._root / self.place(sha256)

    def place(self, sha256: str) -> str:
        """Where below the root, "/"-separated."""
        if len(sha256) != 64 or not set(sha256) <= _HEX:
            raise ValueError(f"not a SHA-256 in lower-case hex: {sha256!r}")
        return f"{sha256[:2]}/{sha256[2:]}.eml"

    def open(self, sha256: str) -> BinaryIO:
        """The letter's bytes, seekable, read-only. Raises: CorruptError when it is not there; StorageError."""
        path = self.path(sha256)
        with translated_os_errors(path):
            try:
                return path.open("rb")
            except FileNotFoundError as error:
                raise CorruptError(f"raw letter {sha256} is missing from {self._root}") from error

    def holds(self, sha256: str) -> bool:
        """Whether the letter is there (not whether it is whole; see `verify`)."""
        return self.path(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        """Read the whole letter: True when it is there and its bytes still have this hash. Raises: StorageError."""
        path = self.path(sha256)
        if not path.is_file():
            return False
        with translated_os_errors(path), path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def remove(self, sha256: str) -> bool:
        """Remove the letter's bytes for good; whether they were there. Raises: ReadOnlyError, StorageError."""
        path = self.path(sha256)
        with translated_os_errors(path):
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            durable.sync_folder(path.parent)
        return True

    def clean_incoming(self, *, before_at: datetime) -> int:
        """Remove what receptions broken off before `before_at` left behind; return how many files.

        Another process may be receiving right now: choose a time well past.
        """
        removed = 0
        if not self._incoming.is_dir():
            return removed
        with translated_os_errors(self._incoming):
            for part in self._incoming.glob("*.part"):
                try:
                    if datetime.fromtimestamp(part.stat().st_mtime, UTC) < before_at:
                        part.unlink()
                        removed += 1
                except FileNotFoundError:
                    continue
        return removed

    def _put(self, part: Path, letter: StoredLetter) -> None:
        target = self.path(letter.sha256)
        durable.make_folder(target.parent)
        if target.is_file() and target.stat().st_size == letter.size_bytes:
            # Whoever put it there may have died before its name was durable.
            durable.sync_folder(target.parent)
            part.unlink()
            return
        durable.move_into_place(part, target)
