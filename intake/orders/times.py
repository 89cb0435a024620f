"""How much longer: 三天, 一周, 至12月25日, 到12月25日17时, 至2022-12-25. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from intake.orders.numbers import ONE_WIDTH
from intake.orders.order import Until

MOST_DAYS = 120
"""Longer than a campaign is ever extended; a larger number is a slip."""

_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_HOURS = {"上": range(13), "中": range(11, 15), "下": range(12, 24), "晚": range(17, 25)}
"""The hours that people call so."""
_COUNT = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_MORE = rf"(?P<count>{_COUNT})\s?个?(?P<unit>天|日|周|星期|礼拜)"
_DAY = r"(?:(?P<year>\d{4})\s?[年/.-]\s?)?(?P<month>\d{1,2})\s?[月/.-]\s?(?P<day>\d{1,2})\s?[日号]?"
_HOUR = r"(?:\s?(?P<noon>上午|中午|下午|晚上?)?\s?(?P<hour>\d{1,2})(?:[:](?P<minute>\d{2})|\s?[时点](?:(?P<minutes>\d{1,2})分)?(?P<half>半)?整?))?"
UNTIL = rf"(?:(?:{_MORE})|(?:(?:延|推迟)?[至到为]\s?)?{_DAY}{_HOUR}\s?(?:前|为止|止|截止)?)"
"""Matches one such phrase; its groups are read by `until_of`."""


def until_in(written: str, *, now_at: datetime, zone: ZoneInfo) -> Until | None:
    """The time `written` names as people write it: 12月25日, 12-25 17:00, 12月25日下午5点; None when it is none."""
    found = re.fullmatch(UNTIL, written.translate(ONE_WIDTH).strip())
    return until_of(found, now_at=now_at, zone=zone) if found else None


def until_of(found: re.Match[str], *, now_at: datetime, zone: ZoneInfo) -> Until | None:
    """The time a match of `UNTIL` names; None when there is no such day or it lies behind us.

    A day is inclusive (至12月25日 ends with the 25th), a day without a year is the next one ahead.
    """
    if found["count"]:
        days = _number(found["count"]) * (1 if found["unit"] in ("天", "日") else 7)
        return Until(days=days) if 0 < days <= MOST_DAYS else None
    today = now_at.astimezone(zone).date()
    years = (int(found["year"]),) if found["year"] else (today.year, today.year + 1)
    for year in years:
        at = _end(found, year, zone)
        if at is not None and now_at < at <= now_at + timedelta(days=MOST_DAYS + 1):
            return Until(at=at)
    return None


def _end(found: re.Match[str], year: int, zone: ZoneInfo) -> datetime | None:
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        hour = _hour(int(found["hour"]), found["noon"]) if found["hour"] else 24
        minute = 30 if found["half"] else int(found["minute"] or found["minutes"] or 0)
        if hour == 24 and minute == 0:
            day, hour = day + timedelta(days=1), 0
        return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _hour(written: int, part: str | None) -> int:
    """The hour of the day, 24 for its end: 晚上12点. Raises: ValueError for one that is not of that part, as 晚上1点."""
    if not part:
        return written
    meant = [hour for hour in (written, written + 12) if hour in _HOURS[part[0]]]
    if not meant:
        raise ValueError(f"{part}{written}点")
    return meant[0]


def _number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _DIGITS.get(written, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
