"""Filters of system calls: how they are written down, and how a process lays one over itself. Source: linux/seccomp.h, linux/filter.h."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence

LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K
ANY_OF = 0x45  # BPF_JMP|JSET|K
NUMBER_AT, MACHINE_AT, FIRST_ARGUMENT_AT = 0, 4, 16  # struct seccomp_data, little-endian
OTHER_NUMBERS = 0x40000000
"""From here on: x32 on x86-64, the same calls under other numbers."""
RETURN_ALLOW = 0x7FFF0000  # SECCOMP_RET_ALLOW
RETURN_EACCES = 0x00050000 | 13  # SECCOMP_RET_ERRNO | EACCES
RETURN_ENOSYS = 0x00050000 | 38  # SECCOMP_RET_ERRNO | ENOSYS
RETURN_ASK = 0x7FC00000  # SECCOMP_RET_USER_NOTIF
RETURN_DONE = 0x00050000
"""The call is left out, and its caller told that it succeeded."""

_SET_MODE_FILTER, _NEW_LISTENER = 1, 1 << 3  # linux/seccomp.h
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def step(code: int, value: int, *, if_so: int = 0, if_not: int = 0) -> bytes:
    """One instruction; jumps count from the next."""
    return struct.pack("<HBBI", code, if_so, if_not, value)


def install(instructions: Sequence[bytes]) -> bool:
    """Lay the filter over this process and all it will ever start, beside those that lie there; whether the system lets us."""
    program = _Program(len(instructions), b"".join(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def install_asking(instructions: Sequence[bytes], call: int) -> int | None:
    """As `install`, by the system call of that number; a descriptor on which the filter asks, None when the system has none."""
    program = _Program(len(instructions), b"".join(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return None
    asked_on: int = libc.syscall(call, _SET_MODE_FILTER, _NEW_LISTENER, ctypes.byref(program))
    return None if asked_on < 0 else asked_on
