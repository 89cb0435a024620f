"""Signatures and locks on a letter: S/MIME, OpenPGP, and mail services' own. Nothing is verified, nothing decrypted. Pure.

Source: RFC 8551 §3 (application/pkcs7-mime), RFC 5652 (CMS), RFC 1847, RFC 3156, RFC 9580 §6 and §7 (armour).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any, Literal

_ARMOUR = re.compile(
    r"^-----BEGIN PGP MESSAGE-----[ \t]*\n.*?(?:^-----END PGP MESSAGE-----[ \t]*$|\Z)", re.DOTALL | re.MULTILINE
)
_CLEAR_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z-]{1,40}:[^\n]*\n)*\n?(?P<text>.*?)"
    r"(?:^-----BEGIN PGP SIGNATURE-----[ \t]*\n.*?(?:^-----END PGP SIGNATURE-----[ \t]*$|\Z)|\Z)",
    re.DOTALL | re.MULTILINE,
)
_BY_SERVICE = re.compile(
    r"(?:这|此|该|本)(?:是|为|封)?一?封?(?:由?[^，。；！？\n]{0,16})?加密的?(?:邮件|信件)"
    r"|(?:收到|发来|发送|发给|寄给)[^，。；！？\n]{0,24}?一封[^，。；！？\n]{0,10}加密的?(?:邮件|信件)"
    r"|(?:邮件|信件)(?:内容)?已(?:被|经|由)?[^，。；！？\n]{0,12}加密"
    r"|(?:has sent you|you(?:'ve| have) received) an? (?:protected|encrypted|secure) (?:message|e-?mail)"
    r"|(?:這|此|該|本)(?:是|為|封)?一?封?加密的?(?:郵件|信件)",
    re.IGNORECASE,
)
_ASKS_FOR_KEY = re.compile(r"密码|口令|解密|查看|打开|密碼|開啟|password|passcode|view|read|open", re.IGNORECASE)
_LOCKED = frozenset({"enveloped_data", "encrypted_data", "signed_and_enveloped_data", "authenticated_enveloped_data"})
_LONGEST_NOTICE = 800
"""Characters. A mail service's notice is short; a longer text has an author."""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What an S/MIME body turned out to be."""

    kind: Literal["signed", "compressed", "locked"]
    content: bytes = b""
    """What a signed or compressed one holds: a letter, or a file; empty for a bare list of certificates."""


def open_cms(data: bytes, *, most_bytes: int) -> Unwrapped | None:
    """The inside of a CMS object (smime.p7m); None when it is none, or its inside cannot be reached.

    Signed and compressed content is opened; enveloped content is `locked`. What is signed twice
    holds a letter whose body is such an object again (RFC 8551 §3.7).
    """
    from asn1crypto import cms

    try:
        info = cms.ContentInfo.load(data)
        type_name = info["content_type"].native
        if type_name in _LOCKED:
            return Unwrapped("locked")
        if type_name not in {"signed_data", "compressed_data"}:
            return None
        content = _octets(info["content"]["encap_content_info"]["content"])
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return None
    if type_name == "compressed_data":
        return Unwrapped("compressed", _inflated(content, most_bytes))
    return Unwrapped("signed", content)


def _octets(value: Any) -> bytes:
    """An OCTET STRING in one piece or many, or nothing; PKCS #7 leaves its type open."""
    from asn1crypto import core

    if isinstance(value, core.Any):
        value = value.parse(spec=core.OctetString)
    native = value.native
    if native is None:
        return b""
    return native if isinstance(native, bytes) else bytes(value)


def _inflated(data: bytes, most_bytes: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most_bytes)
    except zlib.error:
        return b""


def without_armour(text: str) -> tuple[str, bool, bool]:
    """A text without OpenPGP's armour; whether a part of it is locked; whether it was signed.

    The signed text stays, its escaped dashes undone (RFC 9580 §7.2).
    """
    if "-----BEGIN PGP " not in text:
        return text, False, False
    rest, locked = _ARMOUR.subn("", text)
    rest, signed = _CLEAR_SIGNED.subn(lambda found: re.sub(r"(?m)^- ", "", found["text"]), rest)
    return rest, locked > 0, signed > 0


def is_service_notice(text: str) -> bool:
    """Whether the text is a mail service's notice that the letter itself is locked behind a password.

    Source: NetEase's 邮件加密 (这是一封加密邮件, the letter in a generated attachment), as users describe it.
    """
    notice = text.strip()
    if not 0 < len(notice) <= _LONGEST_NOTICE:
        return False
    return _BY_SERVICE.search(notice) is not None and _ASKS_FOR_KEY.search(notice) is not None
