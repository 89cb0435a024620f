"""Tasks for reader processes, well-behaved and not. A module of its own: a spawned process imports it."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def double(number: int) -> int:
    return number * 2


def process_id() -> int:
    return os.getpid()


def raise_key_error() -> None:
    raise KeyError("a bug in a reader")


def parent_id() -> int:
    """The process that forked this one, where a task has a child of its own; else this process."""
    return os.getppid() if sys.platform == "linux" else os.getpid()


def ignore_sigterm(note: Path) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note.write_text(str(os.getpid()))
    time.sleep(120)


def start_and_wait(note: Path) -> None:
    """Start a program that starts another, as office programs do, and wait for it."""
    subprocess.run(["/bin/sh", "-c", f"sleep 120 & echo $! > {note}; wait"], check=False)


def leave_running(note: Path) -> None:
    """Start a program that starts another away from everything, and be done."""
    subprocess.run(["/bin/sh", "-c", f"setsid sleep 120 & echo $! > {note}"], check=False)


def eat_memory() -> int:
    hoard = [bytearray(20_000_000) for _ in range(10_000)]
    return len(hoard)


def burn_cpu() -> None:
    while True:
        pass


def exit_hard() -> None:
    os._exit(3)


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_if(number: int, kills: bool) -> int:
    if kills:
        kill_itself()
    return number


def write_too_much(path: Path) -> str:
    try:
        with path.open("wb") as file:
            file.writelines(b"x" * 1_000_000 for _ in range(100))
    except OSError as error:
        return type(error).__name__
    return "written"


def can_read(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def limits_in_force() -> tuple[int, int, int]:
    soft = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]
    return soft[0], soft[1], soft[2]


def imported(module: str) -> bool:
    return module in sys.modules


def try_to_connect(port: int) -> str:
    """The name of the error that keeps this process from a server on this machine; "connected" when nothing does."""
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


def connect_from_a_program(port: int) -> str:
    """The same from a program this process starts."""
    program = (
        "import socket\n"
        "try:\n"
        f"    socket.create_connection(('127.0.0.1', {port}), 5).close()\n"
        "    print('connected')\n"
        "except OSError as error:\n"
        "    print(type(error).__name__)\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    return ran.stdout.strip()


def settings_seen() -> list[str]:
    """Settings in this process's environment."""
    return sorted(name for name in os.environ if name.startswith("INTAKE_MAILBOX"))


def leave_unready(_: object) -> None:
    """In place of what makes a fresh process ready."""
