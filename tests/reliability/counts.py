"""What a harness tried and found: a line at the end of the run, and one in the file that `make torture` reads."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from tests.reliability.account import Account
from tests.reliability.forking_host import ForkingHost
from tests.reliability.playing import Played

COUNTS_FILE = "INTAKE_TORTURE_COUNTS"
"""Environment variable: the file that lines are added to."""


def note(
    record_property: Callable[[str, object], None], harness: str, host: ForkingHost, **found: Played | Account
) -> None:
    """Put down what `harness` did: kills, and what its `account` and `played` history say."""
    played, account = found["played"], found["account"]
    assert isinstance(played, Played)
    assert isinstance(account, Account)
    line = {
        "harness": harness,
        "kills": played.kills,
        "letters": account.letters,
        "lost": account.lost,
        "filed_twice": account.filed_twice,
        "answered_twice": account.sent_twice,
        "wrong": len(played.broken) + len(played.odd_ends) + len(account.broken),
        "peak_bytes": host.peak_bytes,
        "longest_seconds": host.longest_seconds,
    }
    record_property("reliability", line)
    if named := os.environ.get(COUNTS_FILE):
        with Path(named).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")
