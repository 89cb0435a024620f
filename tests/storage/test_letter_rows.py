from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage.errors import MissingRecordError
from storage.store import Store
from tests.storage.samples import NOON, case, letter, minutes, sha


def test_letter_added_comes_back_whole(store: Store) -> None:
    full = letter(
        internal_at=minutes(-3),
        reason="一行说明",
        ignored="question",
        message_id="a@b",
        from_address="Jinan@Example.test",
        from_name="金安社区",
        subject="案例报送",
        folder_role="junk",
        campaign="huli-2022",
        answered="by_hand",
        attempts=2,
        traceback="Traceback …",
        evidence={"files": 3},
        test=True,
    )

    with store.write() as work:
        is_new = work.letters.add(full)

    with store.read() as view:
        assert (is_new, view.letters.get(full.sha256)) == (True, replace(full, from_address="jinan@example.test"))


def test_letter_unknown_is_none(store: Store) -> None:
    with store.read() as view:
        assert view.letters.get(sha("never")) is None


@pytest.mark.parametrize(
    ("second", "stands"),
    [(minutes(-5), minutes(-5)), (minutes(5), NOON), (NOON, NOON)],
    ids=["earlier", "later", "same"],
)
def test_letter_added_again_keeps_the_earliest_receipt_time(store: Store, second: datetime, stands: datetime) -> None:
    with store.write() as work:
        work.letters.add(letter(internal_at=NOON))
        work.letters.set_outcome(sha(1), "filed")

        is_new = work.letters.add(letter(received_at=second, internal_at=second))

        known = work.letters.get(sha(1))
    assert is_new is False
    assert known == letter(received_at=stands, internal_at=stands, outcome="filed")


def test_letters_by_outcome_come_oldest_received_first(store: Store) -> None:
    with store.write() as work:
        for word, at in [("b", 2), ("a", 1), ("c", 3)]:
            work.letters.add(letter(word, received_at=minutes(at)))
        work.letters.add(letter("filed", outcome="filed"))

    with store.read() as view:
        found = [view.letters.by_outcome("collected"), view.letters.by_outcome("collected", limit=2)]
    assert [[row.sha256 for row in rows] for rows in found] == [[sha("a"), sha("b"), sha("c")], [sha("a"), sha("b")]]


def test_letters_found_by_message_id_and_sender_in_order_of_receipt(store: Store) -> None:
    first = letter("first", message_id="same@x", from_address="a@x", received_at=minutes(0))
    again = letter("again", message_id="same@x", from_address="a@x", received_at=minutes(9))
    with store.write() as work:
        for row in (again, first, letter("other", message_id="other@x", from_address="b@x")):
            work.letters.add(row)

    with store.read() as view:
        assert view.letters.by_message_id("same@x") == (first, again)
        assert view.letters.from_address("A@X") == (first, again)
        assert view.letters.by_message_id("none@x") == ()
        assert view.letters.known([sha("first"), sha("never")]) == {sha("first")}
        assert view.letters.received_between(minutes(0), minutes(9)) == (
            *sorted((first, letter("other", message_id="other@x", from_address="b@x")), key=lambda row: row.sha256),
        )


def test_letter_quarantined_keeps_its_traceback_until_it_succeeds(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter())
        attempts = [work.letters.begin_attempt(sha(1), at=minutes(n)) for n in range(3)]
        work.letters.quarantine(sha(1), reason="RuntimeError", traceback="Traceback …")
        broken = work.letters.get(sha(1))

        work.letters.set_outcome(sha(1), "not_a_submission", reason="普通提问", ignored="question")
        mended = work.letters.get(sha(1))

    assert attempts == [1, 2, 3]
    assert broken == letter(
        outcome="quarantined", reason="RuntimeError", traceback="Traceback …", attempts=3, attempted_at=minutes(2)
    )
    assert mended == letter(outcome="not_a_submission", reason="普通提问", ignored="question", attempted_at=minutes(2))


@pytest.mark.parametrize(
    ("begun", "counted"),
    [
        ((0, 1, 2, 3, 4), [1, 1, 1, 1, 1]),  # killed again and again within five minutes
        ((0, 5, 9, 10), [1, 2, 2, 3]),
        ((60, 0), [1, 2]),  # the clock was set back
    ],
)
def test_attempts_that_begin_close_together_count_once(
    store: Store, begun: tuple[int, ...], counted: list[int]
) -> None:
    with store.write() as work:
        work.letters.add(letter())

        attempts = [
            work.letters.begin_attempt(sha(1), at=minutes(minute), together=timedelta(minutes=5)) for minute in begun
        ]

    assert attempts == counted


def test_letter_changed_keeps_what_is_not_named(store: Store) -> None:
    with store.write() as work:
        opened = work.cases.open(case())
        work.letters.add(letter(subject="案例"))

        work.letters.change(sha(1), from_address="A@B.c", campaign="huli-2022", case_id=opened.id)

        assert work.letters.get(sha(1)) == letter(
            subject="案例", from_address="a@b.c", campaign="huli-2022", case_id=opened.id
        )


def test_letter_changed_but_unknown_is_an_error(store: Store) -> None:
    with store.write() as work:
        with pytest.raises(MissingRecordError):
            work.letters.set_outcome(sha("never"), "filed")
        with pytest.raises(MissingRecordError):
            work.letters.begin_attempt(sha("never"), at=NOON)


def test_unread_letters_of_a_sender_count_those_of_unknown_sender_too(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter("mine", from_address="a@x"))
        work.letters.add(letter("unknown"))
        work.letters.add(letter("other", from_address="b@x"))
        work.letters.add(letter("done", from_address="a@x", outcome="filed"))

        assert work.letters.count_unread(from_address="A@x") == 2
        assert work.letters.count_unread() == 3


def test_letters_collected_are_unread_until_their_facts_stand_then_unfiled(store: Store) -> None:
    with store.write() as work:
        for word in ("read", "waiting"):
            work.letters.add(letter(word))
        work.letters.change(sha("read"), read_at=NOON)

        assert [row.sha256 for row in work.letters.unread(limit=9)] == [sha("waiting")]
        assert [row.sha256 for row in work.letters.unfiled(limit=9)] == [sha("read")]


def test_hand_answer_is_remembered_once_even_before_the_letter_is_known(store: Store) -> None:
    with store.write() as work:
        work.letters.note_hand_answers(["a@x", "a@x"], at=NOON)
        work.letters.note_hand_answers(["a@x"], at=minutes(5))

        assert work.letters.hand_answered_at("a@x") == NOON
        assert work.letters.hand_answered_at("b@x") is None


def test_letters_of_a_case_come_in_the_order_casework_folds_them(store: Store) -> None:
    same_minute = sorted(["p", "q", "r"], key=sha)
    with store.write() as work:
        opened = work.cases.open(case())
        for word in ["early", *reversed(same_minute)]:
            work.letters.add(letter(word, received_at=minutes(-1) if word == "early" else NOON))
            work.cases.join(opened.id, sha(word), joined_by="thread", at=NOON)

        assert [row.sha256 for row in work.letters.of_case(opened.id)] == [sha(w) for w in ["early", *same_minute]]
