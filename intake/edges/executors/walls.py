"""Shuts a reader in to the files its task was handed: system libraries, the interpreter, and the paths among its arguments.

A path is a capability: a folder among the arguments may be written to, a file may be read, and where something named is not
there yet, the folder it is to lie in may be written to. Nothing else of the machine can be opened, by the reader or by
any program it starts. By Landlock, where the kernel has it; an office program is started by somebody else (`apart`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from intake.edges.executors.ceilings import give_up_rights
from intake.edges.executors.no_ways_round import close_ways_round
from intake.edges.executors.starts import ask_before_starting, refuse_to_start
from parsers.cage import granted, landlock
from parsers.cage.programs import when_given_up
from parsers.documents.office import find_office

_FAILED = 255


class Possible(NamedTuple):
    """What a process can lay over itself on this machine."""

    walls: bool
    """Landlock's."""
    ways: bool
    """The filter that closes what Landlock leaves open."""
    asks: bool
    """Waiting for leave before a program is started."""
    refuses: bool
    """Starting no program any more."""


_NOTHING = Possible(walls=False, ways=False, asks=False, refuses=False)
_possible = _NOTHING


def try_walls() -> None:
    """Find out, in a child, what can be laid over a process here; what cannot is left out from then on, and told of.

    A container may know the system calls and refuse them half-way, or end who calls. From then on a child that cannot have
    what was possible here does not read.

    Raises: OSError. The trial came to nothing; this process must not read.
    """
    global _possible  # noqa: PLW0603 -- of this process; its children know it from before they were forked
    _possible = _NOTHING
    always = _always()
    child = os.fork()
    if child == 0:
        status = _FAILED
        try:
            status = _tried(always)
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(ended)
    if status == -signal.SIGSYS:  # this machine's answer to a call it does not allow
        return
    if not 0 <= status < _FAILED:
        raise OSError(f"the trial of walls ended with status {status}")
    _possible = Possible(*(bool(status >> place & 1) for place in range(len(Possible._fields))))


def _tried(always: tuple[landlock.Grant, ...]) -> int:
    """A bit for each of `Possible`."""
    walls = False
    with contextlib.suppress(OSError):
        landlock.shut_in(always)
        walls = not may_open_anything()
    found = Possible(walls, close_ways_round(), ask_before_starting() is not None, refuse_to_start())
    return sum(had << place for place, had in enumerate(found))


@dataclass(frozen=True, slots=True)
class Handed:
    """The paths a task was handed."""

    files: tuple[Path, ...]
    folders: tuple[Path, ...]
    """Those it may write to; its own folder first."""

    @property
    def beside(self) -> Path | None:
        """Where something may lie for this task that it cannot open itself: beside its own folder. None when it has none."""
        if not self.folders:
            return None
        place = self.folders[0].absolute().parent
        return None if any(place.is_relative_to(folder.absolute()) for folder in self.folders) else place


def handed_in(task: object) -> Handed:
    """The paths among the arguments of `task`."""
    files: list[Path] = []
    folders: list[Path] = []
    for path in paths_in(task):
        if path.is_dir():
            folders.append(path)
        elif path.exists():
            files.append(path)
        else:
            folders.append(path.parent)
    return Handed(tuple(files), tuple(folders))


def walls_around(handed: Handed) -> Callable[[], int | None]:
    """What shuts a process in to the paths `handed`, called there; what this machine cannot do is left out.

    It returns a descriptor on which the process asks before it starts another (`starts`), None where nothing asks.
    Calling it raises: OSError. The process must not go on then.
    """
    always = _always()

    def shut_in() -> int | None:
        if _possible.walls:
            if handed.folders:
                tempfile.tempdir = str(handed.folders[0].absolute())
            landlock.shut_in((*always, *granted.readable(handed.files), *granted.writable(handed.folders)))
            _close(_possible)
        asked_on = ask_before_starting() if _possible.asks else None
        if _possible.asks and asked_on is None:
            raise PermissionError("leave to start programs cannot be asked for")
        when_given_up(partial(_give_up_programs, _possible))
        return asked_on

    return shut_in


def _give_up_programs(possible: Possible) -> None:
    """Raises: OSError."""
    if not possible.walls:  # bubblewrap cannot build below either, and is not wanted any more
        _close(possible)
    if possible.refuses and not refuse_to_start():
        raise PermissionError("starting programs cannot be refused")


def _close(possible: Possible) -> None:
    if possible.ways and not close_ways_round():
        raise PermissionError("the ways round cannot be closed")
    give_up_rights()


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
