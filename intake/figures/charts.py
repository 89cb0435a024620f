"""Pictures as data: days up to the close, and bars. Drawn as tables in mail and as SVG on the page. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from intake.wording import clean_text

Tone = Literal["arrived", "good", "wait", "look", "none"]

COLOURS: dict[Tone, str] = {
    "arrived": "#4a8bd6",
    "good": "#2f9e62",
    "wait": "#d9922b",
    "look": "#8e6bd0",
    "none": "#9aa3ad",
}
"""Middle tones: told apart on white and on black alike, since mail programs of phones turn backgrounds round."""

COLUMNS = 21
"""Days in one picture: as many as a phone shows side by side."""
_AHEAD = 14
"""So close, the day of the close is in the picture."""
_BARS = 24
_OTHERS = "其他"
_BY_CATEGORY = "各类别案例"
_UNNAMED = "未注明类别"
_LABEL_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class Series:
    """What one colour stands for."""

    word: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One calendar day."""

    day: date
    counts: tuple[int, ...]
    """One for each series; all 0 for days to come."""


@dataclass(frozen=True, slots=True)
class DayChart:
    """Counts day by day, oldest first, without gaps."""

    title: str
    series: tuple[Series, ...]
    columns: tuple[DayColumn, ...]
    today: date
    closes_on: date | None = None
    """The last day of the intake."""

    @property
    def peak(self) -> int:
        """The highest count; at least 1."""
        return max((count for column in self.columns for count in column.counts), default=0) or 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened on any of the days."""
        return not any(any(column.counts) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, made of pieces."""

    label: str
    counts: tuple[int, ...]
    """One for each series."""

    @property
    def total(self) -> int:
        """All pieces together."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars below one another."""

    title: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    unit: str = "件"

    @property
    def peak(self) -> int:
        """The longest bar; at least 1."""
        return max((bar.total for bar in self.bars), default=0) or 1

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.total for bar in self.bars)


Chart = DayChart | BarChart

CASES = (Series("齐全", "good"), Series("待完善", "wait"), Series("核对中", "look"))
"""Colours of bars that count cases."""
_PLACE = {"accepted": 0, "needs_fix": 1, "waiting": 1, "needs_human": 2, "open": 2}
UNITS = (Series("已报", "good"), Series("待完善", "wait"), Series("未报", "none"))
"""Colours of bars that count units of the roster."""


def since_shown(now_at: datetime) -> datetime:
    """From when on `days_to_the_close` counts, whatever the zone; what is older need not be asked for."""
    return now_at - timedelta(days=COLUMNS + 1)


def campaign_charts(
    opened: Iterable[datetime],
    complete: Iterable[datetime],
    categories: Mapping[tuple[str | None, str], int],
    *,
    zone: str,
    now_at: datetime,
    closes_at: datetime | None,
) -> tuple[DayChart, BarChart]:
    """How a campaign stands: when cases were opened and complete, and how many there are by (category, state)."""
    named = Counter[tuple[str, str]]()
    for (category, state), count in categories.items():
        named[category or _UNNAMED, state] += count
    return (
        days_to_the_close(opened, complete, zone=zone, now_at=now_at, closes_at=closes_at),
        cases_by(_BY_CATEGORY, named),
    )


def days_to_the_close(
    opened: Iterable[datetime], complete: Iterable[datetime], *, zone: str, now_at: datetime, closes_at: datetime | None
) -> DayChart:
    """Cases opened and cases complete on each of the last days, up to the close when it is near.

    `closes_at` is exclusive: a close at midnight belongs to the day before.
    """
    clock = ZoneInfo(zone)
    today = now_at.astimezone(clock).date()
    closes_on = (closes_at.astimezone(clock) - timedelta(microseconds=1)).date() if closes_at is not None else None
    last = today
    if closes_on is not None and today < closes_on <= today + timedelta(days=_AHEAD):
        last = closes_on
    counted = [_per_day(times, clock) for times in (opened, complete)]
    days = [last - timedelta(days=COLUMNS - 1 - place) for place in range(COLUMNS)]
    return DayChart(
        title="每天新收与齐全",
        series=(Series("新收", "arrived"), Series("齐全", "good")),
        columns=tuple(DayColumn(day, tuple(counts[day] for counts in counted)) for day in days),
        today=today,
        closes_on=closes_on,
    )


def _per_day(times: Iterable[datetime], clock: ZoneInfo) -> Counter[date]:
    counted: Counter[date] = Counter()
    for at, count in Counter(times).items():  # many of them are the same
        counted[at.astimezone(clock).date()] += count
    return counted


def cases_by(title: str, counted: Mapping[tuple[str, str], int], *, unit: str = "件") -> BarChart:
    """Bars of cases by label, the longest first, from counts by (label, state). Withdrawn and merged ones are left out."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(CASES))
    for (label, state), count in counted.items():
        place = _PLACE.get(state)
        if place is not None:
            counts[label][place] += count
    bars = sorted(
        (Bar(clean_text(label, _LABEL_CHARACTERS), tuple(pieces)) for label, pieces in counts.items()),
        key=lambda bar: (-bar.total, bar.label),
    )
    return BarChart(title, CASES, _fewer(bars), unit)


def _fewer(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """At most so many bars as can be looked at; the rest together."""
    if len(bars) <= _BARS:
        return tuple(bars)
    kept, rest = bars[: _BARS - 1], bars[_BARS - 1 :]
    return (*kept, Bar(_OTHERS, tuple(map(sum, zip(*(bar.counts for bar in rest), strict=True)))))
