"""Pictures as files: a PNG is looked at by its colours, an SVG by its words."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageColor

from intake.edges import chart_png
from intake.edges.chart_files import chart_files
from intake.figures.charts import COLOURS, Tone, cases_by
from tests.intake.figures.days import MORNING, pictures

ZONE = "Asia/Shanghai"
LEGEND_PIXELS = (12 * chart_png.SCALE) ** 2
needs_font = pytest.mark.skipif(chart_png.drawing_font() is None, reason="no font with Chinese letters here")


def coloured(png: bytes, tone: Tone) -> int:
    """Pixels of a tone, without the square that explains it; a palette may be off by a shade."""
    found = Image.open(io.BytesIO(png)).convert("RGB").getcolors(1 << 24)
    assert found is not None
    wanted = ImageColor.getrgb(COLOURS[tone])
    near = sum(
        count
        for count, colour in found
        if isinstance(colour, tuple) and max(abs(a - b) for a, b in zip(colour, wanted, strict=True)) < 10
    )
    return near - LEGEND_PIXELS


@needs_font
def test_a_png_has_bars_as_long_as_their_counts() -> None:
    chart = cases_by("各类别案例", {("甲", "accepted"): 1, ("甲", "needs_fix"): 3, ("乙" * 30, "needs_human"): 4})

    png = chart_png.chart_png(chart, heading="各类别案例" * 30, note="截至2022年12月15日")

    assert png is not None
    good, wait, look = (coloured(png, tone) for tone in ("good", "wait", "look"))
    assert [wait / good, look / good] == pytest.approx([3, 4], rel=0.02)


@needs_font
def test_each_picture_is_an_svg_and_a_png_of_the_same_name() -> None:
    files = dict(chart_files(pictures(), campaign="湖里区征集", at=MORNING, zone=ZONE))

    assert list(files) == [f"{name}.{kind}" for name in ("每天新收与齐全", "各类别案例") for kind in ("svg", "png")]
    words = "".join(ET.fromstring(files["每天新收与齐全.svg"]).itertext())
    assert [each in words for each in ("湖里区征集　截至2022年12月15日", "12月20日截止", "新收")] == [True] * 3
    assert files == dict(chart_files(pictures(), campaign="湖里区征集", at=MORNING, zone=ZONE))


def test_where_no_font_is_there_are_svgs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_png, "_FONTS", (("/nowhere/font.ttc", 0),))

    files = dict(chart_files(pictures(), campaign="<湖里>", at=MORNING, zone=ZONE))

    assert list(files) == ["每天新收与齐全.svg", "各类别案例.svg"]
    assert "&lt;湖里&gt;" in files["各类别案例.svg"].decode()
