"""Writes the files of a letter into the job folder, hashing as they pass.

Its only peer is that folder; a full or unwritable disk raises OSError, which is our trouble and not the letter's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from parsers.errors import LimitError
from parsers.facts import Member
from parsers.limits import Limits


@dataclass(slots=True)
class JobFolder:
    """Where members go, and how much room is left."""

    path: Path
    limits: Limits
    members: list[Member] = field(default_factory=list)
    written_bytes: int = 0

    def write(self, pieces: Iterable[bytes], *, described: Member) -> None:
        """Writes one member and records it with its size and hash; the other facts come from `described`.

        Raises:
            LimitError: When there are too many members, or too many bytes in all; nothing of this one stays.
        """
        if len(self.members) >= self.limits.members:
            raise LimitError(f"more than {self.limits.members} files")
        stored_as = f"{len(self.members) + 1:05d}.bin"
        target = self.path / stored_as
        try:
            with target.open("wb") as file:
                size_bytes, sha256 = self._copy(pieces, file)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        self.written_bytes += size_bytes
        known = {"stored_as": stored_as, "size_bytes": size_bytes, "sha256": sha256}
        self.members.append(described.model_copy(update=known))

    def _copy(self, pieces: Iterable[bytes], file: BinaryIO) -> tuple[int, str]:
        """Writes the pieces; their size and SHA-256."""
        digest = hashlib.sha256()
        size_bytes = 0
        for piece in pieces:
            size_bytes += len(piece)
            if self.written_bytes + size_bytes > self.limits.members_bytes:
                raise LimitError(f"more than {self.limits.members_bytes} bytes of files")
            digest.update(piece)
            file.write(piece)
        return size_bytes, digest.hexdigest()
