"""The list of cases: searched, counted, a page at a time."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from intake.figures.ledger_words import STATES
from intake.web.door import Guest
from intake.web.site import Site
from intake.web.views import TONES, case_row
from storage.rows.browsing import CaseSearch

PER_PAGE = 50


def show_cases(site: Site, request: Request, guest: Guest) -> Response:
    """Cases that match what was asked for, newest first."""
    asked = {name: request.query_params.get(name, "").strip()[:100] for name in ("campaign", "state", "category", "q")}
    page = whole(request.query_params.get("page"), least=1)
    search = CaseSearch(
        campaign=asked["campaign"] if asked["campaign"] in site.records.calls else "",
        state=asked["state"] if asked["state"] in STATES else "",
        category=asked["category"],
        text=asked["q"],
    )
    with site.records.store.read() as view:
        counts = view.browsing.count_cases(search)
        rows = view.browsing.cases(search, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        categories = view.browsing.categories(search.campaign)
    total = sum(counts.values())
    return site.show(
        guest,
        "cases.html.j2",
        title="案例",
        rows=[case_row(case, site.zone) for case in rows],
        counts=[(STATES.get(state, state), TONES.get(state, "calm"), count) for state, count in sorted(counts.items())],
        total=total,
        asked=asked,
        states=STATES,
        categories=categories,
        campaigns={id_: call.campaign.title for id_, call in site.records.calls.items()},
        pages=pages(request.url.path, asked, page=page, last=max(1, -(-total // PER_PAGE))),
    )


def pages(path: str, asked: dict[str, str], *, page: int, last: int) -> dict[str, object]:
    """Where earlier and later pages are; empty links at the ends."""
    kept = {name: value for name, value in asked.items() if value}

    def link(number: int) -> str:
        return f"{path}?{urlencode({**kept, 'page': number})}" if 1 <= number <= last else ""

    return {"page": page, "last": last, "earlier": link(page - 1), "later": link(page + 1)}


def whole(value: str | None, *, least: int) -> int:
    """A number from an address, `least` for what is none or too small."""
    return max(least, int(value)) if value is not None and value.isdecimal() and len(value) < 7 else least
