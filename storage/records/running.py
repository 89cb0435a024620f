"""Signs of life and troubles of the service. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatRecord:
    """When a desk last gave a sign of life."""

    desk: str
    at: datetime
    busy_since: datetime | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """A failure or recovery worth a line in the digest."""

    id: int
    at: datetime
    desk: str
    kind: str
    text: str
