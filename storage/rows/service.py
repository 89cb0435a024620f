"""Rows about the service itself: signs of life, marks, events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from storage import tables
from storage.dialects import insert_missing, insert_or_update
from storage.records.running import EventRecord, HeartbeatRecord
from storage.rows.mapping import Rows, as_row

_marks = tables.marks
_heartbeats = tables.heartbeats
_events = tables.events


class ServiceRows(Rows):
    """Heartbeats, marks (one JSON value each) and events for the digest."""

    def beat(self, desk: str, *, at: datetime, busy_since: datetime | None = None, note: str = "") -> None:
        """Record a desk's sign of life."""
        beat = HeartbeatRecord(desk=desk, at=at, busy_since=busy_since, note=note)
        insert_or_update(self._connection, _heartbeats, as_row(beat))

    def heartbeats(self) -> tuple[HeartbeatRecord, ...]:
        """The last sign of life of each desk, by name; empty when none."""
        return self._all(HeartbeatRecord, select(_heartbeats).order_by(_heartbeats.c.desk))

    def get_mark(self, key: str) -> Any:
        """The value kept under `key`, None when there is none."""
        return self._connection.execute(select(_marks.c.value).where(_marks.c.key == key)).scalar_one_or_none()

    def put_mark(self, key: str, value: Any) -> None:
        """Keep `value` (JSON) under `key`; None forgets it."""
        if value is None:
            self._connection.execute(delete(_marks).where(_marks.c.key == key))
        else:
            insert_or_update(self._connection, _marks, {"key": key, "value": value})

    def put_mark_once(self, key: str, value: Any) -> Any:
        """Keep `value` under `key` unless one is there; return the one that stands (`first_run_at`)."""
        insert_missing(self._connection, _marks, [{"key": key, "value": value}])
        return self.get_mark(key)

    def add_event(self, desk: str, kind: str, text: str, *, at: datetime) -> None:
        """Record a failure or recovery for the digest."""
        self._connection.execute(insert(_events).values(at=at, desk=desk, kind=kind, text=text))

    def events(
        self, *, since_at: datetime | None = None, before_at: datetime | None = None, limit: int | None = None
    ) -> tuple[EventRecord, ...]:
        """Events from `since_at` on and before `before_at`, oldest first; empty when none."""
        chosen = select(_events).order_by(_events.c.at, _events.c.id).limit(limit)
        if since_at is not None:
            chosen = chosen.where(_events.c.at >= since_at)
        if before_at is not None:
            chosen = chosen.where(_events.c.at < before_at)
        return self._all(EventRecord, chosen)

    def skip_case_numbers(self, count: int) -> None:
        """Leave the next `count` case numbers of every prefix unused, for good."""
        counters = tables.counters
        cases = counters.c.name.startswith("case:", autoescape=True)
        self._connection.execute(update(counters).where(cases).values(value=counters.c.value + count))
