"""Opens with bsdtar what our first reader calls damaged: one reader's word is no proof, and nobody is blamed for it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from parsers.archives.members import MemberSink, archive_reading
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
    sink = MemberSink(job, limits, packed_bytes=path.stat().st_size)
    with folder_for_program(path, job, f"set.{kind}") as folder:
        facts = unpack_unlisted(folder, f"set.{kind}", sink=sink, limits=limits)
    if facts is None:
        raise found
    reading = archive_reading((path,), sink, facts.model_copy(update={"kind": kind}), reader=reader)
    return reading.model_copy(
        update={"problem": Problem(code="reader_failed", detail=f"{found.detail}; opened by bsdtar")}
    )
