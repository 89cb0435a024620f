"""Whether two links offer the same file, and what they tell together. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from parsers.facts import SharedFile
from parsers.letter.share_providers import host_of, split

_IGNORED_QUERY = re.compile(
    r"pwd|password|passcode|entry|from|channel|spm|source|share_source|shareto|utm_.*|_s|dlchannel|nav|sharertoken|scene|srcid"
)
"""Parameters that vary between two showings of one share."""


def address_key(url: str) -> str:
    """The address without what varies between two showings of one share."""
    parts = split(url)
    if parts is None:
        return url
    try:
        query = sorted(
            (k, v) for k, v in parse_qsl(parts.query, max_num_fields=60) if not _IGNORED_QUERY.fullmatch(k.lower())
        )
    except ValueError:
        query = [(parts.query, "")]
    fragment = parts.fragment if "/" in parts.fragment else ""
    return f"{host_of(parts).removeprefix('www.')}{parts.path.rstrip('/')}?{query}#{fragment}"


def known_as(share: SharedFile, found: Mapping[str, SharedFile]) -> str:
    """The key of the same share met before, else its own. A link cut by a line end, or lost, is told by file and name."""
    key = address_key(share.url) if share.url else f"name {share.name}"
    if key in found:
        return key
    for known, other in found.items():
        same_name = bool(share.name) and share.name == other.name
        cut = (
            len(share.url) > 30
            and len(other.url) > 30
            and (share.url.startswith(other.url) or other.url.startswith(share.url))
        )
        if cut or (same_name and not (share.url and other.url)):
            return known
    return key


def merged(one: SharedFile, other: SharedFile) -> SharedFile:
    """`one`, with what only `other` knows."""
    missing = {
        name: getattr(other, name)
        for name in ("name", "size_bytes", "expires_at", "expires_said", "code")
        if not getattr(one, name) and getattr(other, name)
    }
    if len(other.url) > len(one.url) and (not one.url or other.url.startswith(one.url)):
        missing["url"] = other.url
    return one.model_copy(update=missing)
