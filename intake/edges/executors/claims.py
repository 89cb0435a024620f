"""What a reader says of its file is held against what we know ourselves: a file may have taken the reader over."""

from __future__ import annotations

import stat

from intake.edges.executors.errands import Task
from intake.errors import ReaderLostError
from parsers.digests import sha256_of
from parsers.facts import Reading


def believed(reading: Reading, task: Task) -> Reading:
    """`reading`, if it is of the file of `task`, and its members are plain files in the folder of `task` with the hashes it states.

    A reading is stored by the hash it states, its members are opened under the names and known by the hashes it states: none
    may lead to the file of somebody else.

    Raises: ReaderLostError.
    """
    if reading.sha256 != task.sha256:
        raise ReaderLostError("reader told of another file", timed_out=False)
    for member in reading.members:
        if not _is_plain_file(task, member.stored_as):
            raise ReaderLostError("reader told of a member that is no file of its folder", timed_out=False)
        if sha256_of(task.folder / member.stored_as) != member.sha256:
            raise ReaderLostError("reader told of a member that is another file", timed_out=False)
    return reading


def _is_plain_file(task: Task, name: str) -> bool:
    if not name or name in {".", ".."} or set(name) & {"/", "\\", "\0", ":"}:
        return False
    try:
        return stat.S_ISREG((task.folder / name).lstat().st_mode)
    except OSError:
        return False
