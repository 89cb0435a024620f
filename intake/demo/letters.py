"""A scene of the story as the bytes of a letter; answers quote the letter of ours they reply to. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from intake.demo.clients import Draft, Quoted, foxmail, iphone, mail_master, netease_web, outlook, qq_mail
from intake.demo.story import MAILBOX, MAILBOX_HOST, MAILBOX_NAME, Scene
from parsers.letter import read_head

_REPLY_MARKS: dict[Callable[[Draft], bytes], str] = {
    qq_mail: "回复：",
    netease_web: "Re:",
    foxmail: "Re: ",
    outlook: "答复: ",
    iphone: "回复：",
    mail_master: "回复：",
}
_OTHER_REPLY_MARK = "Re: "


def write_letter(scene: Scene, ours: EmailMessage | None = None, *, ours_at: datetime | None = None) -> bytes:
    """The letter of `scene`; `ours` is the letter it answers, sent at `ours_at`."""
    head = read_head(bytes(ours)) if ours is not None else None
    subject, quoted, known = scene.subject, None, ()
    if ours is not None and head is not None and ours_at is not None:
        mark = "自动回复：" if scene.automatic else _REPLY_MARKS.get(scene.client, _OTHER_REPLY_MARK)
        subject = f"{mark}{head.subject}"
        known = (*head.references, *((head.message_id,) if head.message_id else ()))
        quoted = None if scene.automatic else _quoted(scene, ours, ours_at, subject=head.subject)
    return scene.client(
        Draft(
            subject=subject,
            text=scene.text,
            name=scene.name or scene.who,
            sender=scene.sender,
            to=MAILBOX,
            to_name=MAILBOX_NAME,
            at=scene.at,
            files=scene.files(),
            quoted=quoted,
            in_reply_to=known[-1] if known else None,
            references=known,
            received=((MAILBOX_HOST, scene.at),),
            extra={"Auto-Submitted": "auto-replied"} if scene.automatic else {},
        )
    )


def _quoted(scene: Scene, ours: EmailMessage, ours_at: datetime, *, subject: str) -> Quoted:
    body = ours.get_body(("plain",))
    assert body is not None  # every letter of ours has one
    return Quoted(
        text=body.get_content().rstrip(),
        name=MAILBOX_NAME,
        address=MAILBOX,
        at=ours_at.astimezone(scene.at.tzinfo),
        to=scene.sender,
        subject=subject,
    )
