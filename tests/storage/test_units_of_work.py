from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

import storage
from storage.store import Store
from tests.storage.samples import NOON, case, file_case, letter, sha


def test_work_is_kept_when_the_block_ends_and_undone_when_it_raises(store: Store) -> None:
    def fail_after_writing() -> None:
        with store.write() as work:
            file_case(work, "undone")
            raise ZeroDivisionError

    with store.write() as work:
        file_case(work, "kept")
    with pytest.raises(ZeroDivisionError):
        fail_after_writing()

    with store.read() as view:
        assert [c.number for c in view.cases.list()] == ["HL22-0001"]
        assert view.letters.get(sha("undone")) is None
        assert view.outgoing.count_by_state() == {"queued": 1}


def test_view_sees_one_moment_throughout(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter("before"))

    with store.read() as view:
        first = view.figures.letters_by_outcome()
        with store.write() as work:
            work.letters.add(letter("meanwhile"))
        second = view.figures.letters_by_outcome()

    with store.read() as view:
        assert (first, second, view.figures.letters_by_outcome()) == (
            {"collected": 1},
            {"collected": 1},
            {"collected": 2},
        )


def test_view_cannot_write(store: Store) -> None:
    with pytest.raises(RuntimeError, match="cannot write"), store.read() as view:
        view.service.put_mark("paused", True)


def test_work_inside_work_of_the_same_thread_is_a_bug_not_a_deadlock(store: Store) -> None:
    def write_again() -> None:
        with store.write():
            pass

    with store.write() as work:
        work.letters.add(letter())
        with pytest.raises(RuntimeError, match="inside another"):
            write_again()

    with store.read() as view:
        assert view.letters.get(sha(1)) is not None


def test_store_not_open_is_a_bug(data_dir: Path) -> None:
    def write() -> None:
        with Store(data_dir=data_dir).write():
            pass

    with pytest.raises(RuntimeError, match="not open"):
        write()


def test_store_closed_can_be_opened_again(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter())

    store.close()
    store.open()

    with store.read() as view:
        assert view.letters.get(sha(1)) == letter()


def test_threads_take_turns(store: Store) -> None:
    def count_up() -> None:
        for _ in range(25):
            with store.write() as work:
                seen = work.service.get_mark("turns") or 0
                work.service.put_mark("turns", seen + 1)

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    with store.read() as view:
        assert view.service.get_mark("turns") == 200


@pytest.mark.parametrize(
    ("question", "answered_by"),
    [
        (
            "SELECT count(*) FROM sightings WHERE account='a' AND folder='f' AND uidvalidity=1 AND gone_at IS NULL",
            "COVERING INDEX ix_sightings_live",
        ),
        (
            "SELECT uid FROM sightings WHERE account='a' AND folder='f' AND uidvalidity=1 AND gone_at IS NULL",
            "COVERING INDEX ix_sightings_live",
        ),
        (
            (
                "SELECT * FROM sightings WHERE account='a' AND folder='f' AND uidvalidity=1 AND gone_at IS NULL"
                " AND letter_sha256 IS NULL AND outcome IS NULL ORDER BY uid"
            ),
            "INDEX ix_sightings_uncollected",
        ),
        (
            "SELECT count(*) FROM sightings WHERE gone_at IS NULL AND letter_sha256 IS NULL AND outcome IS NULL",
            "INDEX ix_sightings_uncollected",
        ),
        ("SELECT * FROM sightings WHERE account='a' AND fingerprint IN ('x','y')", "ix_sightings_account_fingerprint"),
        ("SELECT * FROM letters WHERE outcome='collected' ORDER BY received_at", "ix_letters_outcome_received_at"),
        ("SELECT * FROM letters WHERE message_id='m'", "ix_letters_message_id"),
        ("SELECT * FROM cases WHERE state='waiting' AND due_at <= 'x'", "ix_cases_state_due_at"),
        ("SELECT * FROM cases WHERE sender_address='a'", "ix_cases_sender_address"),
        ("SELECT * FROM outgoing WHERE state IN ('queued','retry_at')", "ix_outgoing_due"),
        ("SELECT * FROM outgoing WHERE token='t'", "uq_outgoing_token|sqlite_autoindex_outgoing"),
        ("SELECT * FROM outgoing WHERE message_id='m'", "uq_outgoing_message_id|sqlite_autoindex_outgoing"),
    ],
)
def test_frequent_question_is_answered_from_an_index(data_dir: Path, question: str, answered_by: str) -> None:
    store = Store(data_dir=data_dir)
    store.open()
    with store.write() as work:
        for word in range(5):
            file_case(work, word)
        work.cases.open(case("x", state="waiting", due_at=NOON))

    assert store._reading is not None
    with store._reading.connect() as connection:
        plan = " ".join(row[-1] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {question}")))
    store.close()

    assert any(index in plan for index in answered_by.split("|")), plan


def test_door_opens_to_everything_it_names() -> None:
    assert sorted(storage.__all__) == storage.__all__
    assert [name for name in storage.__all__ if getattr(storage, name).__module__.split(".")[0] != "storage"] == []


def test_door_does_not_know_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Manager'"):
        storage.Manager  # noqa: B018 - asking is the act
