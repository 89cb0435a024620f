"""Files taken out of stored letters, byte for byte, as they lay in archives, documents and forwarded letters.

Peers: the letter store, an executor (archives and documents are opened where that can be killed), the disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from intake.edges.executors import Executor
from intake.edges.executors.tree import KnownReadings, StatedElsewhere
from intake.edges.opened_letter import look_through
from parsers.facts import Member
from parsers.limits import Limits
from storage.letters import LetterStore

_PIECE_BYTES = 1 << 20


class Extracts:
    """Takes files out of letters."""

    def __init__(self, letters: LetterStore, executor: Executor, *, limits: Limits, work: Path) -> None:
        """`work`: a folder for what lies there only while a letter is open."""
        self._letters = letters
        self._executor = executor
        self._limits = limits
        self._work = work

    def raw(self, sha256: str, target: Path) -> bool:
        """Copy a raw letter to `target`; False when it is not stored any more. Raises: OSError."""
        if not self._letters.holds(sha256):
            return False
        return self._copy(self._letters.path(sha256), target) == sha256

    def take(
        self,
        letter_sha256: str,
        wanted: Mapping[str, Path],
        *,
        known: KnownReadings,
        stated_elsewhere: StatedElsewhere,
    ) -> frozenset[str]:
        """Write the files of `wanted` (by hash) that a letter holds to their places; which of them it held.

        The letter is opened again as it was when it was read, so that what lay under passwords is found too.
        Raises: OSError.
        """
        if not wanted or not self._letters.holds(letter_sha256):
            return frozenset()
        found: set[str] = set()

        def look(member: Member, path: Path, _job: Path) -> None:
            # Of a split archive `member` is the first volume, and the hash that of the set.
            sha256 = member.sha256
            is_open = sha256 in wanted and sha256 not in found
            if is_open and self._copy(path, wanted[sha256], expected=sha256) == sha256:
                found.add(sha256)

        look_through(
            self._letters.path(letter_sha256),
            look,
            executor=self._executor,
            limits=self._limits,
            work=self._work,
            known=known,
            stated_elsewhere=stated_elsewhere,
        )
        return frozenset(found)

    def _copy(self, source: Path, target: Path, *, expected: str = "") -> str:
        """Copy and hash; `target` appears whole, and only with the hash expected."""
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{hashlib.sha256(target.name.encode()).hexdigest()[:12]}.part")
        digest = hashlib.sha256()
        try:
            with source.open("rb") as read, part.open("wb") as write:
                while piece := read.read(_PIECE_BYTES):
                    digest.update(piece)
                    write.write(piece)
            if expected in ("", digest.hexdigest()):
                part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return digest.hexdigest()
