"""Measures the digest: `python -m bench.digest [CASES]`. Wall and processor time of what is told, written and masked."""

from __future__ import annotations

import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

from bench.many_cases import make_folder
from intake.bootstrap import make_digest_desk
from intake.cli.folder import records_of

OUT = Path(__file__).resolve().parent / "out"
SECONDS_AT_MOST = 5.0
STREETS, UNITS = 12, 240


def main() -> int:
    """Exit status 0 when the digest of a whole campaign was written within the time, and that of one day too."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    folder = make_folder(OUT / f"many-{cases}", cases)
    (folder / "roster.csv").write_text(_roster(), encoding="utf-8")
    slowest = 0.0
    with records_of(folder) as records:
        desk, now = make_digest_desk(records), records.clock.now()
        for name, since in (("whole campaign", None), ("one day", now - timedelta(days=1))):
            begun, cpu = time.perf_counter(), time.process_time()
            draft = desk.write(since_at=since, until_at=now)
            seconds, busy = time.perf_counter() - begun, time.process_time() - cpu
            slowest = max(slowest, seconds)
            print(
                f"{cases} cases, {name}: {seconds:.1f} s ({busy:.1f} s of processor time), {len(draft.html) / 1e3:.0f} kB"
            )
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory")
    return 0 if slowest <= SECONDS_AT_MOST else 1


def _roster() -> str:
    rows = (f"第{number % STREETS + 1}街道,第{number + 1}社区,,,u{number}@qq.example,1" for number in range(UNITS))
    return "\n".join(["街道,单位,别名,联系人,邮箱,数额", *rows])


if __name__ == "__main__":
    sys.exit(main())
