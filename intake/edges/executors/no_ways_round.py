"""Closes what Landlock leaves open: local sockets, rights and times of files, other processes, mounts and namespaces.

For a process that is shut in already: bubblewrap could not build below this filter, and could not below Landlock.
"""

from __future__ import annotations

import platform
import sys
from typing import NamedTuple

from intake.edges.executors.seccomp import (
    AT_LEAST,
    EQUAL,
    LOAD,
    MACHINE_AT,
    NUMBER_AT,
    OTHER_NUMBERS,
    RETURN,
    RETURN_ALLOW,
    RETURN_DONE,
    RETURN_EACCES,
    install,
    step,
)


class _Machine(NamedTuple):
    """Numbers of system calls. Source: linux/audit.h, asm/unistd_64.h, asm-generic/unistd.h."""

    audit: int
    refused: tuple[int, ...]
    left_out: tuple[int, ...]


_REFUSED_EVERYWHERE = (428, 429, 430, 431, 432, 433, 438, 442)
"""open_tree move_mount fsopen fsconfig fsmount fspick pidfd_getfd mount_setattr: numbered alike on all machines."""
_LEFT_OUT_EVERYWHERE = (452, 463, 466)
"""fchmodat2 setxattrat removexattrat."""

_MACHINES = {
    # socket ptrace pivot_root mount umount2 add_key request_key keyctl unshare perf_event_open setns process_vm_readv
    # process_vm_writev bpf userfaultfd; chmod chown lchown utime setxattr lsetxattr removexattr lremovexattr utimes fchownat
    # futimesat fchmodat utimensat
    "x86_64": _Machine(
        0xC000003E,
        (41, 101, 155, 165, 166, 248, 249, 250, 272, 298, 308, 310, 311, 321, 323),
        (90, 92, 94, 132, 188, 189, 197, 198, 235, 260, 261, 268, 280),
    ),
    # umount2 mount pivot_root unshare ptrace socket add_key request_key keyctl perf_event_open setns process_vm_readv
    # process_vm_writev bpf userfaultfd; setxattr lsetxattr removexattr lremovexattr fchmodat fchownat utimensat
    "aarch64": _Machine(
        0xC00000B7,
        (39, 40, 41, 97, 117, 198, 217, 218, 219, 241, 268, 270, 271, 280, 282),
        (5, 6, 14, 15, 53, 54, 88),
    ),
}


def close_ways_round() -> bool:
    """Lay the filter over this process and all it starts; whether this system lets us.

    Sockets of every kind are refused: a session bus or a container daemon would start anything for whoever asks. Changing
    rights, owners, attributes and times of files by name is left out and said to be done: Landlock does not govern it, and
    unpackers give up when it fails.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    return install(_instructions(machine))


def _instructions(machine: _Machine) -> tuple[bytes, ...]:
    left_out, refused = machine.left_out + _LEFT_OUT_EVERYWHERE, machine.refused + _REFUSED_EVERYWHERE
    last = 3 + len(left_out) + len(refused) + 1  # the first of the three ends, counted from the start
    allow, refuse, done = last, last + 1, last + 2
    tests = [(EQUAL, number, done) for number in left_out] + [(EQUAL, number, refuse) for number in refused]
    steps = [step(LOAD, MACHINE_AT), step(EQUAL, machine.audit, if_not=refuse - 2), step(LOAD, NUMBER_AT)]
    steps += [
        step(code, value, if_so=target - at - 1)
        for at, (code, value, target) in enumerate([(AT_LEAST, OTHER_NUMBERS, refuse), *tests], start=3)
    ]
    assert len(steps) == allow
    return (*steps, step(RETURN, RETURN_ALLOW), step(RETURN, RETURN_EACCES), step(RETURN, RETURN_DONE))
