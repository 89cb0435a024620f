"""What a file that has taken its reader over would try against its ceilings. A module of its own: a reader process imports it."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from intake.edges.executors import ceilings, walls, worker_process
from parsers import reading
from parsers.cage import landlock
from parsers.cage.programs import give_up_programs
from parsers.documents import Reader
from parsers.documents.office import OfficeProgram
from parsers.facts import Reading
from parsers.limits import Limits

CEILINGS = (
    resource.RLIMIT_AS,
    resource.RLIMIT_CPU,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NOFILE,
    resource.RLIMIT_CORE,
)
_CHUNK_BYTES = 20_000_000


def lift_ceilings() -> tuple[str, ...]:
    """For each of `CEILINGS`, "lifted" or the name of the error."""
    return tuple(_lift(kind) for kind in CEILINGS)


def rights() -> int:
    """The rights (capabilities) this process has and could take, a bit for each."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    held, permitted = (int(status.partition(name)[2].split()[0], 16) for name in ("CapEff:", "CapPrm:"))
    return held | permitted


def hoard_after_lifting() -> int:
    """Bytes a reader can hold that has tried to lift its ceilings."""
    lift_ceilings()
    hoard: list[bytearray] = []
    try:
        while len(hoard) < 100:
            hoard.append(bytearray(_CHUNK_BYTES))
    except MemoryError:
        pass
    return len(hoard) * _CHUNK_BYTES


def fork_until_refused(most: int) -> tuple[int, ...]:
    """Process ids of children that stay, as many as there may be, `most` at most."""
    children: list[int] = []
    while len(children) < most:
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            _stay()
        children.append(child)
    return tuple(children)


def fork_everywhere(_file: Path, job: Path, *, stays: bool) -> None:
    """Every process forks without end, and so do its children; each leaves its number in `job`, and stays or makes room."""
    while True:
        try:
            child = os.fork()
        except OSError:
            time.sleep(0.005)
            continue
        if child == 0:
            (job / str(os.getpid())).write_bytes(b"")
        elif not stays:
            os.waitpid(child, 0)
            continue
        if child == 0 and not stays:
            os._exit(0)


def start_after_giving_up() -> tuple[str, ...]:
    """Every way to start a program, tried after it was given up; threads last."""
    give_up_programs()
    libc = ctypes.CDLL(None, use_errno=True)

    def through_libc(call: str) -> None:
        if getattr(libc, call)() < 0:
            raise OSError(ctypes.get_errno(), call)

    def through_clone3() -> None:
        arguments = (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17)
        if libc.syscall(435, arguments, ctypes.sizeof(arguments)) < 0:
            raise OSError(ctypes.get_errno(), "clone3")

    done: list[str] = []
    thread = threading.Thread(target=lambda: done.append("thread"))
    thread.start()
    thread.join()
    return (
        _tried(lambda: through_libc("fork")),
        _tried(lambda: through_libc("vfork")),
        _tried(through_clone3),
        _tried(lambda: os.posix_spawn("/bin/true", ["true"], {})),
        _tried(lambda: subprocess.run(["/bin/true"], check=True)),
        _tried(lambda: os.execv("/bin/true", ["true"])),
        *done,
    )


def read_taken_over(path: Path, job: Path, limits: Limits, *, kind: str) -> str:
    """`read_file`, whose reader of `kind` starts a program: "done" or the name of the error."""
    outcome: list[str] = []

    def read(*_: object) -> Reading:
        outcome.append(_tried(lambda: subprocess.run(["/bin/true"], check=True)))
        raise KeyError(kind)

    own = reading._READER_OF[kind]
    reading._READER_OF[kind] = Reader(own.format, own.version, read, own.kinds)
    reading.read_file(path, job, limits)
    return outcome[0]


# -- broken builds: each runs in the process that forks, in place of `run_limited` ---------------

patched = pytest.MonkeyPatch()  # never undone: the process ends with its test
Args = tuple[object, ...]
Task = Callable[..., object]


def with_passing_ceilings(task: Task, args: Args, limits: Limits) -> object:
    patched.setattr(ceilings, "set_ceilings", ceilings.set_passing_ceilings)
    return worker_process.run_limited(task, args, limits)


def with_rights_of_root(task: Task, args: Args, limits: Limits) -> object:
    patched.setattr(walls, "give_up_rights", lambda: None)
    return worker_process.run_limited(task, args, limits)


def with_free_starts(task: Task, args: Args, limits: Limits) -> object:
    walls._possible = walls._possible._replace(asks=False, refuses=False)
    return worker_process.run_limited(task, args, limits)


def with_ways_unclosed(task: Task, args: Args, limits: Limits) -> object:
    """As on a machine where they cannot be closed, which was found out at the start."""
    walls._possible = walls._possible._replace(ways=False)
    return worker_process.run_limited(task, args, limits)


def with_ways_that_do_not_close(task: Task, args: Args, limits: Limits) -> object:
    patched.setattr(walls, "close_ways_round", lambda: False)
    return worker_process.run_limited(task, args, limits)


def with_asking_that_fails(task: Task, args: Args, limits: Limits) -> object:
    patched.setattr(walls, "ask_before_starting", lambda: None)
    return worker_process.run_limited(task, args, limits)


def without_landlock(preload: Sequence[str]) -> None:
    """In place of what makes a fresh process ready, on a machine whose kernel has none."""
    patched.setattr(landlock, "abi", lambda: 0)
    worker_process.prepare(preload)


def with_an_office_program_that_hangs(task: Task, args: Args, limits: Limits) -> object:
    """A stand-in for the program, which lies beside the folder of jobs."""
    script = Path(str(args[1])).parent.parent / "office" / "program" / "soffice.bin"
    stand_in = OfficeProgram(script, script.parent.parent, "0")
    patched.setattr(worker_process, "find_office", lambda: stand_in)
    return worker_process.run_limited(task, args, limits)


def _stay() -> None:
    os.closerange(3, 512)
    time.sleep(120)
    os._exit(0)


def _lift(kind: int) -> str:
    _, hard = resource.getrlimit(kind)
    more = hard + 4096 if hard != resource.RLIM_INFINITY else hard
    try:
        resource.setrlimit(kind, (more, more))
    except (ValueError, OSError) as error:
        return type(error).__name__
    return "lifted"


def _tried(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        return type(error).__name__ if error.errno != 38 else "ENOSYS"
    return "done"
