from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from intake.figures.chart_layout import NARROW_WIDTH, lay_out
from intake.figures.chart_svg import chart_svg, chart_svg_file, describe_chart
from intake.figures.charts import COLUMNS, Bar, DayChart, cases_by, days_to_the_close
from tests.intake.figures.days import CHINA, CLOSES_AT, MORNING, pictures

MIDNIGHT = datetime(2022, 12, 15, tzinfo=CHINA)


def days(now: datetime, closes_at: datetime | None = CLOSES_AT) -> DayChart:
    opened = [MIDNIGHT - timedelta(seconds=1), MIDNIGHT, MIDNIGHT]
    return days_to_the_close(opened, [MIDNIGHT], zone="Asia/Shanghai", now_at=now, closes_at=closes_at)


def test_a_day_begins_at_midnight_of_the_campaign() -> None:
    counted = {column.day: column.counts for column in days(MORNING).columns if any(column.counts)}

    assert counted == {date(2022, 12, 14): (1, 0), date(2022, 12, 15): (2, 1)}


@pytest.mark.parametrize(
    ("now", "closes_at", "last"),
    [
        (MORNING, CLOSES_AT, date(2022, 12, 20)),
        (MORNING - timedelta(days=20), CLOSES_AT, date(2022, 11, 25)),
        (CLOSES_AT + timedelta(hours=8), CLOSES_AT, date(2022, 12, 21)),
        (MORNING, None, date(2022, 12, 15)),
    ],
    ids=["the close is near", "the close is far", "after the close", "no close"],
)
def test_the_picture_ends_with_the_close_when_it_is_near(now: datetime, closes_at: datetime | None, last: date) -> None:
    chart = days(now, closes_at)

    assert (len(chart.columns), chart.columns[-1].day) == (COLUMNS, last)


def test_cases_are_counted_by_label_and_how_they_stand() -> None:
    chart = cases_by(
        "各类别案例", {("甲", "accepted"): 2, ("甲", "waiting"): 1, ("乙", "needs_human"): 4, ("丙", "withdrawn"): 9}
    )

    assert chart.bars == (Bar("乙", (0, 0, 4)), Bar("甲", (2, 1, 0)))


def test_beyond_what_can_be_looked_at_bars_are_put_together() -> None:
    chart = cases_by("各类别案例", {(f"类{number:02}", "accepted"): 1 for number in range(30)})

    assert (len(chart.bars), chart.bars[-1]) == (24, Bar("其他", (7, 0, 0)))


@pytest.mark.parametrize("standalone", [False, True])
def test_svg_draws_every_count_and_holds_nothing_a_strict_page_refuses(*, standalone: bool) -> None:
    for chart in pictures():
        drawn = chart_svg_file(chart, heading="湖里", note="截至") if standalone else chart_svg(chart)

        root = ET.fromstring(drawn)
        pieces = sum(1 for element in root.iter() if element.find("{*}title") is not None) - 1
        counts = (
            [column.counts for column in chart.columns]
            if isinstance(chart, DayChart)
            else [b.counts for b in chart.bars]
        )
        assert pieces == sum(1 for each in counts for count in each if count)
        assert re.findall(r"style=|<style|<script|href|url\(", drawn) == []
        assert root.get("aria-label") == describe_chart(chart)


def test_hostile_labels_make_no_tag() -> None:
    drawn = chart_svg(cases_by("各类别案例", {('<script>"x', "accepted"): 1}))

    assert "<script" not in drawn
    assert ET.fromstring(drawn).tag.endswith("svg")


def test_a_picture_for_a_phone_shows_the_last_fortnight_in_words_as_large_and_stays_within_its_width() -> None:
    chart = days_to_the_close(
        [MIDNIGHT], [MIDNIGHT], zone="Asia/Shanghai", now_at=MIDNIGHT, closes_at=MIDNIGHT + timedelta(hours=1)
    )
    bars = cases_by("各类别案例", {("一个很长很长很长的类别名称", "accepted"): 7, ("短", "needs_fix"): 1})

    wide, narrow = lay_out(chart), lay_out(chart, width=NARROW_WIDTH)

    days = [sum(label.size == 11 for label in layout.labels) for layout in (wide, narrow)]
    assert days == [COLUMNS, 14]
    for layout in (narrow, lay_out(bars, width=NARROW_WIDTH)):
        assert max(rect.x + rect.width for rect in layout.rects) <= NARROW_WIDTH
        assert {label.size for label in layout.labels} <= {10, 11, 12, 13}
