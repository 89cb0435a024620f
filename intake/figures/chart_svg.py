"""Pictures as SVG: for the page, where its style sheet colours them, and as files that need nothing else. Pure but for its template."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from intake.figures.chart_layout import WIDTH, lay_out
from intake.figures.charts import COLOURS, Chart, DayChart

if TYPE_CHECKING:
    from jinja2 import Template


def chart_svg(chart: Chart, *, width: float = WIDTH) -> str:
    """The picture for the page; `width` in units of its own, `WIDTH` for a desk or `NARROW_WIDTH` for a phone."""
    return _drawn(chart, heading="", note="", width=width)


def chart_svg_file(chart: Chart, *, heading: str, note: str) -> str:
    """The picture as a file: with colours and a white ground of its own, its heading and a note above it."""
    return _drawn(chart, heading=heading, note=note, width=WIDTH)


def _drawn(chart: Chart, *, heading: str, note: str, width: float) -> str:
    return _template().render(
        title=chart.title,
        says=describe_chart(chart),
        width=width,
        layout=lay_out(chart, width=width),
        colours=COLOURS,
        standalone=bool(heading),
        heading=heading,
        note=note,
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


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(
        files("intake.figures").joinpath("templates", "chart.svg.j2").read_text(encoding="utf-8")
    )
