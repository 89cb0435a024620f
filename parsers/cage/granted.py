"""What of the machine a process that is shut in by Landlock may still use: system libraries, fonts, the interpreter."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from parsers.cage.landlock import READ, RUN, WRITE, Grant

_PROGRAMS = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/passwd",  # unar opens nothing without an account
    "/etc/group",
    "/etc/nsswitch.conf",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/libreoffice",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/var/cache/fontconfig",
    "/sys/devices/system/cpu",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/filesystems",
    "/dev/random",
    "/dev/urandom",
)
"""World-readable everywhere, without a word of ours."""
_SINKS = ("/dev/null", "/dev/zero", "/dev/full")
_OF_ENVIRONMENT = ("bin", "lib", "lib32", "lib64", "pyvenv.cfg")
_PACKAGE_FOLDERS = frozenset({"site-packages", "dist-packages", "lib-dynload"})


@functools.cache
def machine() -> tuple[Grant, ...]:
    """System programs, libraries and fonts; the harmless devices. What is not there, or lies in another, is left out."""
    programs = _outermost(map(Path, _PROGRAMS))
    settings = [place for place in map(Path, _SETTINGS) if place.exists()]
    return (*readable(programs, runs=True), *readable(settings), *writable(map(Path, _SINKS)))


def interpreter() -> tuple[Grant, ...]:
    """This Python, its packages, and the packages imported from elsewhere, each by its own folder.

    Never a folder merely on the path, nor the whole of an environment: the working folder, with its secrets, may be either,
    or lie below one.
    """
    return _interpreter(frozenset(name for name in sys.modules if "." not in name))


@functools.lru_cache(maxsize=1)
def _interpreter(imported: frozenset[str]) -> tuple[Grant, ...]:
    environments = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    places = [str(Path(each, part)) for each in environments for part in _OF_ENVIRONMENT]
    places += [place for place in sys.path if Path(place).name in _PACKAGE_FOLDERS]
    system = _outermost(map(Path, _PROGRAMS))
    found = _outermost((*map(Path, places), *_folders_of(imported)))
    return readable((place for place in found if not any(map(place.is_relative_to, system))), runs=True)


def own_process() -> tuple[Grant, ...]:
    """What the kernel tells this process of itself; a child has to ask anew."""
    return (("/proc/self", READ),)


def readable(places: Iterable[Path], *, runs: bool = False) -> tuple[Grant, ...]:
    """Files and folders that may be read; with `runs` also started."""
    return tuple((str(place), RUN if runs else READ) for place in places)


def writable(places: Iterable[Path]) -> tuple[Grant, ...]:
    """Files and folders that may be changed."""
    return tuple((str(place), WRITE) for place in places)


def _outermost(places: Iterable[Path]) -> tuple[Path, ...]:
    """Where `places` really are, each once, without those that are not there or lie in another."""
    real = dict.fromkeys(place.resolve() for place in places if place.exists())
    return tuple(place for place in real if not any(place != other and place.is_relative_to(other) for other in real))


def _folders_of(imported: frozenset[str]) -> Iterator[Path]:
    """The package folder of every module named, or its file."""
    for module in (sys.modules.get(name) for name in sorted(imported - {"__main__"})):
        for place in getattr(module, "__path__", None) or [getattr(module, "__file__", None)]:
            if isinstance(place, str):
                yield Path(place)
