"""A stored letter opened once more, as it was when it was read, to hand out what lies in it.

Peers: the letter store, an executor (archives and documents are opened where that can be killed), the disk.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from intake.edges.executors import Executor
from intake.edges.executors.tree import KnownReadings, StatedElsewhere, read_tree
from parsers.facts import Member
from parsers.limits import Limits

Look = Callable[[Member, Path, Path], None]
"""Told of each file: what it is, where it lies, and a folder for what is made of it. All three go when the look ends."""


def look_through(
    letter: Path,
    look: Look,
    *,
    executor: Executor,
    limits: Limits,
    work: Path,
    known: KnownReadings,
    stated_elsewhere: StatedElsewhere,
) -> None:
    """Show `look` every file of the raw letter at `letter`, those in archives and under known passwords too.

    `work`: a folder for what lies there only while the letter is open; made when missing. Raises: OSError.
    """
    work.mkdir(parents=True, exist_ok=True)
    job = Path(tempfile.mkdtemp(prefix="job-", dir=work))
    try:
        read_tree(
            letter,
            job / "files",
            executor=executor,
            limits=limits,
            letter=True,
            known=known,
            stated_elsewhere=stated_elsewhere,
            look=lambda member, path: look(member, path, job),
        )
    finally:
        shutil.rmtree(job, ignore_errors=True)
