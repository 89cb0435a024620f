"""`intake run` as a process of its own, which a test may kill, or make die or hang at a chosen instruction.

As a script: `python worker_process.py FOLDER WHERE NUMBER HOW ARGUMENTS…` runs the command line with
ARGUMENTS; at the NUMBER-th arrival at WHERE it dies as by `kill -9`, or hangs for good.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_started: list[subprocess.Popen[bytes]] = []

PLACES: dict[str, tuple[str, str, str]] = {
    # place: (module, what, before or after it)
    "raw letter durable, row not written": ("storage.letters", "Incoming.commit", "after"),
    "sightings written, no body fetched": ("intake.desks.collect", "CollectDesk._fetch_bodies", "before"),
    "letter row written in an open transaction": ("storage.rows.sightings", "SightingRows.attach", "before"),
    "letter collected": ("intake.desks.collect", "CollectDesk._fetch", "after"),
    "letter read, facts not stored": ("intake.desks.read", "ReadDesk._record", "before"),
    "letter filed in an open transaction": ("intake.desks.file", "FileDesk._file", "after"),
    "letter filed": ("intake.desks.file", "FileDesk._file_safely", "after"),
    "claimed, nothing said to the server": ("intake.desks.post", "PostDesk._send", "before"),
    "accepted by the server, not put down": ("intake.desks.post", "PostDesk._sent", "before"),
    "sent": ("intake.desks.post", "PostDesk._sent", "after"),
    "about to be filed": ("intake.desks.file", "FileDesk._file", "before"),
    "about to be collected": ("intake.desks.collect", "CollectDesk.turn", "before"),
}


def start(
    folder: Path, *arguments: str, place: str = "", number: int = 1, how: str = "die", silence: str = ""
) -> subprocess.Popen[bytes]:
    """Start the command line on the working folder `folder`; its output goes to `folder`/output.txt."""
    with (folder / "output.txt").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, __file__, place, str(number), how, silence, *arguments, "-C", str(folder)],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    _started.append(process)
    return process


def end_all() -> None:
    """End what a failed test left running."""
    while _started:
        process = _started.pop()
        process.kill()
        process.wait(30)


def _arm(place: str, number: int, how: str) -> None:
    module, path, when = PLACES[place]
    owner: Any = import_module(module)
    *owners, name = path.split(".")
    for each in owners:
        owner = getattr(owner, each)
    properly: Callable[..., Any] = getattr(owner, name)
    arrivals = itertools.count(1)

    def armed(*args: Any, **kwargs: Any) -> Any:
        if when == "before" and next(arrivals) == number:
            _strike(how)
        result = properly(*args, **kwargs)
        if when == "after" and next(arrivals) == number:
            _strike(how)
        return result

    setattr(owner, name, armed)


def _strike(how: str) -> None:
    if how == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(3600)


def main() -> int:
    """Run as the module's docstring says."""
    place, number, how, silence, *arguments = sys.argv[1:]
    if silence:  # seconds a desk may be silent, for tests that cannot wait minutes
        from intake import worker
        from intake.edges import attempts

        properly = worker.Heartbeats.__init__

        def patient(self: Any, silence_seconds: dict[str, float], **more: Any) -> None:
            properly(self, dict.fromkeys(silence_seconds, float(silence)), **more)

        worker.Heartbeats.__init__ = patient  # type: ignore[method-assign]  # only in this process
        attempts.ENDS_TOGETHER = timedelta(seconds=float(silence) / 4)  # shorter than a silence here too
    if place:
        _arm(place, int(number), how)
    from intake.__main__ import main as command_line

    return command_line(arguments)


if __name__ == "__main__":
    sys.exit(main())
