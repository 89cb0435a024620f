"""What a folder's status says beside what was last known of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.edges.mailboxes import FolderStatus
from storage.records.mailbox import FolderRecord


def is_unmoved(known: FolderRecord, status: FolderStatus) -> bool:
    """Whether nothing tells of a change since the folder was last listed."""
    told = (status.uidvalidity, status.uidnext, status.messages, status.modseq)
    return (known.uidvalidity, known.uidnext, known.messages, known.modseq) == told


def numbers_began_again(known: FolderRecord, status: FolderStatus) -> bool:
    """Whether UIDNEXT went back, which only a folder made anew can bring: its UIDs may name other letters now."""
    if known.uidnext is None or status.uidnext is None:
        return False
    return known.uidvalidity == status.uidvalidity and status.uidnext < known.uidnext


def session_of(statuses: Sequence[FolderStatus]) -> int:
    """The connection that told them; 0 for mailboxes without one."""
    return max((status.session for status in statuses), default=0)
