"""Readers that hang or die over one certain file; everything else is read as ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from intake.edges.executors import Executor
from parsers.limits import Limits
from tests.intake.edges.reader_tasks import ignore_sigterm, kill_itself

T = TypeVar("T")


class FaultyReaders:
    """An executor whose process dies, or ignores SIGTERM and hangs, when it is given a file with these bytes."""

    def __init__(self, executor: Executor, bad: bytes, *, hangs: bool, note: Path) -> None:
        self._executor = executor
        self._bad = bad
        self._hangs = hangs
        self.note = note
        """Where a hanging reader leaves its process id."""
        self.lost = 0
        """How many readers were lost."""

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        """As the executor's own, but for the bad file."""
        if not any(path.is_file() and path.read_bytes() == self._bad for path in _paths(args)):
            return self._executor.submit(task, *args, limits=limits)
        self.lost += 1
        if self._hangs:
            self.note.unlink(missing_ok=True)  # what is there already may be read by a task, not written to
            short = limits.model_copy(update={"wall_seconds": 1.0})
            hanging: Future[Any] = self._executor.submit(ignore_sigterm, self.note, limits=short)
            return hanging
        dying: Future[Any] = self._executor.submit(kill_itself, limits=limits)
        return dying

    def close(self) -> None:
        """The processes belong to the session."""


def _paths(value: object) -> Iterator[Path]:
    if isinstance(value, Path):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _paths(each)
