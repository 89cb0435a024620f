"""One task in a child of its own, forked from a reader process that never touches a file from outside.

The process that forks is ready: everything is imported, nothing hostile was ever in it. Its child runs one task, shut in to
what the task was handed, says what came of it, and is gone. What the child says is passed on unopened: whoever has taken it
over could say anything (`answers`). While it works the process that forked it gives leave to start a few programs (`starts`)
and has an old document converted for it (`parsers.documents.office.broker`). Linux alone: elsewhere a process that has
loaded this much may not be forked.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple, NoReturn

from intake.edges.executors.answers import Answer, packed
from intake.edges.executors.hearing import READY, heard
from intake.edges.executors.orphans import end_orphans
from parsers.documents.office.asking import ask_over
from parsers.documents.office.broker import Broker

OUT_OF_MEMORY = 77
"""Exit status of a process whose task ran into its memory limit."""
_NOT_SHUT_IN = 78
_ALL_DESCRIPTORS = 1 << 20
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ReaderDiedError(Exception):
    """The child ended without an answer. `status` is its exit status, or a signal's number below zero."""

    def __init__(self, status: int) -> None:
        """`status`: as `multiprocessing` tells it."""
        super().__init__(status)
        self.status = status


class Spent(NamedTuple):
    """What children of this process have used so far; a child knows it from before it was forked."""

    peak_bytes: int
    """Highest resident memory of any."""


spent = Spent(0)


ShutIn = Callable[[], int | None]
"""Called in the child; what it returns is a descriptor on which the child asks before it starts a process (`starts`).

Whatever it raises ends the child: what cannot be shut in does not read.
"""


def run_apart(task: Callable[[], object], shut_in: ShutIn, broker: Broker | None = None) -> Answer:
    """What `task` gives or raises, run in a child that has called `shut_in` first and has files converted by `broker`.

    Raises: ReaderDiedError.
    """
    reading, writing = os.pipe()
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _be_child(task, shut_in, writing, theirs, asks=broker is not None, parent=parent)
    os.close(writing)
    theirs.close()
    with _ended_with_us(child), ours, os.fdopen(reading, "rb", buffering=0):
        try:
            said = heard(reading, ours, broker)
            if said is None:
                os.kill(child, signal.SIGKILL)
        except BaseException:
            os.kill(child, signal.SIGKILL)
            _wait_for(child)
            end_orphans()
            raise
        status = _wait_for(child)
        end_orphans()
    if said is None or status != 0:
        raise ReaderDiedError(status or -signal.SIGKILL)
    return Answer(said)


def _be_child(
    task: Callable[[], object],
    shut_in: ShutIn,
    writing: int,
    link: socket.socket,
    *,
    asks: bool,
    parent: int,
) -> NoReturn:
    """Never returns, whatever happens: above this frame lies the process that forked."""
    status = _NOT_SHUT_IN
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            _close_all_but(writing, link.fileno())
            _say_ready(link, shut_in())
            if asks:
                ask_over(link)
            else:
                link.close()
            said = packed(task)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(said)
            status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)


def _say_ready(link: socket.socket, asked_on: int | None) -> None:
    if asked_on is None:
        link.sendall(READY)
        return
    socket.send_fds(link, [READY], [asked_on])
    os.close(asked_on)  # with it a task could give itself leave


def _close_all_but(*kept: int) -> None:
    """No pipe of the pool, no terminal, no log: what has taken a child over could write there."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    edges = [2, *sorted(kept), _ALL_DESCRIPTORS]
    for below, above in pairwise(edges):
        os.closerange(below + 1, above)


@contextlib.contextmanager
def _ended_with_us(child: int) -> Iterator[None]:
    """A request to end that comes meanwhile ends the child first, and all it has started."""

    def end(_number: int, _frame: object) -> NoReturn:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):  # its end may have come meanwhile
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        end_orphans()
        os._exit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_for(child: int) -> int:
    """Its exit status, or a signal's number below zero."""
    global spent  # noqa: PLW0603 -- of this process, for children to come
    _, status, used = os.wait4(child, 0)
    spent = Spent(max(spent.peak_bytes, used.ru_maxrss * 1024))
    return os.waitstatus_to_exitcode(status)
