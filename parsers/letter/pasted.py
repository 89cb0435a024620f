"""Pictures written into the HTML itself (`data:` URIs), as some editors do when one is pasted. Pure.

They weigh megabytes: the text is read without them, and each is decoded later from its place, in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_OPENING = re.compile(rb"data:(image/[\w.+-]{1,40})(?:;[\w=-]{1,40})?;base64,", re.IGNORECASE)
_LONGEST_OPENING_BYTES = 120
_CLOSING = re.compile(rb"[^A-Za-z0-9+/=\s]")


@dataclass(slots=True)
class PastedPicture:
    """Where one picture stands in its HTML part, transfer encoding undone."""

    key: str
    """What stands in the text in its place, after "cid:"."""
    media_type: str
    start: int
    end: int = 0


def without_pictures(pieces: Iterable[bytes], found: list[PastedPicture], *, key: str) -> Iterator[bytes]:
    """The HTML with `cid:` references in place of its pictures, which are added to `found` in order."""
    position, rest = 0, b""
    inside = False
    for piece in pieces:
        data, at = rest + piece, 0
        while True:
            match = (_CLOSING if inside else _OPENING).search(data, at)
            if match is None:
                break
            if inside:
                found[-1].end = position + match.start()
                at = match.start()
            else:
                found.append(PastedPicture(f"{key}-{len(found)}", match[1].decode().lower(), position + match.end()))
                yield data[at : match.start()] + f"cid:{found[-1].key}".encode()
                at = match.end()
            inside = not inside
        # An opening may be cut by the end of the piece: its longest form is kept back.
        kept = len(data) if inside else max(at, len(data) - _LONGEST_OPENING_BYTES)
        if not inside:
            yield data[at:kept]
        position, rest = position + kept, data[kept:]
    if inside:
        found[-1].end = position
    yield rest


def picture_bytes(pieces: Iterable[bytes], picture: PastedPicture) -> Iterator[bytes]:
    """The base64 text of one picture out of its HTML part."""
    position = 0
    for piece in pieces:
        if position >= picture.end:
            return
        yield piece[max(picture.start - position, 0) : max(picture.end - position, 0)]
        position += len(piece)
