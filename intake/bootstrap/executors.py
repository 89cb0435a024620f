"""The reader processes."""

from __future__ import annotations

from config.settings import Settings
from intake.edges.executors import Executor

_READERS = ("parsers.warm",)
"""What a reader process imports before its first task."""


def make_executor(settings: Settings) -> Executor:
    """The reader processes."""
    from intake.edges.executors.pebble_pool import PebbleExecutor

    return PebbleExecutor(settings.readers.processes, preload=_READERS)


def make_offline_executor() -> Executor:
    """Reader processes for one command."""
    from intake.edges.executors.pebble_pool import PebbleExecutor

    return PebbleExecutor(2, preload=_READERS)
