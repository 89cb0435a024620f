"""What a cage is made of: what a program may use, see and write. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What a program may use; the reader that starts it keeps its own, lower ones."""

    memory_bytes: int
    """Address space."""
    cpu_seconds: int
    file_bytes: int
    """Largest file it may write."""


@dataclass(frozen=True, slots=True)
class Cage:
    """What a program may use, see and write. Paths are the same inside and outside."""

    ceilings: Ceilings
    folder: Path | None = None
    """Where it starts and has its home; read-only unless `writable`. None: it starts in the root of the machine."""
    writable: Path | None = None
    """The one folder it may write to, existing: `folder` or one below it."""
    seen: tuple[Path, ...] = ()
    """What else of the machine it sees, read-only: files and folders. What is not there is passed over."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Its environment besides PATH, home, folder for temporary files and language; nothing of ours is handed on."""
    makes_sockets: bool = False
    """It listens at a socket in /tmp, as LibreOffice does: Landlock's walls let it make one, and remove files there."""
