"""Collects the pictures a document shows into the job folder: one file each, however often it is shown."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from parsers.errors import LimitError, ParserError
from parsers.facts import Member
from parsers.limits import Limits

Size = tuple[int, int]
"""Width and height in CSS pixels."""


@dataclass(slots=True)
class ShownPictures:
    """The pictures of one document; lives as long as its reading."""

    job: Path
    limits: Limits
    prefix: str
    """Of the files' names in the job folder: "odt-picture"."""
    count: int = 0
    """Showings so far, repeats included."""
    _members: dict[str, Member | None] = field(default_factory=dict)
    """By locator; None for one that cannot be unpacked."""
    _written_bytes: int = 0

    def show(
        self,
        locator: str,
        content: Callable[[], Iterable[bytes]],
        *,
        name: str = "",
        media_type: str = "",
        size_px: Size | None = None,
    ) -> None:
        """Count one showing; the content is written when the picture is shown for the first time.

        A picture whose content cannot be unpacked is counted but is no member.

        Args:
            locator: Which picture it is, the same for each showing.
            content: Gives the bytes in pieces.
            name: Its file name without folders.
            media_type: As the document declares it.
            size_px: How large this showing is; the largest stays.

        Raises:
            LimitError: More members, or more bytes, than `limits` allow.
        """
        self.count += 1
        if locator in self._members:
            if (member := self._members[locator]) is not None:
                larger = max((member.shown_px, size_px), key=area)
                repeated = {"repeats": member.repeats + 1, "shown_px": larger}
                self._members[locator] = member.model_copy(update=repeated)
            return
        if len(self._members) >= self.limits.members:
            raise LimitError(f"more than {self.limits.members} pictures")
        described = Member(
            locator=locator,
            name=unicodedata.normalize("NFC", name),
            stored_as=f"{self.prefix}-{len(self._members) + 1:04}",
            size_bytes=0,
            sha256="",
            origin="embedded",
            media_type=media_type,
            shown_px=size_px,
        )
        self._members[locator] = self._write(described, content)

    def members(self) -> tuple[Member, ...]:
        """The pictures in order of their first showing; empty when none."""
        return tuple(member for member in self._members.values() if member is not None)

    def _write(self, described: Member, content: Callable[[], Iterable[bytes]]) -> Member | None:
        target = self.job / described.stored_as
        digest, size_bytes = hashlib.sha256(), 0
        try:
            with target.open("xb") as file:
                for piece in content():
                    size_bytes += len(piece)
                    self._check(size_bytes)
                    digest.update(piece)
                    file.write(piece)
        except LimitError:
            target.unlink(missing_ok=True)
            raise
        except ParserError:
            target.unlink(missing_ok=True)
            return None
        self._written_bytes += size_bytes
        return described.model_copy(update={"size_bytes": size_bytes, "sha256": digest.hexdigest()})

    def _check(self, size_bytes: int) -> None:
        if self._written_bytes + size_bytes > self.limits.members_bytes:
            raise LimitError(f"pictures of more than {self.limits.members_bytes} bytes")


def area(size_px: Size | None) -> int:
    """Pixels; 0 for no size, so that any known one is larger."""
    return size_px[0] * size_px[1] if size_px else 0
