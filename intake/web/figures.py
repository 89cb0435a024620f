"""Figures, live: cases by state, letters by what became of them, completeness, alarms."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from intake.calls import Call
from intake.deciding import UNDO_FOR
from intake.edges.alarms import ALARMS, alarms_from_json
from intake.figures.alarm import name_alarm
from intake.figures.ledger_words import MAIL_STATES, OUTCOMES, STATES
from intake.web.door import Guest
from intake.web.orders import SAID
from intake.web.site import Site
from intake.web.views import TONES, moment
from intake.wording import clean_line
from storage.unit_of_work import UnitOfWork


def show_figures(site: Site, request: Request, guest: Guest) -> Response:
    """The house at a glance."""
    with site.records.store.read() as view:
        campaigns = [
            (id_, call.campaign.title, _counts(view.figures.cases_by_state(id_), STATES), _closes(call))
            for id_, call in site.records.calls.items()
        ]
        undoable = _undoable(site, view)
        letters = _counts(view.figures.letters_by_outcome(), OUTCOMES)
        mails = _counts(view.outgoing.count_by_state(), MAIL_STATES | {"sent": "已发出"})
        folders = [
            (each.folder, each.messages, each.live, each.gone, each.messages == each.live)
            for each in view.figures.folders()
            if each.current and each.role != "sent"
        ]
        alarms = [
            (name_alarm(alarm.kind), moment(alarm.since_at, site.zone), alarm.detail)
            for alarm in alarms_from_json(view.service.get_mark(ALARMS))
        ]
    return site.show(
        guest,
        "figures.html.j2",
        title="统计",
        notice=SAID.get(request.query_params.get("outcome", ""), ""),
        campaigns=campaigns,
        undoable=undoable,
        letters=letters,
        mails=mails,
        folders=folders,
        alarms=alarms,
    )


def _closes(call: Call) -> str:
    end = call.campaign.closes_at
    return call.language.dates.write_close(end, call.campaign.timezone) if end is not None else ""


def _undoable(site: Site, view: UnitOfWork) -> str:
    """The latest extension of a campaign, in words, as long as it can be taken back; else empty."""
    for order in view.orders.latest(50):
        if order.state == "done" and (order.terms or {}).get("everybody") and order.settled_at is not None:
            until_at = order.settled_at + UNDO_FOR
            if site.records.clock.now() < until_at:
                return f"{clean_line(order.who)}：整个活动延期，{moment(until_at, site.zone)}前可以撤销"
            return ""
    return ""


def _counts(counts: dict[str, int], words: dict[str, str]) -> list[tuple[str, str, int, int]]:
    """Word, tone, count and width in per cent of the largest."""
    largest = max(counts.values(), default=1) or 1
    return [
        (words.get(name, name), TONES.get(name, "calm"), count, round(100 * count / largest))
        for name, count in sorted(counts.items(), key=lambda pair: -pair[1])
        if count
    ]
