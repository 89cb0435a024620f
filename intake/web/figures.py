"""Figures, live: cases by state, letters by what became of them, completeness, alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from config.roster import ROSTER_FILE
from intake.bootstrap import who_works
from intake.briefing.expected import roster_of, rosters
from intake.calls import Call
from intake.deciding import UNDO_FOR, newest_order
from intake.edges.alarms import ALARMS, alarms_from_json
from intake.figures.alarm import name_alarm
from intake.figures.chart_layout import NARROW_WIDTH
from intake.figures.chart_svg import chart_svg
from intake.figures.charts import Chart, campaign_charts, since_shown
from intake.figures.completeness import name_folder, say_gone
from intake.figures.ledger_words import MAIL_STATES, OUTCOMES, STATES
from intake.figures.roster_report import roster_chart, roster_section
from intake.figures.sections import Section
from intake.web.counted import of_campaign, opened, per_category
from intake.web.door import Guest
from intake.web.orders import SAID
from intake.web.site import Site
from intake.web.views import TONES, moment
from intake.wording import clean_line
from storage.rows.figures import CaseLine
from storage.unit_of_work import UnitOfWork

_GOOD_FOR_SECONDS = 600


def show_figures(site: Site, request: Request, guest: Guest) -> Response:
    """The house at a glance."""
    with site.records.store.read() as view:
        campaigns = [
            (id_, call.campaign.title, _counts(view.figures.cases_by_state(id_), STATES), _closes(call))
            for id_, call in site.records.calls.items()
        ]
        undoable = [(id_, *last) for id_ in site.records.calls if (last := _undoable(site, view, id_)) is not None]
        after = {id_: newest_order(view, "", campaign=id_) for id_ in site.records.calls}
        letters = _counts(view.figures.letters_by_outcome(), OUTCOMES)
        mails = _counts(view.outgoing.count_by_state(), MAIL_STATES)
        folders = [
            (
                name_folder(each.folder),
                each.messages,
                each.live,
                say_gone(each.gone - each.out_of_window, each.out_of_window),
                each.messages == each.live,
            )
            for each in view.figures.folders(outcomes=False)
            if each.current and each.role != "sent"
        ]
        pictures, rosters = site.keep("figures", _made_of(site, view), lambda: _drawn(site, view))
        alarms = [
            (name_alarm(alarm.kind), moment(alarm.since_at, site.zone), alarm.detail)
            for alarm in alarms_from_json(view.service.get_mark(ALARMS))
        ]
        works = site.saved or who_works(site.records, view) is not None
    return site.show(
        guest,
        "figures.html.j2",
        title="统计",
        notice=SAID.get(request.query_params.get("outcome", ""), ""),
        campaigns=campaigns,
        undoable=undoable,
        after=after,
        letters=letters,
        mails=mails,
        folders=folders,
        alarms=alarms,
        works=works,
        pictures=pictures,
        rosters=rosters,
    )


def _made_of(site: Site, view: UnitOfWork) -> tuple[object, ...]:
    """What the pictures depend on; they are good for ten minutes at most, for they tell the time."""
    roster = site.records.settings.folder / ROSTER_FILE
    try:
        changed_at = roster.stat().st_mtime_ns
    except OSError:
        changed_at = 0
    ends = tuple(call.campaign.closes_at for call in site.records.calls.values())
    return view.browsing.stamp(), changed_at, ends, _period(site)


def _period(site: Site) -> int:
    """Which ten minutes it is."""
    return int(site.records.clock.now().timestamp() // _GOOD_FOR_SECONDS)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as the page shows it: on a desk and on a phone."""

    title: str
    wide: Markup
    narrow: Markup


def _picture(chart: Chart) -> Picture:
    # Our own template escapes all it is given.
    wide, narrow = Markup(chart_svg(chart)), Markup(chart_svg(chart, width=NARROW_WIDTH))  # noqa: S704 - see above
    return Picture(chart.title, wide, narrow)


def _drawn(site: Site, view: UnitOfWork) -> tuple[dict[str, list[Picture]], list[tuple[Section, Picture | None]]]:
    """The pictures of each campaign, and who has not sent."""
    test, lines = None if site.records.settings.test_mode else False, site.counted.lines(view, period=_period(site))
    cases = {id_: of_campaign(lines, id_, test=test) for id_ in site.records.calls}
    charts = _charts(site, view, cases, test=test)
    return {id_: [_picture(chart) for chart in some] for id_, some in charts.items()}, _rosters(site, view, cases)


def _charts(
    site: Site, view: UnitOfWork, cases: Mapping[str, Sequence[CaseLine]], *, test: bool | None
) -> dict[str, list[Chart]]:
    """The digest's pictures of each campaign, from counts alone."""
    now = site.records.clock.now()
    since = since_shown(now)
    shown: dict[str, list[Chart]] = {}
    for id_, call in site.records.calls.items():
        charts = campaign_charts(
            opened(cases[id_], since_at=since),
            view.figures.cases_accepted(id_, since_at=since, test=test),
            per_category(cases[id_]),
            zone=call.campaign.timezone,
            now_at=now,
            closes_at=call.campaign.closes_at,
        )
        shown[id_] = [chart for chart in charts if not chart.is_empty]
    return shown


def _rosters(
    site: Site, view: UnitOfWork, cases: Mapping[str, Sequence[CaseLine]]
) -> list[tuple[Section, Picture | None]]:
    """Who has not sent, of each campaign, with its picture; empty without a roster."""
    settings = site.records.settings
    roster, trouble = roster_of(settings.folder)
    if trouble:
        return [(Section("谁没报", lines=(trouble,)), None)]
    found = rosters(
        view, cases, site.records.calls, roster, at=site.records.clock.now(), address=settings.mailbox.address
    )
    return [(roster_section(each, named=len(found) > 1), _picture(roster_chart(each))) for each in found]


def _closes(call: Call) -> str:
    end = call.campaign.closes_at
    return call.language.dates.write_close(end, call.campaign.timezone) if end is not None else ""


def _undoable(site: Site, view: UnitOfWork, campaign: str) -> tuple[int, str] | None:
    """The latest extension of a campaign, its id and words, as long as it can be taken back."""
    last = next(iter(view.orders.done_on_all(campaign)), None)
    if last is None or last.settled_at is None:
        return None
    until_at = last.settled_at + UNDO_FOR
    if site.records.clock.now() >= until_at:
        return None
    title = clean_line(site.records.calls[campaign].campaign.title)
    return last.id, f"{clean_line(last.who)}：“{title}”整个活动延期，{moment(until_at, site.zone)}前可以撤销"


def _counts(counts: dict[str, int], words: dict[str, str]) -> list[tuple[str, str, int, int]]:
    """Word, tone, count and width in per cent of the largest."""
    largest = max(counts.values(), default=1) or 1
    return [
        (words.get(name, name), TONES.get(name, "calm"), count, round(100 * count / largest))
        for name, count in sorted(counts.items(), key=lambda pair: -pair[1])
        if count
    ]
