"""Dates, Message-IDs and the hosts a letter passed. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from parsers.facts import ReceivedHop

MOST_REFERENCES = 200
MOST_HOPS = 100
_CHINA = timezone(timedelta(hours=8))
_BRACKETED = re.compile(r"<([^<>]*)>")
_COMMENT = re.compile(r"\([^()]*\)")
_BY = re.compile(r"(?:^|[\s)])by\s+([^\s;()]+)", re.IGNORECASE)
_OFFSET = re.compile(r"(?:(?<=\s)|(?<=:\d\d))[+-]\d{1,2}:?\d{2}(?!\d)")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CALENDAR = frozenset(_WEEKDAYS + _MONTHS)


def parse_date(text: str) -> datetime | None:
    """A moment in UTC; None when absent, unreadable, without a zone or outside 1990 to 2099.

    A bare "CST" is China's: the same letters mean US Central elsewhere, but clients that write
    them here are Chinese, and the earlier reading never costs a submitter the deadline.
    Source: RFC 5322 §3.3 with its obsolete forms; ISO 8601 as some gateways write it.
    """
    text = text.strip()[:200]
    if not text:
        return None
    try:
        fields = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        fields = None
    try:
        if fields is None:
            moment = datetime.fromisoformat(text)
        else:
            zone = _zone(text, fields[9])
            if zone is None:
                return None
            year, month, day, hour, minute, second = fields[:6]
            moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
        if moment.tzinfo is None or not 1990 <= moment.year < 2100:
            return None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_message_ids(text: str) -> tuple[str, ...]:
    """Message-IDs without angle brackets, in order, once each, at most `MOST_REFERENCES` (the latest are kept).

    Comments and folding inside go; without any brackets, every word with an at-sign is one.
    Source: RFC 5322 §3.6.4.
    """
    found = ["".join(each.split()) for each in _BRACKETED.findall(text)]
    if not any(found):
        found = [word.strip("<>,;\"'") for word in _COMMENT.sub(" ", text).split() if "@" in word]
    return tuple(dict.fromkeys(each for each in found if each))[-MOST_REFERENCES:]


def parse_message_id(text: str) -> str | None:
    """The letter's own Message-ID without brackets; whatever stands there when it is malformed; None when empty."""
    found = parse_message_ids(text)
    return found[0] if found else "".join(_COMMENT.sub(" ", text).split()).strip("<>") or None


def parse_received(values: tuple[str, ...]) -> tuple[ReceivedHop, ...]:
    """One hop per Received header, topmost first, at most `MOST_HOPS`. Source: RFC 5321 §4.4."""
    hops = []
    for value in values[:MOST_HOPS]:
        route, _, date = value.rpartition(";")
        host = _BY.search(route or value)
        hops.append(ReceivedHop(by=host[1].strip(".") if host else "", at=parse_date(date) if route else None))
    return tuple(hops)


def _zone(text: str, offset_seconds: int | None) -> timezone | None:
    if re.search(r"\bCST\b", text) and not _OFFSET.search(text):
        return _CHINA
    named = {word.lower()[:3] for word in re.findall(r"[A-Za-z]+", text)} - _CALENDAR
    # The library gives 0 for "no zone at all" as well; a time of nowhere is not a moment.
    if offset_seconds is None or abs(offset_seconds) >= 24 * 3600 or not (named or _OFFSET.search(text)):
        return None
    return timezone(timedelta(seconds=offset_seconds))
