"""How far something is that takes a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext


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


def sign_of_life(what: str) -> AbstractContextManager[object]:
    """Something that moves on a screen while the block runs, for what cannot be counted; nothing in a pipe."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(what)
