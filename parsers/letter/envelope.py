"""The headers of a letter as facts. Pure."""

from __future__ import annotations

from typing import Any

from parsers.facts import Address
from parsers.letter.addresses import parse_addresses
from parsers.letter.headers import Headers
from parsers.letter.parameters import parse_value
from parsers.letter.trace import parse_date, parse_message_id, parse_message_ids, parse_received
from parsers.letter.tree import Part

_CONTROL = frozenset(
    {
        "auto-submitted",
        "precedence",
        "list-id",
        "list-unsubscribe",
        "return-path",
        "x-auto-response-suppress",
        "x-autoreply",
        "x-autorespond",
        "x-loop",
        "feedback-id",
        "x-failed-recipients",
        "authentication-results",
        "disposition-notification",
    }
)
_OURS = "x-intake-"


def envelope(root: Part) -> dict[str, Any]:
    """Every field of `LetterFacts` that headers tell, by name."""
    headers = root.headers
    return {
        "subject": headers.text("subject"),
        "sender": next(iter(_addresses(headers, "from")), None),
        "reply_to": _addresses(headers, "reply-to"),
        "to": _addresses(headers, "to"),
        "cc": _addresses(headers, "cc"),
        "message_id": parse_message_id(headers.text("message-id")),
        "in_reply_to": parse_message_ids(headers.undecoded("in-reply-to")),
        "references": parse_message_ids(headers.undecoded("references")),
        "date_at": parse_date(headers.text("date")),
        "received": parse_received(headers.all_undecoded("received")),
        "control": _control(headers),
        "report": _report(root),
    }


def _addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    """All mailboxes of a field, also when it stands there twice, in order."""
    return tuple(address for value in headers.all_undecoded(name) for address in parse_addresses(value))


def _control(headers: Headers) -> dict[str, str]:
    """What tells machines from people, sorted by name. Of repeated fields the topmost stands: it is the nearest host's."""
    names = sorted({name for name in headers.names() if name in _CONTROL or name.startswith(_OURS)})
    control = {name: headers.text(name) for name in names}
    if "content-type" in headers.names():
        described = parse_value(headers.undecoded("content-type"))
        kind = described.parameter("report-type").lower()
        control["content-type"] = described.value + (f"; report-type={kind}" if kind else "")
    return control


def _report(root: Part) -> str:
    """The kind of a multipart/report; by its second part when the type does not say (RFC 6522 §3)."""
    if root.get_content_type() != "multipart/report":
        return ""
    declared = root.described.parameter("report-type").lower()
    inside = (child.get_content_type() for child in root.children)
    return declared or next((kind.removeprefix("message/") for kind in inside if kind.startswith("message/")), "")
