"""What an envelope tells beside being one: the fingerprint of its letter, what it answers, who wrote it. Pure."""

from __future__ import annotations

import hashlib

from intake.edges.mailboxes import Envelope
from parsers.letter import read_head

OWN_HEADER = "x-intake-id"
"""On every letter of ours; the one in Sent that lacks it was written by a colleague."""


def fingerprint(envelope: Envelope) -> str:
    """SHA-256 over the identifying header bytes, the arrival and the size: what survives a UIDVALIDITY change."""
    digest = hashlib.sha256(envelope.header.strip())
    digest.update(f"|{envelope.internal_at.isoformat() if envelope.internal_at else ''}|{envelope.size_bytes}".encode())
    return digest.hexdigest()


def answered_by_hand(envelope: Envelope) -> tuple[str, ...]:
    """Message-IDs that a colleague's letter in Sent answers; empty for our own letters and for new ones."""
    head = read_head(envelope.header)
    return () if OWN_HEADER in head.control else head.in_reply_to


def installation_of(envelope: Envelope) -> str:
    """Which installation of this program wrote the letter; empty when a person did."""
    words = read_head(envelope.header).control.get(OWN_HEADER, "").split()
    return words[0] if len(words) == 3 else ""
