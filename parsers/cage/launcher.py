"""Starts one program under limits, to die with the process that asked for it. Run as a script; imports nothing of ours.

Usage: launcher.py PARENT_PID MEMORY_BYTES CPU_SECONDS FILE_BYTES with-network|without-network GRANTS COMMAND...
GRANTS is a JSON array of what it may touch, [path, rights] each, or `null` for all that this user may.
Limits are set here, in the child: the reader that starts it keeps its own, lower ones.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import json
import os
import signal
import sys
from pathlib import Path

_OPEN_FILES = 512
_PARENT_IS_GONE = 125
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h


def main(arguments: list[str]) -> None:
    """Become the command; never returns."""
    parent_pid, memory_bytes, cpu_seconds, file_bytes = map(int, arguments[:4])
    network, grants, command = arguments[4], json.loads(arguments[5]), arguments[6:]
    if sys.platform == "linux" and network == "without-network":
        _leave_network()
    if sys.platform == "linux":
        # After a change of namespace, which clears it. A parent that died before this line is found out on the next.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent_pid:
            sys.exit(_PARENT_IS_GONE)
    _limit(memory_bytes=memory_bytes, cpu_seconds=cpu_seconds, file_bytes=file_bytes)
    if grants is not None:
        _shut_in(grants)
    os.execv(command[0], command)  # noqa: S606 -- no shell is wanted


def _shut_in(grants: list[tuple[str, int]]) -> None:
    """Landlock's walls, by the module beside this file; where they may not be built, whatever holds the reader still does."""
    spec = importlib.util.spec_from_file_location("landlock", Path(__file__).with_name("landlock.py"))
    assert spec is not None
    assert spec.loader is not None
    landlock = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(landlock)
    own = ("/proc/self", landlock.READ)  # one process is not another: only this one can name itself
    with contextlib.suppress(OSError):
        landlock.shut_in([*grants, own])


def _limit(*, memory_bytes: int, cpu_seconds: int, file_bytes: int) -> None:
    import resource

    for kind, soft in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        ceiling = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows RLIMIT_AS but refuses to set it
            resource.setrlimit(kind, (ceiling, ceiling))


def _leave_network() -> None:
    """A network namespace without interfaces, where the kernel lets us have one."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) == 0:
        return
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
