"""What damaged files cost: how many were read, the slowest of them, and the most memory; printed after the run."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

Clocked = Callable[[str], AbstractContextManager[None]]
"""Around the reading of one damaged file, whose kind it is given."""


@pytest.fixture
def clocked(record_property: Callable[[str, object], None]) -> Iterator[Clocked]:
    """Notes what each damaged file cost this process and the reader processes below it."""
    seconds: dict[str, list[float]] = defaultdict(list)
    peak_bytes: dict[str, int] = defaultdict(int)

    @contextmanager
    def watch(kind: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        seconds[kind].append(time.perf_counter() - began)
        if len(seconds[kind]) % 20 == 1:
            peak_bytes[kind] = max(peak_bytes[kind], _memory_bytes())

    yield watch
    for kind, taken in seconds.items():
        record_property("damaged", (kind, len(taken), max(taken), max(peak_bytes[kind], _memory_bytes())))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each kind of file, over all its batches."""
    rows: dict[str, list[tuple[int, float, int]]] = defaultdict(list)
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "damaged" and report.when == "teardown":
                    kind, *figures = value
                    rows[kind].append(tuple(figures))
    if named := os.environ.get("INTAKE_TORTURE_COUNTS"):
        failed = len(terminalreporter.stats.get("failed", ()))
        with Path(named).open("a", encoding="utf-8") as lines:
            lines.writelines(_counts(kind, figures) for kind, figures in sorted(rows.items()))
            lines.write(json.dumps({"harness": "damaged files", "wrong": failed}) + "\n")
    for kind, figures in sorted(rows.items()):
        terminalreporter.write_line(
            f"{sum(row[0] for row in figures):>6,} damaged {kind:<8} slowest {max(row[1] for row in figures):6.2f} s"
            f"   peak {max(row[2] for row in figures) / 1e6:5.0f} MB"
        )


def _counts(kind: str, figures: list[tuple[int, float, int]]) -> str:
    line = {
        "harness": f"damaged {kind}",
        "inputs": sum(row[0] for row in figures),
        "longest_seconds": max(row[1] for row in figures),
        "peak_bytes": max(row[2] for row in figures),
    }
    return json.dumps(line) + "\n"


def _memory_bytes() -> int:
    """The largest memory held at once by this process or one of those below it."""
    process = psutil.Process()
    held = [process.memory_info().rss]
    for child in process.children(recursive=True):
        with suppress(psutil.Error):
            held.append(child.memory_info().rss)
    return max(held)
