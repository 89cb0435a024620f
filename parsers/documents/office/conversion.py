"""Turns one file into a .docx with the office program; whatever becomes of it, program and leftovers are gone at the end."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parsers.cage import Cage, CageError, Ceilings, caged
from parsers.documents.office.asking import asks, have_converted
from parsers.documents.office.failure import ConversionError
from parsers.documents.office.profile import write_profile
from parsers.documents.office.program import OfficeProgram
from parsers.errors import LimitError
from parsers.limits import Limits

_ADDRESS_SPACE_BYTES = 6_000_000_000
"""The program maps 2 GB before it has read anything."""
_SEEN = (
    "/etc/fonts",
    "/etc/libreoffice",
    "/var/lib/libreoffice",
    "/var/cache/fontconfig",
)
"""Besides system libraries and the program's own folder, when there."""
_DRAWS_NOWHERE = {"SAL_USE_VCLPLUGIN": "svp"}
_SHARE_OF_TIME = 0.6
"""Of a file's wall-clock time; the rest is for what is tried when the program fails, and for reading its result."""
_RESTART = 81
"""Exit status of a first start: extensions were registered, the work was not begun. Source: desktop/source/app/app.cxx."""
_STARTS = 3


@contextmanager
def converted_to_docx(
    path: Path, office: OfficeProgram, *, suffix: str, import_filter: str, job: Path, limits: Limits
) -> Iterator[Path]:
    """The file at `path` as a .docx, which exists inside the `with` block only; where this reader is shut in, by a broker.

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
    if not asks():
        with converted_here(
            path, office, suffix=suffix, import_filter=import_filter, job=job, limits=limits
        ) as converted:
            yield converted
        return
    with tempfile.TemporaryDirectory(prefix="office-", dir=job) as folder:
        target = Path(folder, "document.docx")
        have_converted(path, target, suffix=suffix, import_filter=import_filter, limits=limits)
        yield target


@contextmanager
def converted_here(
    path: Path, office: OfficeProgram, *, suffix: str, import_filter: str, job: Path, limits: Limits
) -> Iterator[Path]:
    """As `converted_to_docx`, by this process itself, which nothing may shut in."""
    folder = Path(tempfile.mkdtemp(prefix="office-", dir=job))
    try:
        source = folder / f"document{suffix}"
        shutil.copyfile(path, source)
        write_profile(folder / "profile")
        ceilings = Ceilings(_ADDRESS_SPACE_BYTES, limits.cpu_seconds, limits.file_bytes)
        seen = (office.folder, *map(Path, _SEEN))
        cage = Cage(ceilings, folder=folder, writable=folder, seen=seen, variables=_DRAWS_NOWHERE, makes_sockets=True)
        _convert(cage, office, source=source, import_filter=import_filter, seconds=limits.wall_seconds)
        yield _checked(folder / "converted" / "document.docx", limits)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _convert(cage: Cage, office: OfficeProgram, *, source: Path, import_filter: str, seconds: float) -> None:
    folder = source.parent
    command = [
        str(office.executable),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nologo",
        f"--infilter={import_filter}",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(folder / "converted"),
        str(source),
    ]
    for _ in range(_STARTS):
        status = _run(command, cage, seconds=seconds * _SHARE_OF_TIME)
        if status != _RESTART:
            break
    if status != 0:
        raise ConversionError("failed", f"{office.name} ended with status {status}")


def _run(command: list[str], cage: Cage, *, seconds: float) -> int:
    """The exit status. Whatever ends this call, an exception included, ends the program and all it started."""
    try:
        with caged(command, cage, seconds=seconds) as running:
            return running.wait()
    except CageError as error:
        if error.why == "timed_out":
            raise ConversionError("timed_out", f"no document after {seconds:.0f} s") from error
        raise ConversionError("failed", "the office program cannot be started") from error


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
