"""Shuts a reader in to the files its task was handed: system libraries, the interpreter, and the paths among its arguments.

A path is a capability: a folder among the arguments may be written to, a file may be read, and where something named is not
there yet, the folder it is to lie in may be written to. Nothing else of the machine can be opened, by the reader or by
any program it starts. By Landlock, where the kernel has it; not around what an office program converts, which has walls of
its own by bubblewrap.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from intake.edges.executors.no_ways_round import close_ways_round
from parsers.cage import granted, landlock
from parsers.documents.office import find_office

_NOT_ALLOWED = 1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_WORD_XML = b'progid="Word.Document"'
_HEAD_BYTES = 2_048
_can_be_built = False


def try_walls() -> None:
    """Find out, in a child, whether walls can be built by this process; what cannot is left out from then on.

    A container may know the system calls and refuse them half-way.
    """
    global _can_be_built  # noqa: PLW0603 -- of this process; its children know it from before they were forked
    _can_be_built = False
    if landlock.abi() < landlock.OLDEST_ABI:
        return
    always = _always()
    child = os.fork()
    if child == 0:
        status = _NOT_ALLOWED
        try:
            landlock.shut_in(always)
            status = 0 if not may_open_anything() else _NOT_ALLOWED
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    _can_be_built = status == 0


def walls_around(handed: object) -> Callable[[], None]:
    """What shuts a process in to the paths named in `handed`, called there; it does nothing where walls cannot be built.

    Calling it raises: OSError. The process must not go on then.
    """
    if not _can_be_built:
        return lambda: None
    files: list[Path] = []
    folders: list[Path] = []
    for path in paths_in(handed):
        if path.is_dir():
            folders.append(path)
        elif path.exists():
            files.append(path)
        else:
            folders.append(path.parent)
    always = _always()

    def shut_in() -> None:
        if _is_for_the_office(files):
            return
        if folders:
            tempfile.tempdir = str(folders[0].absolute())
        landlock.shut_in((*always, *granted.readable(files), *granted.writable(folders)))
        close_ways_round()

    return shut_in


def _is_for_the_office(files: list[Path]) -> bool:
    """Whether an office program may have to convert one of `files` here.

    LibreOffice converts nothing without a socket in /tmp that it can find and remove again, which no grant of ours could
    allow it alone; bubblewrap gives it a /tmp of its own, and cannot build below Landlock.
    """
    return find_office() is not None and any(map(_may_be_converted, files))


def _may_be_converted(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
    return head.startswith(_OLE) or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_RTF) or _WORD_XML in head


def paths_in(value: object) -> Iterator[Path]:
    """Every path in `value`, through sequences and half-filled calls, in order."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, partial):
        yield from paths_in((value.func, value.args, tuple(value.keywords.values())))
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from paths_in(each)


def may_open_anything() -> bool:
    """Whether this process may look into the root of the machine, which no task is ever handed."""
    with contextlib.suppress(PermissionError), os.scandir(os.path.abspath(os.sep)):  # noqa: PTH100 -- on Windows too
        return True
    return False


def _always() -> tuple[landlock.Grant, ...]:
    office = find_office()
    programs = () if office is None else granted.readable((office.folder,), runs=True)
    return (*granted.machine(), *granted.interpreter(), *granted.own_process(), *programs)
