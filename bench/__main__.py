"""Measures the whole trip and prints one table: `python -m bench [--quick]`. Figures also go to bench/out/result.json."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import structlog

from bench.idle import IdlePoll, measure_idle
from bench.mail_server import FilledDovecot
from bench.readers import measure_readers
from bench.samples import Sample, sample_letters
from bench.table import show
from bench.trip import Run, has_mbsync, run_baseline, run_mbsync, run_service
from tests.servers.dovecot import dovecot_binary
from tests.servers.smtp_sink import USER

OUT = Path(__file__).resolve().parent / "out"
"""Not part of the repository; about 1.5 GB stay there so that the next run need not make the letters again."""


def main() -> int:
    """Exit status 0 when everything that could be measured was."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one run of 20 letters, a folder of 2,000 to look at: to see that it works"
    )
    parser.add_argument("--letters", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--large-folder", type=int, default=50_000)
    asked = parser.parse_args()
    if asked.quick:
        asked.letters, asked.runs, asked.large_folder = 20, 1, 2_000
    silence()
    say(f"{asked.letters} sample letters")
    samples = sample_letters(OUT / "cache", asked.letters)
    result: dict[str, object] = {
        "machine": {"system": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count()},
        "letters": asked.letters,
        "megabytes": round(sum(sample.bytes_with_crlf for sample in samples) / 1e6),
    }
    say("readers")
    result["readers"] = measure_readers(samples[0].path)
    runs: dict[str, list[Run]] = {}
    idle: list[IdlePoll] = []
    if dovecot_binary() is None:
        say("Dovecot is not installed: the trip and the idle poll are not measured (Debian: apt install dovecot-imapd)")
    else:
        runs, idle = measure_with_server(samples, runs=asked.runs, large_folder=asked.large_folder)
    result["runs"] = {name: [asdict(run) for run in of_name] for name, of_name in runs.items()}
    result["idle"] = [asdict(poll) for poll in idle]
    (OUT / "result.json").write_text(json.dumps(result, indent=1), "utf-8")
    show(result)
    return 0


def measure_with_server(
    samples: tuple[Sample, ...], *, runs: int, large_folder: int
) -> tuple[dict[str, list[Run]], list[IdlePoll]]:
    """The contestants in turn, A B C A B C …, so that a machine whose speed drifts treats all alike; then the polls."""
    work = OUT / "work"
    contestants: dict[str, Callable[..., Run]] = {"service": run_service, "baseline": run_baseline}
    if has_mbsync():
        contestants["mbsync"] = run_mbsync
    else:
        say("mbsync is not installed: it does not run beside (Debian: apt install isync)")
    done: dict[str, list[Run]] = {name: [] for name in contestants}
    server = FilledDovecot()
    server.start()
    try:
        server.put_samples(USER, samples)
        say("warming up")
        run_baseline(server, work, letters=len(samples))
        for number in range(1, runs + 1):
            for name, run in contestants.items():
                done[name].append(run(server, work, letters=len(samples)))
                say(f"run {number} of {runs}: {name} {done[name][-1].cost.wall_seconds:.1f} s")
        idle = []
        for letters in (100, large_folder):
            say(f"idle poll on {letters} letters")
            idle.append(measure_idle(server, work / "idle", letters=letters))
    finally:
        server.stop()
    return done, idle


def silence() -> None:
    """Keep the log of what is measured, and aiosmtpd's warnings of a sink without TLS, out of the table."""
    warnings.filterwarnings("ignore", module="aiosmtpd")
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def say(text: str) -> None:
    """Progress, apart from the table."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
