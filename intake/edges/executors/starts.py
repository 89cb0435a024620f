"""Bounds the processes a task may start: a few at a time where it may need programs, none once it knows that it needs none.

Limits of processes (RLIMIT_NPROC) count those of an account and do not bind root; cgroups are seldom ours to write. A
seccomp filter binds everybody: it asks the process that forked the task before each start, and that one counts. Threads are
free, the address space bounds them. Linux 5.5 and later on machines whose numbers are known.
"""

from __future__ import annotations

import contextlib
import os
import platform
import struct
import sys
import time
from typing import NamedTuple

from intake.edges.executors.orphans import living
from intake.edges.executors.seccomp import (
    ANY_OF,
    AT_LEAST,
    EQUAL,
    FIRST_ARGUMENT_AT,
    LOAD,
    MACHINE_AT,
    NUMBER_AT,
    OTHER_NUMBERS,
    RETURN,
    RETURN_ALLOW,
    RETURN_ASK,
    RETURN_EACCES,
    RETURN_ENOSYS,
    install,
    install_asking,
    step,
)

MOST_AT_ONCE = 8
"""Processes below a task at one time: an unpacker in bubblewrap's walls is three."""
MOST_IN_ALL = 200
"""Starts of one task: a locked archive is tried with forty passwords by two programs."""

_CLONE_THREAD = 0x10000  # linux/sched.h
_CLONE3 = 435
_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND: linux/seccomp.h
_NOTICE_BYTES = 80
_GO_ON = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
_EAGAIN = 11
_STARTS_WITHIN_SECONDS = 1.0


class _Machine(NamedTuple):
    """Numbers of system calls. Source: linux/audit.h, asm/unistd_64.h, asm-generic/unistd.h."""

    audit: int
    clone: int
    forks: tuple[int, ...]
    runs: tuple[int, ...]
    """execve, execveat."""
    seccomp: int


_MACHINES = {
    "x86_64": _Machine(0xC000003E, 56, (57, 58), (59, 322), 317),
    "aarch64": _Machine(0xC00000B7, 220, (), (221, 281), 277),
}
_asks = False


def ask_before_starting() -> int | None:
    """From now on this process, and all it starts, waits for leave before each start of a process.

    Returns a descriptor on which leave is asked, for the process that is to give it (`Allowance`), or None where this system
    has no such thing.
    """
    global _asks  # noqa: PLW0603 -- a state of the process, as the kernel keeps it
    machine = _machine()
    if machine is None:
        return None
    asked_on = install_asking(_instructions(machine, started=RETURN_ASK, runs=()), machine.seccomp)
    _asks = asked_on is not None
    return asked_on


def refuse_to_start() -> bool:
    """From now on this process starts no other and becomes no other program; whether this system lets us."""
    machine = _machine()
    return machine is not None and install(_instructions(machine, started=RETURN_EACCES, runs=machine.runs))


def asks_before_starting() -> bool:
    """Whether this process waits for leave, as `ask_before_starting` had it."""
    return _asks


def may_start() -> bool:
    """Whether this process may start another, with leave or without: one that ends at once is tried."""
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


class Allowance:
    """What one task may start, counted by the process that forked it."""

    def __init__(self) -> None:
        self._left = MOST_IN_ALL
        self._on_their_way: dict[int, float] = {}
        """Threads that were given leave, and when: what they start may not be there to be counted yet."""

    def answer(self, asked_on: int) -> None:
        """Give or refuse leave to who asks; nothing when nobody does any more."""
        import fcntl  # not on Windows

        notice = bytearray(_NOTICE_BYTES)
        with contextlib.suppress(OSError):  # who asked is gone
            fcntl.ioctl(asked_on, _RECEIVE, notice)
            identity, thread = struct.unpack_from("=QI", notice)
            answer = (0, _GO_ON) if self._gives_leave(thread) else (-_EAGAIN, 0)
            fcntl.ioctl(asked_on, _SEND, struct.pack("=QqiI", identity, 0, *answer))

    def _gives_leave(self, thread: int) -> bool:
        now = time.monotonic()
        self._on_their_way = {
            each: at
            for each, at in self._on_their_way.items()
            if each != thread and now - at < _STARTS_WITHIN_SECONDS  # who asks again has started
        }
        may = self._left > 0 and living() + len(self._on_their_way) <= MOST_AT_ONCE  # the task itself is one of them
        if may:
            self._left -= 1
            self._on_their_way[thread] = now
        return may


def _machine() -> _Machine | None:
    return _MACHINES.get(platform.machine()) if sys.platform == "linux" else None


def _instructions(machine: _Machine, *, started: int, runs: tuple[int, ...]) -> tuple[bytes, ...]:
    """Jumps count from the next instruction. What clone3 is asked for lies in memory, where no filter can look.

    Told that there is no such call, its callers take clone.
    """
    direct = [(number, "started") for number in machine.forks] + [(number, "refuse") for number in runs]
    first = 5
    clone_at = first + len(direct)
    ends = {"started": clone_at + 3, "allow": clone_at + 4, "refuse": clone_at + 5, "absent": clone_at + 6}
    steps = [
        step(LOAD, MACHINE_AT),
        step(EQUAL, machine.audit, if_not=ends["refuse"] - 2),
        step(LOAD, NUMBER_AT),
        step(AT_LEAST, OTHER_NUMBERS, if_so=ends["refuse"] - 4),
        step(EQUAL, _CLONE3, if_so=ends["absent"] - 5),
    ]
    steps += [step(EQUAL, number, if_so=ends[end] - at - 1) for at, (number, end) in enumerate(direct, start=first)]
    steps += [
        step(EQUAL, machine.clone, if_not=ends["allow"] - clone_at - 1),
        step(LOAD, FIRST_ARGUMENT_AT),
        step(ANY_OF, _CLONE_THREAD, if_so=ends["allow"] - clone_at - 3),
    ]
    assert len(steps) == ends["started"]
    return (
        *steps,
        step(RETURN, started),
        step(RETURN, RETURN_ALLOW),
        step(RETURN, RETURN_EACCES),
        step(RETURN, RETURN_ENOSYS),
    )
