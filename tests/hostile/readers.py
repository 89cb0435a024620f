"""A hostile file read as in the product, with what it cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from intake.edges.executors import Executor, apart
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.executors.tree import Node, read_tree
from parsers.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True)
class Cost:
    """What became of a file, and what it took."""

    outcomes: tuple[str, ...]
    """Problems in the file and in all it held, each once, sorted; empty when everything was read."""
    formats: tuple[str, ...]
    files: int
    """The file and all that came out of it."""
    written_bytes: int
    """Of everything that came out."""
    seconds: float
    peak_bytes: int
    """Most memory the reader process ever held."""


def peak_bytes() -> int:
    """Highest resident memory of this process and of the tasks before it. Source: proc(5), VmHWM; getrusage(2) for children."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return max(int(line.split()[1]) * 1024, apart.spent.peak_bytes)


def read(
    make: Callable[[], bytes],
    folder: Path,
    *,
    letter: bool,
    limits: Limits = DEFAULT_LIMITS,
    executor: Executor | None = None,
) -> Cost:
    """Write the file, read it and all it holds, tell the cost. Without `executor` a process of its own reads it."""
    path = folder / "hostile"
    path.write_bytes(make())
    # In one process: what it needed at most is asked of it afterwards.
    own = PebbleExecutor(1, preload=("parsers.warm",)) if executor is None else None
    reader = executor or own
    assert reader is not None
    try:
        reader.submit(peak_bytes, limits=limits).result(60)
        began = time.perf_counter()
        root = read_tree(path, folder / "job", executor=reader, limits=limits, letter=letter)
        seconds = time.perf_counter() - began
        peak = reader.submit(peak_bytes, limits=limits).result(60)
    finally:
        if own is not None:
            own.close()
        path.unlink()
    return _cost(root, seconds, peak)


def _cost(root: Node, seconds: float, peak: int) -> Cost:
    nodes = list(root.walk())
    problems = {node.reading.problem.code for node in nodes if node.reading.problem is not None}
    written = sum(node.member.size_bytes for node in nodes if node.member is not None)
    formats = tuple(sorted({node.reading.format for node in nodes}))
    return Cost(tuple(sorted(problems)), formats, len(nodes), written, seconds, peak)
