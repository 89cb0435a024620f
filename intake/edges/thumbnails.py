"""Small copies of pictures that lie in stored letters, made when asked for and kept in a cache that may be deleted.

Peers: the letter store, an executor (a hostile picture is decoded where it can be killed), the cache folder.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from intake.edges.executors import Executor
from intake.errors import ReaderLostError
from parsers.facts import Reading
from parsers.limits import Limits
from parsers.photos.thumbnail import write_thumbnail
from parsers.reading import read_file, read_letter_file
from storage.letters import LetterStore
from storage.records import FileRecord


class Thumbnails:
    """Thumbnails by the hash of their picture: `<cache>/ab/cdef….jpg`."""

    def __init__(self, letters: LetterStore, executor: Executor, *, limits: Limits, cache: Path) -> None:
        self._letters = letters
        self._executor = executor
        self._limits = limits
        self._cache = cache

    def get(self, sha256: str) -> bytes | None:
        """The thumbnail of a picture, a JPEG; None when none was made. Raises: OSError."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def make(self, letter_sha256: str, files: Sequence[FileRecord], wanted: Collection[str]) -> None:
        """Make thumbnails of the pictures `wanted` (hashes) that lie in a letter whose rows are `files`.

        Those made before are left alone; what cannot be shown, or is no longer found in the letter, is left out.
        Raises: OSError.
        """
        missing = {sha256 for sha256 in wanted if not self._path(sha256).is_file()}
        rows = [row for row in files if row.sha256 in missing]
        if not rows or not self._letters.holds(letter_sha256):
            return
        self._cache.mkdir(parents=True, exist_ok=True)
        job = Path(tempfile.mkdtemp(prefix="job-", dir=self._cache))
        try:
            _Unpacking(self._executor, self._limits, job, holders=_holders(files, rows)).make(
                self._letters.path(letter_sha256), {sha256: self._path(sha256) for sha256 in missing}
            )
        finally:
            shutil.rmtree(job, ignore_errors=True)

    def _path(self, sha256: str) -> Path:
        return self._cache / sha256[:2] / f"{sha256[2:]}.jpg"


class _Unpacking:
    """One letter opened again, only as far as the way to the wanted pictures leads."""

    def __init__(self, executor: Executor, limits: Limits, job: Path, *, holders: frozenset[str]) -> None:
        self._executor = executor
        self._limits = limits
        self._job = job
        self._holders = holders
        self._folders = 0

    def make(self, letter: Path, targets: dict[str, Path]) -> None:
        folder = self._new_folder()
        reading = self._read(letter, folder, letter=True)
        places = [(reading, folder)] if reading else []
        while places and targets:
            reading, folder = places.pop(0)
            for member in reading.members:
                path = folder / member.stored_as
                if member.sha256 in targets:
                    self._draw(path, targets.pop(member.sha256))
                elif member.sha256 in self._holders:
                    below = self._new_folder()
                    if inner := self._read(path, below, letter=False):
                        places.append((inner, below))

    def _read(self, path: Path, folder: Path, *, letter: bool) -> Reading | None:
        task = read_letter_file if letter else read_file
        try:
            return self._executor.submit(task, path, folder, self._limits, limits=self._limits).result()
        except ReaderLostError:
            return None

    def _draw(self, path: Path, target: Path) -> None:
        drawn = self._new_folder() / "thumbnail.jpg"
        try:
            shown = self._executor.submit(write_thumbnail, path, drawn, self._limits, limits=self._limits).result()
        except ReaderLostError:
            return
        if shown:
            target.parent.mkdir(parents=True, exist_ok=True)
            drawn.replace(target)

    def _new_folder(self) -> Path:
        self._folders += 1
        folder = self._job / f"{self._folders:04d}"
        folder.mkdir()
        return folder


def _holders(files: Sequence[FileRecord], rows: Sequence[FileRecord]) -> frozenset[str]:
    """Hashes of the archives and documents that `rows` lie in, at any depth."""
    by_id = {row.id: row for row in files}
    holders: set[str] = set()
    for row in rows:
        parent = by_id.get(row.parent_id) if row.parent_id is not None else None
        while parent is not None:
            holders.add(parent.sha256)
            parent = by_id.get(parent.parent_id) if parent.parent_id is not None else None
    return frozenset(holders)
