"""Letters of ours, as they were sent: the text, and the page in a frame of its own that can do nothing."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from intake.figures.ledger_words import MAIL_STATES
from intake.web.door import Guest
from intake.web.sending import said_of_mail, steps_of
from intake.web.site import Site
from intake.web.views import moment
from intake.wording import clean_line
from storage.records.correspondence import OutgoingRecord

_BEYOND_IDS = 1 << 63
"""SQLite takes no larger number, not even to look for it."""
PAGE_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""For the page of a mail: its own styles, no origin, no scripts, nothing fetched."""


def show_mail(site: Site, request: Request, guest: Guest) -> Response:
    """The plain form of one letter, with when it left or what keeps it."""
    mail = _mail(site, request)
    if mail is None:
        return _none(site, guest)
    message = message_from_bytes(mail.raw, policy=policy.default)
    body = message.get_body(("plain",))
    at = mail.sent_at or mail.next_at or mail.created_at
    return site.show(
        guest,
        "mail.html.j2",
        title="去信",
        id=mail.id,
        subject=clean_line(mail.subject, 200),
        recipient=clean_line(mail.to_address),
        state=MAIL_STATES.get(mail.state, mail.state),
        at=moment(at, site.zone),
        error=clean_line(mail.last_error, 200) if mail.state != "sent" else "",
        text=body.get_content() if body is not None else "",
        has_page=message.get_body(("html",)) is not None,
        attachments=[clean_line(part.get_filename() or "") for part in message.iter_attachments()],
        notice=said_of_mail(request.query_params.get("outcome", "")),
        steps=steps_of(mail),
    )


def show_page(site: Site, request: Request, guest: Guest) -> Response:
    """The letter as mail programs show it, alone on a page that has no origin and can do nothing."""
    mail = _mail(site, request)
    message = message_from_bytes(mail.raw, policy=policy.default) if mail is not None else None
    body = message.get_body(("html",)) if message is not None else None
    if body is None:
        return _none(site, guest)
    return HTMLResponse(body.get_content(), headers={"Content-Security-Policy": PAGE_POLICY})


def save_attachment(site: Site, request: Request, guest: Guest) -> Response:
    """A file that went with the letter, to be saved: browsers never open it here."""
    mail = _mail(site, request)
    message = message_from_bytes(mail.raw, policy=policy.default) if mail is not None else EmailMessage()
    parts = [part for part in message.iter_attachments() if not part.is_multipart()] if mail is not None else []
    place = request.path_params["place"]
    if not 1 <= place <= len(parts):
        return _none(site, guest)
    part = parts[place - 1]
    content = part.get_payload(decode=True)
    name = clean_line(part.get_filename() or "", 120) or "附件"
    return saved_as(name, content if isinstance(content, bytes) else b"")


def saved_as(name: str, content: bytes) -> Response:
    """`content` as a file to be saved under `name`, of no type a browser would open. Source: RFC 6266, RFC 8187."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _mail(site: Site, request: Request) -> OutgoingRecord | None:
    id_ = request.path_params["id"]
    if id_ >= _BEYOND_IDS:
        return None
    with site.records.store.read() as view:
        mail = view.outgoing.get(id_)
    # A link to the page is for its reader alone.
    return mail if mail is not None and mail.kind != "sign_in" else None


def _none(site: Site, guest: Guest) -> Response:
    return site.show(guest, "message.html.j2", title="没有找到", status=404, lines=["没有这封去信。"], back="/")
