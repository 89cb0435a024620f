"""The walls of a cage: bubblewrap's, where this user may build with it here."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

from parsers.cage import landlock
from parsers.cage.shape import Cage

Walls = Literal["landlock", "sandbox", "sandbox_forbidden", "no_sandbox", "time_alone"]
"""`landlock`: this process is shut in itself, and so is all it starts. `sandbox`: everything `parsers.cage` promises, for
programs. `sandbox_forbidden`, `no_sandbox`: bubblewrap may not be used here, as in
many containers, or is not installed; files are only left alone, the rest holds. `time_alone`: this system has no ceilings."""

_SYSTEM = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives")
"""What the loader and links in /usr need besides /usr itself."""
_TRIAL_SECONDS = 10.0


def in_force() -> Walls:
    """What shuts a program in on this machine. Starts nothing but one short trial for each process."""
    if os.name != "posix":
        return "time_alone"
    if landlock.is_in_force():
        return "landlock"
    if find_sandbox() is not None:
        return "sandbox"
    return "no_sandbox" if _bubblewrap() is None else "sandbox_forbidden"


@functools.cache
def find_sandbox() -> str | None:
    """Where bubblewrap lies, when a trial shows that this user may build such walls here."""
    wrapper = _bubblewrap()
    if wrapper is None or landlock.is_in_force():  # whoever is shut in may not mount
        return None
    try:
        trial = subprocess.run(
            [*_empty_machine(wrapper), "/usr/bin/true"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TRIAL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return wrapper if trial.returncode == 0 else None


def walls_around(program: str, cage: Cage, wrapper: str, accounts: int) -> tuple[str, ...]:
    """What stands before the command line of `program`.

    `accounts`: a descriptor that is left open for the child, and reads as its /etc/passwd.
    """
    shown = [option for place in _SYSTEM for option in ("--ro-bind-try", place, place)]
    for path in (Path(program), *cage.seen):
        if not path.is_relative_to("/usr"):
            shown += ["--ro-bind-try", str(path), str(path)]
    for option, folder in (("--ro-bind", cage.folder), ("--bind", cage.writable)):  # the second lies on the first
        if folder is not None:
            shown += [option, str(folder.absolute()), str(folder.absolute())]
    shown += ["--ro-bind-data", str(accounts), "/etc/passwd", "--chdir", str((cage.folder or Path("/")).absolute())]
    return (*_empty_machine(wrapper), *shown)


def own_account() -> int:
    """A descriptor that reads as an /etc/passwd with one account, ours: some programs open nothing without one."""
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "wb") as file:
        file.write(f"reader:x:{os.getuid()}:{os.getgid()}::/tmp:/bin/false\n".encode())
    return ours


def _bubblewrap() -> str | None:
    return shutil.which("bwrap") if sys.platform == "linux" else None


def _empty_machine(wrapper: str) -> tuple[str, ...]:
    """A new root with system libraries alone; no network, no other processes, and an end together with ours."""
    options = [wrapper, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    options += ["--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib32", "lib64", "bin", "sbin"):
        place = Path("/", name)
        if place.is_symlink():
            options += ["--symlink", f"usr/{name}", str(place)]
        elif place.is_dir():
            options += ["--ro-bind", str(place), str(place)]
    return (*options, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108 -- inside the cage
