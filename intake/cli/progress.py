"""How far something is that takes a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_of(what: str) -> Iterator[Callable[[int, int], None]]:
    """A line on a screen that counts what is done of all; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return

    def show(done: int, of_all: int) -> None:
        sys.stderr.write(f"\r{what} {done}/{of_all}")
        sys.stderr.flush()

    yield show
    sys.stderr.write("\r\x1b[K")
