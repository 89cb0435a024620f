"""Sorts a letter's parts: what is body, what is a file, what is an earlier letter. Writes nothing."""

from __future__ import annotations

from dataclasses import replace

from parsers.letter.contained import Content, File, Text
from parsers.letter.opened import Opened
from parsers.letter.parameters import Value, name_of_file, parse_value
from parsers.letter.protection import open_cms, without_armour
from parsers.letter.shown_html import read_html
from parsers.letter.tree import DEEPEST, Part, parse_tree, undelimited

_NO_FILES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",  # the control part beside the encrypted letter
        "application/applefile",  # a Mac's resource fork beside the real file
    }
)
_LETTERS = frozenset({"message/rfc822", "message/global", "message/news"})
_CMS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURE_NAMES = (".p7s", ".asc", ".sig")
_INNER_FIELDS = (
    ("发件人", "from"),
    ("发送时间", "date"),
    ("收件人", "to"),
    ("抄送", "cc"),
    ("主题", "subject"),
    ("Message-ID", "message-id"),
)


def sort_parts(root: Part, opened: Opened) -> Content:
    """The content of a parsed letter. Locators are IMAP part numbers (RFC 3501 §6.4.5)."""
    content = Content()
    content.body = _visit(root, "", opened=opened, content=content, parent="")
    if content.files:
        content.files += content.locked
    return content


def _visit(part: Part, locator: str, *, opened: Opened, content: Content, parent: str) -> list[Text]:
    """The body texts in `part`; its files, HTML and inner letters are added to `content`."""
    media_type = part.get_content_type()
    if media_type.startswith("multipart/"):
        whole = part if part.children else undelimited(part, most_parts=opened.most_parts)
        if whole is not None:
            return _visit_multipart(whole, locator, opened=opened, content=content)
    elif media_type.startswith("message/") and part.children:
        _visit_message(part, locator or "1", opened=opened, content=content, parent=parent)
        return []
    return _visit_leaf(part, locator, opened=opened, content=content, parent=parent)


def _visit_multipart(part: Part, locator: str, *, opened: Opened, content: Content) -> list[Text]:
    kind = part.get_content_type()
    prefix = f"{locator}." if locator else ""
    children = list(enumerate(part.children, start=1))
    if kind == "multipart/signed":
        content.signed = "pgp" if "pgp" in part.described.parameter("protocol").lower() else "smime"
        children = [(number, child) for number, child in children if number == 1 or not _is_signature(child)]
    elif any(child.get_content_type() == "application/pgp-encrypted" for child in part.children):
        kind = "multipart/encrypted"  # Exchange makes it a multipart/mixed
    groups = [
        _visit(child, f"{prefix}{number}", opened=opened, content=content, parent=kind) for number, child in children
    ]
    if kind == "multipart/alternative":
        return _best(groups)
    return [text for group in groups for text in group]


def _best(groups: list[list[Text]]) -> list[Text]:
    """Of several ways to say the same, the plain one; HTML when there is no plain one or characters were lost in it."""
    plain = [group for group in groups if any(not text.is_html and text.text.strip() for text in group)]
    shown = [group for group in groups if any(text.is_html and text.text.strip() for text in group)]
    if plain and not (shown and _lost(plain[0]) > _lost(shown[-1])):
        return plain[0]
    return shown[-1] if shown else []


def _lost(group: list[Text]) -> int:
    return sum(text.text.count("\ufffd") + text.text.count("????") for text in group)


def _visit_message(part: Part, locator: str, *, opened: Opened, content: Content, parent: str) -> None:
    """A letter in the letter, or a report about one."""
    inner = part.children[0]
    if part.get_content_type() not in _LETTERS:
        fields = [f"{name}: {child.headers.text(name)}" for child in part.children for name in child.headers.names()]
        content.history.append("\n".join(fields))
        return
    encoding = part.headers.undecoded("content-transfer-encoding").lower()
    if encoding.startswith(("base64", "quoted-printable")) and not inner.headers.names():
        # Encoded although RFC 2046 §5.2.1 forbids it: what was parsed is not a letter yet, but its code.
        encoded = Part()
        for name, value in part.raw_items():
            encoded.set_raw(name, value)
        encoded.set_payload(inner.undecoded)
        content.files.append(_file(encoded, locator, parent))
        return
    inner_locator = locator if inner.children else f"{locator}.1"
    signed = content.signed
    texts = _visit(inner, inner_locator, opened=opened, content=content, parent="message/rfc822")
    content.signed = signed  # by the writer of the inner letter, not of this one
    head = [f"{label}: {value}" for label, name in _INNER_FIELDS if (value := inner.headers.text(name))]
    content.history.append("\n".join(head) + "\n\n" + "\n".join(_as_plain(text) for text in texts))


def _visit_leaf(part: Part, locator: str, *, opened: Opened, content: Content, parent: str) -> list[Text]:
    file = _file(part, locator or "1", parent)
    media_type = part.get_content_type()
    if media_type in _NO_FILES:
        return []
    if media_type in _CMS or file.name.lower().endswith(".p7m"):
        return _visit_cms(file, locator, opened=opened, content=content, parent=parent)
    if parent == "multipart/encrypted" and media_type == "application/octet-stream":
        content.encrypted = "pgp"
        content.locked.append(file)
        return []
    if media_type == "text/rfc822-headers":
        content.history.append(opened.text(part))
        return []
    is_multipart = media_type.startswith("multipart/")
    if is_multipart or (media_type in {"text/plain", "text/html"} and _is_body(file, alone=not locator)):
        if media_type != "text/html":
            return [_plain(file, opened=opened, content=content)]
        html, pictures = opened.html(part, file.locator)
        content.html.append(Text(html, is_html=True))
        for number, picture in enumerate(pictures, start=1):
            content.files.append(replace(file, locator=f"{file.locator}#{number}", name="", pasted=picture))
        return content.html[-1:]
    if file.name or part.body.strip():
        content.files.append(file)
    return []


def _visit_cms(file: File, locator: str, *, opened: Opened, content: Content, parent: str) -> list[Text]:
    """An S/MIME body: a signed letter is read in its place, a locked one cannot be."""
    inside = open_cms(b"".join(opened.pieces(file.part)), most_bytes=opened.most_bytes)
    if inside is None:
        content.files.append(file)
        return []
    if inside.kind == "locked":
        content.encrypted = "smime"
        content.locked.append(file)
        return []
    if inside.kind == "signed":
        content.signed = "smime"
    if not inside.content or file.part.depth >= DEEPEST:
        return []
    inner = parse_tree(inside.content, most_parts=opened.most_parts, depth=file.part.depth + 1).root
    if "content-type" not in inner.headers.names():  # a document that was signed, not a letter: 案例.docx.p7m
        name = file.name[:-4] if file.name.lower().endswith(".p7m") else file.name
        content.files.append(replace(file, part=_bare(inside.content), name=name))
        return []
    return _visit(inner, locator, opened=opened, content=content, parent=parent)


def _bare(content: bytes) -> Part:
    """Bytes as a leaf of their own."""
    leaf = Part()
    leaf.set_raw("Content-Type", "application/octet-stream")
    leaf.set_payload(content.decode("ascii", "surrogateescape"))
    return leaf


def _plain(file: File, *, opened: Opened, content: Content) -> Text:
    """A plain body without the files and the armour that are written into it."""
    text, written = opened.plain(file.part)
    for number, each in enumerate(written, start=1):
        content.files.append(replace(file, locator=f"{file.locator}#{number}", name=each.name, written=each))
    text, locked, signed = without_armour(text)
    if locked:
        content.encrypted = "pgp"
    if signed:
        content.signed = "pgp"
    return Text(text, is_html=False)


def _is_signature(part: Part) -> bool:
    """Whether the second part of a multipart/signed is what RFC 1847 says it is, whatever it calls itself."""
    name = _file(part, "", "").name.lower()
    kind = part.get_content_type()
    return not part.children and (
        "signature" in kind or name.endswith(_SIGNATURE_NAMES) or (kind == "application/octet-stream" and not name)
    )


def _is_body(file: File, *, alone: bool) -> bool:
    """Whether a text leaf is what the writer wrote and not a text file. A named one is a file unless it is the whole letter."""
    return file.disposition != "attachment" and (alone or not file.name)


def _file(part: Part, locator: str, parent: str) -> File:
    disposition: Value = parse_value(part.headers.undecoded("content-disposition"))
    name = name_of_file(disposition, part.described)
    return File(locator, part, name, disposition.value, related=parent == "multipart/related")


def _as_plain(text: Text) -> str:
    if not text.is_html:
        return text.text
    return "\n".join(line.text for line in read_html(text.text).lines)
