"""What runs inside a reader process: limits around one task. Imported there and nowhere at start-up.

`resource` exists on POSIX only; elsewhere the wall clock of the pool is the one limit.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from intake.edges.executors.answers import Answer, Confinement
from intake.edges.executors.apart import OUT_OF_MEMORY, run_apart
from intake.edges.executors.no_network import give_up_network, has_network
from intake.edges.executors.orphans import adopt
from intake.edges.executors.walls import may_open_anything, try_walls, walls_around
from parsers.cage import in_force
from parsers.limits import Limits

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_OPEN_FILES = 512
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
    if resource is not None:
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    for module in preload:
        importlib.import_module(module)
    if sys.platform == "linux":
        adopt()
        try_walls()
        gc.collect()
        gc.freeze()  # what is shared with children stays shared: their collector leaves it alone


def run_limited(task: Callable[..., T], args: tuple[object, ...], limits: Limits) -> T | Answer:
    """`task(*args)` under the limits of its kind of reader, shut in to what its arguments name.

    On Linux in a child of this process, whose answer comes back unopened. A task that runs out of memory ends its process:
    what a half-finished C library left behind is not read with again.

    Raises: ReaderDiedError.
    """
    if sys.platform != "linux":
        return _run_here(task, args, limits)
    return run_apart(partial(_run_here, task, args, limits), walls_around((task, args)))


def _run_here(task: Callable[..., T], args: tuple[object, ...], limits: Limits) -> T:
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent_seconds = int(used.ru_utime + used.ru_stime) + 1
        _lower(resource.RLIMIT_CPU, spent_seconds + limits.cpu_seconds)  # cumulative, so raised for every task
        _lower(resource.RLIMIT_AS, limits.memory_bytes)
        _lower(resource.RLIMIT_FSIZE, limits.members_bytes)
    try:
        return task(*args)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def confinement() -> Confinement:
    """What holds this process in; asked inside a reader."""
    ceilings = resource is not None and resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    return Confinement(ceilings=ceilings, no_network=not has_network(), walls=in_force(), files=not may_open_anything())


def _lower(kind: int, soft: int) -> None:
    """Set the soft limit, within the hard one."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
