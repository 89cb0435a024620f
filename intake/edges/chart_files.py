"""The pictures of a campaign as files to hand on: each as SVG, and as PNG where this machine has a font for it. Peer: its fonts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from intake.edges.chart_png import chart_png
from intake.figures.chart_svg import chart_svg_file
from intake.figures.charts import Chart
from intake.figures.file_names import safe_name
from intake.wording import CHINESE_DATES


def chart_files(charts: Sequence[Chart], *, campaign: str, at: datetime, zone: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, in the order of the pictures: `各类别案例.svg`, `各类别案例.png`."""
    # The day alone: a picture that tells nothing new stays as it is in a folder that is brought up to date.
    note = f"{campaign}　截至{CHINESE_DATES.write_plain_day(at, zone)}"
    for chart in charts:
        name = safe_name(chart.title)
        yield f"{name}.svg", chart_svg_file(chart, heading=chart.title, note=note).encode()
        png = chart_png(chart, heading=chart.title, note=note)
        if png is not None:
            yield f"{name}.png", png
