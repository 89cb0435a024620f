"""A process that has loaded the whole program and forks a worker for each line it is told: a start costs milliseconds.

As a script it reads one JSON order a line from standard input and answers each with one JSON line: how the
worker ended. What runs in the fork is `intake.__main__.main`, as a person calls it. Two things are not as at a
person's desk: the time is the one the order names, and files are read in the worker's own process.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
KILLED = -int(signal.SIGKILL)


@dataclass(frozen=True)
class Order:
    """What one worker shall do, and how it shall end."""

    arguments: tuple[str, ...]
    """Of the command line."""
    folder: str
    """The working folder, the current one of the worker."""
    at: str
    """The time it believes in, ISO 8601; it stands still."""
    strike: str = ""
    """A file of step names and moments: the worker kills itself at the first that is not in it, and adds it."""
    only_at: tuple[str, ...] = ()
    """Parts of names: the worker strikes at steps alone whose name holds one of them; empty: at all."""
    watch: tuple[str, ...] = ()
    """Beside `folder`: folders in which files count."""
    seconds: float = 0.0
    """Killed after so long, wherever it is; 0: not."""
    patience_seconds: float = 0.0
    """Asked to end after so long, as by a service manager; 0: not."""
    until_said: str = ""
    """Asked to end as soon as its output holds these words, however slow the machine; empty: not."""
    faults: tuple[str, ...] = ()
    """Functions of `tests.reliability.faults`, called in the worker before it begins."""
    own_readers: bool = False
    """Read in reader processes, as at a person's desk."""


@dataclass
class ForkingHost:
    """The host, as a test uses it."""

    _process: subprocess.Popen[str] = field(init=False)
    kills: int = 0
    """Workers that were killed, or killed themselves."""
    longest_seconds: float = 0.0
    """The longest a worker ran."""
    peak_bytes: int = 0
    """The most memory a worker held."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.forking_host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait(60)

    def run(self, order: Order) -> int:
        """Carry out `order`; the exit status of the worker, negative for the signal that ended it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        status = int(told["status"])
        self.kills += status == KILLED
        self.longest_seconds = max(self.longest_seconds, told["seconds"])
        self.peak_bytes = max(self.peak_bytes, told["peak_bytes"])
        return status


# --- inside the host


def main() -> int:
    """Load the program, then carry out orders until the input ends."""
    from tests.quick_stores import statements_compiled_once

    with statements_compiled_once():
        _warm_up()
        for line in sys.stdin:
            told: dict[str, Any] = json.loads(line)
            values: dict[str, Any] = {k: tuple(each) if isinstance(each, list) else each for k, each in told.items()}
            order = Order(**values)
            sys.stdout.write(json.dumps(_carry_out(order)) + "\n")
            sys.stdout.flush()
    return 0


def _warm_up() -> None:
    """Work once through a small mailbox, so that what is loaded at its first use is loaded already."""
    for name in ("tests.reliability.durable_steps", "tests.reliability.faults", "intake.edges.mailboxes.imap",
                 "intake.edges.transports.smtp", "intake.cli.backup", "intake.cli.purge", "intake.cli.outbox",
                 "intake.cli.sheet", "intake.cli.replay", "intake.cli.reread",
                 "apscheduler.schedulers.background"):  # fmt: skip
        importlib.import_module(name)
    from tests.e2e.material import case, photo
    from tests.reliability.place import put_file, write_local_settings

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_local_settings(folder)
        at = datetime(2022, 12, 5, 1, tzinfo=UTC)
        put_file(folder, at, "a@qq.example", (case(without_last_section=True), photo(10)))
        # In a fork first: a database or a log opened here would be shared with every worker.
        status = _carry_out(Order(("run", "--once"), name, at.isoformat()))["status"]
        if status:
            raise RuntimeError((folder / "output.txt").read_text("utf-8"))
        put_file(folder, at, "b@qq.example", (case(), photo(11)))
        with _reading_here(), _silence():
            from intake.__main__ import main as command_line

            # Here as well: what it compiles for the database is compiled for every worker.
            command_line(["run", "--once", "-C", name])
            command_line(["check", str(next((folder / "in").iterdir())), "--campaign", "huli-2022"])


def _carry_out(order: Order) -> dict[str, Any]:
    began = time.monotonic()
    worker = os.fork()
    if not worker:
        status = 99
        try:
            status = _work(order)
        except BaseException:  # noqa: BLE001 - the worker must not go on as a second host
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    patience = order.patience_seconds
    output = Path(order.folder) / "output.txt"
    said_before = output.stat().st_size if output.exists() else 0
    ended, status, usage = os.wait4(worker, os.WNOHANG)
    while not ended:
        time.sleep(0.002)
        lasted = time.monotonic() - began
        if order.seconds and lasted > order.seconds:
            os.kill(worker, signal.SIGKILL)
        if patience and (lasted > patience or _has_said(output, said_before, order.until_said)):
            os.kill(worker, signal.SIGTERM)
            patience = 0.0
        ended, status, usage = os.wait4(worker, os.WNOHANG)
    seconds = round(time.monotonic() - began, 3)
    return {"status": os.waitstatus_to_exitcode(status), "seconds": seconds, "peak_bytes": usage.ru_maxrss * 1024}


def _has_said(output: Path, since_bytes: int, words: str) -> bool:
    if not words or not output.exists():
        return False
    with output.open("rb") as file:
        file.seek(since_bytes)
        return words.encode() in file.read()


def _work(order: Order) -> int:
    """One command from beginning to end, in the fork."""
    os.chdir(order.folder)
    output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for standard in (1, 2):
        os.dup2(output, standard)
    sys.stdin.close()
    _set_clock(datetime.fromisoformat(order.at))
    from intake.__main__ import main as command_line
    from tests.reliability import faults

    for name in order.faults:
        getattr(faults, name)()
    if order.strike:
        _strike_at_the_next(Path(order.strike), order)
    with contextlib.nullcontext() if order.own_readers else _reading_here():
        return command_line(list(order.arguments))


def _set_clock(at: datetime) -> None:
    from functools import partial

    from intake.bootstrap import open_records
    from intake.cli import backup, folder
    from intake.edges.clock import SystemClock

    class StandingClock(SystemClock):
        """The machine's clock, stopped."""

        def now(self) -> datetime:
            return at.astimezone(UTC)

        def wait(self, event: threading.Event, seconds: float) -> bool:
            return event.wait(min(seconds, 0.05))

    _put(folder, "open_records", partial(open_records, clock=StandingClock()))
    _put(backup, "SystemClock", StandingClock)


@contextlib.contextmanager
def _reading_here() -> Iterator[None]:
    """Within the block files are read in this process; one that would start reader processes all the same is a mistake."""
    import pebble

    from intake.edges.executors import pebble_pool
    from intake.edges.executors.inline import InlineExecutor

    kept = pebble_pool.PebbleExecutor, pebble.ProcessPool
    _put(pebble_pool, "PebbleExecutor", lambda *_, **__: InlineExecutor())
    _put(pebble, "ProcessPool", None)
    try:
        yield
    finally:
        _put(pebble_pool, "PebbleExecutor", kept[0])
        _put(pebble, "ProcessPool", kept[1])


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Within the block nothing is printed, not to streams that loggers keep for later either."""
    kept = {stream: os.dup(stream) for stream in (1, 2)}
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in kept:
        os.dup2(nowhere, stream)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for stream, before in kept.items():
            os.dup2(before, stream)
            os.close(before)
        os.close(nowhere)


def _put(owner: object, name: str, new: object) -> None:
    """For the rest of this process."""
    setattr(owner, name, new)


def _strike_at_the_next(known: Path, order: Order) -> None:
    from tests.reliability.durable_steps import Step, Watch

    struck = set(known.read_text("utf-8").splitlines()) if known.exists() else set()

    def arrived(step: Step, moment: str) -> None:
        line = f"{step.file}\t{step.line}\t{step.function}\t{step.deed}\t{moment}"
        if line in struck or (order.only_at and not any(part in step.name for part in order.only_at)):
            return
        with known.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        os.kill(os.getpid(), signal.SIGKILL)

    Watch([Path(order.folder), *map(Path, order.watch)], arrived).install()


if __name__ == "__main__":
    sys.exit(main())
