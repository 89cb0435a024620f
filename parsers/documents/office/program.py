"""Where the office program lives on this machine, and its version; told by files alone, nothing is started."""

from __future__ import annotations

import functools
import mmap
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_USUAL_PLACES = {
    "linux": (
        "/usr/lib/libreoffice/program",
        "/usr/lib64/libreoffice/program",
        "/usr/local/lib/libreoffice/program",
        "/opt/libreoffice*/program",
    ),
    "darwin": ("/Applications/LibreOffice*.app/Contents/MacOS", "~/Applications/LibreOffice*.app/Contents/MacOS"),
    "win32": (
        r"%ProgramFiles%\LibreOffice*\program",
        r"%ProgramFiles(x86)%\LibreOffice*\program",
        r"%LocalAppData%\Programs\LibreOffice*\program",
    ),
}
_EXECUTABLES = {"win32": ("soffice.exe",), "darwin": ("soffice",)}
_UNIX_EXECUTABLES = ("soffice.bin",)
"""The program itself, not the script or splash screen that starts it: a parent that is killed takes only its child with it."""
_REGISTRIES = ("../share/registry/main.xcd", "../Resources/registry/main.xcd")
"""The installed defaults; no smaller file names the version everywhere."""
_VERSION_PROPERTY = b'oor:name="ooSetupVersionAboutBox">'
_VERSION = re.compile(rb"<value>([\d.]{1,20})</value>")


@dataclass(frozen=True, slots=True)
class OfficeProgram:
    """An installed office program."""

    executable: Path
    folder: Path
    """The installation: what the program has to see of the machine besides system libraries."""
    version: str
    """As its maker writes it ("7.4.7.2"); "?" when its files do not say."""

    @property
    def name(self) -> str:
        """Name and version, as a reading tells it."""
        return f"LibreOffice {self.version}"


@functools.cache
def find_office() -> OfficeProgram | None:
    """The office program of this machine; None when there is none that can be started directly.

    Looked for on PATH first, then where it is usually installed; once for each process.
    """
    for folder in _folders():
        for name in _EXECUTABLES.get(sys.platform, _UNIX_EXECUTABLES):
            executable = folder / name
            if executable.is_file() and os.access(executable, os.X_OK):
                return OfficeProgram(executable, folder.parent, _version(folder))
    return None


def reader_version(reader: str, *, without: str = "plain") -> str:
    """`reader` ("doc/1") with what it reads through: "doc/1+LibreOffice-7.4", or "doc/1+" and `without`.

    Major and minor only: a correction of the program is no reason to read everything again.
    """
    office = find_office()
    return f"{reader}+LibreOffice-{'.'.join(office.version.split('.')[:2])}" if office else f"{reader}+{without}"


def _folders() -> Iterator[Path]:
    """Folders that may hold the program, likely ones first."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            yield Path(found).resolve().parent
    for pattern in _USUAL_PLACES.get(sys.platform, _USUAL_PLACES["linux"]):
        place = Path(os.path.expandvars(pattern)).expanduser()
        if place.anchor:
            # Newest last by name, so reversed: libreoffice24.8 before libreoffice7.6 is no promise, but it is stable.
            yield from sorted(Path(place.anchor).glob(str(place.relative_to(place.anchor))), reverse=True)


def _version(folder: Path) -> str:
    for name in _REGISTRIES:
        try:
            with (folder / name).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
                # The schema comes first and is empty; the value stands in the data below it.
                at = view.rfind(_VERSION_PROPERTY)
                found = _VERSION.search(view[at : at + 200]) if at >= 0 else None
        except (OSError, ValueError):  # not there, or empty
            continue
        if found:
            return found[1].decode("ascii")
    return "?"
