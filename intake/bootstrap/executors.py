"""The reader processes."""

from __future__ import annotations

from config.settings import Settings
from intake.edges.executors import Executor


def make_executor(settings: Settings) -> Executor:
    """The reader processes."""
    from intake.edges.executors.pebble_pool import PebbleExecutor

    return PebbleExecutor(settings.readers.processes, preload=("parsers.reading",))


def make_offline_executor() -> Executor:
    """Reader processes for one command."""
    from intake.edges.executors.pebble_pool import PebbleExecutor

    return PebbleExecutor(2)
