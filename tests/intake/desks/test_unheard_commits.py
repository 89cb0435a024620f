"""A server commits and its answer is lost on the way: what was done is known again, and done once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.desks.post import PostDesk
from intake.edges.clock import SetClock
from intake.edges.transports.folder import FolderTransport
from storage.errors import UnreachableError
from storage.store import Store
from storage.unit_of_work import UnitOfWork
from tests.storage.samples import mail

AT = datetime(2022, 12, 20, 2, 0, tzinfo=UTC)


class HardOfHearing(Store):
    """Commits, and then says that the server did not answer, as often as it is told."""

    unheard: tuple[int, ...] = ()
    """Which commits, counted from 0."""
    commits = 0

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        with super().write() as work:
            yield work
        self.commits += 1
        if self.commits - 1 in self.unheard:
            raise UnreachableError("the link broke while it committed")


class Handed(FolderTransport):
    """Remembers in which order letters were handed over."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.letters: list[bytes] = []

    def send(self, raw: bytes, *, sender: str, recipients: Sequence[str]) -> str:
        self.letters.append(raw)
        return super().send(raw, sender=sender, recipients=recipients)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[HardOfHearing]:
    store = HardOfHearing(data_dir=tmp_path / "data")
    store.open()
    with store.write() as work:
        for number in (1, 2):
            work.outgoing.enqueue(mail(number, created_at=AT, raw=b"Subject: %d\r\n\r\n" % number))
    store.commits = 0
    yield store
    store.close()


@pytest.mark.parametrize("unheard", [(0,), (1,), (2,), (3,), (0, 1, 2), (1, 2, 3)])
def test_letters_leave_once_each_whichever_commit_nobody_heard_of(
    store: HardOfHearing, tmp_path: Path, unheard: tuple[int, ...]
) -> None:
    transport = Handed(tmp_path / "sent")
    desk = PostDesk(store, transport, clock=SetClock(AT))
    store.unheard = unheard
    failures = 0
    for _ in range(8):
        try:
            desk.turn()
        except UnreachableError:
            failures += 1

    with store.read() as view:
        left = [(each.state, each.attempts, each.unknown_events) for each in view.outgoing.after(0)]
    assert left == [("sent", 1, 0), ("sent", 1, 0)]
    assert (failures, sorted(transport.letters)) == (len(unheard), [b"Subject: 1\r\n\r\n", b"Subject: 2\r\n\r\n"])
