"""Readers in processes of their own, which are killed when they take too long. Built on `pebble`.

Each slot is a pool of one process, given one task at a time: a reader that dies, even
while it holds the lock of its pipe, stops nobody else, and a broken slot is replaced.
Processes start by `spawn` and inherit no descriptors. `ProcessPoolExecutor` is no
choice: a killed worker breaks all of it, and its `max_tasks_per_child` can deadlock.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

import pebble

from intake.edges.executors.answers import Answer, Answers, UnusableAnswerError, opened
from intake.edges.executors.apart import OUT_OF_MEMORY, ReaderDiedError
from intake.edges.executors.worker_process import prepare, run_limited
from intake.errors import ReaderLostError
from parsers.limits import Limits

TASKS_PER_PROCESS = 200
"""A process is replaced after so many tasks, so that what C libraries leak stays small."""
TERM_SECONDS = 0.5
"""A reader has nothing to tidy: SIGKILL follows SIGTERM after this (pebble waits 3 s by default)."""

STARTS_AT_MOST = 3
"""A task whose process was gone before the task was known to have begun is given to another, as often in all."""

OVERDUE_SECONDS = 60.0
"""A task this long past its own limit was lost by the pool itself; its slot is replaced."""
_WATCH_SECONDS = 5.0

T = TypeVar("T")


@dataclass(slots=True)
class _Job:
    """A task waiting for a slot."""

    task: Callable[..., Any]
    args: tuple[object, ...]
    limits: Limits
    outcome: Future[Any]
    overdue_at: float = 0.0
    """On the monotonic clock; set when it gets a slot."""
    starts: int = 0
    """How often it got a slot."""


class PebbleExecutor:
    """Runs reading tasks in `processes` killable processes, first come, first served. Thread-safe."""

    def __init__(
        self, processes: int, *, tasks_per_process: int = TASKS_PER_PROCESS, preload: Sequence[str] = ()
    ) -> None:
        """Processes start with the first task. `preload` names modules each imports before its first task."""
        pebble.CONSTS.term_timeout = TERM_SECONDS
        self._tasks_per_process = tasks_per_process
        self._preload = tuple(preload)
        self._lock = threading.Lock()
        self._waiting: deque[_Job] = deque()
        self._free: list[pebble.ProcessPool] = [self._new_slot() for _ in range(max(1, processes))]
        self._busy: dict[pebble.ProcessPool, _Job] = {}
        self._closed = False
        self._stopping = threading.Event()
        self._watch: threading.Thread | None = None

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        """Run `task(*args)` under `limits`; a future of its result.

        The future raises ReaderLostError when the process was stopped or died, or told of an OSError, and
        whatever the task raised otherwise. Cancelling it kills a running reader.
        """
        outcome: Future[T] = Future()
        with self._lock:
            if self._closed:
                outcome.cancel()
                outcome.set_running_or_notify_cancel()
                return outcome
            self._waiting.append(_Job(task, args, limits, outcome))
            if self._watch is None:
                self._watch = threading.Thread(target=self._watch_slots, name="reader-watch", daemon=True)
                self._watch.start()
        self._dispatch()
        return outcome

    def close(self) -> None:
        """Kill the readers; unfinished tasks are cancelled. Never raises."""
        self._stopping.set()
        with self._lock:
            self._closed = True
            unfinished = [*self._waiting, *self._busy.values()]
            slots = [*self._free, *self._busy]
            self._waiting.clear()
            self._free.clear()
            self._busy.clear()
        for job in unfinished:
            job.outcome.cancel()
        for slot in slots:
            _stop(slot)

    def _new_slot(self) -> pebble.ProcessPool:
        return pebble.ProcessPool(
            max_workers=1,
            max_tasks=self._tasks_per_process,
            initializer=prepare,
            initargs=(self._preload,),
            context=multiprocessing.get_context("spawn"),
        )

    def _dispatch(self) -> None:
        """Give waiting tasks to free slots."""
        while True:
            with self._lock:
                if self._closed or not self._waiting or not self._free:
                    return
                job = self._waiting.popleft()
                if job.outcome.cancelled():
                    continue
                slot = self._free.pop()
                job.overdue_at = time.monotonic() + job.limits.wall_seconds + OVERDUE_SECONDS
                job.starts += 1
                self._busy[slot] = job
            self._start(slot, job)

    def _start(self, slot: pebble.ProcessPool, job: _Job) -> None:
        try:
            inner: Future[Any] = slot.schedule(
                run_limited, args=(job.task, job.args, job.limits), timeout=job.limits.wall_seconds
            )
        except Exception as error:  # noqa: BLE001 - the slot broke while idle, or cannot start a process
            self._not_begun(slot, job, ReaderLostError(f"reader could not be started: {error}", timed_out=False))
            return
        job.outcome.add_done_callback(lambda outer: inner.cancel() if outer.cancelled() else None)
        inner.add_done_callback(lambda done: self._ended(slot, job, done))

    def _ended(self, slot: pebble.ProcessPool, job: _Job, done: Future[Any]) -> None:
        """The slot's own thread calls this: free the slot first, then tell."""
        try:
            said = done.result()
            result, error = _value_of(said), None
        except BaseException as raised:  # noqa: BLE001 - everything a reader can end with is told, not raised here
            result, error = None, raised
        if isinstance(error, BrokenProcessPool):
            self._not_begun(slot, job, ReaderLostError(f"reader process lost: {error}", timed_out=False))
            return
        self._finished(slot)
        _settle(job, result=result, error=_told(error, job.limits))

    def _not_begun(self, slot: pebble.ProcessPool, job: _Job, error: ReaderLostError) -> None:
        """The process was gone before pebble knew of the task: the next one gets it, a limited number of times."""
        with self._lock:
            again = job.starts < STARTS_AT_MOST and slot in self._busy and not self._closed
            if again:
                self._waiting.appendleft(job)
        self._finished(slot, broken=True)
        if not again:
            _settle(job, error=error)

    def _watch_slots(self) -> None:
        """Settle tasks their pool forgot (it can break between taking a task and noticing it)."""
        while not self._stopping.wait(_WATCH_SECONDS):
            with self._lock:
                lost = [(slot, job) for slot, job in self._busy.items() if time.monotonic() > job.overdue_at]
            for slot, job in lost:
                self._finished(slot, broken=True)
                _settle(job, error=ReaderLostError("reader pool lost the task", timed_out=True))

    def _finished(self, slot: pebble.ProcessPool, *, broken: bool = False) -> None:
        with self._lock:
            if self._busy.pop(slot, None) is None or self._closed:
                return
            self._free.append(self._new_slot() if broken else slot)
        if broken:
            threading.Thread(target=_stop, args=(slot,), daemon=True).start()  # its own threads cannot join themselves
        self._dispatch()


def _settle(job: _Job, *, result: object = None, error: BaseException | None = None) -> None:
    if job.outcome.done() or not job.outcome.set_running_or_notify_cancel():
        return
    if error is None:
        job.outcome.set_result(result)
    else:
        job.outcome.set_exception(error)


def _value_of(said: object) -> object:
    """What the task gave, or each of its calls. Raises: what it raised, but ReaderLostError for what it says of the machine.

    Trouble with the machine stops the service until it is over; a file that took its reader over could say so for ever.
    """
    if isinstance(said, Answers):
        return tuple(_value_of(each) for each in said.all)
    if not isinstance(said, Answer):
        return said
    try:
        return opened(said)
    except OSError as error:
        raise ReaderLostError(f"reader told of {type(error).__name__}: {error}", timed_out=False) from error


def _told(error: BaseException | None, limits: Limits) -> BaseException | None:
    """What pebble says of a process that is gone, as ReaderLostError; anything else as it is."""
    status = _status_of(error)
    if status is not None:
        if status == OUT_OF_MEMORY:
            return ReaderLostError(f"reader needed more than {limits.memory_bytes} bytes", timed_out=False)
        if status == -getattr(signal, "SIGXCPU", 0):
            return ReaderLostError(f"reader used more than {limits.cpu_seconds} s of CPU", timed_out=True)
        return ReaderLostError(f"reader ended with status {status}", timed_out=False)
    if isinstance(error, UnusableAnswerError):
        return ReaderLostError(f"reader gave no answer: {error}", timed_out=False)
    if isinstance(error, CancelledError):
        return ReaderLostError("reader was stopped", timed_out=False)
    if isinstance(error, TimeoutError) and error.args[:1] == ("Task timeout",):
        return ReaderLostError(f"reader took longer than {limits.wall_seconds} s", timed_out=True)
    return error


def _status_of(error: BaseException | None) -> int | None:
    """The status of a process that is gone; None when `error` tells of something else."""
    if isinstance(error, pebble.ProcessExpired):
        return int(error.exitcode)
    return error.status if isinstance(error, ReaderDiedError) else None


def _stop(slot: Any) -> None:
    with contextlib.suppress(Exception):
        slot.stop()
        slot.join()
