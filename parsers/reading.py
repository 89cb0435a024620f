"""The only entrance to the readers: a file goes in, a `Reading` always comes out.

The functions are top-level and picklable, so that an executor can run them in a
process it may kill. Nothing is set on the process but the CPU limit of the task.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parsers.archives.programs import with_programs
from parsers.archives.volumes import Style, set_digest
from parsers.cage.programs import give_up_programs
from parsers.digests import sha256_of
from parsers.documents import READERS as DOCUMENT_READERS
from parsers.documents import Reader
from parsers.documents.sniff import Sniffed, sniff
from parsers.errors import LimitError, ParserError
from parsers.facts import ArchiveFacts, Problem, ProblemCode, Reading
from parsers.limits import Limits

SNIFFER = "sniff/2"
"""The reader on record for a file that was told by its bytes and went no further."""

SPLITTER = "split/1"
"""The reader on record for an archive in several files that was not opened."""

_PACKAGE_ROOT = Path(__file__).parent


def _read_photo(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.photos.photo import read_photo

    return read_photo(path, job, limits)


def _read_zip(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.archives.zip import read_zip

    return read_zip(path, job, limits)


def _unlock_zip(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    from parsers.archives.zip import unlock_zip

    return unlock_zip(path, job, limits, passwords)


def _read_packed(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.archives.compressed import read_packed

    return read_packed(path, job, limits)


def _read_7z(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.archives.seven_zip import read_7z

    return read_7z(path, job, limits)


def _unlock_7z(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    from parsers.archives.seven_zip import unlock_7z

    return unlock_7z(path, job, limits, passwords)


def _read_rar(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.archives.rar import read_rar

    return read_rar(path, job, limits)


def _unlock_rar(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    from parsers.archives.rar import unlock_rar

    return unlock_rar(path, job, limits, passwords)


def _read_letter(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.letter import read_letter

    return read_letter(path, job, limits)


def _read_msg(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.letter import read_msg

    return read_msg(path, job, limits)


def _read_tnef(path: Path, job: Path, limits: Limits) -> Reading:
    from parsers.letter import read_tnef

    return read_tnef(path, job, limits)


LETTER_READER = Reader("letter", "letter/3", _read_letter, ("eml",))

READERS: tuple[Reader, ...] = (
    *DOCUMENT_READERS,
    Reader(
        "image",
        "photo/2",
        _read_photo,
        ("jpeg", "png", "webp", "heic", "avif", "tiff", "bmp", "gif", "jpx", "psd", "ico", "emf", "wmf", "svg"),
    ),
    Reader("archive", with_programs("zip/3"), _read_zip, ("zip",), _unlock_zip),
    Reader("archive", "tar/1", _read_packed, ("tar", "gz", "bz2", "xz")),
    Reader("archive", "7z/1", _read_7z, ("7z",), _unlock_7z),
    Reader("archive", with_programs("rar/2"), _read_rar, ("rar",), _unlock_rar),
    LETTER_READER,
    Reader("letter", "msg/1", _read_msg, ("msg",)),
    Reader("letter", "tnef/1", _read_tnef, ("tnef",)),
)
"""Every reader. A kind without a row is known by name only."""

_READER_OF = {kind: reader for reader in READERS for kind in reader.kinds}


def read_file(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...] = ()) -> Reading:
    """What the file says, told by its bytes alone; its name and extension are never looked at.

    A letter attached as a file (.eml) is opened like an archive: its facts and its
    members come out, whose letter it was is the caller's question. A kind without a
    reader here gives the problem `unsupported_format` whose detail names it.

    Args:
        path: The file; read only.
        job: An existing folder of this task alone; members are written into it.
        limits: Ceilings; `cpu_seconds` counts from now.
        passwords: Tried in turn on a file that asks for one; without any that fits it has the problem `encrypted`.

    Raises nothing, unless `path` itself cannot be opened (OSError). A full or failing disk is `reader_failed`.
    """
    sniffed = Sniffed("other", "")
    with _cpu_limit(limits.cpu_seconds):
        try:
            _check_size(path, limits)
            sniffed = sniff(path)
            reader = _READER_OF.get(sniffed.kind)
            may_open = sniffed.problem == "encrypted" and passwords and reader is not None and reader.unlock is not None
            if sniffed.problem is not None and not may_open:
                return _unread(path, sniffed, SNIFFER, Problem(code=sniffed.problem, detail=sniffed.kind))
            if reader is None:
                return _unread(path, sniffed, SNIFFER, Problem(code="unsupported_format", detail=sniffed.kind))
        except Exception as error:  # noqa: BLE001 -- the one boundary: whatever a file does to us becomes its problem
            return _unread(path, sniffed, SNIFFER, _problem(error))
        if passwords and reader.unlock is not None:
            unlock = reader.unlock
            reader = reader._replace(read=lambda path, job, limits: unlock(path, job, limits, passwords))
        return _guarded(reader, sniffed, path=path, job=job, limits=limits)


def read_volumes(
    path: Path,
    job: Path,
    limits: Limits,
    passwords: tuple[str, ...] = (),
    *,
    more: tuple[Path, ...],
    style: Style,
    missing: tuple[int, ...],
) -> Reading:
    """What the archive says whose volumes are `path` and `more`, in order. Its `sha256` is `set_digest` of theirs.

    `style` and `missing` as `parsers.archives.volumes.split_sets` tells them: a set that lacks volumes is not opened.
    Else as `read_file`.
    """
    paths = (path, *more)

    def read(_: Path, job: Path, limits: Limits) -> Reading:
        from parsers.archives.split import read_split

        def whole(joined: Path) -> Reading:
            return read_file(joined, job, limits, passwords)

        return read_split(paths, job, limits, passwords, style=style, missing=missing, read=whole)

    splitter = Reader("archive", SPLITTER, read, ())
    sniffed = Sniffed("archive", "rar" if style in {"part", "r00"} else "zip")
    with _cpu_limit(limits.cpu_seconds):
        reading = _guarded(splitter, sniffed, path=path, job=job, limits=limits)
    size_bytes = sum(each.stat().st_size for each in paths)
    return reading.model_copy(
        update={"sha256": set_digest([sha256_of(each) for each in paths]), "size_bytes": size_bytes}
    )


def read_letter_file(path: Path, job: Path, limits: Limits) -> Reading:
    """What a raw letter says, whatever its bytes look like; its files come out as members. Else as `read_file`."""
    letter = Sniffed("letter", "eml")
    with _cpu_limit(limits.cpu_seconds):
        try:
            _check_size(path, limits)
        except LimitError as error:
            return _unread(path, letter, LETTER_READER.version, _problem(error))
        return _guarded(LETTER_READER, letter, path=path, job=job, limits=limits)


def reader_version() -> str:
    """All readers' versions in one string: with the file's hash and the limits, the key of a stored reading."""
    return " ".join((SNIFFER, SPLITTER, *(reader.version for reader in READERS)))


def _guarded(reader: Reader, sniffed: Sniffed, *, path: Path, job: Path, limits: Limits) -> Reading:
    """The reader's answer, or the problem its exception stands for."""
    if reader.format != "archive":
        give_up_programs()  # unpackers are all that readers start; what takes this one over starts nothing
    try:
        return reader.read(path, job, limits)
    except Exception as error:  # noqa: BLE001 -- the one boundary: whatever a file does to us becomes its problem
        return _unread(path, sniffed, reader.version, _problem(error))


def _check_size(path: Path, limits: Limits) -> None:
    size_bytes = path.stat().st_size
    if size_bytes > limits.file_bytes:
        raise LimitError(f"{size_bytes} bytes; the limit is {limits.file_bytes}")


def _unread(path: Path, sniffed: Sniffed, reader_version: str, problem: Problem) -> Reading:
    """A reading that says only what the file is and why it was not read."""
    archive = ArchiveFacts(kind=sniffed.archive_kind) if sniffed.format == "archive" else None
    return Reading(
        reader=reader_version,
        format=sniffed.format,
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        archive=archive,
        problem=problem,
    )


def _problem(error: Exception) -> Problem:
    if isinstance(error, ParserError):
        return Problem(code=error.code, detail=error.detail)
    code: ProblemCode = "over_limit" if isinstance(error, MemoryError) else "reader_failed"
    return Problem(code=code, detail=f"{type(error).__name__} {_place(error)}")


def _place(error: Exception) -> str:
    """The innermost line of ours, "at documents/pdf.py:120 in read_pdf". Never the message: it may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)
    inner = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE_ROOT)][-1]
    return f"at {Path(inner.filename).relative_to(_PACKAGE_ROOT).as_posix()}:{inner.lineno} in {inner.name}"


@contextmanager
def _cpu_limit(cpu_seconds: int) -> Iterator[None]:
    """Let the kernel stop this process when the task burns more CPU than `cpu_seconds`.

    RLIMIT_CPU counts from the start of the process, hence the sum, and belongs to the
    whole process, hence only in its main thread. Afterwards the soft limit is lifted to the
    hard one: an earlier soft limit may be used up by now. Where `resource` is missing (Windows)
    the executor's wall-clock limit stands alone.
    """
    try:
        import resource
    except ImportError:
        yield
        return
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    ceiling = int(usage.ru_utime + usage.ru_stime) + cpu_seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
