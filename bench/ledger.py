"""Measures the ledger: `python -m bench.ledger [CASES]`. Wall and processor time, size, the most memory."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from bench.many_cases import make_folder
from intake.cli.ledger import make_ledger

OUT = Path(__file__).resolve().parent / "out"
SECONDS_AT_MOST = 20.0


def main() -> int:
    """Exit status 0 when it was written within the time."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    folder = make_folder(OUT / f"many-{cases}", cases)
    target = folder / "台账.xlsx"
    begun, cpu = time.perf_counter(), time.process_time()
    make_ledger(folder, target, masked=False)
    seconds, busy = time.perf_counter() - begun, time.process_time() - cpu
    print(
        f"{cases} cases: {seconds:.1f} s ({busy:.1f} s of processor time), "
        f"{target.stat().st_size / 1e6:.1f} MB, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory"
    )
    return 0 if seconds <= SECONDS_AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
