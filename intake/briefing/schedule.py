"""When digests are due: each day at its time, several times a day in the last days before a close. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.sections import DigestSettings

_AHEAD_DAYS = 9
"""A week and what a change of clocks may cost: a listed weekday is always among them."""


def next_digest_at(
    since_at: datetime, digest: DigestSettings, *, zone: ZoneInfo, closes: Iterable[datetime]
) -> datetime | None:
    """The first time after `since_at` at which a digest is due; None when none is on any day of the week.

    `closes`: the ends (exclusive) of the campaigns.
    """
    ends = tuple(closes)
    first = since_at.astimezone(zone).date()
    for ahead in range(_AHEAD_DAYS):
        day = first + timedelta(days=ahead)
        for at in _times(day, digest, zone, ends):
            moment = datetime.combine(day, at, zone)
            if moment > since_at:
                return moment
    return None


def is_closing_day(day: date, digest: DigestSettings, *, zone: ZoneInfo, closes: Iterable[datetime]) -> bool:
    """Whether `day` is one of the last days before an end; the day of the end itself is the last."""
    last_days = ((end.astimezone(zone) - timedelta(microseconds=1)).date() for end in closes)
    return any(0 <= (last - day).days < digest.closing_days for last in last_days)


def sums_up(day: date, digest: DigestSettings) -> bool:
    """Whether the digest of this day sums up a week."""
    return day.isoweekday() == digest.weekly


def _times(day: date, digest: DigestSettings, zone: ZoneInfo, closes: tuple[datetime, ...]) -> tuple[time, ...]:
    if digest.closing_times and is_closing_day(day, digest, zone=zone, closes=closes):
        return tuple(sorted(set(digest.closing_times)))
    return (digest.at,) if day.isoweekday() in digest.weekdays or sums_up(day, digest) else ()
