"""Letters of ours, as they were sent: the text, and the page in a frame of its own that can do nothing."""

from __future__ import annotations

from email import message_from_bytes, policy

from starlette.requests import Request
from starlette.responses import Response

from intake.figures.ledger_words import MAIL_STATES
from intake.web.door import Guest
from intake.web.site import Site
from intake.web.views import moment
from intake.wording import clean_line


def show_mail(site: Site, request: Request, guest: Guest) -> Response:
    """The plain form of one letter, with when it left or what keeps it."""
    with site.records.store.read() as view:
        mail = view.outgoing.get(request.path_params["id"])
    # A link to the page is for its reader alone.
    if mail is None or mail.kind == "sign_in":
        return site.show(guest, "message.html.j2", title="没有找到", status=404, lines=["没有这封去信。"], back="/")
    message = message_from_bytes(mail.raw, policy=policy.default)
    body = message.get_body(("plain",))
    at = mail.sent_at or mail.next_at or mail.created_at
    return site.show(
        guest,
        "mail.html.j2",
        title="去信",
        subject=clean_line(mail.subject, 200),
        recipient=clean_line(mail.to_address),
        state="已发出" if mail.state == "sent" else MAIL_STATES.get(mail.state, mail.state),
        at=moment(at, site.zone),
        error=clean_line(mail.last_error, 200) if mail.state != "sent" else "",
        text=body.get_content() if body is not None else "",
        attachments=[clean_line(part.get_filename() or "") for part in message.iter_attachments()],
    )
