"""Times as mail programs write them above what they quote: 2022年12月4日(星期日) 晚上8:15. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_DAY = re.compile(r"((?:19|20)\d{2})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
_TIME = re.compile(
    r"(?:(上午|中午|下午|晚上|凌晨|早上|傍晚)\s*+)?(\d{1,2})\s*+[:：时]\s*+(\d{2})(?:\s*+[:：]\s*+(\d{2}))?(?:\s*+([AP]\.?M\.?))?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?\b")
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_ENGLISH_DAY = re.compile(
    r"\b(?:(\d{1,2})\s++)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*+\.?\s*+(?:(\d{1,2})\b(?!:))?,?\s*+((?:19|20)\d{2})",
    re.IGNORECASE,
)
_LONGEST = 120


def read_moment(written: str, *, zone: str) -> datetime | None:
    """The moment a mail program wrote, aware; None when it cannot be read.

    Without an offset of its own it is local time of `zone`. Seconds that are not written are none: who sent it gains.
    Source: letters of QQ Mail, NetEase, Foxmail, Outlook, Apple Mail and Gmail.
    """
    written = written.strip()[:_LONGEST]
    internet = _internet(written)
    if internet is not None:
        return internet
    day, rest = _day(written)
    time = _TIME.search(rest)
    if day is None or time is None:
        return None
    part, hour, minute, second, half = time.groups()
    hours = _hour(int(hour), part, half)
    try:
        local = datetime(*day, hours, int(minute), int(second or 0), tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
    offset = _OFFSET.search(rest[time.end() :])
    if offset is None:
        return local
    return _internet_offset(local, offset)


def _internet(written: str) -> datetime | None:
    """As RFC 5322 writes it, with its offset."""
    if not re.search(r"[+-]\d{4}", written):
        return None
    try:
        at = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo is not None else None


def _internet_offset(local: datetime, offset: re.Match[str]) -> datetime | None:
    sign, hours, minutes = offset.groups()
    try:
        return datetime.fromisoformat(f"{local:%Y-%m-%dT%H:%M:%S}{sign}{int(hours):02}:{minutes or '00'}")
    except ValueError:
        return None


def _day(written: str) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month and day, and what is written beside them."""
    if found := _DAY.search(written):
        year, month, day = (int(part) for part in found.groups())
    elif found := _ENGLISH_DAY.search(written):
        before, name, after, written_year = found.groups()
        if not (before or after):
            return None, written
        year, month, day = int(written_year), _MONTHS[name.casefold()], int(before or after)
    else:
        return None, written
    return (year, month, day), f"{written[: found.start()]} {written[found.end() :]}"


def _hour(hour: int, part: str | None, half: str | None) -> int:
    """0 to 23. 晚上8:15 is 20:15; 下午15:08, as some write, is 15:08; 中午12:30 is 12:30."""
    afternoon = part in ("下午", "晚上", "傍晚") or (half or "").casefold().startswith("p")
    morning = part in ("凌晨", "早上", "上午") or (half or "").casefold().startswith("a")
    if afternoon and hour < 12:
        return hour + 12
    if part == "中午" and hour < 3:
        return hour + 12
    return 0 if morning and hour == 12 else hour
