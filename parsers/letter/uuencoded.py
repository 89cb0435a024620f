"""Files written into a plain text: uuencode, and yEnc. Pure.

Programs older than MIME, and some web forms and printers still, put an attachment below the text.
The text is read without them, and each is decoded later from its place, in pieces.
Source: POSIX uuencode; the yEnc draft 1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from parsers.letter.characters import file_name
from parsers.letter.transfer import decoded, whole_lines
from parsers.text.decoding import decode_text

_BEGIN = re.compile(rb"begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255}?)[ \t]*\r?\n")
_BEGIN_YENC = re.compile(rb"=ybegin [^\r\n]{0,200}?size=\d+[^\r\n]{0,200}? name=([^\r\n]{1,255}?)[ \t]*\r?\n")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{4,76}={0,2}")
_UU_CHARACTERS = bytes(range(0x20, 0x61))
_MOST_FILES = 200
_YENC = bytes((value - 42) % 256 for value in range(256))


@dataclass(slots=True)
class WrittenFile:
    """Where one file stands in its text part, transfer encoding undone."""

    name: str
    kind: Literal["x-uuencode", "base64", "yenc"]
    start: int
    """Of the line that opens it."""
    body: int
    """Of its first data line."""
    end: int = 0


def without_files(pieces: Iterable[bytes], found: list[WrittenFile]) -> Iterator[bytes]:
    """The text without its files, which are added to `found` in order. A file without an end reaches to the end."""
    position = 0
    candidate: WrittenFile | None = None
    held = b""
    inside = False
    for piece in whole_lines(pieces):
        for line in piece.splitlines(keepends=True):
            if inside:
                if _closes(line, found[-1].kind):
                    found[-1].end, inside = position, False
            elif candidate is not None:
                if _is_data(line.rstrip(b"\r\n"), candidate.kind):
                    found.append(candidate)
                    inside = True
                else:
                    yield held + line
                candidate = None
            elif len(found) < _MOST_FILES and (opening := _opened(line, position)) is not None:
                candidate, held = opening, line
            else:
                yield line
            position += len(line)
    if inside:
        found[-1].end = position
    if candidate is not None:
        yield held


def file_bytes(pieces: Iterable[bytes], file: WrittenFile) -> Iterator[bytes]:
    """The content of one file out of its text part."""
    within = _between(pieces, file.start if file.kind == "x-uuencode" else file.body, file.end)
    return _from_yenc(within) if file.kind == "yenc" else decoded(within, file.kind)


def _opened(line: bytes, position: int) -> WrittenFile | None:
    for pattern in (_BEGIN, _BEGIN_YENC):
        if match := pattern.fullmatch(line):
            kind: Literal["x-uuencode", "base64", "yenc"] = (
                "yenc" if pattern is _BEGIN_YENC else "base64" if line.startswith(b"begin-") else "x-uuencode"
            )
            name = file_name(decode_text(match[1])[0])
            return WrittenFile(name, kind, position, position + len(line))
    return None


def _is_data(line: bytes, kind: str) -> bool:
    """Whether a file's first line is one: without it, "begin 644 x" is prose.

    A line of uuencode says by its first character how many bytes it holds; spaces at its end may have been lost.
    """
    if kind != "x-uuencode":
        return kind == "yenc" or _BASE64_LINE.fullmatch(line) is not None
    if line == b"`":
        return True
    if not line or line.translate(None, _UU_CHARACTERS):
        return False
    holds_bytes, given = (line[0] - 32) & 63, len(line) - 1
    wanted = -(-holds_bytes // 3) * 4
    return wanted > 0 and (wanted <= given <= wanted + 2 or (holds_bytes == 45 and wanted // 2 < given < wanted))


def _closes(line: bytes, kind: str) -> bool:
    line = line.strip()
    return line.startswith(b"=yend ") if kind == "yenc" else line in {b"end", b"===="}


def _between(pieces: Iterable[bytes], start: int, end: int) -> Iterator[bytes]:
    position = 0
    for piece in pieces:
        if position >= end:
            return
        yield piece[max(start - position, 0) : max(end - position, 0)]
        position += len(piece)


def _from_yenc(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Every byte minus 42; "=" adds 64 to the next. Lines that open parts are no data."""
    for lines in whole_lines(pieces):
        for raw in lines.split(b"\n"):
            line = raw.rstrip(b"\r")
            if line.startswith(b"=ypart "):
                continue
            first, *escaped = line.split(b"=")
            yield first.translate(_YENC)
            for part in escaped:
                yield bytes(((part[0] - 64 - 42) % 256,)) + part[1:].translate(_YENC) if part else b""
