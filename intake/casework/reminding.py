"""When a sender is reminded of what is still open. Pure: the same times in give the same times out.

A reminder has a day (so many days before the material is due, moved off days without office hours)
and leaves within office hours of that day or, when that was not possible, of a later one before the due time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

REST = timedelta(hours=24)
"""Nobody hears from us by himself so soon after another letter of ours."""

_INSTANT = timedelta(microseconds=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When people are written to unasked, in the campaign's time zone."""

    opens: time
    closes: time
    """Exclusive, later than `opens`."""
    weekdays: frozenset[int]
    """1 (Monday) to 7; not empty."""
    zone: ZoneInfo

    def next_moment(self, at: datetime) -> datetime:
        """`at` when it lies within office hours, else when they begin next. In the time zone of the office."""
        local = at.astimezone(self.zone)
        if local.isoweekday() in self.weekdays and local.time() < self.closes:
            return max(local, self._opening(local.date()))
        return self._opening(next(self._days(local.date() + timedelta(days=1), 1)))

    def opening_on_or_before(self, day: date) -> datetime:
        """When the office opens on `day`, or on the last day before on which it does."""
        return self._opening(next(self._days(day, -1)))

    def _opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.zone)

    def _days(self, first: date, step: int) -> Iterator[date]:
        days = (first + timedelta(days=step * ahead) for ahead in range(_WEEK))
        return (day for day in days if day.isoweekday() in self.weekdays)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A case whose sender has been asked for more, as far as times go. All aware."""

    asked_at: datetime
    """When the last request left."""
    due_at: datetime
    """Exclusive: until when the material is awaited."""
    reminded_at: datetime | None = None
    """When the last reminder of it was written; None when there was none."""
    told_at: datetime | None = None
    """When the last letter of ours of any kind left for the same address; None when it was the request."""


def repair_due_at(
    asked_at: datetime, *, closes_at: datetime | None, repair_days: int, zone: ZoneInfo
) -> datetime | None:
    """Until when what was asked for at `asked_at` may come: the close, or the end of the last of `repair_days`.

    The later of the two, exclusive; None when the campaign names neither, or the close has passed and no days are given.
    """
    if repair_days:
        last = asked_at.astimezone(zone).date() + timedelta(days=repair_days + 1)
        given = datetime.combine(last, time.min, zone)
        return given if closes_at is None else max(given, closes_at)
    return closes_at if closes_at is not None and asked_at < closes_at else None


def reminds_at(awaited: Awaited, hours: OfficeHours, *, days: Sequence[int], now: datetime) -> datetime | None:
    """When its next reminder may leave, not before `now`; None when none is left before the material is due.

    `days`: how many days ahead of the due day there is one. Of several whose day has come only one is sent: it
    says what all of them would. A request that left after a reminder's day has said it itself.
    """
    said_at = max(awaited.asked_at, awaited.reminded_at or awaited.asked_at)
    rested_at = max(awaited.asked_at, awaited.told_at or awaited.asked_at) + REST
    for ahead in sorted(set(days), reverse=True):
        begins_at = _day_of(awaited, hours, ahead)
        if begins_at is None or begins_at <= said_at:
            continue
        at = hours.next_moment(max(begins_at, rested_at, now))
        return at if at < awaited.due_at else None
    return None


def _day_of(awaited: Awaited, hours: OfficeHours, ahead: int) -> datetime | None:
    """When office opens on the day of the reminder; None when that leaves no office hours before the due time.

    A day off is moved forward, so that time is left to act; only a request that came later moves it back.
    """
    last = (awaited.due_at - _INSTANT).astimezone(hours.zone).date()
    day = last - timedelta(days=ahead)
    opening = hours.opening_on_or_before(day)
    if opening <= awaited.asked_at and opening.date() < day:
        opening = hours.next_moment(datetime.combine(day, time.min, hours.zone))
    return opening if opening < awaited.due_at else None
