"""Decisions made on the page: the same orders as by mail and on the command line, each with a reason.

What takes a case out or touches many, and what another organizer has decided before, is asked once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake.bootstrap import make_deciding
from intake.deciding import AlreadyDecidedError, RepeatedOrderError, UnseenVersionError, needs_yes
from intake.desks.decide import DecideDesk
from intake.errors import OperatorError
from intake.web.asking import (
    FIELDS,
    UnclearFormError,
    order_before,
    order_meant,
    order_on_campaign,
    order_on_case,
    shown_by,
)
from intake.web.door import Guest
from intake.web.site import Form, Site
from intake.web.versions import changes
from intake.web.views import case_row, moment

SAID = {
    "told": "已办理。告知报送人的信十分钟后发出，此前可以撤销。",
    "done": "已办理。没有要发的信。",
    "undone": "已撤销，一切如前。",
    "once": "这一项刚才已经办理，没有再办一次。",
}
"""What is said after an order, by the word in the address: nothing else from there is shown."""
_ASKED = {
    "withdraw": "撤回后，{number} 不再参加本次征集，材料留存，并告知报送人。",
    "merge": "{number} 将并入 {target}，以 {target} 为准，并告知各报送人。",
}


def decide(site: Site, request: Request, guest: Guest, form: Form) -> Response:
    """Carry out what a form of a case orders, and show the case again."""
    number = request.path_params["number"].strip().upper()
    back = f"/cases/{quote(number)}"
    try:
        order, shown, after = order_on_case(form, number, site.zone), shown_by(form), order_before(form)
        if form.get("sure") != "yes" and needs_yes(order, ()):
            lines = [_ASKED[order.action].format(number=number, target=order.target)]
            return _ask(site, guest, form, lines=lines, to=f"{back}/orders", back=back, word="sure")
        knowing = form.get("knowing") == "yes"
        carried = _desk(site).order(order, who=guest.address, knowing=knowing, shown=shown, after=after)
    except RepeatedOrderError:
        return _back(back, "once")
    except UnseenVersionError as unseen:
        return _changed(site, guest, unseen, why=order.why)
    except AlreadyDecidedError as decided:
        lines = [str(decided), "您的意见还没有办理。"]
        return _ask(site, guest, form, lines=lines, to=f"{back}/orders", back=back, word="knowing")
    except (OperatorError, UnclearFormError) as error:
        return _refused(site, guest, str(error), back=back)
    stands = carried.cases[-1].number if carried.cases else number
    return _back(f"/cases/{quote(stands)}", "told" if carried.told else "done")


def undo(site: Site, request: Request, guest: Guest, form: Form) -> Response:
    """Take the latest order on the case back, as long as its letters have not left."""
    number = request.path_params["number"].strip().upper()
    try:
        carried = _desk(site).undo(number, who=guest.address, order=order_meant(form))
    except (OperatorError, UnclearFormError) as error:
        return _refused(site, guest, str(error), back=f"/cases/{quote(number)}")
    return _back(f"/cases/{quote(carried.cases[0].number if carried.cases else number)}", "undone")


def extend_campaign(site: Site, request: Request, guest: Guest, form: Form) -> Response:
    """Give a whole campaign a later end: asked once more, for it judges late cases again and corrects what was told."""
    campaign = request.path_params["campaign"]
    call = site.records.calls.get(campaign)
    if call is None:
        return _refused(site, guest, "没有这个活动。", back="/figures")
    try:
        order, after = order_on_campaign(form, site.zone), order_before(form)
        if form.get("sure") != "yes":
            lines = [f"“{call.campaign.title}”整个活动延期：逾期的案例重新核对，告知过日期的报送人会逐一收到更正。"]
            to = f"/campaigns/{quote(campaign)}/extend"
            return _ask(site, guest, form, lines=lines, to=to, back="/figures", word="sure")
        carried = _desk(site).order(order, who=guest.address, campaign=campaign, after=after)
    except RepeatedOrderError:
        return _back("/figures", "once")
    except (OperatorError, UnclearFormError) as error:
        return _refused(site, guest, str(error), back="/figures")
    return _back("/figures", "told" if carried.told else "done")


def undo_campaign(site: Site, request: Request, guest: Guest, form: Form) -> Response:
    """Take the latest order on a whole campaign back."""
    try:
        campaign = request.path_params["campaign"]
        _desk(site).undo("", who=guest.address, campaign=campaign, order=order_meant(form))
    except (OperatorError, UnclearFormError) as error:
        return _refused(site, guest, str(error), back="/figures")
    return _back("/figures", "undone")


def _desk(site: Site) -> DecideDesk:
    records = site.records
    return DecideDesk(records.store, make_deciding(records), records.calls, clock=records.clock, channel="page")


def _back(path: str, outcome: str) -> Response:
    return RedirectResponse(f"{path}?outcome={outcome}", status_code=303)


def _ask(site: Site, guest: Guest, form: Form, *, lines: Sequence[str], to: str, back: str, word: str) -> Response:
    """The same form once more, with a button that says yes; nothing is done yet."""
    kept = {name: form[name] for name in (*FIELDS, "sure", "knowing") if form.get(name)}
    values: dict[str, Any] = {"lines": lines, "fields": {**kept, word: "yes"}, "to": to, "back": back}
    return site.show(guest, "confirm.html.j2", title="请再确认一次", status=409, **values)


def _changed(site: Site, guest: Guest, unseen: UnseenVersionError, *, why: str) -> Response:
    """A newer version came while the page was open: nothing was done, and what has changed is told."""
    with site.records.store.read() as view:
        case = view.cases.by_number(unseen.number)
        revisions = {each.ordinal: each for each in view.cases.revisions(case.id)} if case is not None else {}
    after = revisions.get(unseen.newest)
    assert case is not None
    assert after is not None  # it is what has come
    at = moment(after.received_at or after.at, site.zone)
    saw = f"您看到的是第{unseen.shown}版" if unseen.shown else "您看到的还没有材料"
    return site.show(
        guest,
        "changed.html.j2",
        title="材料有变，没有办理",
        status=409,
        lines=[f"{saw}。现在已有第{unseen.newest}版（{at}收到），您的意见没有办理。"],
        changes=changes(revisions.get(unseen.shown), after),
        case=case_row(case, site.zone),
        why=why,
    )


def _refused(site: Site, guest: Guest, line: str, *, back: str) -> Response:
    line = line.partition("请用 intake")[0]  # the way out at the command line is no way out here
    return site.show(guest, "message.html.j2", title="没有办理", status=409, lines=[line], back=back)
