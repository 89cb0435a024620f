"""Opens with bsdtar what our first reader calls damaged: one reader's word is no proof, and nobody is blamed for it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from parsers.archives.members import MemberSink
from parsers.archives.unpacking import folder_for_program, unpack_unlisted
from parsers.errors import ParserError
from parsers.facts import Problem, Reading
from parsers.limits import Limits


def read_damaged(
    path: Path, job: Path, limits: Limits, *, kind: Literal["zip", "rar"], reader: str, found: ParserError
) -> Reading:
    """What bsdtar takes out of an archive in which our reader `found` damage, beside the problem `reader_failed`.

    A person looks whether all is there. Where bsdtar, too, meets a broken place, or finds nothing, the archive is damaged.

    Raises:
        LimitError: Too many entries or bytes.
        ParserError: `found` itself, when it is anything but `damaged`, or bsdtar has no more to tell; `timed_out`.
    """
    if found.code != "damaged":
        raise found
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size_bytes = file.tell()
    sink = MemberSink(job, limits, packed_bytes=size_bytes)
    with folder_for_program(path, job, f"set.{kind}") as folder:
        facts = unpack_unlisted(folder, f"set.{kind}", sink=sink, limits=limits)
    if facts is None:
        raise found
    return Reading(
        reader=reader,
        format="archive",
        sha256=digest,
        size_bytes=size_bytes,
        archive=facts.model_copy(update={"kind": kind}),
        problem=Problem(code="reader_failed", detail=f"{found.detail}; opened by bsdtar"),
        members=sink.members,
    )
