"""Decisions made on the page: the same orders as by mail and on the command line, each with a reason."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake.bootstrap import make_deciding
from intake.desks.decide import DecideDesk
from intake.errors import OperatorError
from intake.orders import Action, Order
from intake.web.door import Guest
from intake.web.site import Form, Site

ON_A_CASE: tuple[Action, ...] = ("pass", "return", "waive", "reopen", "withdraw", "note")
"""What the form of a case offers."""
OUTCOMES = {
    "told": "已办理。告知报送人的信十分钟后发出，此前可以撤销。",
    "done": "已办理。没有要发的信。",
    "undone": "已撤销，一切如前。",
}
"""What is said after an order, by the word in the address: nothing else from there is shown."""


def decide(site: Site, request: Request, guest: Guest, form: Form) -> Response:
    """Carry out what the form of a case orders, and show the case again."""
    number = request.path_params["number"].strip().upper()
    action = next((each for each in ON_A_CASE if each == form.get("action")), None)
    if action is None:
        return _refused(site, guest, number, "请选一项处理意见。")
    why = form.get("why", "").strip()[:400]
    order = Order(action, "", (number,), why, rule=form.get("rule", "") if action == "waive" else "")
    try:
        carried = _desk(site).order(order, who=guest.who, knowing=form.get("knowing") == "yes")
    except OperatorError as error:
        return _refused(site, guest, number, str(error))
    return _back(number, "told" if carried.told else "done")


def undo(site: Site, request: Request, guest: Guest, _form: Form) -> Response:
    """Take the latest order on the case back, as long as its letters have not left."""
    number = request.path_params["number"].strip().upper()
    try:
        _desk(site).undo(number, who=guest.who)
    except OperatorError as error:
        return _refused(site, guest, number, str(error))
    return _back(number, "undone")


def _desk(site: Site) -> DecideDesk:
    records = site.records
    return DecideDesk(records.store, make_deciding(records), records.calls, clock=records.clock, channel="page")


def _back(number: str, outcome: str) -> Response:
    return RedirectResponse(f"/cases/{quote(number)}?outcome={outcome}", status_code=303)


def _refused(site: Site, guest: Guest, number: str, line: str) -> Response:
    return site.show(
        guest, "message.html.j2", title="没有办理", status=409, lines=[line], back=f"/cases/{quote(number)}"
    )
