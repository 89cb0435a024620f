"""Turns one file into a .docx with the office program; whatever becomes of it, program and leftovers are gone at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from parsers.documents.office.cage import Cage, Ceilings, build_cage
from parsers.documents.office.profile import write_profile
from parsers.documents.office.program import OfficeProgram
from parsers.errors import LimitError
from parsers.limits import Limits

_ADDRESS_SPACE_BYTES = 6_000_000_000
_SHARE_OF_TIME = 0.6
"""Of a file's wall-clock time; the rest is for what is tried when the program fails, and for reading its result."""
_RESTART = 81
"""Exit status of a first start: extensions were registered, the work was not begun. Source: desktop/source/app/app.cxx."""
_STARTS = 3


class ConversionError(Exception):
    """The office program gave no document. `why` tells whose fault that can be."""

    def __init__(self, why: Literal["refused", "failed", "timed_out"], detail: str = "") -> None:
        """`refused`: it ran well and could not load the file; `failed`: it crashed or wrote nonsense."""
        super().__init__(detail or why)
        self.why = why


@contextmanager
def converted_to_docx(
    path: Path, office: OfficeProgram, *, suffix: str, import_filter: str, job: Path, limits: Limits
) -> Iterator[Path]:
    """The file at `path` as a .docx, which exists inside the `with` block only.

    Args:
        path: The file; it is copied, never opened in place.
        office: What converts it.
        suffix: ".doc", ".rtf": the program wants a fitting name even when it is told the format.
        import_filter: The program's name of the format, so that no other reader of its forty is tried.
        job: Existing folder of this task; everything lies in a folder below it that is removed again.
        limits: `wall_seconds` (a share of it), `cpu_seconds` and `file_bytes` apply.

    Raises:
        ConversionError: There is no document to be had from the program.
        LimitError: The document is larger than `limits.file_bytes`.
    """
    folder = Path(tempfile.mkdtemp(prefix="office-", dir=job))
    try:
        source = folder / f"document{suffix}"
        shutil.copyfile(path, source)
        write_profile(folder / "profile")
        ceilings = Ceilings(_ADDRESS_SPACE_BYTES, limits.cpu_seconds, limits.file_bytes)
        cage = build_cage(office, folder, ceilings)
        _convert(cage, office, source=source.name, import_filter=import_filter, seconds=limits.wall_seconds)
        yield _checked(folder / "converted" / "document.docx", limits)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _convert(cage: Cage, office: OfficeProgram, *, source: str, import_filter: str, seconds: float) -> None:
    command = [
        *cage.prefix,
        str(office.executable),
        f"-env:UserInstallation={(cage.seen_as / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nologo",
        f"--infilter={import_filter}",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(cage.seen_as / "converted"),
        str(cage.seen_as / source),
    ]
    for _ in range(_STARTS):
        status = _run(command, cage, seconds=seconds * _SHARE_OF_TIME)
        if status != _RESTART:
            break
    if status != 0:
        raise ConversionError("failed", f"{office.name} ended with status {status}")


def _run(command: list[str], cage: Cage, *, seconds: float) -> int:
    """The exit status. Whatever ends this call, an exception included, ends the program and all it started."""
    process = subprocess.Popen(
        command,
        cwd=cage.folder,
        env=dict(cage.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise ConversionError("timed_out", f"no document after {seconds:.0f} s") from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):  # all gone already
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()


def _checked(converted: Path, limits: Limits) -> Path:
    """`converted`, when it is a file of its own: what a hostile document made of the program may have left a link to ours."""
    try:
        found = converted.lstat()
    except OSError as error:
        raise ConversionError("refused", "the office program could not load it") from error
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        raise ConversionError("failed", "the office program left no plain file")
    if found.st_size > limits.file_bytes:
        raise LimitError(f"converted to {found.st_size} bytes")
    return converted
