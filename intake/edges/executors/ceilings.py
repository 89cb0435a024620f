"""Ceilings of a process that runs one task and is gone: it cannot lift them again, root's processes no more than others'.

`resource` exists on POSIX only; elsewhere the wall clock of the pool is the one limit.
"""

from __future__ import annotations

import ctypes
import os

from parsers.limits import Limits

try:
    import resource
except ImportError:  # Windows: nothing here is called there
    resource = None  # type: ignore[assignment]

_OPEN_FILES = 512
_LAST_SECONDS = 2
"""Between the signal that tells of used-up processor time, which names the reason, and the end without a word."""
_KEPT_RIGHTS = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: the folders may be another account's
_CAPABILITIES_OF_64_BITS = 0x20080522  # _LINUX_CAPABILITY_VERSION_3, linux/capability.h


def set_lasting_ceilings() -> None:
    """No core dumps and few open files, for this process and all its children, for good."""
    if resource is not None:
        _lower_for_good(resource.RLIMIT_CORE, 0)
        _lower_for_good(resource.RLIMIT_NOFILE, _OPEN_FILES)


def set_ceilings(limits: Limits) -> None:
    """Ceilings of `limits` for this process, from now on and for good; each program it starts has as much again."""
    if resource is not None:
        _lower_for_good(resource.RLIMIT_CPU, _spent_seconds() + limits.cpu_seconds, over=_LAST_SECONDS)
        _lower_for_good(resource.RLIMIT_AS, limits.memory_bytes)
        _lower_for_good(resource.RLIMIT_FSIZE, limits.members_bytes)


def set_passing_ceilings(limits: Limits) -> None:
    """The same for a process that has other tasks to come."""
    if resource is not None:
        _lower(resource.RLIMIT_CPU, _spent_seconds() + limits.cpu_seconds)
        _lower(resource.RLIMIT_AS, limits.memory_bytes)
        _lower(resource.RLIMIT_FSIZE, limits.members_bytes)


def stand() -> bool:
    """Whether this process has ceilings."""
    return resource is not None and resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def may_be_lifted() -> bool:
    """Whether this process can lift its own ceilings: tried with one that then stands as before."""
    if resource is None:
        return True
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY:
        return True
    try:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard + resource.getpagesize()))
    except (ValueError, OSError):
        return False
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return True


def give_up_rights() -> None:
    """Keep none of root's rights but to open files: with the others it could lift its ceilings. Nothing for other accounts.

    Raises: OSError. The process must not go on then.
    """
    if os.geteuid() != 0:
        return
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_OF_64_BITS, 0)
    held = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.capget(header, held))
    kept = (ctypes.c_uint32 * 6)(held[0] & _KEPT_RIGHTS, held[1] & _KEPT_RIGHTS)
    _check(libc.capset(header, kept))


def _spent_seconds() -> int:
    """Processor time this process has used, in whole seconds and one more: the kernel counts a process's from its start."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return int(used.ru_utime + used.ru_stime) + 1


def _lower(kind: int, soft: int) -> None:
    """Set the soft limit, within the hard one."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _lower_for_good(kind: int, soft: int, *, over: int = 0) -> None:
    """Set the soft limit and, `over` above it, the hard one."""
    _, hard = resource.getrlimit(kind)
    highest = soft + over if hard == resource.RLIM_INFINITY else min(soft + over, hard)
    resource.setrlimit(kind, (min(soft, highest), highest))


def _check(returned: int) -> None:
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
