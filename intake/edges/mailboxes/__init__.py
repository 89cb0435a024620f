"""Where letters come from: one protocol, several implementations.

A mailbox is only ever read: `BODY.PEEK[]`, no flag, no move, no delete.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol, runtime_checkable

from intake.model import FolderRole


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What a folder says of itself, asked at constant cost however many letters it holds."""

    folder: str
    """Its name as people read it (decoded from modified UTF-7)."""
    role: FolderRole
    uidvalidity: int
    uidnext: int | None
    messages: int
    modseq: int | None = None
    """HIGHESTMODSEQ (RFC 7162) where offered."""
    session: int = 0
    """Which connection told it: after another one has begun, what was told before may be out of date."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the server says of one letter before its body is fetched."""

    uid: int
    size_bytes: int
    internal_at: datetime | None
    """INTERNALDATE, aware, UTC; None when the server gives none."""
    header: bytes
    """The raw Message-ID, Date, From, Subject, In-Reply-To, References and X-Intake-Id fields, as sent: what tells
    this letter from others (the fingerprint), and what a letter in Sent answers."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much an account may hold, and holds."""

    used_bytes: int
    limit_bytes: int

    @property
    def share(self) -> float:
        """How much of it is taken, 0 to 1 (or above, where a provider lets it overflow)."""
        return self.used_bytes / self.limit_bytes


@runtime_checkable
class TellsRoom(Protocol):
    """A mailbox that may know how full it is."""

    def room(self) -> Room | None:
        """How full the account is, None where the server does not tell; may raise `MailboxError`."""
        ...


class Mailbox(Protocol):
    """One mail account. Every call may raise `MailboxError`; after one, the next call reconnects."""

    account: str
    """The address, as key of sightings."""

    def statuses(self) -> tuple[FolderStatus, ...]:
        """The watched folders (inbox first, then junk, then sent), constant round trips and bytes each."""
        ...

    def uids(self, folder: str, *, first: int = 1) -> tuple[int, ...]:
        """The UIDs now visible in `folder` from `first` on, ascending, unique."""
        ...

    def envelopes(self, folder: str, uids: Sequence[int]) -> Iterator[Envelope]:
        """Envelopes of those of `uids` that are still there, ascending; asked in small explicit sets."""
        ...

    def fetch(self, folder: str, uid: int, sink: BinaryIO) -> int:
        """Write the letter's raw bytes to `sink` in bounded pieces; return their number.

        Raises: BodyUnavailableError when the server gives no body for a listed letter.
        A letter gone meanwhile returns 0 and writes nothing.
        """
        ...

    def wait_for_news(self, seconds: float, stop: threading.Event) -> bool:
        """Wait up to `seconds` for a hint that something arrived (IDLE where offered, else a plain wait).

        Returns at once with False when `stop` is set; True only says "look again".
        """
        ...

    def close(self) -> None:
        """Log out and free the connection; never raises."""
        ...
