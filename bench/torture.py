"""Everything that can be done to the service, at length, and one table of what became of it.

    python -m bench.torture [kills] [faults] [inputs] [hostile] [writers]

Runs the harnesses of `tests/reliability`, `tests/e2e/faults`, `tests/fuzz` and `tests/hostile` in their long forms (all
of them when none is named) and prints what they tried and found. Ends with status 1 when a letter was lost, a case filed
twice, or anything else was not as promised. `INTAKE_FUZZ_SEED` gives other moments and inputs. Times are measured and
printed, none is asserted: other work may go on beside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
HARNESSES: Mapping[str, tuple[str, ...]] = {
    "kills": ("tests/reliability", "tests/e2e/test_killed_worker.py"),
    "faults": ("tests/e2e/faults",),
    "inputs": ("tests/fuzz",),
    "hostile": ("tests/hostile",),
    "writers": ("tests/storage/test_many_writers.py",),
}
COUNTS_FILE = "INTAKE_TORTURE_COUNTS"
LONG_FORMS = {"INTAKE_TORTURE": "1", "INTAKE_FUZZ_INPUTS": "2000"}
HEADINGS = (
    "harness", "kills", "faults", "inputs tried", "letters lost", "filed twice", "answered twice", "wrong", "peak MB", "worst s",
)  # fmt: skip
SUMMED = ("kills", "struck", "inputs", "lost", "filed_twice", "answered_twice", "wrong")
LARGEST = ("peak_bytes", "longest_seconds")
TWICE = (
    "answered twice: the same bytes under the same Message-ID, because process or link ended between the final dot and the"
    " server's answer; an answer in two forms, or twice for another reason, is counted as wrong."
)
NOTES = (TWICE, "wrong: whatever else was not as promised; failed tests are named above.")


def main(words: Sequence[str]) -> int:
    """Run what is named; 1 when something was not as promised, 2 when a name means nothing."""
    unknown = [word for word in words if word not in HARNESSES]
    if unknown:
        print(f"no such harness: {', '.join(unknown)}; there are {', '.join(HARNESSES)}", file=sys.stderr)
        return 2
    named = words or tuple(HARNESSES)
    chosen = [path for word in named for path in HARNESSES[word]]
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.jsonl"
        environment = {**LONG_FORMS, **os.environ, COUNTS_FILE: str(counts)}
        # One process: what is measured of a worker should not share its processor with another harness.
        command = [sys.executable, "-m", "pytest", "-n", "0", "--timeout", "7200", *chosen]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        lines = counts.read_text("utf-8").splitlines() if counts.exists() else []
    figures = [json.loads(line) for line in lines]
    if "hostile" in named:
        figures += [hostile_files(), hostile_patterns(), hostile_texts()]
    for line in report(figures):
        print(line)
    return 1 if status or not is_well(figures) else 0


def hostile_files() -> dict[str, Any]:
    """All hostile files at full size, read with the limits of the product; wrong are those that went beyond a limit."""
    from bench.hostile import measured
    from parsers.limits import DEFAULT_LIMITS as LIMITS

    costs = [(name, cost) for name, _, cost in measured()]
    beyond = [
        name
        for name, cost in costs
        if cost.written_bytes > LIMITS.members_bytes or cost.peak_bytes > LIMITS.memory_bytes
    ]
    for name in beyond:
        print(f"beyond a limit: {name}", file=sys.stderr)
    return {
        "harness": "hostile files",
        "inputs": len(costs),
        "wrong": len(beyond),
        "peak_bytes": max(cost.peak_bytes for _, cost in costs),
        "longest_seconds": max(cost.seconds for _, cost in costs),
    }


def hostile_patterns() -> dict[str, Any]:
    """All regular expressions with the texts that hurt each most; wrong are those that grow too fast or were not found."""
    from bench.patterns import found_steep, longest_seconds, texts_of
    from tests.hostile.pattern_builds import BUILDS
    from tests.hostile.patterns import all_patterns

    patterns, untold = all_patterns(BUILDS)
    wrong = [*map(str, found_steep(patterns)), *untold]
    for each in wrong:
        print(f"a pattern: {each}", file=sys.stderr)
    return {
        "harness": "patterns",
        "inputs": texts_of(patterns),
        "wrong": len(wrong),
        "longest_seconds": longest_seconds(patterns),
    }


def hostile_texts() -> dict[str, Any]:
    """All functions that take a stranger's text, with texts of one thing; wrong are those that grow too fast or were left."""
    from bench.text_functions import found_steep, longest_seconds
    from tests.hostile.text_functions import UNITS, text_functions

    functions, left = text_functions()
    wrong = [*map(str, found_steep(functions)), *left]
    for each in wrong:
        print(f"a function: {each}", file=sys.stderr)
    return {
        "harness": "functions of text",
        "inputs": len(functions) * len(UNITS),
        "wrong": len(wrong),
        "longest_seconds": longest_seconds(functions),
    }


def is_well(figures: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nothing was lost, filed twice or otherwise wrong, and something was tried at all. Pure."""
    total = summed(figures)
    tried = total["kills"] + total["struck"] + total["inputs"]
    return tried > 0 and not (total["lost"] or total["filed_twice"] or total["wrong"])


def summed(figures: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """All lines as one: counts added, times and memory the largest. Pure."""
    total: dict[str, Any] = dict.fromkeys((*SUMMED, *LARGEST), 0)
    for line in figures:
        for key in SUMMED:
            total[key] += line.get(key, 0)
        for key in LARGEST:
            total[key] = max(total[key], line.get(key, 0))
    return total


def report(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """The table: a row for each harness, lines of one name added up, one for all, and what the words mean. Pure."""
    names = dict.fromkeys(str(line["harness"]) for line in figures)
    rows = [_row(name, summed(line for line in figures if line["harness"] == name)) for name in names]
    rows = [HEADINGS, *rows, _row("all", summed(figures))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    table = ["  ".join(_cell(row, column, widths[column]) for column in range(len(row))).rstrip() for row in rows]
    return [*table, "", *NOTES]


def _cell(row: tuple[str, ...], column: int, width: int) -> str:
    return row[column].ljust(width) if column == 0 else row[column].rjust(width)


def _row(name: str, total: Mapping[str, Any]) -> tuple[str, ...]:
    peak, worst = total["peak_bytes"], total["longest_seconds"]
    return (
        name,
        *(f"{total[key]:,}" for key in SUMMED),
        f"{peak / 1e6:.0f}" if peak else "",
        f"{worst:.1f}" if worst else "",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
