"""The envelope: a draft becomes the bytes that are stored and sent. Pure: the same input gives the same bytes."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Protocol

from intake.model import MailKind
from intake.wording import clean_text
from parsers.facts import LetterFacts

INTAKE_HEADER = "X-Intake-Id"
"""By this header we know our own letters again: installation, kind and token, separated by spaces."""

_REFERENCES = 12
_ID_CHARACTERS = 250
_SUBJECT_CHARACTERS = 160
_MESSAGE_ID = re.compile(r"\A[!-;=?-~]+@[!-;=?-~]+")
_WORD = re.compile(r"[A-Za-z0-9._-]+")
_THREAD_HEADERS = frozenset({"message-id", "in-reply-to", "references"})
_FILE_NAME_CHARACTERS = 100
_ENCODED_BYTES = 42
"""UTF-8 bytes of a file name in one encoded word, which is at most 75 characters long (RFC 2047 §2)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    """`type/subtype`."""
    content: bytes = field(repr=False)


class Written(Protocol):
    """A draft of any kind: a reply or a digest."""

    @property
    def subject(self) -> str:
        """One line."""
        ...

    @property
    def text(self) -> str:
        """The plain form."""
        ...

    @property
    def html(self) -> str:
        """A whole page."""
        ...

    @property
    def language(self) -> str:
        """`zh-CN`."""
        ...


class _LetterPolicy(EmailPolicy):
    """SMTP's, but message ids are never encoded, and the name of a file is written in both ways there are.

    The library turns ids longer than a line into encoded words. It writes names of files by RFC 2231 alone, which
    clients common in China (Foxmail, older web mail) do not read: as Thunderbird does, `name` of Content-Type is an
    encoded word and `filename` of Content-Disposition the standard's form.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header with its folds; ids stand one a line. Source: RFC 5322 §3.6.4, §2.2.3; RFC 2231 §4, RFC 2047."""
        file_name = getattr(value, "params", {}).get("name") if name.lower() == "content-type" else None
        if file_name is not None:
            kind = value.partition(";")[0].strip()
            return f'{name}: {kind};{self.linesep} name="{_encoded(file_name, self.linesep)}"{self.linesep}'.encode(
                "ascii"
            )
        if name.lower() in _THREAD_HEADERS:
            return f"{name}: {f'{self.linesep} '.join(value.split())}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _LetterPolicy(linesep=SMTP.linesep, cte_type="7bit", utf8=False)


def build_message(
    draft: Written,
    *,
    sender: str,
    sender_name: str,
    recipient: str,
    message_id: str,
    date_at: datetime,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    kind: MailKind,
    token: str,
    installation: str,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The whole RFC 5322 message with CRLF line ends, text and HTML alternatives in UTF-8, `attachments` after them.

    `message_id`, `in_reply_to` and `references` stand without angle brackets; what is no
    message id among the last two is left out, since it came from a stranger.
    No `Precedence`: the header is not standardised, the responders that matter here heed
    `Auto-Submitted`, and bulk mail lands in advertisement folders.
    Raises: ValueError when an address, our own id or a word of ours could not stand in a
    header (a bug of the caller). Source: RFC 5322, RFC 3834 §5, MS-OXCMAIL X-Auto-Response-Suppress.
    """
    _require(_MESSAGE_ID, message_id, "message id")
    for word, what in ((token, "token"), (installation, "installation")):
        _require(_WORD, word, what)
    message = EmailMessage(policy=_policy_for(recipient))
    message["From"] = _address(sender, clean_text(sender_name))
    message["To"] = _address(recipient)
    message["Reply-To"] = _address(sender)
    message["Subject"] = clean_text(draft.subject, _SUBJECT_CHARACTERS)
    message["Date"] = format_datetime(date_at)
    message["Message-ID"] = f"<{message_id}>"
    if in_reply_to and _is_message_id(in_reply_to):
        message["In-Reply-To"] = f"<{in_reply_to}>"
    if thread := _thread(in_reply_to, references):
        message["References"] = " ".join(f"<{one}>" for one in thread)
    message["Auto-Submitted"] = "auto-replied" if in_reply_to and kind != "digest" else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message[INTAKE_HEADER] = f"{installation} {kind} {token}"
    message.set_content(draft.text, charset="utf-8", cte=_encoding_for(draft.text))
    message.add_alternative(draft.html, subtype="html", charset="utf-8", cte=_encoding_for(draft.html))
    for attachment in attachments:
        _attach(message, attachment)
    # After the parts: what begins with Content- before them would move into the first one.
    message["Content-Language"] = draft.language
    # Stated, not drawn at random: the same draft must give the same bytes. Neither encoding can produce "=_".
    message.set_boundary(f"=_intake_{token}")
    if attachments:
        message.get_payload(0).set_boundary(f"=_intake_{token}_text")  # type: ignore[union-attr]  # the alternatives
    return message.as_bytes()


def recipient_of(letter: LetterFacts) -> str | None:
    """Whom to answer: the From address, or a Reply-To of the same domain; None when there is no From.

    A Reply-To elsewhere is left alone, or anybody could make us write to a third
    person; addresses in Cc never hear from us.
    """
    if letter.sender is None or not _is_address(letter.sender.address):
        return None
    domain = letter.sender.address.rpartition("@")[2].lower()
    for one in letter.reply_to:
        if _is_address(one.address) and one.address.rpartition("@")[2].lower() == domain:
            return one.address
    return letter.sender.address


def _policy_for(recipient: str) -> EmailPolicy:
    """UTF-8 headers only for a mailbox whose local part is not ASCII. Source: RFC 6531 §3.2."""
    return _POLICY if recipient.rpartition("@")[0].isascii() else _POLICY.clone(utf8=True)


def _address(address: str, name: str = "") -> Address:
    """An address for a header, its domain in ASCII. Source: RFC 5890 §2.3.2.1."""
    if not _is_address(address):
        raise ValueError(f"not an address: {address!r}")
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain if domain.isascii() else domain.encode("idna").decode("ascii"))


def _is_address(address: str) -> bool:
    local, at, domain = address.rpartition("@")
    return bool(at and local and domain) and not re.search(r"[\s<>\"(),:;\\\x00-\x1f\x7f]", address)


def _is_message_id(text: str) -> bool:
    return len(text) <= _ID_CHARACTERS and _MESSAGE_ID.fullmatch(text) is not None


def _thread(in_reply_to: str | None, references: Sequence[str]) -> tuple[str, ...]:
    """The ids for References, once each, ours-to-answer last; the first and the latest ones when there are many."""
    ids = [one for one in (*references, in_reply_to or "") if _is_message_id(one)]
    unique = list(dict.fromkeys(reversed(ids)))[::-1]
    return tuple(unique if len(unique) <= _REFERENCES else [unique[0], *unique[-(_REFERENCES - 1) :]])


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    maintype, _, subtype = attachment.media_type.partition("/")
    name = clean_text(attachment.name, _FILE_NAME_CHARACTERS).replace('"', "'").replace("\\", "_").replace("/", "_")
    message.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=name, params={"name": name})


def _encoded(text: str, linesep: str) -> str:
    """A file name as encoded words, one a line, none of which cuts a character; as it is when it is ASCII."""
    if text.isascii():
        return text
    pieces = [""]
    for character in text:
        if len((pieces[-1] + character).encode()) > _ENCODED_BYTES:
            pieces.append("")
        pieces[-1] += character
    return f"{linesep} ".join(f"=?UTF-8?B?{b64encode(piece.encode()).decode('ascii')}?=" for piece in pieces)


def _encoding_for(text: str) -> str:
    """base64 for text that is mostly Chinese, quoted-printable (readable in the raw) for the rest."""
    beyond_ascii = sum(1 for byte in text.encode() if byte > 127)
    return "base64" if beyond_ascii * 6 > len(text.encode()) else "quoted-printable"


def _require(pattern: re.Pattern[str], text: str, what: str) -> None:
    if pattern.fullmatch(text) is None:
        raise ValueError(f"not a {what}: {text!r}")
