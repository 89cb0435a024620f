"""To which case a letter belongs, settled by an organizer: taken out of a case, let into one, or left out for good."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake.desks.admit import AdmitDesk
from intake.desks.detach import DetachDesk
from intake.errors import OperatorError
from intake.web.asking import MOST_CHARACTERS
from intake.web.door import Guest
from intake.web.site import Form, Site
from intake.wording import clean_line
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import View

_ASKED = {
    "detach": "这封来信将从 {number} 分出，另立一个案例：两个案例都重新核对，并告知两边。不能撤销。",
    "admit": "这封来信将并入 {number}，重新核对，并告知报送人。不能撤销。",
    "leave": "这封来信不并入任何案例：原件留存，不再列出，也不另行回复。不能撤销。",
}


def parts_of(view: View, letter: LetterRecord) -> list[str]:
    """Numbers of the cases the letter can be taken out of: those it joined, not those it began."""
    return [
        case.number
        for case in view.cases.of_letter(letter.sha256)
        if view.cases.letters(case.id)[0].letter_sha256 != letter.sha256
    ]


def is_kept_apart(letter: LetterRecord) -> bool:
    """Whether it waits for somebody to say whose it is."""
    return letter.ignored == "unconfirmed" and bool((letter.evidence or {}).get("for_person"))


def settle(site: Site, request: Request, guest: Guest, form: Form) -> Response:
    """Do what the form of a letter says, after a second yes."""
    key, action = request.path_params["key"], form.get("action", "")
    why, number = form.get("why", "").strip()[:MOST_CHARACTERS], form.get("number", "").strip().upper()
    back = f"/letters/{quote(key)}"
    if action not in _ASKED:
        return _refused(site, guest, "请选一项处理意见。", back=back)
    if not why:
        return _refused(site, guest, "请写明理由，理由会记录在案。", back=back)
    if action != "leave" and not number:
        return _refused(site, guest, "请写明登记编号。", back=back)
    if not _is_open(site, key, action):
        return _refused(site, guest, "这封来信现在没有要办理的，可能刚才已经有人办理过。请返回查看。", back=back)
    if form.get("sure") != "yes":
        fields = {"action": action, "why": why, "number": number, "sure": "yes"}
        lines = [_ASKED[action].format(number=clean_line(number, 40)), f"理由：{clean_line(why, MOST_CHARACTERS)}"]
        return site.show(
            guest,
            "confirm.html.j2",
            title="请再确认一次",
            status=409,
            lines=lines,
            fields=fields,
            to=f"{back}/settle",
            back=back,
        )
    try:
        _settle(site, key, action, who=guest.address, why=why, number=number)
    except OperatorError as error:
        return _refused(site, guest, str(error).partition("请用")[0].rstrip("，"), back=back)
    return RedirectResponse(f"{back}?outcome=settled", status_code=303)


def _is_open(site: Site, key: str, action: str) -> bool:
    with site.records.store.read() as view:
        letter = view.letters.get(key)
        if letter is None:
            return False
        return bool(parts_of(view, letter)) if action == "detach" else is_kept_apart(letter)


def _settle(site: Site, key: str, action: str, *, who: str, why: str, number: str) -> None:
    records = site.records
    if action == "detach":
        judge = records.judge
        parting = DetachDesk(records.store, judge, judge.answers, records.calls, clock=records.clock)
        parting.detach(key, who=who, why=why, number=number)
        return
    admitting = AdmitDesk(records.store, records.judge, records.calls, clock=records.clock)
    if action == "admit":
        admitting.admit(key, number, who=who, why=why)
    else:
        admitting.leave(key, who=who, why=why)


def _refused(site: Site, guest: Guest, line: str, *, back: str) -> Response:
    return site.show(guest, "message.html.j2", title="没有办理", status=409, lines=[line], back=back)
