"""Reads an archive that came in several files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from parsers.archives.rar import read_rar_volumes
from parsers.archives.volumes import Style, join
from parsers.errors import LimitError, ParserError
from parsers.facts import Reading
from parsers.limits import Limits

_JOINED = "joined"


def read_split(
    paths: Sequence[Path],
    job: Path,
    limits: Limits,
    passwords: tuple[str, ...],
    *,
    style: Style,
    missing: Sequence[int],
    read: Callable[[Path], Reading],
) -> Reading:
    """What the volumes hold, put together again; `read` reads the whole file where one can be made of them.

    A set that lacks the volumes `missing` is not opened.

    Raises:
        LimitError: The volumes together are larger than `limits.members_bytes`.
        ParserError: As `read_rar_volumes` and `join`; `part_missing` as well when the archive breaks off behind volumes of
            one size: the last of a set is smaller.
    """
    if missing:
        raise ParserError("part_missing", "volumes " + ", ".join(map(str, missing[:10])))
    sizes = [path.stat().st_size for path in paths]
    if sum(sizes) > limits.members_bytes:
        raise LimitError(f"{sum(sizes)} bytes in {len(paths)} volumes")
    if style in {"part", "r00"}:
        if not _is_rar(paths[0]):
            raise ParserError("unsupported_format", "named as RAR volumes, which they are not")
        return read_rar_volumes(paths, job, limits, passwords, style=style)
    whole = job / _JOINED
    try:
        join(paths, whole, style)
        reading = read(whole)
    finally:
        whole.unlink(missing_ok=True)
    code = reading.problem.code if reading.problem is not None else None
    # What lacks its end has no directory: what another reader found before the break is not the whole set.
    is_broken = code == "reader_failed" or (code in {"damaged", "unsupported_format"} and not reading.members)
    if is_broken and len(set(sizes)) == 1:
        for member in reading.members:
            (job / member.stored_as).unlink()
        raise ParserError("part_missing", f"breaks off after {len(paths)} volumes of one size")
    if reading.archive is None:
        return reading
    return reading.model_copy(update={"archive": reading.archive.model_copy(update={"volumes": len(paths)})})


def _is_rar(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6) == b"Rar!\x1a\x07"
