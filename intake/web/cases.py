"""The list of cases: searched, counted, a page at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from intake.bootstrap import who_works
from intake.briefing.expected import roster_of
from intake.figures.ledger_words import STATES
from intake.web.door import Guest
from intake.web.site import Site, asked_of
from intake.web.streets import cases_of_street, streets_of
from intake.web.views import TONES, case_row
from intake.wording import clean_line
from storage.rows.browsing import CaseSearch

PER_PAGE = 50
_ASKED = ("campaign", "state", "category", "street", "unit", "q")
_UNITS_AT_MOST = 200
"""Names a list to choose from may have; of more, people type a part."""


def show_cases(site: Site, request: Request, guest: Guest) -> Response:
    """Cases that match what was asked for, newest first."""
    asked = {name: asked_of(request, name)[:100] for name in _ASKED}
    page = whole(request.query_params.get("page"), least=1)
    roster, _ = roster_of(site.records.settings.folder)
    search = CaseSearch(
        campaign=asked["campaign"] if asked["campaign"] in site.records.calls else "",
        state=asked["state"] if asked["state"] in STATES else "",
        category=asked["category"],
        text=asked["q"],
    )
    with site.records.store.read() as view:
        units = () if roster else view.browsing.units(search.campaign)
        if asked["street"] in streets_of(roster):
            street = cases_of_street(view, roster, asked["street"], campaign=search.campaign)
            search = replace(search, units=street.units, senders=street.senders)
        elif asked["unit"]:
            search = replace(search, units=(asked["unit"],))
        counts = view.browsing.count_cases(search)
        rows = view.browsing.cases(search, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        categories = view.browsing.categories(search.campaign)
        works = site.saved or who_works(site.records, view) is not None
    total = sum(counts.values())
    return site.show(
        guest,
        "cases.html.j2",
        title="案例",
        rows=[case_row(case, site.zone) for case in rows],
        counts=[
            (STATES.get(state, state), TONES.get(state, "calm"), count, _only(request.url.path, asked, state))
            for state, count in sorted(counts.items())
        ],
        total=total,
        asked=asked,
        filtered=any(asked.values()),
        works=works,
        states=STATES,
        categories=[each for each in categories if _is_plain(each)],
        streets=streets_of(roster),
        units=[each for each in units if _is_plain(each)] if len(units) <= _UNITS_AT_MOST else [],
        progress=_progress(site),
        campaigns={id_: call.campaign.title for id_, call in site.records.calls.items()},
        pages=pages(request.url.path, asked, page=page, last=max(1, -(-total // PER_PAGE))),
    )


def _only(path: str, asked: dict[str, str], state: str) -> str:
    """Where the same cases are, of one state alone."""
    kept = {name: value for name, value in {**asked, "state": state}.items() if value}
    return f"{path}?{urlencode(kept)}"


def _is_plain(name: str) -> bool:
    """Whether a name can be offered as it stands: not empty, short, nothing that would turn a line round."""
    return bool(name) and clean_line(name) == name


def _progress(site: Site) -> list[tuple[str, str]]:
    """Of each campaign, its name when there are several, and how long it is open still."""
    now = site.records.clock.now()
    calls = site.records.calls.values()
    lines = []
    for call in calls:
        end = call.campaign.closes_at
        if end is None:
            continue
        zone, written = call.campaign.zone, call.language.dates.write_close(end, call.campaign.timezone)
        last = (end - timedelta(microseconds=1)).astimezone(zone).date()
        days = (last - now.astimezone(zone).date()).days
        left = f"还有{days}天" if days > 0 else "今天截止"
        name = f"{call.campaign.title}：" if len(calls) > 1 else ""
        lines.append((name, f"{written}截止，{left}" if now < end else f"{written}已截止"))
    return lines


def pages(path: str, asked: dict[str, str], *, page: int, last: int) -> dict[str, object]:
    """Where earlier and later pages are; empty links at the ends."""
    kept = {name: value for name, value in asked.items() if value}

    def link(number: int) -> str:
        return f"{path}?{urlencode({**kept, 'page': number})}" if 1 <= number <= last else ""

    return {"page": page, "last": last, "earlier": link(page - 1), "later": link(page + 1)}


def whole(value: str | None, *, least: int) -> int:
    """A number from an address, `least` for what is none or too small."""
    return max(least, int(value)) if value is not None and value.isdecimal() and len(value) < 7 else least
