"""What the kernel of this machine has, whether or not it may be used here: what it lacks no installation brings."""

from __future__ import annotations

import ctypes
import errno
import sys
from pathlib import Path


def kernel_has_landlock() -> bool:
    """Whether the system call is there at all and not switched off."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    told = libc.syscall(444, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return not (told < 0 and ctypes.get_errno() in {errno.ENOSYS, errno.EOPNOTSUPP})


def kernel_has_asking_filters() -> bool:
    """Whether a filter of system calls may leave the answer to another process."""
    actions = Path("/proc/sys/kernel/seccomp/actions_avail")
    return actions.exists() and "user_notif" in actions.read_text("ascii").split()
