"""Where everything of a picture lies, for whoever draws it: the page, a mail, a file. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intake.figures.charts import BarChart, Chart, DayChart, Tone

WIDTH = 640.0
NARROW_WIDTH = 352.0
"""For a phone: fewer days, less room for labels, words as large as on a desk."""
_NARROW_DAYS = 14
_DAYS_HEIGHT = 150.0
_BAR_STEP = 28.0
_LABELS = 200.0
_NARROW_LABELS = 112.0
_COUNTS = 60.0
_TOP = 18.0
_KEY_HEIGHT = 28.0
_BAR_LABEL = 13
_LATIN = 0.55
"""Width of a Latin letter in heights of a line; a Chinese one is as wide as high."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A piece of a bar."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone
    says: str = ""
    """Its numbers, for those who point at it; empty beside a word that says it."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words on a line."""

    x: float
    y: float
    """Of the line they stand on."""
    text: str
    anchor: Literal["start", "middle", "end"] = "middle"
    is_loud: bool = False
    size: int = 11


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture in units of its own, as wide as asked for, the origin at its upper left."""

    height: float
    rects: tuple[Rect, ...]
    labels: tuple[Label, ...]


def lay_out(chart: Chart, *, width: float = WIDTH) -> Layout:
    """The picture; every colour has its word below, every piece its numbers. `width`: `WIDTH` or `NARROW_WIDTH`."""
    rects, labels, height = _days(chart, width) if isinstance(chart, DayChart) else _bars(chart, width)
    at, y = 0.0, height + 6
    for series in chart.series:
        rects.append(Rect(at, y, 12, 12, series.tone))
        labels.append(Label(at + 18, y + 11, series.word, anchor="start", size=12))
        at += 14.0 * len(series.word) + 40.0
    closes_on = chart.closes_on if isinstance(chart, DayChart) else None
    if closes_on is not None and isinstance(chart, DayChart) and any(each.day == closes_on for each in chart.columns):
        ends = f"{closes_on.month}月{closes_on.day}日截止"
        labels.append(Label(width, y + 11, ends, anchor="end", is_loud=True, size=12))
    return Layout(height + _KEY_HEIGHT, tuple(rects), tuple(labels))


def _days(chart: DayChart, width: float) -> tuple[list[Rect], list[Label], float]:
    columns = chart.columns if width >= WIDTH else chart.columns[-_NARROW_DAYS:]
    step = width / max(1, len(columns))
    each = step * 0.8 / max(1, len(chart.series))
    ground = _TOP + _DAYS_HEIGHT
    rects, labels = [], []
    for place, column in enumerate(columns):
        left = place * step + step * 0.1
        day = f"{column.day.month}月{column.day.day}日"
        for number, (series, count) in enumerate(zip(chart.series, column.counts, strict=True)):
            if count:
                tall = max(2.0, _DAYS_HEIGHT * count / chart.peak)
                says = f"{day} {series.word}{count}"
                rects.append(Rect(left + number * each, ground - tall, each - 1, tall, series.tone, says))
        middle = place * step + step / 2
        if any(column.counts):
            top = ground - _DAYS_HEIGHT * max(column.counts) / chart.peak
            labels.append(Label(middle, top - 4, "/".join(str(count) for count in column.counts if count), size=10))
        first = place == 0 or column.day.day == 1
        shown = f"{column.day.month}.{column.day.day}" if first else str(column.day.day)
        labels.append(Label(middle, ground + 16, shown, is_loud=column.day == chart.closes_on))
    return rects, labels, ground + 24


def _bars(chart: BarChart, width: float) -> tuple[list[Rect], list[Label], float]:
    left = _LABELS if width >= WIDTH else _NARROW_LABELS
    room = width - left - _COUNTS
    rects, labels = [], []
    for place, bar in enumerate(chart.bars):
        y, x = _TOP + place * _BAR_STEP, left
        labels.append(Label(left - 8, y + 13, _fitting(bar.label, left - 8), anchor="end", size=_BAR_LABEL))
        for series, count in zip(chart.series, bar.counts, strict=True):
            if count:
                wide = room * count / chart.peak
                rects.append(Rect(x, y, wide, 17, series.tone, f"{bar.label} {series.word}{count}{chart.unit}"))
                x += wide
        labels.append(Label(x + 6, y + 13, f"{bar.total}{chart.unit}", anchor="start", size=_BAR_LABEL))
    return rects, labels, _TOP + len(chart.bars) * _BAR_STEP


def _fitting(label: str, width: float) -> str:
    """As much of it as has room left of the bars."""
    room, kept = width / _BAR_LABEL, ""
    for char in label:
        room -= 1 if ord(char) > 0x2E7F else _LATIN
        if room < 1 and len(kept) < len(label) - 1:
            return f"{kept}…"
        kept += char
    return kept
