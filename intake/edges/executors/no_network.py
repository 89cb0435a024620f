"""Takes the network away from a process, for itself and all it will ever start.

A seccomp filter refuses sockets other than local ones. It asks for no rights, no namespace and no program, and cannot be
lifted again. Netlink stays: bubblewrap sets up its empty network with it, and it leads nowhere.
"""

from __future__ import annotations

import platform
import socket
import sys
from typing import NamedTuple

from intake.edges.executors.seccomp import (
    AT_LEAST,
    EQUAL,
    FIRST_ARGUMENT_AT,
    LOAD,
    MACHINE_AT,
    NUMBER_AT,
    OTHER_NUMBERS,
    RETURN,
    RETURN_ALLOW,
    RETURN_EACCES,
    install,
    step,
)

_UNIX, _NETLINK = 1, 16  # linux/socket.h


class _Machine(NamedTuple):
    """Numbers of system calls. Source: linux/audit.h, asm/unistd_64.h, asm-generic/unistd.h."""

    audit: int
    socket: int
    io_uring_setup: int


_MACHINES = {"x86_64": _Machine(0xC000003E, 41, 425), "aarch64": _Machine(0xC00000B7, 198, 425)}


def give_up_network() -> bool:
    """Refuse every socket that could leave this machine, from now on; whether this system lets us.

    Programs of another architecture (32-bit ones) can no longer run below this process; what gains rights when it is
    started gains none.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    return install(_instructions(machine))


def has_network() -> bool:
    """Whether this process may open a socket that could leave this machine. Nothing is sent."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.socket(family, socket.SOCK_DGRAM).close()
        except PermissionError:
            continue
        except OSError:  # no IPv6 on this machine
            continue
        return True
    return False


def _instructions(machine: _Machine) -> tuple[bytes, ...]:
    """Jumps count from the next instruction: 9 refuses, 10 allows."""
    return (
        step(LOAD, MACHINE_AT),
        step(EQUAL, machine.audit, if_not=7),
        step(LOAD, NUMBER_AT),
        step(AT_LEAST, OTHER_NUMBERS, if_so=5),
        step(EQUAL, machine.io_uring_setup, if_so=4),  # opens sockets without the call
        step(EQUAL, machine.socket, if_not=4),
        step(LOAD, FIRST_ARGUMENT_AT),
        step(EQUAL, _UNIX, if_so=2),
        step(EQUAL, _NETLINK, if_so=1),
        step(RETURN, RETURN_EACCES),
        step(RETURN, RETURN_ALLOW),
    )
