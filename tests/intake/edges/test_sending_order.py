"""Which letters leave first, and which wait when a day's sending is nearly used up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.desks.post import PostDesk
from intake.edges.clock import SetClock
from intake.edges.outbox import NOTHING, PRIORITY, URGENT, least_urgent
from intake.edges.send_room import SendRoom
from intake.edges.transports.folder import FolderTransport
from intake.model import MailKind
from storage.errors import StorageError
from storage.rows.mailings import MailingRows
from storage.store import Store
from tests.storage.samples import mail

AT = datetime(2022, 12, 20, 2, 0, tzinfo=UTC)
WAITING: tuple[MailKind, ...] = (
    "digest",
    "same_again",
    "answer",
    "receipt",
    "reminder",
    "being_checked",
    "fix_request",
)


def _queue(store: Store, *kinds: MailKind) -> None:
    with store.write() as work:
        for kind in kinds:
            number = work.outgoing.reserve_id()
            work.outgoing.enqueue(mail(number, kind=kind, created_at=AT, priority=PRIORITY[kind]))


def _sent(store: Store) -> list[str]:
    with store.read() as view:
        left = sorted(view.outgoing.by_state("sent"), key=lambda each: each.sent_at or AT)
    return [each.kind for each in left]


def _post(store: Store, folder: Path, *, daily_sends: int, clock: SetClock) -> None:
    desk = PostDesk(store, FolderTransport(folder / "sent"), clock=clock, daily_sends=daily_sends)
    while desk.turn(most=1):
        clock.advance(timedelta(seconds=1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(data_dir=tmp_path / "data")
    store.open()
    yield store
    store.close()


@pytest.mark.parametrize(
    ("sent", "daily_sends", "expected"),
    [(0, 500, None), (449, 500, None), (450, 500, URGENT), (499, 500, URGENT), (500, 500, NOTHING), (3, 3, NOTHING)],
)
def test_last_tenth_of_a_day_is_kept_for_what_is_urgent(sent: int, daily_sends: int, expected: int | None) -> None:
    assert least_urgent(sent, daily_sends) == expected


def test_requests_leave_before_what_a_person_checks_before_receipts_before_notes(store: Store, tmp_path: Path) -> None:
    _queue(store, *WAITING)

    _post(store, tmp_path, daily_sends=500, clock=SetClock(AT))

    # A reminder with no open case behind it is withdrawn.
    assert _sent(store) == ["fix_request", "being_checked", "receipt", "answer", "same_again", "digest"]


def test_receipts_wait_for_the_next_day_when_the_last_tenth_is_reached(store: Store, tmp_path: Path) -> None:
    clock = SetClock(AT)
    receipts: list[MailKind] = ["receipt"] * 12
    _queue(store, *receipts, "fix_request", "digest")

    _post(store, tmp_path, daily_sends=10, clock=clock)
    first_day = _sent(store)
    clock.advance(timedelta(hours=23))
    _queue(store, "being_checked")
    _post(store, tmp_path, daily_sends=10, clock=clock)
    second = _sent(store)[len(first_day) :]
    clock.advance(timedelta(hours=2))
    _post(store, tmp_path, daily_sends=10, clock=clock)

    assert first_day == ["fix_request", *["receipt"] * 8, "digest"]
    assert second == []
    assert _sent(store)[len(first_day) :] == ["being_checked", *["receipt"] * 4]


def test_the_last_letters_of_a_day_are_told_from_a_fifth_left_until_there_is_room_again(
    store: Store, tmp_path: Path
) -> None:
    clock = SetClock(AT)
    room = SendRoom(store, clock, daily_sends=20)
    told = []
    for letters, then in (
        (15, timedelta()),
        (1, timedelta(hours=23)),
        (2, timedelta(minutes=50)),
        (0, timedelta(hours=1)),
    ):
        _queue(store, *(kind for kind in WAITING if kind == "fix_request" for _ in range(letters)))
        clock.advance(then)
        _post(store, tmp_path, daily_sends=20, clock=clock)
        told.append(room.nearly_used_up())

    assert told == ["", "近24小时已发16封，邮箱一天约可发20封", "近24小时已发18封，邮箱一天约可发20封", ""]


def test_what_waits_at_a_days_limit_is_told(store: Store, tmp_path: Path) -> None:
    clock = SetClock(AT)
    _queue(store, *(kind for kind in WAITING if kind == "receipt" for _ in range(9)))
    _post(store, tmp_path, daily_sends=5, clock=clock)

    room = SendRoom(store, clock, daily_sends=5)

    assert room.nearly_used_up() == "近24小时已发5封，邮箱一天约可发5封，尚有4封待发"
    assert SendRoom(store, clock, daily_sends=None).nearly_used_up() == ""


def test_whether_letters_run_short_is_unknown_while_the_records_cannot_be_read(store: Store) -> None:
    def unreachable(*_: object, **__: object) -> int:
        raise StorageError("disk gone", temporary=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MailingRows, "count_sent", unreachable)

        assert SendRoom(store, SetClock(AT), daily_sends=5).nearly_used_up() is None
