"""Reading in the caller's own thread: for tests and tiny runs. Nothing can be killed, no limit is enforced."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from parsers.limits import Limits

T = TypeVar("T")


class InlineExecutor:
    """Runs each task at once; the future it returns is done."""

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:  # noqa: ARG002 - the protocol's
        """Run `task(*args)` now."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(task(*args))
        except Exception as error:  # noqa: BLE001 - whatever the task raised belongs to the future
            future.set_exception(error)
        return future

    def close(self) -> None:
        """Nothing to stop."""
