"""What a folder and each letter in it are put on record as when they are seen. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from intake.edges.mailboxes import Envelope, FolderStatus
from intake.edges.mailboxes.told import fingerprint
from storage.records.mailbox import FolderRecord, NewSighting


def folder_as_told(
    status: FolderStatus, *, account: str, at: datetime, state: Literal["normal", "rematching"], agreed: bool
) -> FolderRecord:
    """The folder as the server tells of it.

    `agreed`: with the counts by which an unmoved folder is known; without them it is listed again.
    """
    return FolderRecord(
        account=account,
        folder=status.folder,
        role=status.role,
        uidvalidity=status.uidvalidity,
        uidnext=status.uidnext if agreed else None,
        messages=status.messages,
        modseq=status.modseq if agreed else None,
        state=state,
        looked_at=at,
        listed_at=at if agreed else None,
    )


def sighting_of(
    envelope: Envelope, status: FolderStatus, *, account: str, at: datetime, outcome: str | None
) -> NewSighting:
    """A letter as the folder shows it; `outcome` as of `why_no_body`."""
    return NewSighting(
        account=account,
        folder=status.folder,
        folder_role=status.role,
        uidvalidity=status.uidvalidity,
        uid=envelope.uid,
        first_seen_at=at,
        internal_at=envelope.internal_at,
        size_bytes=envelope.size_bytes,
        fingerprint=fingerprint(envelope),
        outcome=outcome,
    )


def why_no_body(
    envelope: Envelope, status: FolderStatus, *, largest_letter_bytes: int, opens_at: datetime | None
) -> str | None:
    """Why a letter's body is not wanted, one of the outcomes of a sighting; None when it is."""
    if status.role == "sent":
        return "not_a_submission"
    if envelope.size_bytes > largest_letter_bytes:
        return "oversize"
    if opens_at is not None and envelope.internal_at is not None and envelope.internal_at < opens_at:
        return "before_opening"
    return None
