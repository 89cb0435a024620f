"""A mailbox played by the test, and the collecting desk at work on it: our code ends at the mailbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from intake.desks.collect import CollectDesk
from intake.edges.clock import SetClock
from intake.edges.mailboxes import Envelope, FolderStatus, Room
from intake.errors import MailboxError
from intake.model import FolderRole
from storage.records.running import EventRecord
from storage.store import Store

AT = datetime(2022, 12, 5, 1, tzinfo=UTC)


@dataclass
class FakeMailbox:
    """Folders of letters, by name and UID."""

    account: str = "anli@huli.example"
    folders: dict[str, dict[int, bytes]] = field(default_factory=dict)
    uidvalidity: int = 7
    dead: bool = False
    """No body comes."""
    roles: dict[str, FolderRole] = field(default_factory=dict)
    """Of folders that are no inbox."""
    counted: dict[str, int] = field(default_factory=dict)
    """What the server says it holds, where that is not so."""
    session: int = 1
    room_left: Room | None = None
    breaks_over_room: bool = False
    arrived: dict[int, datetime] = field(default_factory=dict)
    """INTERNALDATE, where it is not the beginning."""
    listed: list[str] = field(default_factory=list)
    """Folders listed whole, in order."""

    def statuses(self) -> tuple[FolderStatus, ...]:
        return tuple(
            FolderStatus(
                name,
                self.roles.get(name, "inbox"),
                self.uidvalidity,
                max(letters, default=0) + 1,
                self.counted.get(name, len(letters)),
                session=self.session,
            )
            for name, letters in self.folders.items()
        )

    def uids(self, folder: str, *, first: int = 1) -> tuple[int, ...]:
        self.listed.append(folder)
        return tuple(uid for uid in sorted(self.folders[folder]) if uid >= first)

    def envelopes(self, folder: str, uids: Sequence[int]) -> Iterator[Envelope]:
        for uid in uids:
            raw = self.folders[folder][uid]
            yield Envelope(uid, len(raw), self.arrived.get(uid, AT), raw.partition(b"\r\n\r\n")[0])

    def fetch(self, folder: str, uid: int, sink: BinaryIO) -> int:
        if self.dead:
            raise MailboxError("connection reset", temporary=True)
        return sink.write(self.folders[folder][uid])

    def room(self) -> Room | None:
        if self.breaks_over_room:
            raise MailboxError("connection reset", temporary=True)
        return self.room_left

    def wait_for_news(self, seconds: float, stop: threading.Event) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def a_letter(number: int) -> bytes:
    return f"Message-ID: <{number}@qq.example>\r\nFrom: a{number}@qq.example\r\n\r\n{number}\r\n".encode()


@dataclass
class Collecting:
    """The desk at work on a mailbox."""

    mailbox: FakeMailbox
    desk: CollectDesk
    store: Store
    clock: SetClock

    def folders(self) -> list[tuple[str, int, int, int]]:
        """(folder, on the server, recorded, without a body)."""
        with self.store.read() as view:
            return [(c.folder, c.messages, c.live, c.uncollected) for c in view.figures.folders() if c.current]

    def events(self) -> tuple[EventRecord, ...]:
        """What was put on record about the service."""
        with self.store.read() as view:
            return view.service.events()

    def what_is_behind(self) -> tuple[int, bool]:
        """Letters without a body, and whether a folder is being matched again: each holds up answers."""
        with self.store.read() as view:
            return view.sightings.count_uncollected(), view.folders.any_rematching()

    def outcomes(self) -> dict[str, int]:
        """How many letters have which outcome."""
        with self.store.read() as view:
            return view.figures.letters_by_outcome()
