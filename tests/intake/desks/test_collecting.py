"""What the folders of a mailbox leave on record. The mailbox is played: our code ends there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from intake.desks.collect import CollectDesk
from intake.edges.clock import SetClock
from intake.edges.mailboxes import Envelope
from intake.errors import MailboxError
from storage.letters import LetterStore
from storage.store import Store
from tests.intake.desks.played_mailbox import AT, Collecting, FakeMailbox, a_letter


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


def test_folder_made_anew_under_the_same_uidvalidity_shows_other_letters_under_old_uids(
    collecting: Collecting,
) -> None:
    collecting.desk.turn()
    collecting.mailbox.folders["旧活动"] = {1: a_letter(5), 4: a_letter(6)}

    done = collecting.desk.turn()

    assert (done.letters, collecting.folders()) == (2, [("INBOX", 1, 1, 0), ("旧活动", 2, 2, 0)])
    with collecting.store.read() as view:
        shown = view.sightings.get("anli@huli.example", "旧活动", 7, 4)
        letters = view.figures.letters_by_outcome()
    assert shown is not None
    assert (shown.letter_sha256, letters) == (hashlib.sha256(a_letter(6)).hexdigest(), {"collected": 4})


def test_folder_made_anew_is_still_known_as_such_when_the_link_broke_while_it_was_listed(
    collecting: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    collecting.desk.turn()
    collecting.mailbox.folders["旧活动"] = {1: a_letter(5), 4: a_letter(6)}
    with monkeypatch.context() as link:
        link.setattr(collecting.mailbox, "envelopes", _break)
        with pytest.raises(MailboxError):
            collecting.desk.turn()

    done = collecting.desk.turn()

    assert (done.letters, collecting.outcomes()) == (2, {"collected": 4})


def test_number_of_a_letter_that_went_away_given_to_another_one_shows_that_one(collecting: Collecting) -> None:
    collecting.desk.turn()
    del collecting.mailbox.folders["旧活动"][4]
    collecting.desk.turn()
    collecting.mailbox.folders["旧活动"][4] = a_letter(6)

    done = collecting.desk.turn()

    assert (done.letters, collecting.outcomes()) == (1, {"collected": 4})


def test_letters_left_alone_for_age_or_size_are_fetched_once_the_settings_want_them(
    collecting: Collecting, tmp_path: Path
) -> None:
    opens_at = AT + timedelta(days=1)
    collecting.mailbox.arrived = {5: opens_at}
    collecting.mailbox.folders["大"] = {5: a_letter(7) + b" " * 10_000}
    found = []
    for settings in (
        {"opens_at": opens_at, "largest_letter_bytes": 10_000},
        {"opens_at": opens_at, "largest_letter_bytes": 20_000},
        {"opens_at": None, "largest_letter_bytes": 20_000},
    ):
        letters = LetterStore(tmp_path / "letters")
        begun = CollectDesk(collecting.mailbox, collecting.store, letters, clock=collecting.clock, **settings)
        found.append(begun.turn().letters)

    assert (found, collecting.what_is_behind()) == ([1, 1, 2], (0, False))


def test_letter_is_received_when_its_server_says_before_anybody_has_read_it(collecting: Collecting) -> None:
    collecting.clock.advance(timedelta(hours=3))

    collecting.desk.turn()

    with collecting.store.read() as view:
        assert {each.received_at for each in view.letters.by_outcome("collected")} == {AT}


def test_bytes_of_a_purged_letter_that_is_shown_elsewhere_are_not_kept_again(
    collecting: Collecting, tmp_path: Path
) -> None:
    collecting.desk.turn()
    letters, sha256 = LetterStore(tmp_path / "letters"), hashlib.sha256(a_letter(4)).hexdigest()
    with collecting.store.write() as work:
        work.letters.set_outcome(sha256, "not_a_submission")
        work.purging.purge_letter(sha256)
    letters.remove(sha256)
    collecting.mailbox.folders["INBOX"][2] = collecting.mailbox.folders["旧活动"].pop(4)

    collecting.desk.turn()

    assert (letters.holds(sha256), collecting.outcomes()) == (False, {"collected": 2, "purged": 1})
    assert collecting.folders() == [("INBOX", 2, 2, 0), ("旧活动", 1, 1, 0)]


def test_letter_whose_body_had_not_come_when_its_folder_was_renumbered_is_fetched(collecting: Collecting) -> None:
    collecting.mailbox.dead = True
    with pytest.raises(MailboxError):
        collecting.desk.turn()
    collecting.mailbox.dead = False
    collecting.mailbox.uidvalidity = 8

    done = collecting.desk.turn()

    assert (done.letters, collecting.outcomes()) == (3, {"collected": 3})


@pytest.mark.parametrize("at_once", [200, 1])
def test_letters_of_a_renumbered_folder_that_cannot_be_told_apart_are_fetched(
    collecting: Collecting, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("intake.desks.collect.SIGHTINGS_AT_ONCE", at_once)
    nameless = {uid: b"Date: Mon, 5 Dec 2022 09:00:00 +0800\r\n\r\n%d" % uid for uid in (1, 2)}
    collecting.mailbox.folders = {"INBOX": {1: nameless[1]}, "无": {1: a_letter(1)}}
    monkeypatch.setattr(collecting.mailbox, "envelopes", _without_header_of("无", collecting.mailbox.envelopes))
    collecting.desk.turn()
    collecting.mailbox.uidvalidity = 8
    collecting.mailbox.folders = {"INBOX": nameless, "无": {1: a_letter(2)}}

    collecting.desk.turn()

    assert (collecting.outcomes(), collecting.what_is_behind()) == ({"collected": 4}, (0, False))


def test_letter_said_to_be_gone_that_is_listed_all_the_same_is_fetched_at_the_next_listing(
    collecting: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as server:
        server.setattr(collecting.mailbox, "fetch", lambda *_: 0)
        collecting.desk.turn()
    collecting.clock.advance(timedelta(hours=1))

    done = collecting.desk.turn()

    assert (done.letters, collecting.outcomes()) == (3, {"collected": 3})


@pytest.mark.parametrize(
    ("outcome", "again"),
    [("collected", "collected"), ("not_a_submission", "collected"), ("quarantined", "quarantined")],
)
@pytest.mark.parametrize("renumbered", [False, True])
def test_letter_taken_out_of_junk_counts_as_one_of_the_inbox_however_far_it_had_come(
    collecting: Collecting, outcome: str, again: str, *, renumbered: bool
) -> None:
    collecting.mailbox.roles["垃圾邮件"] = "junk"
    collecting.mailbox.folders = {"INBOX": {}, "垃圾邮件": {1: a_letter(1)}}
    collecting.desk.turn()
    sha256 = hashlib.sha256(a_letter(1)).hexdigest()
    with collecting.store.write() as work:
        work.letters.change(sha256, outcome=outcome, answered="never")
    collecting.mailbox.folders = {"INBOX": {1: a_letter(1)}, "垃圾邮件": {}}
    collecting.mailbox.uidvalidity += renumbered

    collecting.desk.turn()

    with collecting.store.read() as view:
        (letter,) = view.letters.by_outcome(again)
    waits_for_its_answer = letter.answered is None
    assert (letter.folder_role, waits_for_its_answer) == ("inbox", outcome == "quarantined")


def _break(_folder: str, _uids: Sequence[int]) -> Iterator[Envelope]:
    raise MailboxError("connection reset", temporary=True)
    yield


def _without_header_of(folder: str, tell: Callable[..., Iterator[Envelope]]) -> Callable[..., Iterator[Envelope]]:
    """A server that describes nothing in this folder, as some do with one odd letter."""

    def envelopes(asked: str, uids: Sequence[int]) -> Iterator[Envelope]:
        return (Envelope(each.uid, 0, None, b"") if asked == folder else each for each in tell(asked, uids))

    return envelopes


@pytest.mark.slow
def test_fifty_thousand_letters_on_the_first_day_are_all_on_record_after_one_turn(collecting: Collecting) -> None:
    collecting.mailbox.folders = {"INBOX": {uid: b"Message-ID: <%d@old>\r\n\r\n" % uid for uid in range(1, 50_001)}}
    collecting.desk._opens_at = AT + timedelta(days=1)

    done = collecting.desk.turn()

    assert (done.sightings, done.letters, collecting.folders()) == (50_000, 0, [("INBOX", 50_000, 50_000, 0)])
