"""Takes the network away from a process, for itself and all it will ever start.

A seccomp filter refuses sockets other than local ones. It asks for no rights, no namespace and no program, and cannot be
lifted again. Netlink stays: bubblewrap sets up its empty network with it, and it leads nowhere.
"""

from __future__ import annotations

import ctypes
import platform
import socket
import struct
import sys
from typing import NamedTuple

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_RETURN_ALLOW, _RETURN_EACCES = 0x7FFF0000, 0x00050000 | 13  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | EACCES
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16  # struct seccomp_data, little-endian
_OTHER_NUMBERS = 0x40000000  # x32 on x86-64
_UNIX, _NETLINK = 1, 16  # linux/socket.h


class _Machine(NamedTuple):
    """Numbers of system calls. Source: linux/audit.h, asm/unistd_64.h, asm-generic/unistd.h."""

    audit: int
    socket: int
    io_uring_setup: int


_MACHINES = {"x86_64": _Machine(0xC000003E, 41, 425), "aarch64": _Machine(0xC00000B7, 198, 425)}


class _Program(ctypes.Structure):
    """struct sock_fprog, linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def give_up_network() -> bool:
    """Refuse every socket that could leave this machine, from now on; whether this system lets us.

    Programs of another architecture (32-bit ones) can no longer run below this process; what gains rights when it is
    started gains none.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    filter_ = b"".join(_instructions(machine))
    program = _Program(len(filter_) // 8, filter_)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


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
        _step(_LOAD, _MACHINE_AT),
        _step(_EQUAL, machine.audit, if_not=7),
        _step(_LOAD, _NUMBER_AT),
        _step(_AT_LEAST, _OTHER_NUMBERS, if_so=5),
        _step(_EQUAL, machine.io_uring_setup, if_so=4),  # opens sockets without the call
        _step(_EQUAL, machine.socket, if_not=4),
        _step(_LOAD, _FIRST_ARGUMENT_AT),
        _step(_EQUAL, _UNIX, if_so=2),
        _step(_EQUAL, _NETLINK, if_so=1),
        _step(_RETURN, _RETURN_EACCES),
        _step(_RETURN, _RETURN_ALLOW),
    )


def _step(code: int, value: int, *, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_so, if_not, value)
