"""What the folders of a mailbox leave on record. The mailbox is played: our code ends there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from intake.desks.collect import CollectDesk
from intake.edges.clock import SetClock
from intake.edges.mailboxes import Envelope, FolderStatus
from intake.errors import MailboxError
from storage.letters import LetterStore
from storage.store import Store

AT = datetime(2022, 12, 5, 1, tzinfo=UTC)


@dataclass
class FakeMailbox:
    """Folders of letters, by name and UID."""

    account: str = "anli@huli.example"
    folders: dict[str, dict[int, bytes]] = field(default_factory=dict)
    uidvalidity: int = 7
    dead: bool = False
    """No body comes, no envelope either."""

    def statuses(self) -> tuple[FolderStatus, ...]:
        return tuple(
            FolderStatus(name, "inbox", self.uidvalidity, max(letters, default=0) + 1, len(letters))
            for name, letters in self.folders.items()
        )

    def uids(self, folder: str, *, first: int = 1) -> tuple[int, ...]:
        return tuple(uid for uid in sorted(self.folders[folder]) if uid >= first)

    def envelopes(self, folder: str, uids: Sequence[int]) -> Iterator[Envelope]:
        for uid in uids:
            raw = self.folders[folder][uid]
            yield Envelope(uid, len(raw), AT, raw.partition(b"\r\n\r\n")[0])

    def fetch(self, folder: str, uid: int, sink: BinaryIO) -> int:
        if self.dead:
            raise MailboxError("connection reset", temporary=True)
        return sink.write(self.folders[folder][uid])

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

    def what_is_behind(self) -> tuple[int, bool]:
        """Letters without a body, and whether a folder is being matched again: each holds up answers."""
        with self.store.read() as view:
            return view.sightings.count_uncollected(), view.folders.any_rematching()


@pytest.fixture
def collecting(tmp_path: Path) -> Iterator[Collecting]:
    store, clock = Store(data_dir=tmp_path / "data"), SetClock(AT)
    store.open()
    mailbox = FakeMailbox(folders={"INBOX": {1: a_letter(1)}, "旧活动": {4: a_letter(4), 5: a_letter(5)}})
    letters = LetterStore(tmp_path / "letters")
    desk = CollectDesk(mailbox, store, letters, clock=clock, opens_at=None, largest_letter_bytes=10_000)
    yield Collecting(mailbox, desk, store, clock)
    store.close()


def test_folder_that_went_away_holds_up_nothing_though_its_letters_never_came(collecting: Collecting) -> None:
    collecting.mailbox.dead = True
    with pytest.raises(MailboxError):
        collecting.desk.turn()
    assert collecting.what_is_behind() == (3, False)
    collecting.mailbox.dead = False
    del collecting.mailbox.folders["旧活动"]

    collecting.desk.turn()

    assert (collecting.what_is_behind(), collecting.folders()) == (
        (0, False),
        [("INBOX", 1, 1, 0), ("旧活动", 0, 0, 0)],
    )


def test_folder_that_went_away_while_it_was_matched_again_holds_up_nothing(collecting: Collecting) -> None:
    collecting.desk.turn()
    collecting.mailbox.uidvalidity = 8
    collecting.mailbox.folders = {"INBOX": {1: a_letter(1)}, "旧活动": {1: a_letter(4), 2: a_letter(6)}}
    collecting.mailbox.dead = True
    with pytest.raises(MailboxError):
        collecting.desk.turn()
    assert collecting.what_is_behind() == (1, True)
    collecting.mailbox.dead = False
    del collecting.mailbox.folders["旧活动"]

    collecting.desk.turn()

    assert collecting.what_is_behind() == (0, False)


def test_folder_that_comes_back_shows_the_letters_known_before(collecting: Collecting) -> None:
    collecting.desk.turn()
    away = collecting.mailbox.folders.pop("旧活动")
    collecting.desk.turn()
    collecting.clock.advance(timedelta(minutes=5))
    collecting.mailbox.folders["旧活动"] = away

    done = collecting.desk.turn()

    assert (done.letters, collecting.folders()) == (0, [("INBOX", 1, 1, 0), ("旧活动", 2, 2, 0)])


def test_mailbox_of_another_address_leaves_the_first_one_behind(collecting: Collecting) -> None:
    collecting.desk.turn()
    collecting.mailbox.account = "new@huli.example"

    collecting.desk.turn()

    assert sorted(collecting.folders()) == sorted(
        [("INBOX", 0, 0, 0), ("旧活动", 0, 0, 0), ("INBOX", 1, 1, 0), ("旧活动", 2, 2, 0)]
    )
