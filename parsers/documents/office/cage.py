"""The command line that runs an office program shut in: bubblewrap where it may be used, limits alone elsewhere.

Nothing of the machine is seen inside but system libraries, fonts and the program itself; one folder can be written.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parsers.documents.office.program import OfficeProgram

_INSIDE = Path("/job")
_SEEN = (
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/libreoffice",
    "/var/lib/libreoffice",
    "/var/cache/fontconfig",
)
"""Besides /usr and the program's own folder, when there; all read-only."""
_TRIAL_SECONDS = 10.0
_LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What the caged program may use."""

    memory_bytes: int
    """Address space: an office program maps 2 GB before it has read anything."""
    cpu_seconds: int
    file_bytes: int
    """Largest file it may write."""


@dataclass(frozen=True, slots=True)
class Cage:
    """How to run a program in `folder`."""

    folder: Path
    """The one folder that can be written, as we see it."""
    seen_as: Path
    """The same folder as the program sees it."""
    prefix: tuple[str, ...]
    """What stands before the program's own command line."""
    environment: Mapping[str, str]


def build_cage(office: OfficeProgram, folder: Path, ceilings: Ceilings) -> Cage:
    """The tightest cage this machine allows around `folder`, which must exist. Starts nothing but one short trial."""
    wrapper = find_sandbox() if sys.platform == "linux" else None
    seen_as = _INSIDE if wrapper else folder
    environment = _environment(seen_as)
    launcher: tuple[str, ...] = ()
    if os.name == "posix":
        network = "with-network" if wrapper else "without-network"  # bubblewrap takes the network away itself
        limits = (ceilings.memory_bytes, ceilings.cpu_seconds, ceilings.file_bytes)
        launcher = (sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), *map(str, limits), network)
    shut_in = _shut_in(wrapper, office, folder, environment) if wrapper else ()
    return Cage(folder, seen_as, (*launcher, *shut_in), environment)


def _environment(home: Path) -> dict[str, str]:
    """Nothing of ours; Windows programs do not start without a few of the system's own."""
    kept = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PROGRAMDATA") if os.name == "nt" else ()
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "TEMP": str(home),
        "TMP": str(home),
        "LC_ALL": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",  # draws nowhere
    } | {name: os.environ[name] for name in kept if name in os.environ}


def _shut_in(wrapper: str, office: OfficeProgram, folder: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    seen = [option for place in _SEEN for option in ("--ro-bind-try", place, place)]
    if not office.folder.is_relative_to("/usr"):
        seen += ["--ro-bind", str(office.folder), str(office.folder)]
    variables = [option for name, value in environment.items() for option in ("--setenv", name, value)]
    inside = str(_INSIDE)
    return (*_walls(wrapper), *seen, "--bind", str(folder), inside, "--chdir", inside, "--clearenv", *variables)


def _walls(wrapper: str) -> tuple[str, ...]:
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


@functools.cache
def find_sandbox() -> str | None:
    """Where bubblewrap lies, when this user may build such a cage here; inside containers it is often forbidden."""
    wrapper = shutil.which("bwrap")
    if wrapper is None:
        return None
    try:
        trial = subprocess.run(
            [*_walls(wrapper), "/usr/bin/true"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TRIAL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return wrapper if trial.returncode == 0 else None
