"""The reader processes of the page, started when first needed."""

from __future__ import annotations

import threading

from intake.bootstrap import make_offline_executor
from intake.edges.executors import Executor


class PageReaders:
    """Hands out one executor to all who open files for the page."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._executor: Executor | None = None

    def get(self) -> Executor:
        """The executor; it stays until `close`."""
        with self._turn:
            if self._executor is None:
                self._executor = make_offline_executor()
            return self._executor

    def close(self) -> None:
        """End the reader processes, if any were started."""
        with self._turn:
            if self._executor is not None:
                self._executor.close()
                self._executor = None
