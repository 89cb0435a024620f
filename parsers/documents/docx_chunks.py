"""Parts of a .docx kept in another format (w:altChunk), as web editors export whole texts: read by the reader of that format."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from parsers.documents.docx_package import Package, Relation
from parsers.documents.sniff import sniff
from parsers.errors import LimitError, ParserError
from parsers.facts import Block, Member, Reading
from parsers.limits import Limits

_READABLE = frozenset({"docx", "html", "mht", "txt", "rtf", "word-xml"})
"""What Word takes in. Source: ECMA-376 Part 1 §17.17.2.1, and what Word does."""

ReadPart = Callable[[Path, Path, Limits], Reading]


class Chunk(NamedTuple):
    """What one such part says."""

    blocks: tuple[Block, ...]
    pictures: int
    members: tuple[Member, ...]


def read_chunks(
    package: Package,
    relations: Mapping[str, Relation],
    wanted: Sequence[str],
    *,
    job: Path,
    limits: Limits,
    read_docx: ReadPart,
) -> list[Chunk | None]:
    """One entry for each relationship id of `wanted`, in order; None for a part that is not there or cannot be read.

    Args:
        package: The open document.
        relations: Of the part the ids stand in.
        wanted: Relationship ids.
        job: Existing folder that receives the pictures.
        limits: Ceilings for each part.
        read_docx: Reads a part that is a Word document itself; it must not follow such parts again.

    Raises:
        LimitError: A part asks for more than `limits` allow, or there are more of them than `limits.members`.
    """
    if len(wanted) > limits.members:
        raise LimitError(f"{len(wanted)} parts in other formats")
    chunks: list[Chunk | None] = []
    for number, identifier in enumerate(wanted, 1):
        relation = relations.get(identifier)
        if relation is None or relation.external or not package.has(relation.target):
            chunks.append(None)
            continue
        with tempfile.TemporaryDirectory(prefix="chunk-", dir=job) as folder:
            path, inner = Path(folder) / "part", Path(folder) / "members"
            inner.mkdir()
            try:
                with path.open("wb") as file:
                    file.writelines(package.pieces(relation.target))
                reading = _read_part(path, inner, limits, read_docx)
            except LimitError:
                raise
            except ParserError:
                chunks.append(None)
                continue
            chunks.append(_kept(reading, inner, job=job, prefix=f"chunk{number:03}-", locator=relation.target))
    return chunks


def _read_part(path: Path, job: Path, limits: Limits, read_docx: ReadPart) -> Reading:
    from parsers.documents import READERS  # it names the reader that calls this

    kind = sniff(path).kind
    if kind == "docx":
        return read_docx(path, job, limits)
    if kind not in _READABLE:
        raise ParserError("unsupported_format", kind)
    return next(reader for reader in READERS if kind in reader.kinds).read(path, job, limits)


def _kept(reading: Reading, inner: Path, *, job: Path, prefix: str, locator: str) -> Chunk | None:
    """What is taken over of a part's reading; its pictures move to the job folder. None when it was not read in full."""
    problem = reading.problem.code if reading.problem else None
    if reading.document is None or problem not in {None, "empty", "no_text"}:
        return None
    members = []
    for member in reading.members:
        stored_as = prefix + member.stored_as
        (inner / member.stored_as).rename(job / stored_as)
        members.append(
            member.model_copy(
                update={"stored_as": stored_as, "locator": f"{locator}/{member.locator}", "origin": "embedded"}
            )
        )
    return Chunk(reading.document.blocks, reading.document.pictures, tuple(members))
