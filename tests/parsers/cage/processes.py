"""Which processes still run; the kernel may take a moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import psutil

_PATIENCE_SECONDS = 20.0


def wait_until(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


def running_with(marker: str) -> list[str]:
    """Command lines with `marker` in them."""
    lines = (" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"]))
    return [line for line in lines if marker in line]


def all_gone(processes: Sequence[psutil.Process]) -> bool:
    """Whether none of `processes` runs any more."""
    return wait_until(lambda: not any(_runs(process) for process in processes))


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
