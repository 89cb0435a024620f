"""Where readers run: one protocol, several implementations."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from parsers.limits import Limits

T = TypeVar("T")


class Executor(Protocol):
    """Runs a reading task somewhere it can be killed."""

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        """Run `task(*args)` under `limits`; `task` and `args` must pickle.

        The future raises ReaderLostError when the process was stopped or crashed, and
        whatever the task raised otherwise.
        """
        ...

    def close(self) -> None:
        """Stop at once; unfinished tasks are cancelled. Never raises."""
        ...
