"""Small copies of pictures that lie in stored letters, made when asked for and kept in a cache that may be deleted.

Peers: the letter store, an executor (a hostile picture is decoded where it can be killed), the cache folder.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from intake.edges.executors import Executor
from intake.edges.executors.tree import KnownReadings, StatedElsewhere
from intake.edges.opened_letter import look_through
from intake.errors import ReaderLostError
from parsers.facts import Member
from parsers.limits import Limits
from parsers.photos.thumbnail import write_thumbnail
from storage.letters import LetterStore


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

    def make(
        self,
        letter_sha256: str,
        wanted: Collection[str],
        *,
        known: KnownReadings,
        stated_elsewhere: StatedElsewhere,
    ) -> None:
        """Make thumbnails of those pictures of `wanted` (hashes) that a letter holds.

        The letter is opened again as it was when it was read, so that what lay in archives, under passwords too, is
        found. Those made before are left alone; what cannot be shown is left out. Raises: OSError.
        """
        missing = {sha256 for sha256 in wanted if not self._path(sha256).is_file()}
        if not missing or not self._letters.holds(letter_sha256):
            return

        def look(member: Member, path: Path, job: Path) -> None:
            if member.sha256 in missing:
                missing.discard(member.sha256)
                self._draw(path, job / "thumbnail.jpg", self._path(member.sha256))

        look_through(
            self._letters.path(letter_sha256),
            look,
            executor=self._executor,
            limits=self._limits,
            work=self._cache,
            known=known,
            stated_elsewhere=stated_elsewhere,
        )

    def _draw(self, path: Path, drawn: Path, target: Path) -> None:
        try:
            shown = self._executor.submit(write_thumbnail, path, drawn, self._limits, limits=self._limits).result()
        except ReaderLostError:
            return
        if shown:
            target.parent.mkdir(parents=True, exist_ok=True)
            drawn.replace(target)

    def _path(self, sha256: str) -> Path:
        return self._cache / sha256[:2] / f"{sha256[2:]}.jpg"
