"""Mailboxes out of address headers. Pure.

Rejected: `email.utils.getaddresses`: it loses `a@b <a@b>`, unquoted names with dots or at-signs,
and semicolons between mailboxes, all of which people's address books write.
"""

from __future__ import annotations

import re

from parsers.facts import Address
from parsers.letter.characters import one_line
from parsers.letter.headers import decode_words

MOST_ADDRESSES = 2_000
_LONGEST_NAME = 2_000
_TOKEN = re.compile(r'"(?:[^"\\]|\\.){0,400}"|\((?:[^()\\]|\\.){0,400}\)|<[^<>]*>|[,;:]|[^",;:(<]+|.', re.DOTALL)
_MAILBOX = re.compile(r"(?<![^\s<>@,;:\"()])[^\s<>@,;:\"()]++@[^\s<>@,;:\"()]+")
_SYSTEM = re.compile(r"mailer-?daemon|postmaster", re.IGNORECASE)
"""Who writes from the empty address (RFC 5321 §4.5.5) and says so only in the name."""
_LOCAL = re.compile(r"[!-~]+")


def parse_addresses(undecoded: str) -> tuple[Address, ...]:
    """The mailboxes of a header value, in order; groups are opened, what holds no address is left out.

    Source: RFC 5322 §3.4; obsolete routes (`<@a,@b:c@d>`) keep their last part.
    """
    found: list[Address | None] = []
    words: list[str] = []
    after: list[str] = []
    angle: str | None = None
    for piece in [*_TOKEN.findall(undecoded), ","]:
        if piece in {",", ";"}:
            found.append(_address(words + after, angle))
            words, after, angle = [], [], None
        elif piece == ":" and angle is None and not any("@" in word for word in words):
            words = []  # the name of a group
        elif piece.startswith("<") and piece.endswith(">"):
            if angle is not None:  # the comma was forgotten: what stands between belongs to the second
                found.append(_address(words, angle))
                words, after = after, []
            angle = piece[1:-1]
        else:
            (words if angle is None else after).append(piece)
    return tuple(address for address in found if address)[:MOST_ADDRESSES]


def _address(words: list[str], angle: str | None) -> Address | None:
    """One mailbox from its words and the content of its angle brackets."""
    if angle is not None:
        name = _display_name(words)
        mailbox = _only_mailbox(angle.rpartition(":")[2]) or (name if _SYSTEM.fullmatch(name) else "")
        return Address(name=name, address=mailbox) if mailbox else None
    bare = " ".join(word for word in words if not word.startswith("("))
    comments = [word for word in words if word.startswith("(")]
    mailbox = _only_mailbox(bare)
    if not mailbox:
        return None
    name = _display_name([word[1:-1] for word in comments] or [bare.replace(mailbox, " ")])
    return Address(name=name, address=mailbox)


def _only_mailbox(text: str) -> str:
    """The `local@domain` in `text`, or a bare local name such as MAILER-DAEMON; empty when neither."""
    text = one_line(decode_words(text[:_LONGEST_NAME])).strip("'\" ")
    if match := _MAILBOX.search(text):
        return match[0].strip("'")
    return text if _LOCAL.fullmatch(text) and "@" not in text else ""


def _display_name(words: list[str]) -> str:
    """Decoded, without the quotes around it; encoded words are read inside quotes as well."""
    plain = [
        re.sub(r"\\(.)", r"\1", word[1:-1]) if word[:1] == word[-1:] == '"' and len(word) > 1 else word
        for word in words
    ]
    name = one_line(decode_words(" ".join(plain)[:_LONGEST_NAME]))
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name
