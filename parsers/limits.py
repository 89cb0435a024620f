"""How much one file may ask of a reader. Plain numbers, handed in by the caller."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Limits(BaseModel):
    """The ceilings for reading one file. Frozen; part of the key a stored reading is found by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_bytes: int = 100_000_000
    """Largest file opened at all, in bytes."""
    text_characters: int = 2_000_000
    """Longest text kept of one document, in characters."""
    pages: int = 500
    """Most pages of a PDF that are read."""
    picture_pixels: int = 200_000_000
    """Largest picture decoded, width times height, in pixels; refused from its header before decoding."""
    members: int = 2_000
    """Most members taken out of one letter, archive or document."""
    members_bytes: int = 1_000_000_000
    """Most bytes written for the members of one file together."""
    member_ratio: int = 200
    """Highest ratio of unpacked to packed size of an archive member over 1 MB."""
    depth: int = 3
    """How many archives may lie inside one another."""
    wall_seconds: float = 60.0
    """Wall-clock time for one file; the process is killed after it."""
    cpu_seconds: int = 60
    """CPU time for one file (RLIMIT_CPU, raised per task because it is cumulative)."""
    memory_bytes: int = 2_000_000_000
    """Address space of a reader process (RLIMIT_AS)."""


DEFAULT_LIMITS = Limits()
