"""How full the account is, where the server tells (RFC 2087, RFC 9208)."""

from __future__ import annotations

import imaplib

from intake.edges.mailboxes import Room
from intake.edges.mailboxes.wire import WireClient

_UNIT_BYTES = 1024
"""STORAGE is counted in units of 1024 octets (RFC 9208 §5.1)."""


def room_of(client: WireClient, folder: str = "INBOX") -> Room | None:
    """What is taken and what there is of the fullest storage limit; None where none is told.

    A courtesy: a server that refuses or answers oddly is read without.
    """
    if not client.has_capability("QUOTA"):
        return None
    try:
        told = client.get_quota(folder)
        limits = [
            Room(int(each.usage) * _UNIT_BYTES, int(each.limit) * _UNIT_BYTES) for each in told if _is_storage(each)
        ]
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, ValueError, TypeError, IndexError, AttributeError):
        return None
    return max((room for room in limits if room.limit_bytes > 0), key=lambda room: room.share, default=None)


def _is_storage(told: object) -> bool:
    resource = getattr(told, "resource", "")
    name = resource.decode("ascii", "replace") if isinstance(resource, bytes) else str(resource)
    return name.upper() == "STORAGE"
