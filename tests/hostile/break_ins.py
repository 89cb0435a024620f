"""What a file that has taken its reader over would try. A module of its own: a reader process imports it."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import subprocess
import tempfile
from pathlib import Path

from parsers.archives import unpacking
from parsers.cage import Cage, Ceilings, caged
from parsers.facts import Member, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file

CEILINGS = Ceilings(memory_bytes=1_000_000_000, cpu_seconds=20, file_bytes=1_000_000)
SHELL = str(Path("/bin/sh").resolve())


def read_all(_file: Path, _job: Path, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """For each of `wanted`, a file or a folder, "read" or the name of the error."""
    return tuple(_tried(lambda place=place: _look_into(place)) for place in wanted)


def read_and_look(file: Path, job: Path, wanted: tuple[str, ...], limits: Limits) -> tuple[str, ...]:
    """What converted `file` while it was read; then as `read_all`."""
    return (read_file(file, job, limits).converted_by, *read_all(file, job, wanted))


def write_all(_file: Path, _job: Path, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The same, for writing at the end of a file that is there or is not, "done" or the name of the error."""
    return tuple(_tried(lambda place=place: _write(place)) for place in wanted)


def write_where_it_may(file: Path, job: Path) -> tuple[str, ...]:
    """What reading needs: the file itself, a folder in the job, a file moved from one to the other, a temporary file."""
    content = file.read_text(encoding="utf-8")
    (job / "below").mkdir()
    (job / "below" / "a").write_text(content, encoding="utf-8")
    (job / "below" / "a").rename(job / "a")
    with tempfile.TemporaryFile() as spool:
        spool.write(b"spooled")
    return (content, *sorted(each.name for each in job.iterdir()), str(Path(tempfile.gettempdir()) == job))


def make_links(file: Path, job: Path, target: str) -> tuple[str, ...]:
    """A symbolic link, a hard link, and a named pipe in the job folder."""
    return (
        _tried(lambda: (job / "symbolic").symlink_to(target)),
        _tried(lambda: os.link(file, job / "hard")),
        _tried(lambda: os.mkfifo(job / "pipe")),
    )


def open_up(_job: Path, target: str) -> None:
    """Ask that everybody may read `target`, as if Landlock's silence on rights were leave."""
    with_error_ignored = ctypes.CDLL(None)
    with_error_ignored.chmod(target.encode(), 0o777)


def reach_others(_job: Path, local_socket: str, service: int) -> tuple[str, ...]:
    """A local socket; a signal to the service; its environment; its memory; a namespace of one's own."""
    libc = ctypes.CDLL(None, use_errno=True)

    def new_namespace() -> None:
        if libc.unshare(0x10000000) != 0:  # CLONE_NEWUSER
            raise OSError(ctypes.get_errno(), "unshare")

    def knock() -> None:
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(local_socket)

    return (
        _tried(knock),
        _tried(lambda: os.kill(service, 0)),
        _tried(lambda: Path(f"/proc/{service}/environ").read_bytes()),
        _tried(lambda: Path(f"/proc/{service}/mem").open("rb").close()),
        _tried(new_namespace),
    )


def let_a_program_read(_file: Path, job: Path, wanted: tuple[str, ...]) -> str:
    """What a program started directly, then one in the cage of the unpackers, prints of `wanted` on both its outputs."""
    script = "; ".join(f"cat {place}; echo x > {place}/new; echo x >> {place}" for place in (*wanted, job))
    directly = subprocess.run([SHELL, "-c", script], capture_output=True, text=True, check=False).stdout
    command = (SHELL, "-c", script)
    with unpacking._shut_in(command, job, DEFAULT_LIMITS) as running:
        unpacked = running.output.read().decode()
        running.wait()
    with caged(command, Cage(CEILINGS, folder=job, writable=job), seconds=60.0, listened=True) as running:
        converted = running.output.read().decode()
        running.wait()
    return directly + unpacked + converted


def answer_with(said: bytes) -> None:
    """Write `said` to every descriptor there is, the way back to the service among them, and end well."""
    for descriptor in range(3, 512):
        try:
            os.write(descriptor, said)
        except OSError:
            continue
    os._exit(0)


def open_descriptors() -> int:
    """How many descriptors beside the standard ones stand open, the way back to the service among them."""
    return sum(1 for descriptor in range(3, 512) if _is_open(descriptor))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _look_into(place: str) -> str:
    if os.path.isdir(place):  # noqa: PTH112 -- as plainly as it gets
        os.listdir(place)  # noqa: PTH208
    else:
        os.close(os.open(place, os.O_RDONLY))
    return "read"


def _write(place: str) -> str:
    os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    return "done"


def _tried(attempt: object) -> str:
    assert callable(attempt)
    try:
        return str(attempt() or "done")[:4]
    except OSError as error:
        return errno.errorcode[error.errno or 0]


def claim(path: Path, job: Path, limits: Limits, *_: object, false: str) -> Reading:
    """`read_file`, as one that was taken over would answer: of another file, or with a member that lies elsewhere."""
    reading = read_file(path, job, limits)
    if false == "sha256":
        return reading.model_copy(update={"sha256": "0" * 64})
    described = Member(
        locator="1", name="a.txt", stored_as=false, size_bytes=1, sha256="0" * 64, origin="archive", media_type=""
    )
    return reading.model_copy(update={"members": (described,)})
