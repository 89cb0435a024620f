"""Ends what a task leaves running, and counts what runs below it: programs of programs, and whatever a file that took its reader over has started.

Killing a reader kills what it started, but not what that started: an office program is two processes. A process that has
adopted is handed all of them by the kernel when those between are gone, so that none gets away. Linux alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterator
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_MOST_ROUNDS = 1_000
"""Of killing: the end of one hands us those below it. Where /proc is not to be had nothing is found at all."""
_adopts = False


def adopt() -> None:
    """From now on, whatever this process's children leave running becomes a child of this process; theirs does not."""
    global _adopts  # noqa: PLW0603 -- a state of the process, as the kernel keeps it
    _adopts = ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def end_orphans() -> None:
    """Kill every child of this process, with all below it, and wait until they are gone; nothing where none is adopted."""
    rounds = 0
    while _adopts and _has_children() and rounds < _MOST_ROUNDS:
        rounds += 1
        for child in _children():
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def living() -> int:
    """How many processes live below this one, itself not counted; those that have ended and are not buried yet count too."""
    parents = dict(_all_processes())
    below = {os.getpid()}
    while found := {process for process, parent in parents.items() if parent in below} - below:
        below |= found
    return len(below) - 1


def _has_children() -> bool:
    """Whether any lives; those that do not are buried here."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _children() -> Iterator[int]:
    """Process ids; the kernel's own list of them is not built into every kernel."""
    ours = os.getpid()
    return (process for process, parent in _all_processes() if parent == ours)


def _all_processes() -> Iterator[tuple[int, int]]:
    """Process ids, each with its parent's; nothing where /proc is not to be had."""
    processes = Path("/proc")
    for entry in processes.iterdir() if processes.is_dir() else ():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal():
                yield int(entry.name), int((entry / "stat").read_text("latin-1").rpartition(")")[2].split()[1])
