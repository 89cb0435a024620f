"""Reads a raw letter: its facts, and its files into the job folder.

Peers: the letter's file, which is mapped and never held whole, and the job folder.
Order: hash and skeleton (one pass), parse, sort, decode straight to files. Source: RFC 5322, RFC 2045 to 2049.
"""

from __future__ import annotations

import hashlib
import mmap
import re
from pathlib import Path

from parsers.errors import ParserError
from parsers.facts import LetterFacts, Problem, Reading
from parsers.letter.assembly import assemble
from parsers.letter.envelope import envelope
from parsers.letter.files import JobFolder
from parsers.letter.opened import Opened
from parsers.letter.skeleton import LARGEST_BYTES, LONGEST_HEAD_BYTES, PIECE_BYTES, build_skeleton
from parsers.letter.tree import parse_tree
from parsers.limits import Limits

READER = "letter/3"


def read_letter(path: Path, job: Path, limits: Limits) -> Reading:
    """What a raw RFC 5322 letter says; its files are written to `job` as members, in document order.

    A letter that asks for too much comes back as far as it was read, with the problem `over_limit` beside the facts.

    Raises:
        ParserError: `empty` for a file without bytes, `reader_failed` when file or folder cannot be used.
    """
    try:
        return _read(path, job, limits)
    except OSError as error:
        raise ParserError("reader_failed", f"{type(error).__name__}: {error.strerror}") from error


def read_head(head: bytes) -> LetterFacts:
    """What the first bytes of a letter, or a few of its header lines alone, tell: every field that headers give."""
    return LetterFacts(**envelope(parse_tree(head, most_parts=1).root))


def _read(path: Path, job: Path, limits: Limits) -> Reading:
    size_bytes = path.stat().st_size
    if not size_bytes:
        raise ParserError("empty", "a letter of 0 bytes")
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as file:
        sha256 = _sha256(file)
        if size_bytes > limits.file_bytes:
            return _headers_only(file, sha256, f"{size_bytes} bytes; the limit is {limits.file_bytes}")
        skeleton = build_skeleton(file, sha256)
        most_parts = 4 * limits.members + 100
        tree = parse_tree(skeleton.data, most_parts=most_parts)
        problems = [tree.problem] if tree.problem else []
        if not skeleton.complete:
            problems.append(f"more than {LARGEST_BYTES} bytes of headers and text")
        opened = Opened(file, skeleton, limits.text_characters, most_parts, 4 * limits.text_characters)
        folder = JobFolder(job, limits)
        facts, left_out = assemble(tree.root, opened, folder)
        problems += [left_out] if left_out else []
    return Reading(
        reader=READER,
        format="letter",
        sha256=sha256,
        size_bytes=size_bytes,
        letter=facts,
        problem=Problem(code="over_limit", detail="; ".join(problems)) if problems else None,
        members=tuple(folder.members),
    )


def _sha256(file: mmap.mmap) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(file), PIECE_BYTES):
        digest.update(file[start : start + PIECE_BYTES])
    return digest.hexdigest()


def _headers_only(file: mmap.mmap, sha256: str, detail: str) -> Reading:
    """Who wrote and about what, of a letter too large to open."""
    head = re.split(rb"\r\n\r\n|\n\n|\r\r", file[:LONGEST_HEAD_BYTES], maxsplit=1)[0]
    return Reading(
        reader=READER,
        format="letter",
        sha256=sha256,
        size_bytes=len(file),
        letter=read_head(head),
        problem=Problem(code="over_limit", detail=detail),
    )
