"""Everything that can be done to the service, at length, and one table of what became of it.

    python -m bench.torture [kills] [faults] [inputs]

Runs the harnesses of `tests/reliability`, `tests/e2e/faults` and `tests/fuzz` in their long forms (all of them when
none is named) and prints what they tried and found. Ends with status 1 when a letter was lost, a case filed twice,
or anything else was not as promised. `INTAKE_FUZZ_SEED` gives other moments and inputs.
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
HARNESSES = {
    "kills": "tests/reliability",
    "faults": "tests/e2e/faults",
    "inputs": "tests/fuzz",
    "writers": "tests/storage/test_many_writers.py",
}
COUNTS_FILE = "INTAKE_TORTURE_COUNTS"
LONG_FORMS = {"INTAKE_TORTURE": "1", "INTAKE_FUZZ_INPUTS": "2000"}
HEADINGS = ("harness", "kills", "faults", "inputs", "lost", "filed twice", "sent twice", "wrong", "peak MB", "worst s")
SUMMED = ("kills", "struck", "inputs", "lost", "filed_twice", "answered_twice", "wrong")
LARGEST = ("peak_bytes", "longest_seconds")


def main(words: Sequence[str]) -> int:
    """Run what is named; 1 when something was not as promised."""
    chosen = [HARNESSES[word] for word in words] or list(HARNESSES.values())
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.jsonl"
        environment = {**LONG_FORMS, **os.environ, COUNTS_FILE: str(counts)}
        # One process: what is measured of a worker should not share its processor with another harness.
        command = [sys.executable, "-m", "pytest", "-n", "0", "--timeout", "7200", *chosen]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        lines = counts.read_text("utf-8").splitlines() if counts.exists() else []
    figures = [json.loads(line) for line in lines]
    for line in report(figures):
        print(line)
    return 1 if status or not is_well(figures) else 0


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
    """The table: a row for each harness, lines of one name added up, and one for all. Pure."""
    names = dict.fromkeys(str(line["harness"]) for line in figures)
    rows = [_row(name, summed(line for line in figures if line["harness"] == name)) for name in names]
    rows = [HEADINGS, *rows, _row("all", summed(figures))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return ["  ".join(_cell(row, column, widths[column]) for column in range(len(row))).rstrip() for row in rows]


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
