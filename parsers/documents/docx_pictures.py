"""Writes the pictures a .docx shows to the job folder, one file per picture however often it is shown."""

from __future__ import annotations

import hashlib
import posixpath
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from parsers.documents.docx_graphics import Showing
from parsers.documents.docx_package import Package
from parsers.documents.shown_pictures import area
from parsers.errors import LimitError, ParserError
from parsers.facts import Member
from parsers.limits import Limits


@dataclass(slots=True)
class _Shown:
    part: str
    repeats: int = 0
    size_px: tuple[int, int] | None = None


def extract_pictures(
    package: Package, showings: Iterable[tuple[str, Showing]], *, job: Path, limits: Limits
) -> tuple[int, tuple[Member, ...]]:
    """How many pictures are shown, and the picture parts behind them as members, in order of first showing.

    A showing whose relation dangles or leads outside the package shows nothing and is
    not counted; a part that cannot be unpacked is counted but is no member.

    Args:
        package: The open document.
        showings: (name of the part that shows it, showing) in document order.
        job: Existing folder to write to.
        limits: Ceilings for number and size of the members.

    Raises:
        LimitError: More members, or more bytes, than `limits` allow.
    """
    shown: dict[str, _Shown] = {}
    relations = {}
    pictures = 0
    for source, showing in showings:
        if source not in relations:
            relations[source] = package.relations(source)
        relation = relations[source].get(showing.relation)
        if relation is None or relation.external or not package.has(relation.target):
            continue
        pictures += 1
        picture = shown.setdefault(relation.target.lower(), _Shown(relation.target))
        picture.repeats += 1
        picture.size_px = max((picture.size_px, showing.size_px), key=area)
    if len(shown) > limits.members:
        raise LimitError(f"{len(shown)} pictures")
    if sum(package.size_bytes(picture.part) for picture in shown.values()) > limits.members_bytes:
        raise LimitError(f"pictures of more than {limits.members_bytes} bytes")
    members = (_write(package, picture, job=job, index=index) for index, picture in enumerate(shown.values(), 1))
    return pictures, tuple(member for member in members if member is not None)


def _write(package: Package, picture: _Shown, *, job: Path, index: int) -> Member | None:
    stored_as = f"docx-picture-{index:04}"
    digest, size_bytes = hashlib.sha256(), 0
    try:
        with (job / stored_as).open("xb") as target:
            for piece in package.pieces(picture.part):
                digest.update(piece)
                size_bytes += len(piece)
                target.write(piece)
    except LimitError:
        raise
    except ParserError:
        (job / stored_as).unlink(missing_ok=True)
        return None
    return Member(
        locator=picture.part,
        name=unicodedata.normalize("NFC", posixpath.basename(picture.part)),
        stored_as=stored_as,
        size_bytes=size_bytes,
        sha256=digest.hexdigest(),
        origin="embedded",
        media_type=package.content_type(picture.part),
        shown_px=picture.size_px,
        repeats=picture.repeats,
    )
