"""What files made to hurt cost: time, memory and disk of each, read with the limits of the product.

    python -m bench.hostile [NAME...]

Prints one row for each file as it stands in `docs/security.md`. Each is read by a process of its own.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.hostile.bombs import FILES, LETTERS
from tests.hostile.readers import Cost, read


def main(names: Sequence[str]) -> None:
    """Print the table, row by row."""
    print("| file | on the wire | ends as | files | written | time | memory |\n|---|---|---|---|---|---|---|")
    for name, size_bytes, cost in measured(names):
        ends = ", ".join(cost.outcomes) or f"read ({', '.join(cost.formats)})"
        print(
            f"| {name} | {_size(size_bytes)} | {ends} | {cost.files:,} | {_size(cost.written_bytes)} "
            f"| {cost.seconds:.1f} s | {_size(cost.peak_bytes)} |",
            flush=True,
        )


def measured(names: Sequence[str] = ()) -> Iterator[tuple[str, int, Cost]]:
    """Name, size and cost of each file, or of those named, one after the other."""
    for name, make in (FILES | LETTERS).items():
        if not names or name in names:
            with tempfile.TemporaryDirectory() as folder:
                cost = read(make, Path(folder), letter=name in LETTERS)
            yield name, len(make()), cost


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.0f} MB" if size_bytes >= 1e6 else f"{max(1, round(size_bytes / 1e3)):,} kB"


if __name__ == "__main__":
    main(sys.argv[1:])
