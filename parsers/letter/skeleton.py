"""What is left of a letter when its large bodies are taken out, for a parser that reads line by line.

The standard library's parser is robust and reads 55 MB/s; bodies are 99 % of a letter
with photos. So a large body becomes a token of some thirty bytes and its place in the
file is remembered. Replacing each token by the bytes it stands for gives the letter back exactly.

What makes that safe: a boundary is a line that begins with "--" (RFC 2046 §5.1.1), and only
bytes between two such lines are ever taken out, never line ends before one, never a header.
Reads a memory-mapped file; nothing else.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

PIECE_BYTES = 1 << 20
"""Largest slice of the file held at once."""
LONGEST_HEAD_BYTES = 256 << 10
"""Headers of one part are looked for this far."""
KEPT_BYTES = 64 << 10
"""What stays of a body that may hold structure of its own (a forwarded letter, plain text)."""
SMALLEST_BYTES = 16 << 10
"""Shorter bodies are not worth a token."""
LARGEST_BYTES = 8 << 20
"""A skeleton grows no further: no letter people write comes near it."""

_DASHES = re.compile(rb"--+")
_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_BASE64 = re.compile(rb"^content-transfer-encoding:\s*\"?base64", re.IGNORECASE | re.MULTILINE)
_NESTED = re.compile(rb"message/|multipart/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A letter with tokens in place of its large bodies."""

    data: bytes
    token: bytes
    """Opens each token; the number of the span and ";" follow."""
    spans: tuple[tuple[int, int], ...]
    """Start and end in the file, by token number."""
    complete: bool
    """False when the letter was longer than `LARGEST_BYTES` even so; the rest is missing."""

    def pieces(self, file: mmap.mmap, payload: bytes) -> Iterator[bytes]:
        """The payload with its tokens replaced, at most `PIECE_BYTES` at a time; empty pieces may occur."""
        parts = re.split(re.escape(self.token) + rb"(\d+);", payload)
        for number, part in enumerate(parts):
            if number % 2 == 0:
                yield part
                continue
            start, end = self.spans[int(part)]
            for at in range(start, end, PIECE_BYTES):
                yield file[at : min(at + PIECE_BYTES, end)]


def build_skeleton(file: mmap.mmap, secret: str) -> Skeleton:
    """The skeleton of a mapped letter.

    Args:
        file: The raw letter, not empty.
        secret: Something the letter cannot contain, such as its own SHA-256, so that no sender can write a token.
    """
    token = f"={secret[:24]}=".encode()
    data = bytearray()
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _dash_lines(file):
        cut, until = _large_body(file, start, end)
        data += file[start:cut]
        if until > cut:
            data += token + b"%d;" % len(spans)
            spans.append((cut, until))
            data += file[until:end]
        start = end
        if len(data) > LARGEST_BYTES:
            return Skeleton(bytes(data[:LARGEST_BYTES]), token, tuple(spans), complete=False)
    return Skeleton(bytes(data), token, tuple(spans), complete=True)


def _dash_lines(file: mmap.mmap) -> Iterator[int]:
    """Where lines that begin with "--" start, in order; last, the end of the file."""
    for match in _DASHES.finditer(file):
        start = match.start()
        if start and file[start - 1] in b"\r\n":
            yield start
    yield len(file)


def _large_body(file: mmap.mmap, start: int, end: int) -> tuple[int, int]:
    """The part of `start:end` to take out; empty (both `end`) when there is none worth it."""
    if end - start < SMALLEST_BYTES:
        return end, end
    head = file[start : min(end, start + LONGEST_HEAD_BYTES)]
    blank = _BLANK_LINE.search(head)
    fields = head[: blank.end()] if blank else head
    if blank and _BASE64.search(fields) and not _NESTED.search(fields):
        cut = start + blank.end()
    else:
        cut = start + len(fields) + KEPT_BYTES
    # The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1): it stays for the parser to see.
    until = end - len(file[max(end - 2, start) : end]) + len(file[max(end - 2, start) : end].rstrip(b"\r\n"))
    return (cut, until) if until - cut >= SMALLEST_BYTES else (end, end)
