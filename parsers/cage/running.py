"""Starts a program in its cage and ends it, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from parsers.cage import granted, landlock
from parsers.cage.sandbox import find_sandbox, own_account, walls_around
from parsers.cage.shape import Cage

_LAUNCHER = Path(__file__).with_name("launcher.py")
_SOCKETS = "/tmp"  # noqa: S108 -- where LibreOffice listens whatever it is told
_WINDOWS_NEEDS = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PROGRAMDATA")
"""Programs do not start there without them."""


class CageError(Exception):
    """The program did not come to an end of its own; `why` tells the reason."""

    def __init__(self, why: Literal["not_started", "timed_out"]) -> None:
        """`not_started`: by this machine; a program that is not there may also end at once, with a bad status."""
        super().__init__(why)
        self.why = why


class Caged:
    """A program while it runs, and afterwards."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._is_overdue = False

    @property
    def output(self) -> IO[bytes]:
        """What it prints; only for a program that is listened to."""
        assert self._process.stdout is not None
        return self._process.stdout

    def wait(self) -> int:
        """Wait for the end; the exit status, negative or above 128 after a signal. Raises: CageError (`timed_out`)."""
        status = self._process.wait()
        if self._is_overdue:
            raise CageError("timed_out")
        return status

    def has_ended(self, *, within_seconds: float) -> bool:
        """Whether it ends within that time."""
        try:
            self._process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def end_overdue(self) -> None:
        """Its time is up: end it with all it started."""
        self._is_overdue = True
        self.end()

    def end(self) -> None:
        """End it with all it started, and wait until it has."""
        with contextlib.suppress(OSError):  # all gone already
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            elif self._process.poll() is None:
                killer = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
                subprocess.run(killer, capture_output=True, check=False)
        self._process.wait()


@contextmanager
def caged(
    command: Sequence[str], cage: Cage, *, seconds: float, typed: bytes | None = None, listened: bool = False
) -> Iterator[Caged]:
    """Run `command`, killed with all it started at the end of the block, however that comes.

    Args:
        command: The program's path, absolute, and its arguments.
        cage: What it may use, see and write.
        seconds: Wall-clock time, after which it is killed.
        typed: What it reads from its standard input, a few hundred bytes at most. None leaves the input open and empty
            for as long as this process lives: what waits for its end learns of ours on every system.
        listened: Whether what it prints can be read; else it goes nowhere.

    Raises:
        CageError: `not_started`. Programs, not this, report that the time was up: see `Caged.wait`.
    """
    running = Caged(_started(command, cage, listened=listened))
    timer = threading.Timer(seconds, running.end_overdue)
    timer.daemon = True
    timer.start()
    process = running._process  # noqa: SLF001 -- of this module
    assert process.stdin is not None
    try:
        if typed is not None:
            with contextlib.suppress(OSError):  # it may have ended without reading
                process.stdin.write(typed)
                process.stdin.close()
        yield running
    finally:
        timer.cancel()
        timer.join()  # no thread is left behind in a process that forks
        running.end()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _started(command: Sequence[str], cage: Cage, *, listened: bool) -> subprocess.Popen[bytes]:
    wrapper = find_sandbox()
    accounts = own_account() if wrapper is not None else None
    walls = walls_around(command[0], cage, wrapper, accounts) if wrapper and accounts is not None else ()
    try:
        return subprocess.Popen(
            [*_launcher(command[0], cage, sandboxed=wrapper is not None), *walls, *command],
            pass_fds=() if accounts is None else (accounts,),
            cwd=cage.folder or os.path.abspath(os.sep),  # noqa: PTH100 -- the root of the drive, on Windows too
            env=_environment(cage),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if listened else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # no terminal to ask for a password, and one group to kill
        )
    except OSError as error:
        raise CageError("not_started") from error
    finally:
        if accounts is not None:
            os.close(accounts)


def _launcher(program: str, cage: Cage, *, sandboxed: bool) -> tuple[str, ...]:
    """Our own first step in the child; Windows has nothing it could set."""
    if os.name != "posix":
        return ()
    ceilings = cage.ceilings
    numbers = (os.getpid(), ceilings.memory_bytes, ceilings.cpu_seconds, ceilings.file_bytes)
    # bubblewrap takes the network away itself, and can build nothing where Landlock stands.
    network = "without-network" if not sandboxed and _has_network() else "with-network"
    walled = not sandboxed and landlock.abi() >= landlock.OLDEST_ABI
    grants = _grants(program, cage) if walled else None
    return (sys.executable, "-I", "-S", str(_LAUNCHER), *map(str, numbers), network, json.dumps(grants))


def _grants(program: str, cage: Cage) -> list[landlock.Grant]:
    """The walls of `cage`, as Landlock is told of them."""
    folders = () if cage.folder is None else (cage.folder.absolute(),)
    places = () if cage.writable is None else (cage.writable.absolute(),)
    sockets = ((_SOCKETS, landlock.LISTEN),) if cage.makes_sockets else ()
    return [
        *granted.machine(),
        *granted.readable((Path(program), *cage.seen), runs=True),
        *granted.readable(folders),
        *granted.writable(places),
        *sockets,
    ]


def _has_network() -> bool:
    """Whether this process may open a socket that leads anywhere; what it starts may no more than it."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    except OSError:
        return False
    return True


def _environment(cage: Cage) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _WINDOWS_NEEDS if os.name == "nt" and name in os.environ}
    anywhere = "/tmp" if os.name == "posix" else tempfile.gettempdir()  # noqa: S108 -- the cage's own, if it has walls
    home = str(cage.folder or anywhere)
    places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), home)
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", **places, **kept, **cage.variables}
