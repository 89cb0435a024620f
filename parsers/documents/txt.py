"""Reads plain text files in whatever charset their writer's computer saved them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from parsers.errors import LimitError
from parsers.facts import Block, Problem, Reading
from parsers.limits import Limits
from parsers.text.decoding import decode_text
from parsers.text.document_facts import build_document_facts

READER = "txt/2"

_MOST_LOST = 0.1
"""Share of unreadable characters above which a text is garbled, not merely scratched."""


def read_txt(path: Path, job: Path, limits: Limits) -> Reading:
    """Text and structure of a plain text file: one block per line that is not blank, in order.

    Args:
        path: The file, any name.
        job: Unused, as a text holds no members; every reader is handed one.
        limits: `file_bytes` and `text_characters` apply.

    Returns:
        A reading of format "txt"; beside its facts the problem `empty` for blank files,
        `garbled_text` when more than a tenth of the characters cannot be read.

    Raises:
        LimitError: The file or its text is longer than `limits` allow.
    """
    del job
    if (size_bytes := path.stat().st_size) > limits.file_bytes:
        raise LimitError(f"{size_bytes} bytes")
    data = path.read_bytes()
    text, charset = decode_text(data)
    if len(text) > limits.text_characters:
        raise LimitError(f"{len(text)} characters of text")
    lines = (line for line in text.splitlines() if line.strip())
    return Reading(
        reader=READER,
        format="txt",
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        document=build_document_facts([Block(text=line) for line in lines]),
        problem=_problem(text, charset),
    )


def _problem(text: str, charset: str) -> Problem | None:
    if not text.strip():
        return Problem(code="empty")
    if text.count("\ufffd") > _MOST_LOST * len(text):
        return Problem(code="garbled_text", detail=f"best read as {charset}")
    return None
