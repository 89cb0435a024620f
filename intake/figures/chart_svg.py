"""Pictures as SVG: for the page, where its style sheet colours them, and as files that need nothing else. Pure but for its template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from intake.figures.charts import COLOURS, BarChart, Chart, DayChart, Tone

if TYPE_CHECKING:
    from jinja2 import Template

_WIDTH = 640.0
_DAYS_HEIGHT = 150.0
_BAR_STEP = 28.0
_LABELS = 200.0
_COUNTS = 60.0
_TOP = 18.0
_KEY_HEIGHT = 28.0


@dataclass(frozen=True, slots=True)
class _Rect:
    x: float
    y: float
    width: float
    height: float
    tone: Tone
    says: str


@dataclass(frozen=True, slots=True)
class _Label:
    x: float
    y: float
    text: str
    anchor: str = "middle"
    is_loud: bool = False
    size: int = 11


def chart_svg(chart: Chart, *, standalone: bool = False) -> str:
    """The picture, 640 units wide; every colour has its word, every piece its numbers.

    `standalone`: with colours and a white ground of its own, for a file.
    """
    rects, labels, height = _days(chart) if isinstance(chart, DayChart) else _bars(chart)
    keys, at = [], 0.0
    for series in chart.series:
        keys.append((series, at))
        at += 14.0 * len(series.word) + 40.0
    return _template().render(
        title=chart.title,
        says=describe_chart(chart),
        width=_WIDTH,
        height=height + _KEY_HEIGHT,
        rects=rects,
        labels=labels,
        keys=keys,
        key_y=height + 6,
        colours=COLOURS,
        standalone=standalone,
    )


def describe_chart(chart: Chart) -> str:
    """What a picture shows, in one sentence for those who do not see it."""
    if isinstance(chart, DayChart):
        named = [(f"{each.day.month}月{each.day.day}日", each.counts) for each in chart.columns]
    else:
        named = [(bar.label, bar.counts) for bar in chart.bars]
    said = [
        label + "".join(f"{series.word}{count}" for series, count in zip(chart.series, counts, strict=True) if count)
        for label, counts in named
        if any(counts)
    ]
    return f"{chart.title}：{'；'.join(said) or '还没有'}。"


def _days(chart: DayChart) -> tuple[list[_Rect], list[_Label], float]:
    step = _WIDTH / max(1, len(chart.columns))
    each = step * 0.8 / max(1, len(chart.series))
    ground = _TOP + _DAYS_HEIGHT
    rects, labels = [], []
    for place, column in enumerate(chart.columns):
        left = place * step + step * 0.1
        day = f"{column.day.month}月{column.day.day}日"
        for number, (series, count) in enumerate(zip(chart.series, column.counts, strict=True)):
            if count:
                tall = max(2.0, _DAYS_HEIGHT * count / chart.peak)
                says = f"{day} {series.word}{count}"
                rects.append(_Rect(left + number * each, ground - tall, each - 1, tall, series.tone, says))
        middle = place * step + step / 2
        if any(column.counts):
            top = ground - _DAYS_HEIGHT * max(column.counts) / chart.peak
            labels.append(_Label(middle, top - 4, "/".join(str(count) for count in column.counts if count), size=10))
        first = place == 0 or column.day.day == 1
        shown = f"{column.day.month}.{column.day.day}" if first else str(column.day.day)
        labels.append(_Label(middle, ground + 16, shown, is_loud=column.day == chart.closes_on))
    return rects, labels, ground + 24


def _bars(chart: BarChart) -> tuple[list[_Rect], list[_Label], float]:
    room = _WIDTH - _LABELS - _COUNTS
    rects, labels = [], []
    for place, bar in enumerate(chart.bars):
        y, x = _TOP + place * _BAR_STEP, _LABELS
        labels.append(_Label(_LABELS - 8, y + 13, bar.label, anchor="end", size=13))
        for series, count in zip(chart.series, bar.counts, strict=True):
            if count:
                wide = room * count / chart.peak
                rects.append(_Rect(x, y, wide, 17, series.tone, f"{bar.label} {series.word}{count}{chart.unit}"))
                x += wide
        labels.append(_Label(x + 6, y + 13, f"{bar.total}{chart.unit}", anchor="start", size=13))
    return rects, labels, _TOP + len(chart.bars) * _BAR_STEP


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(
        files("intake.figures").joinpath("templates", "chart.svg.j2").read_text(encoding="utf-8")
    )
