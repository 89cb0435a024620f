"""Reads Outlook's own files, .msg and winmail.dat, as letters: facts, and files into the job folder.

Peers: the file and the job folder. What lies in winmail.dat is thereby opened like an archive:
its files are the letter's own, its wrapper is none.
"""

from __future__ import annotations

import mmap
from pathlib import Path

from parsers.digests import sha256_of
from parsers.errors import LimitError, ParserError
from parsers.facts import Problem, Reading
from parsers.letter.assembly import assemble
from parsers.letter.files import JobFolder
from parsers.letter.mapi import Message
from parsers.letter.msg import open_msg
from parsers.letter.opened import Opened
from parsers.letter.outlook import as_letter
from parsers.letter.skeleton import Skeleton
from parsers.letter.tnef import open_tnef
from parsers.limits import Limits

MSG_READER = "msg/1"
TNEF_READER = "tnef/1"


def read_msg(path: Path, job: Path, limits: Limits) -> Reading:
    """What an Outlook .msg file says; its files, those of attached messages too, are written to `job`.

    Raises:
        ParserError: `damaged` when its container cannot be followed, `reader_failed` when the job folder cannot be used.
        LimitError: When it asks for more than a file of its size can hold.
    """
    message = open_msg(path, most_parts=limits.members)
    return _reading(path, message, MSG_READER, job=job, limits=limits)


def read_tnef(path: Path, job: Path, limits: Limits) -> Reading:
    """What a winmail.dat says; as `read_msg`."""
    message = open_tnef(path.read_bytes(), most_parts=limits.members)
    return _reading(path, message, TNEF_READER, job=job, limits=limits)


def _reading(path: Path, message: Message, reader: str, *, job: Path, limits: Limits) -> Reading:
    sha256 = sha256_of(path)
    most_parts = 4 * limits.members + 100
    try:
        with mmap.mmap(-1, 1) as nothing:
            # Every body stands in the tree: there is no mapped letter to take it from, and no token to look for.
            skeleton = Skeleton(b"", sha256.encode(), (), complete=True)
            opened = Opened(nothing, skeleton, limits.text_characters, most_parts, 4 * limits.text_characters)
            folder = JobFolder(job, limits)
            facts, left_out = assemble(as_letter(message), opened, folder)
    except OSError as error:
        raise ParserError("reader_failed", f"{type(error).__name__}: {error.strerror}") from error
    except RecursionError as error:
        raise LimitError("messages attached to one another too deep") from error
    return Reading(
        reader=reader,
        format="letter",
        sha256=sha256,
        size_bytes=path.stat().st_size,
        letter=facts,
        problem=Problem(code="over_limit", detail=left_out) if left_out else None,
        members=tuple(folder.members),
    )
