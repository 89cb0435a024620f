"""The completeness equation, when it is looked at, and what else is watched in the mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.briefing.health import folder_counts
from intake.desks.collect import CollectDesk
from intake.edges.clock import SetClock
from intake.edges.mailbox_marks import MailboxHealth, MailboxNotes
from intake.edges.mailboxes import Room
from intake.figures.completeness import say_completeness
from storage.letters import LetterStore
from storage.store import Store
from tests.intake.desks.played_mailbox import AT, Collecting, FakeMailbox, a_letter

OURS, ANOTHERS = "aaaa1111", "bbbb2222"


def a_reply(installation: str) -> bytes:
    """A letter in Sent, written by an installation of this program."""
    head = "Message-ID: <r@huli.example>\r\nFrom: anli@huli.example\r\n"
    return f"{head}X-Intake-Id: {installation} receipt tokentoken\r\n\r\n收件回执\r\n".encode()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[[], Collecting]]:
    """Begins a process on the same records and the same mailbox, each time it is called."""
    store, clock = Store(data_dir=tmp_path / "data"), SetClock(AT)
    store.open()
    mailbox = FakeMailbox(
        folders={"INBOX": {5: a_letter(1), 6: a_letter(2)}, "Sent": {}}, roles={"Sent": "sent", "Junk": "junk"}
    )
    letters = LetterStore(tmp_path / "letters")

    def process() -> Collecting:
        notes = MailboxNotes(store, clock, installation=OURS, begun_at=AT)
        desk = CollectDesk(
            mailbox,
            store,
            letters,
            clock=clock,
            opens_at=None,
            largest_letter_bytes=10_000,
            notes=notes,
            window=timedelta(days=30),
        )
        return Collecting(mailbox, desk, store, clock)

    yield process
    store.close()


def minutes_pass(collecting: Collecting, minutes: int) -> tuple[str, ...]:
    """A poll each minute; the folders listed whole meanwhile."""
    collecting.mailbox.listed.clear()
    for _ in range(minutes):
        collecting.clock.advance(timedelta(minutes=1))
        collecting.desk.turn()
    return tuple(collecting.mailbox.listed)


def test_every_folder_is_listed_whole_at_the_start_of_a_process_and_every_hour(
    begin: Callable[[], Collecting],
) -> None:
    begin().desk.turn()
    restarted = begin()

    at_start = minutes_pass(restarted, 1)
    for_an_hour = minutes_pass(restarted, 59)
    after_it = minutes_pass(restarted, 1)

    assert (sorted(at_start), for_an_hour, sorted(after_it)) == (["INBOX", "Sent"], (), ["INBOX", "Sent"])


def test_every_folder_is_listed_whole_after_a_reconnect_but_not_at_each_one(begin: Callable[[], Collecting]) -> None:
    collecting = begin()
    minutes_pass(collecting, 15)

    collecting.mailbox.session += 1
    after_one = minutes_pass(collecting, 1)
    after_more: list[str] = []
    for _ in range(8):
        collecting.mailbox.session += 1
        after_more += minutes_pass(collecting, 1)

    assert (sorted(after_one), after_more) == (["INBOX", "Sent"], [])


def test_letter_that_took_the_place_of_another_unseen_is_fetched_and_told(begin: Callable[[], Collecting]) -> None:
    collecting = begin()
    minutes_pass(collecting, 5)
    # Counts and highest UID stay as they are.
    collecting.mailbox.folders["INBOX"] = {3: a_letter(9), 6: a_letter(2)}

    minutes_pass(collecting, 60)

    (event,) = collecting.events()
    assert (event.kind, event.text) == ("found_late", "“INBOX”里有1封来信此前没有显示，已补收")
    assert collecting.folders() == [("INBOX", 2, 2, 0), ("Sent", 0, 0, 0)]


def test_letters_that_people_move_are_no_alarm(begin: Callable[[], Collecting]) -> None:
    collecting = begin()
    collecting.mailbox.folders["Junk"] = {5: a_letter(7), 6: a_letter(8)}
    minutes_pass(collecting, 5)
    # One each way between two polls: the counts of both folders stay as they were.
    inbox, junk = collecting.mailbox.folders["INBOX"], collecting.mailbox.folders["Junk"]
    inbox[3], junk[3] = junk.pop(5), inbox.pop(5)

    minutes_pass(collecting, 60)

    health = MailboxHealth(collecting.store, collecting.clock)
    assert (collecting.events(), health.incomplete()) == ((), "")
    assert [row[:3] for row in collecting.folders()] == [("INBOX", 2, 2), ("Junk", 2, 2), ("Sent", 0, 0)]


def test_count_that_goes_on_disagreeing_is_wrong_after_half_an_hour_until_it_agrees(
    begin: Callable[[], Collecting],
) -> None:
    collecting = begin()
    health = MailboxHealth(collecting.store, collecting.clock)
    collecting.mailbox.counted["INBOX"] = 3
    minutes_pass(collecting, 30)
    before = health.incomplete()

    minutes_pass(collecting, 1)
    after = health.incomplete()
    collecting.mailbox.counted.clear()
    minutes_pass(collecting, 1)

    assert (before, after, health.incomplete()) == ("", "“INBOX”邮箱报称3封，列出2封，已登记2封", "")


def test_folder_that_disagrees_and_goes_away_is_wrong_no_more(begin: Callable[[], Collecting]) -> None:
    collecting = begin()
    collecting.mailbox.counted["INBOX"] = 3
    minutes_pass(collecting, 40)

    del collecting.mailbox.folders["INBOX"]
    minutes_pass(collecting, 1)

    assert MailboxHealth(collecting.store, collecting.clock).incomplete() == ""


def test_mailbox_is_nearly_full_from_four_fifths_until_clearly_below(begin: Callable[[], Collecting]) -> None:
    collecting = begin()
    health, said = MailboxHealth(collecting.store, collecting.clock), []
    for used in (79, 80, 79, 75, 74, 79):
        collecting.mailbox.room_left = Room(used * 10**8, 10**10)
        minutes_pass(collecting, 61)
        said.append(health.nearly_full())

    full = "已用{} GB，共10.0 GB（{}%）"
    assert said == ["", full.format("8.0", 80), full.format("7.9", 79), full.format("7.5", 75), "", ""]


def test_mailbox_that_does_not_tell_its_size_is_never_called_full(begin: Callable[[], Collecting]) -> None:
    collecting = begin()

    minutes_pass(collecting, 61)

    assert MailboxHealth(collecting.store, collecting.clock).nearly_full() == ""


def test_server_that_breaks_over_the_question_how_full_it_is_costs_no_poll(begin: Callable[[], Collecting]) -> None:
    collecting = begin()
    collecting.mailbox.room_left = Room(9 * 10**9, 10**10)
    minutes_pass(collecting, 1)
    collecting.mailbox.breaks_over_room = True

    listed = minutes_pass(collecting, 61)

    # What was last known stands, and the next check comes an hour later as ever.
    said = MailboxHealth(collecting.store, collecting.clock).nearly_full()
    assert (sorted(listed), said) == (["INBOX", "Sent"], "已用9.0 GB，共10.0 GB（90%）")


@pytest.mark.parametrize(
    ("installation", "said"),
    [(ANOTHERS, f"“已发送”里有另一套收件系统（{ANOTHERS}）发出的回信"), (OURS, "")],
    ids=["another", "ours"],
)
def test_reply_of_another_installation_in_sent_is_wrong_for_a_day(
    begin: Callable[[], Collecting], installation: str, said: str
) -> None:
    collecting = begin()
    health = MailboxHealth(collecting.store, collecting.clock)
    collecting.mailbox.folders["Sent"][1] = a_reply(installation)

    minutes_pass(collecting, 1)
    at_once = health.shared_with_another()
    collecting.clock.advance(timedelta(hours=24))

    assert (at_once, health.shared_with_another()) == (said, "")


def test_reply_of_another_installation_from_before_our_first_day_is_history(begin: Callable[[], Collecting]) -> None:
    collecting = begin()
    collecting.desk._notes._begun_at = AT + timedelta(days=1)
    collecting.mailbox.folders["Sent"][1] = a_reply(ANOTHERS)

    minutes_pass(collecting, 1)

    assert MailboxHealth(collecting.store, collecting.clock).shared_with_another() == ""


def test_health_nobody_can_ask_about_is_unknown(
    begin: Callable[[], Collecting], monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import UnreachableError

    collecting = begin()

    def unreachable() -> None:
        raise UnreachableError("no answer")

    monkeypatch.setattr(collecting.store, "read", unreachable)
    health = MailboxHealth(collecting.store, collecting.clock)

    assert (health.incomplete(), health.nearly_full(), health.shared_with_another()) == (None, None, None)


def left(collecting: Collecting) -> tuple[int, int, str]:
    """Letters moved or deleted, letters the server is too young for, and what the digest says."""
    with collecting.store.read() as view:
        (inbox,) = [each for each in folder_counts(view) if each.name == "INBOX"]
        return inbox.gone, inbox.out_of_window, say_completeness(folder_counts(view))


def test_letters_too_old_for_the_server_to_show_are_counted_apart_from_those_somebody_took_away(
    begin: Callable[[], Collecting],
) -> None:
    collecting = begin()
    inbox = collecting.mailbox.folders["INBOX"]
    collecting.desk.turn()
    collecting.clock.advance(timedelta(days=20))
    collecting.mailbox.arrived[7] = collecting.clock.now()
    inbox[7] = a_letter(3)
    collecting.desk.turn()

    del inbox[6]  # by hand: an older one is there still
    collecting.desk.turn()
    taken_away = left(collecting)
    collecting.clock.advance(timedelta(days=10))
    del inbox[5]  # thirty days after it came, and nothing older is left
    collecting.desk.turn()
    aged = left(collecting)

    assert taken_away == (1, 0, "邮箱现有2封，另有1封已移走或删除，全部已登记")
    assert aged == (1, 1, "邮箱现有1封，另有1封已移走或删除，1封时间较早、邮箱不再显示，全部已登记")
    assert collecting.events() == ()


def test_letters_shown_again_once_the_window_is_opened_are_known_and_count_as_there(
    begin: Callable[[], Collecting],
) -> None:
    collecting = begin()
    inbox = collecting.mailbox.folders["INBOX"]
    collecting.desk.turn()
    collecting.clock.advance(timedelta(days=31))
    old = inbox.pop(5)
    inbox.pop(6)
    collecting.desk.turn()
    hidden = left(collecting)

    inbox[5] = old
    collecting.desk.turn()

    assert (hidden[:2], left(collecting)[:2]) == ((0, 2), (0, 1))
    assert collecting.events() == ()
