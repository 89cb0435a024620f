"""Puts an Outlook message into the shape of a letter, so that all that reads letters reads it too. Pure.

The tree is the one Outlook itself would have sent: the bodies as alternatives, hidden pictures
beside them, then the attachments. Texts are written as UTF-8, bytes stay as they are.
"""

from __future__ import annotations

from email.utils import format_datetime

from parsers.letter.mapi import TEXT, TEXT_8_BIT, Attachment, Message, Properties
from parsers.letter.rtf_body import decompressed, read_rtf_body
from parsers.letter.tree import Part, parse_tree

_SUBJECT, _HEADERS, _MESSAGE_CLASS = 0x0037, 0x007D, 0x001A
_BODY, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_SENDER_NAME, _SENDER_ADDRESSES = (0x0042, 0x0C1A), (0x5D02, 0x5D01, 0x0065, 0x0C1F)
_NAME, _ADDRESSES, _RECEIVER_KIND = 0x3001, (0x39FE, 0x3003), 0x0C15
_SUBMITTED_AT, _DELIVERED_AT = 0x0039, 0x0E06
_MESSAGE_ID, _IN_REPLY_TO, _REFERENCES = 0x1035, 0x1042, 0x1039
_FILE_NAMES, _MEDIA_TYPE, _CONTENT_ID, _LOCATION = (0x3707, 0x3704, 0x3001), 0x370E, 0x3712, 0x3713
_HIDDEN, _PATHS, _OBJECT_METHOD, _METHOD = 0x7FFE, (0x370D, 0x3708, 0x8524), 6, 0x3705
_OF_THE_MESSAGE = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "mime-version"})
_RECEIVERS = {1: "To", 2: "Cc"}


def as_letter(message: Message) -> Part:
    """The message as the parts of a letter. Attached messages are forwarded letters in it."""
    bodies = _bodies(message.properties)
    hidden = [part for each in message.attachments if each.properties.number(_HIDDEN) for part in _parts(each)]
    files = [part for each in message.attachments if not each.properties.number(_HIDDEN) for part in _parts(each)]
    looks = [_multipart("alternative", bodies), *hidden]
    references = [line for each in message.attachments if (line := _reference(each))]
    notes = [_text("plain", "\n".join(references))] if references else []
    root = _multipart("mixed", [_multipart("related", looks), *notes, *files])
    if message.properties.text(_MESSAGE_CLASS).upper().startswith("IPM.NOTE.SMIME"):
        root = _signed_content(message.attachments) or root
    _set_headers(root, message)
    return root


def _signed_content(attachments: list[Attachment]) -> Part | None:
    """Of a signed or encrypted message the one attachment is the letter itself; None when it does not look like it."""
    if len(attachments) != 1 or not attachments[0].data:
        return None
    attachment = attachments[0]
    media_type = attachment.properties.text(_MEDIA_TYPE).lower()
    if media_type == "multipart/signed":
        parsed = parse_tree(attachment.data, most_parts=1_000).root
        return parsed if parsed.children else None
    return _leaf(media_type if "pkcs7" in media_type else "application/pkcs7-mime", attachment.data, name="smime.p7m")


def _set_headers(root: Part, message: Message) -> None:
    """Those the letter came with; what they lack (drafts, sent letters) from the properties."""
    given = parse_tree(message.properties.text(_HEADERS).encode("utf-8", "replace") + b"\r\n\r\n", most_parts=1).root
    own = root.raw_items()
    fields = [(name, value) for name, value in given.raw_items() if name.lower() not in _OF_THE_MESSAGE]
    present = {name.lower() for name, _ in fields}
    properties = message.properties
    submitted_at = properties.moment(_SUBMITTED_AT, _DELIVERED_AT)
    known = [
        ("Subject", properties.text(_SUBJECT)),
        ("From", _mailbox(properties, _SENDER_NAME, _SENDER_ADDRESSES)),
        ("Date", format_datetime(submitted_at) if submitted_at else ""),
        ("Message-ID", properties.text(_MESSAGE_ID)),
        ("In-Reply-To", properties.text(_IN_REPLY_TO)),
        ("References", properties.text(_REFERENCES)),
        *_receiver_fields(message.receivers),
    ]
    fields += [(name, _stored(value)) for name, value in known if value and name.lower() not in present]
    rest = [(name, value) for name, value in own if name.lower() in _OF_THE_MESSAGE]
    for name, _ in own:
        del root[name]
    for name, value in fields + rest:
        root.set_raw(name, value)


def _receiver_fields(receivers: list[Properties]) -> list[tuple[str, str]]:
    named = [
        (_RECEIVERS.get(each.number(_RECEIVER_KIND, 1)), _mailbox(each, (_NAME,), _ADDRESSES)) for each in receivers
    ]
    return [(field, ", ".join(box for of, box in named if of == field and box)) for field in _RECEIVERS.values()]


def _mailbox(properties: Properties, names: tuple[int, ...], addresses: tuple[int, ...]) -> str:
    """`"name" <local@domain>`; empty without an Internet address: Exchange's own (/O=…) lead nowhere."""
    address = next((text for number in addresses if "@" in (text := properties.text(number))), "")
    name = properties.text(*names).replace("\\", "").replace('"', "")
    if not address:
        return ""
    return f'"{name}" <{address}>' if name and name != address else f"<{address}>"


def _bodies(properties: Properties) -> list[Part]:
    """The ways in which the message says the same; RTF only where it has what the others lack."""
    plain = properties.text(_BODY)
    html = _html(properties)
    if not html and (rtf := decompressed(properties.data(_RTF))):
        body = read_rtf_body(rtf)
        if body.is_html:
            html = _text("html", body.text)
        else:
            plain = plain or body.text
    return ([_text("plain", plain)] if plain else []) + ([html] if html else [])


def _html(properties: Properties) -> Part | None:
    kind, data = properties.values.get(_HTML, (0, b""))
    if kind in {TEXT, TEXT_8_BIT}:
        text = properties.text(_HTML)
        return _text("html", text) if text else None
    if not data.strip(b"\x00\r\n "):
        return None
    return _leaf("text/html", data, charset=properties.html_charset)


def _parts(attachment: Attachment) -> list[Part]:
    """The attachment as a part; none when it is only a reference."""
    properties = attachment.properties
    if attachment.message is not None:
        forwarded = Part()
        _set(forwarded, "Content-Type", "message/rfc822")
        forwarded.attach(as_letter(attachment.message))
        return [forwarded]
    if not attachment.data and _reference(attachment):
        return []
    name = properties.text(*_FILE_NAMES)
    media_type = properties.text(_MEDIA_TYPE).lower() or "application/octet-stream"
    # A type that holds parts would be opened by it; a file is what its bytes are.
    if media_type.startswith(("multipart/", "message/", "text/")):
        media_type = "application/octet-stream"
    part = _leaf(media_type, attachment.data, name=name)
    _set(part, "Content-Disposition", "inline" if properties.number(_HIDDEN) else "attachment")
    for header, number in (("Content-ID", _CONTENT_ID), ("Content-Location", _LOCATION)):
        if value := properties.text(number):
            _set(part, header, value)
    return [part]


def _reference(attachment: Attachment) -> str:
    """Name and place of a file that was attached as a link; empty for one that came along."""
    place = attachment.properties.text(*_PATHS)
    if attachment.data or attachment.message or not place or attachment.properties.number(_METHOD) in {0, 1, 5, 6}:
        return ""
    name = attachment.properties.text(*_FILE_NAMES)
    return f"{name}: {place}" if name and name != place else place


def _multipart(kind: str, parts: list[Part]) -> Part:
    whole = Part()
    _set(whole, "Content-Type", f"multipart/{kind}")
    whole.set_payload([])
    for part in parts:
        whole.attach(part)
    return whole


def _text(kind: str, text: str) -> Part:
    return _leaf(f"text/{kind}", text.encode("utf-8", "replace"), charset="utf-8")


def _leaf(media_type: str, data: bytes, *, charset: str = "", name: str = "") -> Part:
    leaf = Part()
    quoted = name.replace("\\", "/").replace('"', "'")
    parameters = (f'; charset="{charset}"' if charset else "") + (f'; name="{quoted}"' if name else "")
    _set(leaf, "Content-Type", media_type + parameters)
    leaf.set_payload(data.decode("ascii", "surrogateescape"))
    return leaf


def _set(part: Part, name: str, value: str) -> None:
    part.set_raw(name, _stored(value))


def _stored(value: str) -> str:
    """A header value as the parser would have kept its bytes, on one line."""
    return " ".join(value.split()).encode("utf-8", "replace").decode("ascii", "surrogateescape")
