"""The cases as far as they are counted, kept between looks: only what has changed since is asked for again.

Peer: the caller's view of the records.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import repeat

from storage.rows.figures import CaseLine
from storage.unit_of_work import View


class CountedCases:
    """All cases, by id. Twenty thousand of them cost more to fetch than to count."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._lines: dict[int, CaseLine] = {}
        self._changed_at: datetime | None = None
        self._period: object = None

    def lines(self, view: View, *, period: object) -> tuple[CaseLine, ...]:
        """All cases as they are now, oldest first. `period`: when it is another one, nothing kept is trusted.

        What was changed by a clock that had been set back is seen in the next period.
        """
        with self._turn:
            count, changed_at = view.browsing.newest_change()
            since_at = self._changed_at if period == self._period else None
            lines = view.figures.lines(changed_since_at=since_at)
            if since_at is None:
                self._lines = {}
            self._lines.update((line.id, line) for line in lines)
            if len(self._lines) != count:  # some were cleared away
                self._lines = {line.id: line for line in view.figures.lines()}
            self._changed_at, self._period = changed_at, period
            return tuple(self._lines[key] for key in sorted(self._lines))


def of_campaign(lines: Sequence[CaseLine], campaign: str, *, test: bool | None) -> list[CaseLine]:
    """Those of a campaign; `test`: trial cases alone, the others alone, or all."""
    return [line for line in lines if line.campaign == campaign and test in (None, line.test)]


def per_category(lines: Sequence[CaseLine]) -> Counter[tuple[str | None, str]]:
    """How many there are of each category (None: none is known) and state."""
    return Counter((line.category, line.state) for line in lines)


def opened(lines: Sequence[CaseLine], *, since_at: datetime) -> list[datetime]:
    """When those opened from `since_at` on were opened, to the quarter of an hour."""
    per_quarter = Counter(line.opened_seconds for line in lines)
    first = since_at.timestamp()
    return [
        at
        for begun, count in per_quarter.items()
        if begun >= first
        for at in repeat(datetime.fromtimestamp(begun, UTC), count)
    ]
