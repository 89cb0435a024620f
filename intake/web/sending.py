"""What leaves and what stays: all sending held and let go, single letters held and let go, the state told on every page."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake.desks.release import STEPS, Step, move_mails, pause, release_queue, resume
from intake.errors import OperatorError
from intake.figures.ledger_words import ANSWERS, MAIL_STATES
from intake.organizers import name_of
from intake.restraint import paused, stopped
from intake.web.asking import MOST_CHARACTERS
from intake.web.door import Guest
from intake.web.site import Form, Site
from intake.web.views import moment
from intake.wording import clean_line
from storage.records.correspondence import OutgoingRecord
from storage.rows.mailings import MailLine
from storage.unit_of_work import View

SHOWN = 50
"""Letters of one kind on the page; a form of so many has fewer fields than are read."""
_REASONS = 3
"""Of what keeps letters so much is told before all are let go, the commonest first."""
_CHOSEN = "mail_"
_LINK = "sign_in"
_LISTS = (
    ("waiting", "待发", ("queued", "retry_at"), "hold", "暂缓选中的信"),
    ("held", "暂缓", ("held",), "release", "放行选中的信"),
    ("stuck", "没有送达，或者是否送达待确认", ("failed", "unknown"), "release", "再发一次选中的信"),
)
_SAID = {
    "paused": "已暂停发信。",
    "resumed": "已恢复发信，待发的信随即依次发出。",
    "let_go": "已放行暂停的回信，按先急后缓依次发出。",
    "hold": "已暂缓，放行之前不会发出。",
    "release": "已放行，轮到时发出。",
    "nothing": "刚才已经有人办理，没有再办一次。",
}
"""What is said after an order, by the word in the address: nothing else from there is shown."""


@dataclass(frozen=True, slots=True)
class MailRow:
    """A letter of ours in a list."""

    id: int
    subject: str
    recipient: str
    kind: str
    state: str
    at: str
    error: str


def show_sending(site: Site, request: Request, guest: Guest) -> Response:
    """Whether letters leave, those that wait, are held or did not arrive, and the forms to decide on them."""
    with site.records.store.read() as view:
        held, tripped = paused(view), stopped(view)
        groups = [
            (id_, heading, *_listed(view, states, site), step, button) for id_, heading, states, step, button in _LISTS
        ]
    return site.show(
        guest,
        "sending.html.j2",
        title="发信",
        notice=_SAID.get(request.query_params.get("outcome", ""), ""),
        is_paused=held is not None,
        is_tripped=tripped is not None,
        groups=groups,
    )


def decide(site: Site, _request: Request, guest: Guest, form: Form) -> Response:
    """Hold all sending, let it go again, or let go what the breaker holds."""
    store, at, action = site.records.store, site.records.clock.now(), form.get("action", "")
    if action == "pause":
        why = form.get("why", "").strip()[:MOST_CHARACTERS]
        if not why:
            return _refused(site, guest, "请写明理由，理由会记录在案，同事在每一页都看得到。")
        return _back("paused" if pause(store, by=guest.who, why=why, at=at) else "nothing")
    if action == "resume":
        return _back("resumed" if resume(store, by=guest.who, at=at) else "nothing")
    if action == "let_go":
        return _back("let_go" if release_queue(store, by=guest.who, at=at) else "nothing")
    return _refused(site, guest, "请选一项。")


def move(site: Site, _request: Request, guest: Guest, form: Form) -> Response:
    """Hold or let go the letters chosen, all or none; all that are held, after a second yes."""
    step = cast("Step", form.get("action", ""))
    if step not in ("hold", "release") or (form.get("all") == "yes" and step != "release"):
        return _refused(site, guest, "请选一项。")
    if form.get("all") == "yes":
        return _release_all(site, guest, form)
    with site.records.store.read() as view:
        ids = _chosen(form)
        mails = [mail for id_ in ids if (mail := view.outgoing.get(id_)) is not None and mail.kind != _LINK]
    if len(mails) < len(ids) or not ids:
        return _refused(site, guest, "没有选中的信。请在要办理的信前面打勾。")
    return _alien(site, guest, mails) or _moved(site, guest, form, ids=ids, step=step)


def _release_all(site: Site, guest: Guest, form: Form) -> Response:
    """After a yes to exactly these letters: what is held after the question was put needs one of its own."""
    with site.records.store.read() as view:
        mails = view.mailings.in_state("held", without=_LINK)
    if not mails:
        return _refused(site, guest, "没有暂缓的信。")
    ids = [mail.id for mail in mails]
    these = hashlib.sha256(repr(ids).encode()).hexdigest()
    if (alien := _alien(site, guest, mails)) is not None:
        return alien
    if form.get("sure") != these:
        lines = [f"将放行全部{len(ids)}封暂缓的信，依次发出。其中可能有开始回复日期以前的来信的回信。"]
        told = Counter(clean_line(mail.last_error, 120).rstrip("。") for mail in mails if mail.last_error)
        lines += [f"其中{count}封：{error}。" for error, count in told.most_common(_REASONS)]
        fields = {"action": "release", "all": "yes", "sure": these}
        return site.show(
            guest, "confirm.html.j2", title="请再确认一次", status=409, lines=lines, fields=fields,
            to="/sending/mails", back="/sending",
        )  # fmt: skip
    return _moved(site, guest, form, ids=ids, step="release")


def _moved(site: Site, guest: Guest, form: Form, *, ids: Sequence[int], step: Step) -> Response:
    try:
        move_mails(site.records.store, ids, step, by=guest.who, at=site.records.clock.now())
    except OperatorError as error:
        return _refused(site, guest, str(error).partition("，请用 intake")[0] + "。")
    if form.get("from") == "mail" and len(ids) == 1:
        return RedirectResponse(f"/mails/{ids[0]}?outcome={step}", status_code=303)
    return _back(step)


def said_of_mail(outcome: str) -> str:
    """What the page of a letter says after an order on it; empty without one."""
    return _SAID[outcome] if outcome in ("hold", "release") else ""


def steps_of(mail: OutgoingRecord) -> Sequence[tuple[Step, str]]:
    """What can be decided on a letter as it stands, and what the buttons say; empty when nothing can."""
    if mail.state == "held":
        return (("release", STEPS["release"][0]),)
    if mail.state == "unknown":
        return (("release", "再发一次（对方可能已经收到）"),)
    if mail.state == "failed":
        return (("release", "再发一次"),)
    return (("hold", STEPS["hold"][0]),) if mail.state in ("queued", "retry_at") else ()


def _listed(view: View, states: Sequence[str], site: Site) -> tuple[int, list[MailRow]]:
    """How many letters are in these states, and the first of them. Links to the page are their readers' alone."""
    mails = view.mailings.in_state(*states, limit=SHOWN, without=_LINK)
    return view.mailings.count_in_state(*states, without=_LINK), [_row(mail, site) for mail in mails]


def _chosen(form: Form) -> list[int]:
    """The letters with a tick, by the names of their fields."""
    written = (name.removeprefix(_CHOSEN) for name in form if name.startswith(_CHOSEN))
    return [int(each) for each in written if each.isascii() and each.isdecimal() and len(each) < 12]


def _alien(site: Site, guest: Guest, mails: Sequence[MailLine | OutgoingRecord]) -> Response | None:
    """The refusal when one is of a campaign that does not list the guest; None when all may be decided on."""
    for mail in mails:
        call = site.records.calls.get(mail.campaign or "")
        if call is not None and not name_of(call.campaign, guest.address):
            title = call.campaign.title
            line = f"“{clean_line(mail.subject)}”属于“{title}”，您不在它的工作人员名单里。都没有改动。"
            return _refused(site, guest, line)
    return None


def _row(mail: MailLine, site: Site) -> MailRow:
    return MailRow(
        id=mail.id,
        subject=clean_line(mail.subject, 120),
        recipient=clean_line(mail.to_address),
        kind=ANSWERS.get(mail.kind, ""),
        state=MAIL_STATES.get(mail.state, mail.state),
        at=moment(mail.next_at or mail.created_at, site.zone),
        error=clean_line(mail.last_error, 120),
    )


def _back(outcome: str) -> Response:
    return RedirectResponse(f"/sending?outcome={quote(outcome)}", status_code=303)


def _refused(site: Site, guest: Guest, line: str) -> Response:
    return site.show(guest, "message.html.j2", title="没有办理", status=409, lines=[line], back="/sending")
