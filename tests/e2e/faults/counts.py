"""What harnesses of faults have tried and found, one JSON line each, for a table of all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.e2e.faults.trial import Trial

COUNTS_FILE = "INTAKE_TORTURE_COUNTS"
"""Environment variable: the file that lines are added to; nothing is written without it."""


@dataclass
class Counts:
    """Sums over trials."""

    harness: str
    tried: int = 0
    struck: int = 0
    """Exchanges, or moments, that were broken."""
    lost: int = 0
    """Letters without a record, or answers that were never sent."""
    filed_twice: int = 0
    answered_twice: int = 0
    """Letters that left twice, as the same bytes: what the link's end after the final dot allows."""
    wrong: int = 0
    """Trials that ended otherwise than they should."""
    what_was_wrong: list[str] = field(default_factory=list)

    def add(self, day: Trial, wrong: list[str]) -> None:
        """One more trial."""
        self.tried += 1
        self.struck += len(day.imap.struck) + len(day.smtp.struck)
        self.lost += sum("lost: " in each for each in wrong)
        self.filed_twice += max(0, len(day.world.cases()) - 1)
        replies = day.world.replies()
        self.answered_twice += len(replies) - len({(reply.to, reply.kind) for reply in replies})
        self.wrong += bool(wrong)
        self.what_was_wrong += wrong


@contextmanager
def counted(harness: str) -> Iterator[Counts]:
    """Counts that are written down when the block ends."""
    counts = Counts(harness)
    try:
        yield counts
    finally:
        named = os.environ.get(COUNTS_FILE)
        if named:
            with Path(named).open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(counts), ensure_ascii=False) + "\n")
