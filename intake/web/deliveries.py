"""What is handed over at a desk, registered on the page: files and words, then what was found, then a receipt to print."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config.characters import without_unseen
from intake.calls import Call
from intake.casework.standing import WITHDRAWN
from intake.desks.deliver import Brought, Registration
from intake.edges.wrapping import CHANNELS, LARGEST_BYTES
from intake.errors import OperatorError
from intake.figures.ledger_words import STATES
from intake.figures.onsite_receipt import receipt_from_json, receipt_page
from intake.filing.deliveries import Match
from intake.filing.receipts import RECEIPT
from intake.model import Problem
from intake.web.asking import UnclearFormError
from intake.web.case import finding_view
from intake.web.delivering import Said, corrected, read_delivery
from intake.web.door import Guest
from intake.web.mails import PAGE_POLICY
from intake.web.site import COOKIE, Form, Site, asked_of, is_from_our_form, site_of, stale_form
from intake.web.uploads import MOST_FIELDS, MOST_FILES, files_of, put_files
from intake.web.views import TONES, case_row, moment
from intake.wording import clean_line, write_size
from parsers.text.passwords import without_passwords
from storage.records.correspondence import LetterRecord

MATCHES_SHOWN = 8
_LARGEST_FIELD_BYTES = 16_000
_GONE = "这里没有这份材料了：已经登记的，可以在“来信”里找到；没有登记的已经清除，请重新选择文件。"


def show_form(site: Site, request: Request, guest: Guest) -> Response:
    """The form by which a delivery is handed in; for the case named in the address, when there is one."""
    number = asked_of(request, "case").upper()[:40]
    return site.show(
        guest,
        "delivery_form.html.j2",
        title="现场登记",
        number=number,
        channels=CHANNELS,
        campaigns={id_: call.campaign.title for id_, call in site.records.calls.items()},
        now=f"{site.records.clock.now().astimezone(site.zone):%Y-%m-%dT%H:%M}",
        largest=write_size(LARGEST_BYTES),
        most=MOST_FILES,
    )


async def upload(request: Request) -> Response:
    """Take the files in and show what was found; nothing is on record yet."""
    site = site_of(request)
    guest = await run_in_threadpool(site.door.guest, request.cookies.get(COOKIE, ""))
    if guest is None:  # before anything of the files is read
        return RedirectResponse("/sign-in", status_code=303)
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=_LARGEST_FIELD_BYTES)
    except HTTPException:
        line = f"没能收下这些文件。一次最多{MOST_FILES}个，文件更多的请分几次登记，或先压缩成一个文件。"
        return await run_in_threadpool(_refused, site, guest, line, back="/deliveries")
    try:
        return await run_in_threadpool(_uploaded, site, guest, form)
    finally:
        await form.close()


def _uploaded(site: Site, guest: Guest, form: FormData) -> Response:
    fields = {name: without_unseen(value) for name, value in form.multi_items() if isinstance(value, str)}
    if not is_from_our_form(fields, guest):
        return stale_form(site, guest)
    files = files_of(form)
    try:
        said = read_delivery(
            fields,
            who=guest.who,
            campaign=_campaign(site, fields),
            zone=site.zone,
            now=site.records.clock.now(),
        )
        if not files and not said.delivered.on_paper:
            line = "没有文件。请选择文件；只收到纸质材料的，请勾选“收到纸质材料”。"
            return _refused(site, guest, line, back="/deliveries")
        token = site.deliveries.keep(said, lambda folder: put_files(files, folder))
    except (UnclearFormError, OperatorError) as error:
        return _refused(site, guest, str(error), back="/deliveries")
    return RedirectResponse(f"/deliveries/pending/{token}", status_code=303)


def _campaign(site: Site, fields: Mapping[str, str]) -> str:
    """The campaign of the case named, else the one chosen. Raises: UnclearFormError."""
    number = fields.get("case", "").strip().upper()
    with site.records.store.read() as view:
        case = view.cases.by_number(number) if number else None
    if case is not None and case.campaign in site.records.calls:
        return case.campaign
    calls = site.records.calls
    chosen = fields.get("campaign", "") if len(calls) > 1 else next(iter(calls))
    if chosen not in calls:
        raise UnclearFormError("请选登记到哪个活动。")
    return chosen


def show_pending(site: Site, request: Request, guest: Guest) -> Response:
    """What was found in a delivery, how it would stand, and which cases it may belong to."""
    token = request.path_params["token"]
    said = site.deliveries.said(token)
    if said is None:
        return _refused(site, guest, _GONE, back="/deliveries", status=404)
    if said.registered:
        return RedirectResponse(f"/deliveries/{said.registered}", status_code=303)
    asked = asked_of(request, "case").upper()[:40]
    number = asked or said.number
    try:
        brought = site.deliveries.brought(token, said)
    except LookupError:
        return _refused(site, guest, _GONE, back="/deliveries", status=404)
    except OperatorError as error:
        return _refused(site, guest, str(error), back="/deliveries")
    trouble, tried = _trouble(site, brought, number), None
    matches = site.deliveries.desk.matches(brought) if not said.number else ()
    if not trouble:
        try:
            tried = site.deliveries.desk.try_out(brought, number or None)
        except OperatorError as error:
            trouble = str(error).partition("请用 intake")[0]
    return site.show(
        guest,
        "delivery_pending.html.j2",
        title="登记前核对",
        token=token,
        number=number,
        said_number=said.number,
        locked=_is_locked(brought),
        has_password=bool(said.delivered.password),
        unit=said.delivered.unit,
        case_title=said.delivered.title,
        taken_in=_taken_in(site, said),
        trouble=trouble,
        matches=[_match(match, site) for match in matches[:MATCHES_SHOWN]],
        more=max(0, len(matches) - MATCHES_SHOWN),
        stands=_stands(tried, brought.call) if tried is not None else [],
        material=tried.receipt.material if tried is not None else (),
        split=len(tried.cases) > 1 if tried is not None else False,
    )


def correct(site: Site, request: Request, guest: Guest, form: Form) -> Response:
    """Take over another number, unit or title, and look again."""
    token = request.path_params["token"]
    try:
        site.deliveries.change(token, lambda said: corrected(said, form))
    except LookupError:
        return _refused(site, guest, _GONE, back="/deliveries", status=404)
    return RedirectResponse(f"/deliveries/pending/{token}", status_code=303)


def forget(site: Site, request: Request, _guest: Guest, _form: Form) -> Response:
    """Clear a delivery away that is not to be registered."""
    site.deliveries.drop(request.path_params["token"])
    return RedirectResponse("/deliveries", status_code=303)


def register(site: Site, request: Request, guest: Guest, form: Form) -> Response:
    """Put it on record, to the case chosen or as a new one."""
    token = request.path_params["token"]
    back = f"/deliveries/pending/{quote(token)}"
    chosen = form.get("choice", "")
    if not chosen:
        return _refused(site, guest, "请选补充到哪一件，或者另立一件。", back=back)
    try:
        sha256 = site.deliveries.register(token, None if chosen == "new" else chosen)
    except LookupError:
        return _refused(site, guest, _GONE, back="/deliveries", status=404)
    except OperatorError as error:
        return _refused(site, guest, str(error).partition("请用 intake")[0], back=back)
    return RedirectResponse(f"/deliveries/{sha256}", status_code=303)


def show_registered(site: Site, request: Request, guest: Guest) -> Response:
    """What a delivery has become, with the way to its receipt."""
    record = _letter(site, request)
    receipt = receipt_from_json((record.evidence or {}).get(RECEIPT)) if record is not None else None
    if record is None or receipt is None:
        return _refused(site, guest, "没有这份登记。", back="/deliveries", status=404)
    with site.records.store.read() as view:
        cases = view.cases.of_letter(record.sha256)
        mails = view.outgoing.of_letter(record.sha256)
    return site.show(
        guest,
        "delivery_registered.html.j2",
        title="已登记",
        key=record.sha256,
        again=record.ignored == "same_again",
        cases=[case_row(case, site.zone) for case in cases],
        receipt=receipt,
        withdrawn=[case.number for case in cases if case.state == WITHDRAWN],
        told=[(mail.id, clean_line(mail.to_address)) for mail in mails],
    )


def show_receipt(site: Site, request: Request, guest: Guest) -> Response:
    """The receipt as it was given, alone on a page to print."""
    record = _letter(site, request)
    receipt = receipt_from_json((record.evidence or {}).get(RECEIPT)) if record is not None else None
    if receipt is None:
        return _refused(site, guest, "没有这份回执。", back="/deliveries", status=404)
    return HTMLResponse(receipt_page(receipt), headers={"Content-Security-Policy": PAGE_POLICY})


def _letter(site: Site, request: Request) -> LetterRecord | None:
    with site.records.store.read() as view:
        return view.letters.get(request.path_params["key"])


def _trouble(site: Site, brought: Brought, number: str) -> str:
    """Why it cannot be registered as it stands; empty when it can."""
    if number:
        with site.records.store.read() as view:
            case = view.cases.by_number(number)
        if case is None:
            return f"没有登记编号为 {clean_line(number, 40)} 的案例，请改正编号；还没有登记过的，编号留空。"
        return ""
    if not site.deliveries.desk.names_its_case(brought):
        return "还不知道这些材料是哪个单位、哪个案例的。请写登记编号，或者写报送单位。"
    delivered = brought.letter.delivered
    if not brought.letter.files and delivered is not None and not (delivered.unit and delivered.title):
        return "只有纸质材料时，请写报送单位和案例名称；已经登记过的，写登记编号。"
    return ""


def _is_locked(brought: Brought) -> bool:
    """Whether a file stays shut for want of its password."""
    return any(isinstance(file, Problem) and file.code == "encrypted" for file in brought.letter.files)


def _taken_in(site: Site, said: Said) -> list[tuple[str, str]]:
    delivered = said.delivered
    pairs = (
        ("送交方式", CHANNELS[delivered.channel]),
        ("收到", moment(said.received_at, site.zone)),
        ("接收人", delivered.received_by),
        ("地点", delivered.place),
        ("送交人", delivered.contact),
        ("电话", delivered.phone),
        ("纸质材料", "收到" if delivered.on_paper else ""),
        ("告知", delivered.address),
        ("备注", without_passwords(delivered.remark)),
        ("解压密码", "已填写（不打印、不外发）" if delivered.password else ""),
    )
    return [(label, clean_line(value, 200)) for label, value in pairs if value]


def _match(match: Match, site: Site) -> tuple[object, str]:
    return case_row(match.case, site.zone), "材料完全相同" if match.same_content else match.why


def _stands(tried: Registration, call: Call) -> list[dict[str, object]]:
    """How each case would stand, in the words for organizers."""
    return [
        {
            "rows": receipt.rows,
            "state": STATES.get(each.case.state, each.case.state),
            "tone": TONES.get(each.case.state, "calm"),
            "findings": [finding_view(finding, call) for finding in each.report.findings] if each.report else [],
            "again": each.again,
            "part": _for_the_page(each.line_on_taking_part),
        }
        for each, receipt in zip(tried.cases, tried.receipt.cases, strict=True)
    ]


def _for_the_page(line: str) -> str:
    """Without the way at the command line."""
    return line.partition("，或运行 intake")[0] + "。" if "，或运行 intake" in line else line


def _refused(site: Site, guest: Guest, line: str, *, back: str, status: int = 409) -> Response:
    title = "没有找到" if status == 404 else "没有登记"
    return site.show(guest, "message.html.j2", title=title, status=status, lines=[line], back=back)
