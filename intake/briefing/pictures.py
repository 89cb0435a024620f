"""The pictures of how a campaign stands, from counts alone: day by day, by category, by street.

Peers: the caller's view of the records, the working folder's roster.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from intake.briefing.expected import roster_of, rosters
from intake.calls import Call
from intake.figures.charts import Chart, campaign_charts, since_shown
from intake.figures.roster_report import roster_chart
from storage.unit_of_work import View


def campaign_pictures(
    view: View, calls: Mapping[str, Call], *, folder: Path, at: datetime, with_tests: bool
) -> dict[str, tuple[Chart, ...]]:
    """By campaign, in their order, the pictures that show anything.

    `folder`: the working folder, where a roster may lie. `with_tests`: cases of a trial run count too.
    """
    test = None if with_tests else False
    roster, _trouble = roster_of(folder)
    units = {id_: view.figures.units(id_, test=test) for id_ in calls} if roster else {}
    streets = [roster_chart(each) for each in rosters(view, units, calls, roster, at=at, address="")]
    found = {}
    for place, (id_, call) in enumerate(calls.items()):
        charts = (*_of(view, id_, call, at=at, test=test), *streets[place : place + 1])
        found[id_] = tuple(chart for chart in charts if not chart.is_empty)
    return found


def _of(view: View, id_: str, call: Call, *, at: datetime, test: bool | None) -> tuple[Chart, Chart]:
    since = since_shown(at)
    return campaign_charts(
        view.figures.cases_opened(id_, since_at=since, test=test),
        view.figures.cases_accepted(id_, since_at=since, test=test),
        view.figures.cases_by_category(id_, test=test),
        zone=call.campaign.timezone,
        now_at=at,
        closes_at=call.campaign.closes_at,
    )
