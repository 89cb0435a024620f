"""Reading tasks, and how many of them one errand to a reader process takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from parsers.facts import Reading
from parsers.reading import read_file

ERRAND_FILES = 8
ERRAND_BYTES = 16_000_000
"""Most files, and most bytes together, that one errand takes: a Word file and the photos beside it."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read, and the folder its members go to."""

    path: Path
    folder: Path
    size_bytes: int
    run: Callable[..., Reading]
    sha256: str
    """Its hash, or that of the set it is the first of, by our own reckoning."""


def errands(tasks: Mapping[str, Task]) -> Iterator[list[str]]:
    """The keys of `tasks` in order, as many at a time as one errand takes; a larger file goes alone."""
    errand: list[str] = []
    total_bytes = 0
    for key, task in tasks.items():
        if task.run is not read_file:
            yield [key]
            continue
        if errand and (len(errand) == ERRAND_FILES or total_bytes + task.size_bytes > ERRAND_BYTES):
            yield errand
            errand, total_bytes = [], 0
        errand.append(key)
        total_bytes += task.size_bytes
    if errand:
        yield errand


def one_of(together: Future[tuple[Reading, ...]], place: int) -> Reading:
    """The reading at `place` of those an errand brings back."""
    return together.result()[place]
