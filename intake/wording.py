"""How dates, sizes and strangers' words are written in what we send. Pure.

Replies and digest are neighbours and may not know each other; what both need to
write alike lies here. Sentences do not: those are in the language files.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from intake.unlinking import unlink

QUOTED_CHARACTERS = 80
"""Longest piece of a stranger's text we repeat."""

_LINK_CHARACTERS = 2_000
_TEST_PREFIX = "测试-"
_SENDER = re.compile(r"(.*?)<?([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,120})>?", re.DOTALL)
_FILE_ENDING = re.compile(r"[.．][A-Za-z0-9]{1,5}$")


@dataclass(frozen=True, slots=True)
class DateWords:
    """How one language writes a day. Placeholders: year month date weekday month_name day hour minute."""

    weekdays: tuple[str, ...]
    """Seven, Monday first."""
    months: tuple[str, ...]
    """Twelve names; the numbers where a language has none."""
    day: str
    """With the weekday: 2022年12月20日（星期二）."""
    plain_day: str
    """Without it, for the line under the signature."""
    moment: str
    """A day and a time of day; `{hour}` and `{minute}` are two digits."""
    close_hour: str
    """An end of intake on the full hour; `{hour}` is 1 to 24."""
    close_minute: str

    def write_day(self, at: datetime, zone: str) -> str:
        """The local day of `at`, with its weekday."""
        return self.day.format(**self._parts(at.astimezone(ZoneInfo(zone))))

    def write_plain_day(self, at: datetime, zone: str) -> str:
        """The local day of `at`, without weekday."""
        return self.plain_day.format(**self._parts(at.astimezone(ZoneInfo(zone))))

    def write_moment(self, at: datetime, zone: str) -> str:
        """Local day and time of `at`, to the minute."""
        local = at.astimezone(ZoneInfo(zone))
        return self.moment.format(day=self.write_day(at, zone), hour=f"{local.hour:02}", minute=f"{local.minute:02}")

    def write_close(self, closes_at: datetime, zone: str) -> str:
        """An exclusive end as people say it: midnight belongs to the day before and is its 24th hour."""
        local = closes_at.astimezone(ZoneInfo(zone))
        hour = local.hour
        if (local.hour, local.minute) == (0, 0):
            local, hour = local - timedelta(days=1), 24
        pattern = self.close_minute if local.minute else self.close_hour
        return pattern.format(day=self.day.format(**self._parts(local)), hour=hour, minute=f"{local.minute:02}")

    def _parts(self, local: datetime) -> dict[str, str | int]:
        return {
            "year": local.year,
            "month": local.month,
            "date": local.day,
            "month_name": self.months[local.month - 1],
            "weekday": self.weekdays[local.weekday()],
        }


CHINESE_DATES = DateWords(
    weekdays=("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    months=tuple(str(month) for month in range(1, 13)),
    day="{year}年{month}月{date}日（{weekday}）",
    plain_day="{year}年{month}月{date}日",
    moment="{day}{hour}:{minute}",
    close_hour="{day}{hour}时",
    close_minute="{day}{hour}时{minute}分",
)


def write_short_moment(at: datetime, zone: str) -> str:
    """Day and time without year and weekday, for lists that are read on a phone: 12月15日06:19."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.month}月{local.day}日{local:%H:%M}"


def clean_text(text: str, limit: int = QUOTED_CHARACTERS) -> str:
    """A stranger's words, safe to repeat on one line: at most `limit` characters.

    Control, bidirectional and unassigned characters go, white space becomes single
    spaces, and what a mail program would turn into a link is written so that it does
    not: a letter of ours must not carry somebody's advertisement.
    Of a text that is too long the start is kept, and of a file name its ending too.
    """
    return _shorten(unlink(_flat(text)), limit)


def clean_line(text: str, limit: int = QUOTED_CHARACTERS) -> str:
    """As `clean_text`, for pages of our own, where nothing becomes a link unasked: addresses stay as they can be copied."""
    return _shorten(_flat(text), limit)


def _flat(text: str) -> str:
    visible = text if text.isprintable() else _visible(text)  # nearly all are, and lists hold tens of thousands
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def _visible(text: str) -> str:
    return "".join(
        " " if char.isspace() or unicodedata.category(char) in {"Zl", "Zp"} else char
        for char in text
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )


def clean_sender(text: str, limit: int = QUOTED_CHARACTERS) -> str:
    """A sender for an organizer, who may need to copy the address: the name cleaned, one plain address left as it is."""
    match = _SENDER.fullmatch(text.strip())
    if match is None:
        return clean_text(text, limit)
    name, address = match.groups()
    return f"{clean_text(name, limit)} <{address}>" if name.strip() else address


def clean_link(url: str) -> str:
    """An address for an organizer to copy: as it is, in ASCII, without anything that could end it or hide in it.

    For addresses of known file services only; what else strangers write goes through `clean_text`, which no mail
    program turns into a link.
    """
    kept = "".join(char for char in url if not char.isspace() and unicodedata.category(char)[0] != "C")
    return quote(kept, safe="!#$%&'()*+,/:;=?@[]~-._")[:_LINK_CHARACTERS]


def mask_address(address: str) -> str:
    """An address as far as somebody else may know it: `str***@126.com`; empty for what is none."""
    name, at, domain = address.strip().rpartition("@")
    return f"{name[: min(3, len(name) - 1) or 1]}***@{domain}" if at and name else ""


def clean_title(title: str, limit: int = QUOTED_CHARACTERS) -> str:
    """A case's title between 《 and 》; inner title marks become 〈 and 〉. Empty for an empty title. Source: GB/T 15834."""
    inner = clean_text(title, limit).strip()
    if inner.startswith("《") and inner.endswith("》") and inner.count("《") == 1:
        inner = inner[1:-1]
    inner = inner.replace("《", "〈").replace("》", "〉").strip()
    return f"《{inner}》" if inner else ""


def write_size(size_bytes: int) -> str:
    """A file size as people read it: 356KB, 1.2MB. Units: 1024; at least 1KB."""
    if size_bytes < 1024 * 1000:
        return f"{max(1, round(size_bytes / 1024))}KB"
    return f"{size_bytes / 1024 / 1024:.1f}MB"


def write_test_number(number: str, *, test: bool) -> str:
    """`number`, begun with 测试- in test mode, once."""
    return f"{_TEST_PREFIX}{number}" if test and not number.startswith(_TEST_PREFIX) else number


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    ending = _FILE_ENDING.search(text)
    tail = ending.group() if ending else ""
    return f"{text[: limit - 1 - len(tail)].rstrip()}…{tail}"
