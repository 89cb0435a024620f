"""A command as a process of its own: wall clock, processor time, memory of it and of its whole tree."""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_SAMPLE_SECONDS = 0.25


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    wall_seconds: float
    cpu_seconds: float
    """User and system time, ended children included."""
    main_cpu_seconds: float
    """Of the process itself, as last seen; the rest is its children's."""
    machine_cpu_seconds: float
    """Everything that ran on the machine meanwhile, and what its host took away: a quiet machine shows little more than we used."""
    main_rss_bytes: int
    """Highest resident memory seen of the process itself."""
    tree_rss_bytes: int
    """Highest sum over it and its children; pages they share count for each."""


class MeasuredProcess:
    """Starts at once; `stop_watch` at the moment that counts, `finish` when it has ended."""

    def __init__(self, command: Sequence[str], *, log: Path, cwd: Path | None = None) -> None:
        self._log = log.open("ab")
        self._before, self._machine_before = _children_seconds(), _busy_seconds()
        self._started = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=self._log, stderr=self._log, cwd=cwd)
        self._wall_seconds: float | None = None
        self._main = self._tree = 0
        self._main_cpu_seconds = 0.0
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()

    def stop_watch(self) -> None:
        """What comes after this is not counted as wall clock."""
        self._wall_seconds = time.perf_counter() - self._started

    def finish(self, *, within_seconds: float) -> tuple[int, Cost]:
        """Wait for its end; exit status and cost. Raises: subprocess.TimeoutExpired."""
        try:
            status = self.process.wait(within_seconds)
        finally:
            self._ended.set()
            self._log.close()
        if self._wall_seconds is None:
            self.stop_watch()
        assert self._wall_seconds is not None
        self._sampler.join()
        spent = _children_seconds() - self._before
        busy = _busy_seconds() - self._machine_before
        return status, Cost(self._wall_seconds, spent, self._main_cpu_seconds, busy, self._main, self._tree)

    def _sample(self) -> None:
        with suppress(psutil.NoSuchProcess):
            main = psutil.Process(self.process.pid)
            while not self._ended.wait(_SAMPLE_SECONDS):
                own = main.memory_info().rss
                self._main = max(self._main, own)
                self._main_cpu_seconds = sum(main.cpu_times()[:2])
                self._tree = max(self._tree, own + sum(_rss(child) for child in main.children(recursive=True)))


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _busy_seconds() -> float:
    """Processor time the whole machine has spent, not idle and not waiting for a disk."""
    times = psutil.cpu_times()._asdict()
    return float(sum(times.get(name, 0.0) for name in ("user", "nice", "system", "irq", "softirq", "steal")))


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
