"""What runs inside a reader process: limits around one task. Imported there and nowhere at start-up."""

from __future__ import annotations

import gc
import importlib
import os
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from intake.edges.executors import ceilings
from intake.edges.executors.answers import Answer, Answers, Confinement
from intake.edges.executors.apart import OUT_OF_MEMORY, run_apart
from intake.edges.executors.each import Each
from intake.edges.executors.no_network import give_up_network, has_network
from intake.edges.executors.orphans import adopt
from intake.edges.executors.starts import asks_before_starting, may_start
from intake.edges.executors.walls import handed_in, may_open_anything, try_walls, walls_around
from parsers.cage import in_force
from parsers.cage.programs import give_up_programs
from parsers.documents.office import find_office
from parsers.documents.office.broker import Broker
from parsers.limits import Limits

_SETTINGS = "INTAKE_"
"""Variables of the environment that begin so are settings, a password among them; no reader needs one."""

T = TypeVar("T")


def prepare(preload: Sequence[str]) -> None:
    """Make a fresh reader process ready, readers imported before the first task's time runs.

    No core dumps, few open files, no network where the system can take it away, none of our settings.
    """
    for name in [name for name in os.environ if name.upper().startswith(_SETTINGS)]:
        del os.environ[name]
    give_up_network()
    ceilings.set_lasting_ceilings()
    for module in preload:
        importlib.import_module(module)
    if sys.platform == "linux":
        adopt()
        try_walls()
        gc.collect()
        gc.freeze()  # what is shared with children stays shared: their collector leaves it alone


def run_limited(task: Callable[..., T], args: tuple[object, ...], limits: Limits) -> T | Answer | Answers:
    """`task(*args)` under the limits of its kind of reader, shut in to what its arguments name.

    On Linux in a child of this process, whose answer comes back unopened; each call of an `Each` in a child of its own. A task
    that runs out of memory ends its process: what a half-finished C library left behind is not read with again.

    Raises: ReaderDiedError.
    """
    if sys.platform != "linux":
        return _run_here(task, args, limits)
    if isinstance(task, Each):
        return Answers(tuple(_run_apart(task.task, call, limits) for call in args if isinstance(call, tuple)))
    return _run_apart(task, args, limits)


def _run_apart(task: Callable[..., object], args: tuple[object, ...], limits: Limits) -> Answer:
    handed = handed_in((task, args))
    walls = walls_around(handed)

    def shut_in() -> int | None:
        ceilings.set_ceilings(limits)
        return walls()

    office, beside = find_office(), handed.beside
    broker = Broker(office, beside, limits) if office is not None and beside is not None else None
    return run_apart(partial(_ended_by_memory, task, args), shut_in, broker)


def _run_here(task: Callable[..., T], args: tuple[object, ...], limits: Limits) -> T:
    ceilings.set_passing_ceilings(limits)
    return _ended_by_memory(task, args)


def _ended_by_memory(task: Callable[..., T], args: tuple[object, ...]) -> T:
    try:
        return task(*args)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def confinement() -> Confinement:
    """What holds this process in; asked inside a reader, which starts no program any more then."""
    asks, walls = asks_before_starting(), in_force()  # which may start a program to find out
    give_up_programs()
    return Confinement(
        ceilings=ceilings.stand(),
        no_network=not has_network(),
        walls=walls,
        files=not may_open_anything(),
        for_good=not ceilings.may_be_lifted(),
        starts=asks and not may_start(),
        local=_may_speak_locally(),
    )


def _may_speak_locally() -> bool:
    if not hasattr(socket, "AF_UNIX"):
        return True
    try:
        socket.socket(socket.AF_UNIX).close()
    except PermissionError:
        return False
    return True
