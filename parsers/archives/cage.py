"""Runs an unpacking program shut in: bubblewrap where it may be used, ceilings and a process group of its own elsewhere.

Inside, nothing of the machine is seen but system libraries and the program; the archive's folder cannot be written, there
is no network, and the end of the reader is the end of the program.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from parsers.errors import ParserError
from parsers.limits import Limits

_TRIAL_SECONDS = 10.0
_OPEN_FILES = 64
_SHARE_OF_WALL = 0.8
"""The program ends before the reader's own time does, so that what came out until then can be told."""


@dataclass(slots=True)
class Caged:
    """A program while it runs, and afterwards."""

    stdout: IO[bytes]
    _process: subprocess.Popen[bytes]
    _overdue: bool = False

    def wait(self) -> bool:
        """Wait for the end; whether the program was content with all it did. Raises: ParserError (`timed_out`)."""
        status = self._process.wait()
        if self._overdue:
            raise ParserError("timed_out", "the unpacking program took too long")
        return status == 0

    def has_ended(self, *, within_seconds: float) -> bool:
        """Whether it ends within that time."""
        try:
            self._process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _end(self) -> None:
        self._overdue = True
        _kill(self._process)


@contextmanager
def caged(
    program: Path, arguments: Sequence[str], *, inside: Path, writable: Path | None, typed: bytes, limits: Limits
) -> Iterator[Caged]:
    """Run `program` in the folder `inside`, which it sees read-only; killed with all it started at the end of the block.

    `writable`: the one folder it may write to, below `inside`. `typed`: what it reads from its standard input. Paths in
    `arguments` are relative to `inside`, so that they hold in and out of the cage.

    Raises:
        ParserError: `unsupported_format` when the program cannot be started.
    """
    accounts = _accounts()
    command = [*_ceilings(limits), *_walls(program, inside, writable, accounts), str(program), *arguments]
    try:
        process = subprocess.Popen(
            command,
            pass_fds=() if accounts is None else (accounts,),
            cwd=inside,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # no terminal to ask for a password, and one group to kill
        )
    except OSError as error:
        raise ParserError("unsupported_format", f"{program.name} cannot be started") from error
    finally:
        if accounts is not None:
            os.close(accounts)
    assert process.stdin is not None
    assert process.stdout is not None
    running = Caged(process.stdout, process)
    timer = threading.Timer(limits.wall_seconds * _SHARE_OF_WALL, running._end)  # noqa: SLF001 -- of this module
    timer.daemon = True
    timer.start()
    try:
        with contextlib.suppress(OSError):  # it may have ended without reading
            process.stdin.write(typed)
            process.stdin.close()
        yield running
    finally:
        timer.cancel()
        _kill(process)
        process.stdout.close()
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None and os.name != "posix":
        return
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _environment() -> dict[str, str]:
    kept = ("SYSTEMROOT", "WINDIR") if os.name == "nt" else ()
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"} | {name: os.environ[name] for name in kept if name in os.environ}


def _ceilings(limits: Limits) -> list[str]:
    """util-linux sets them in the child: the reader keeps its own."""
    prlimit = shutil.which("prlimit") if sys.platform == "linux" else None
    if prlimit is None:
        return []
    return [
        prlimit,
        f"--as={limits.memory_bytes}",
        f"--cpu={limits.cpu_seconds}",
        f"--fsize={limits.members_bytes}",
        f"--nofile={_OPEN_FILES}",
        "--core=0",
    ]


def _accounts() -> int | None:
    """A descriptor that reads as an /etc/passwd with one account, ours: unar opens nothing without. None outside bubblewrap."""
    if _bubblewrap() is None:
        return None
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "wb") as file:
        file.write(f"reader:x:{os.getuid()}:{os.getgid()}::/tmp:/bin/false\n".encode())
    return ours


def _walls(program: Path, inside: Path, writable: Path | None, accounts: int | None) -> list[str]:
    wrapper = _bubblewrap()
    if wrapper is None:
        setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
        return [setpriv, "--pdeathsig", "KILL"] if setpriv else []
    seen = [] if program.is_relative_to("/usr") else ["--ro-bind", str(program), str(program)]
    seen += ["--ro-bind-data", str(accounts), "/etc/passwd"]
    if Path("/etc/alternatives").is_dir():
        seen += ["--ro-bind", "/etc/alternatives", "/etc/alternatives"]
    folder = ["--ro-bind", str(inside), str(inside), *(["--bind", str(writable), str(writable)] if writable else [])]
    return [*_empty_machine(wrapper), *seen, *folder, "--chdir", str(inside)]


def _empty_machine(wrapper: str) -> list[str]:
    options = [wrapper, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib32", "lib64", "bin", "sbin"):
        place = Path("/", name)
        if place.is_symlink():
            options += ["--symlink", f"usr/{name}", str(place)]
        elif place.is_dir():
            options += ["--ro-bind", str(place), str(place)]
    return [*options, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 -- inside the cage


@functools.cache
def _bubblewrap() -> str | None:
    """Where bubblewrap lies, when this user may build a cage with it here; inside containers it is often forbidden."""
    wrapper = shutil.which("bwrap") if sys.platform == "linux" else None
    if wrapper is None:
        return None
    try:
        trial = subprocess.run(
            [*_empty_machine(wrapper), "/usr/bin/true"], capture_output=True, timeout=_TRIAL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return wrapper if trial.returncode == 0 else None
