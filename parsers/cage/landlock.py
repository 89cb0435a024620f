"""Shuts a process, and all it will ever start, out of every file it is not granted. Linux 5.19 and later; imports nothing of ours.

Landlock asks for no rights, no namespace and no program, and cannot be lifted again. It governs opening, listing, making,
renaming and removing; from later versions on also truncating, TCP, signals and abstract sockets. It says nothing of names and
sizes (`stat`), nor of rights and times of files. Source: Documentation/userspace-api/landlock.rst, linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import functools
import os
import stat
import struct
import sys
from collections.abc import Iterable

OLDEST_ABI = 2
"""Version 1 cannot allow renaming from one folder to another, which unpacking does."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every machine
_ASK_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MAKE_SOCK = 1 << 9
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights of files a version governs."""
_RIGHTS = 16
"""The sixteenth, of version 5, is ioctl on devices."""
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
"""What can be granted of a file that is no folder."""
_TCP = 0b11
"""Binding and connecting, from version 4 on; none is ever granted."""
_SCOPES = 0b11
"""Abstract sockets and signals stay among the shut in, from version 6 on."""

READ = _READ_FILE | _READ_DIR
RUN = READ | _EXECUTE
WRITE = READ | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER
"""Plain files and folders; no link, socket, pipe or device can be made, and nothing made can be run."""

LISTEN = _MAKE_SOCK | _REMOVE_FILE
"""Sockets can be made, and files removed; nothing can be read or listed."""

Grant = tuple[str, int]
"""A file, or a folder with all below it, and what may be done there: READ, RUN, WRITE or LISTEN."""

_shut = False


def abi() -> int:
    """The version this kernel has; 0 where there is none, it is switched off or may not be used."""
    if sys.platform != "linux":
        return 0
    version: int = _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    return max(0, version)


def is_in_force() -> bool:
    """Whether this process was shut in by `shut_in`, itself or before it was forked."""
    return _shut


def shut_in(grants: Iterable[Grant]) -> None:
    """Grant this thread, and all it starts, `grants` and nothing else; what was not granted before stays so.

    What is not there, or may not even be looked at, is passed over. Call it from a process of one thread.

    Raises:
        OSError: This kernel has no Landlock of `OLDEST_ABI`, or it may not be used here; nothing has changed.
    """
    global _shut  # noqa: PLW0603 -- a state of the process, as the kernel keeps it
    version = abi()
    if version < OLDEST_ABI:
        raise OSError(f"Landlock {version}")
    governed = (1 << _RIGHTS_OF_ABI.get(version, _RIGHTS)) - 1
    ruleset = _new_ruleset(version, governed)
    try:
        for place, rights in grants:
            _grant(ruleset, place, rights & governed)
        libc = _libc()
        _checked(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _checked(libc.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)))
    finally:
        os.close(ruleset)
    _shut = True


def _new_ruleset(version: int, governed: int) -> int:
    attributes = struct.pack("=Q", governed)
    if version >= 4:
        attributes += struct.pack("=Q", _TCP)
    if version >= 6:
        attributes += struct.pack("=Q", _SCOPES)
    asked = _libc().syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    return _checked(asked)


def _grant(ruleset: int, place: str, rights: int) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, opened)
        _checked(_libc().syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, ctypes.c_uint32(0)))
    finally:
        os.close(opened)


def _checked(returned: int) -> int:
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return returned


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
