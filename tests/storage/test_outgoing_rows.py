from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from storage.errors import AlreadyAnsweredError, ConflictError, MissingRecordError
from storage.records.correspondence import OutgoingRecord
from storage.rows.outgoing import OutgoingRows, Recovered
from storage.store import Store
from tests.storage.samples import NOON, case, letter, mail, minutes, sha


def test_mail_enqueued_comes_back_whole_and_is_found_by_what_answers_carry(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter("a"))
        work.letters.add(letter("b"))
        opened = work.cases.open(case())
        new = mail(work.outgoing.reserve_id(), raw=bytes(range(256)), priority=10, next_at=minutes(3))

        queued = work.outgoing.enqueue(new, letters=[sha("b"), sha("a"), sha("a")], cases=[opened.id])

    fields = {name: getattr(new, name) for name in new.__slots__}
    with store.read() as view:
        assert queued == OutgoingRecord(
            **fields, attempts=0, unknown_events=0, last_error="", last_code=None, handed_at=None, sent_at=None
        )
        assert view.outgoing.get(queued.id) == queued
        assert view.outgoing.by_message_id(queued.message_id) == queued
        assert view.outgoing.by_token(queued.token) == queued
        assert (view.outgoing.by_message_id("x"), view.outgoing.by_token("x"), view.outgoing.get(404)) == (None,) * 3
        assert view.outgoing.of_case(opened.id) == (queued,)
        assert view.outgoing.of_letter(sha("a")) == (queued,)
        assert view.outgoing.letters_of(queued.id) == tuple(sorted([sha("a"), sha("b")]))
        assert view.outgoing.cases_of(queued.id) == (opened.id,)


def test_ids_reserved_are_never_the_same(store: Store) -> None:
    with store.write() as work:
        assert [work.outgoing.reserve_id() for _ in range(3)] == [1, 2, 3]


def test_letter_is_answered_once_per_kind(store: Store) -> None:
    with store.write() as work:
        for word in ("a", "b"):
            work.letters.add(letter(word))
        work.outgoing.enqueue(mail(1, kind="receipt"), letters=[sha("a")])

        with pytest.raises(AlreadyAnsweredError, match=sha("a")):
            work.outgoing.enqueue(mail(2, kind="receipt"), letters=[sha("b"), sha("a")])
        other_kind = work.outgoing.enqueue(mail(3, kind="decision"), letters=[sha("a")])

        assert work.outgoing.get(2) is None
        assert work.outgoing.answered([sha("a"), sha("b")], "receipt") == {sha("a")}
        assert work.outgoing.of_letter(sha("a"))[1] == other_kind


@pytest.mark.parametrize("same", [{"message_id": "receipt.1@example.test"}, {"token": "token-1"}, {"id": 1}])
def test_mail_with_a_key_in_use_is_refused(store: Store, same: dict[str, object]) -> None:
    with store.write() as work:
        work.outgoing.enqueue(mail(1))

    with pytest.raises(ConflictError), store.write() as work:
        work.outgoing.enqueue(mail(2, **same))

    with store.read() as view:
        assert view.outgoing.count_by_state() == {"queued": 1}


def test_due_mail_comes_by_priority_then_age(store: Store) -> None:
    with store.write() as work:
        work.outgoing.enqueue(mail(1, priority=50, created_at=minutes(2)))
        work.outgoing.enqueue(mail(2, priority=50, created_at=minutes(1)))
        work.outgoing.enqueue(mail(3, priority=10, created_at=minutes(3)))
        work.outgoing.enqueue(mail(4, priority=10, next_at=minutes(30)))
        work.outgoing.enqueue(mail(5, state="held"))

        assert [m.id for m in work.outgoing.due(minutes(29))] == [3, 2, 1]
        assert [m.id for m in work.outgoing.due(minutes(30))] == [4, 3, 2, 1]
        assert [m.id for m in work.outgoing.due(minutes(30), limit=1)] == [4]


def test_mail_handed_over_and_taken_is_sent(store: Store) -> None:
    with store.write() as work:
        work.outgoing.enqueue(mail(1))
        claimed = work.outgoing.begin_handing_over(1, at=minutes(1))
        meanwhile = work.outgoing.due(minutes(99))

        sent = work.outgoing.mark_sent(1, at=minutes(2), answer="250 ok")

    assert (claimed.state, claimed.attempts, claimed.handed_at, meanwhile) == ("handing_over", 1, minutes(1), ())
    assert (sent.state, sent.sent_at, sent.last_error) == ("sent", minutes(2), "250 ok")


def test_mail_refused_for_now_is_due_again_at_its_time(store: Store) -> None:
    with store.write() as work:
        work.outgoing.enqueue(mail(1))
        work.outgoing.begin_handing_over(1, at=NOON)
        delayed = work.outgoing.mark_retry(1, next_at=minutes(5), error="451 busy", code=451)
        due = [[m.id for m in work.outgoing.due(minutes(at))] for at in (4, 5)]

        again = work.outgoing.begin_handing_over(1, at=minutes(5))
        failed = work.outgoing.mark_failed(1, error="550 no such user", code=550)

    assert (delayed.state, delayed.last_code, delayed.unknown_events, due) == ("retry_at", 451, 0, [[], [1]])
    assert (again.attempts, again.state) == (2, "handing_over")
    assert (failed.state, failed.last_error, failed.last_code, failed.next_at) == (
        "failed",
        "550 no such user",
        550,
        None,
    )


def test_mail_in_doubt_goes_once_more_then_is_parked(store: Store) -> None:
    states = []
    with store.write() as work:
        work.outgoing.enqueue(mail(1))
        for _ in range(2):
            work.outgoing.begin_handing_over(1, at=NOON)
            states.append(work.outgoing.mark_unknown(1, next_at=minutes(1), error="link died"))

        assert [(m.state, m.unknown_events, m.next_at) for m in states] == [
            ("retry_at", 1, minutes(1)),
            ("unknown", 2, None),
        ]
        assert work.outgoing.due(minutes(99)) == ()
        assert work.outgoing.by_state("unknown") == (states[1],)


def test_mail_left_by_a_crash_counts_as_in_doubt(store: Store) -> None:
    with store.write() as work:
        for number in (1, 2, 3):
            work.outgoing.enqueue(mail(number))
        work.outgoing.begin_handing_over(2, at=NOON)
        work.outgoing.mark_unknown(2, next_at=NOON, error="link died")
        for number in (1, 2):
            work.outgoing.begin_handing_over(number, at=NOON)

    with store.write() as work:
        recovered = work.outgoing.recover_handing_over(at=minutes(1))
        nothing_left = work.outgoing.recover_handing_over(at=minutes(2))

        assert recovered == Recovered(again=(1,), parked=(2,))
        assert nothing_left == Recovered(again=(), parked=())
        assert [m.id for m in work.outgoing.due(minutes(1))] == [1, 3]
        assert work.outgoing.count_by_state() == {"queued": 1, "retry_at": 1, "unknown": 1}
        assert work.outgoing.count_by_state(campaign="xuzhou-2015") == {}


_Step = Callable[[OutgoingRows], object]
_BEGIN: _Step = lambda rows: rows.begin_handing_over(1, at=NOON)  # noqa: E731 - a table of steps
_SENT: _Step = lambda rows: rows.mark_sent(1, at=NOON)  # noqa: E731
_RETRY: _Step = lambda rows: rows.mark_retry(1, next_at=NOON, error="451")  # noqa: E731
_FAIL: _Step = lambda rows: rows.mark_failed(1, error="550")  # noqa: E731
_UNKNOWN: _Step = lambda rows: rows.mark_unknown(1, next_at=NOON, error="link died")  # noqa: E731
_HOLD: _Step = lambda rows: rows.hold(1)  # noqa: E731
_RELEASE: _Step = lambda rows: rows.release(1)  # noqa: E731
_CANCEL: _Step = lambda rows: rows.cancel(1)  # noqa: E731


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((_HOLD,), "held"),
        ((_HOLD, _HOLD), "held"),
        ((_HOLD, _RELEASE), "queued"),
        ((_BEGIN, _RETRY, _HOLD), "held"),
        ((_BEGIN, _FAIL, _RELEASE), "queued"),
        ((_BEGIN, _UNKNOWN, _BEGIN, _UNKNOWN, _RELEASE), "queued"),
        ((_CANCEL,), "cancelled"),
        ((_HOLD, _CANCEL, _CANCEL), "cancelled"),
    ],
)
def test_mail_passes_the_states_an_organizer_asks_for(store: Store, steps: Sequence[_Step], state: str) -> None:
    with store.write() as work:
        work.outgoing.enqueue(mail(1))

        for step in steps:
            step(work.outgoing)

        assert work.outgoing.count_by_state() == {state: 1}


@pytest.mark.parametrize(
    ("steps", "refused", "state"),
    [
        ((), _SENT, "queued"),
        ((), _UNKNOWN, "queued"),
        ((_BEGIN,), _BEGIN, "handing_over"),
        ((_BEGIN,), _HOLD, "handing_over"),
        ((_BEGIN,), _CANCEL, "handing_over"),
        ((_BEGIN,), _RELEASE, "handing_over"),
        ((_BEGIN, _SENT), _BEGIN, "sent"),
        ((_BEGIN, _SENT), _CANCEL, "sent"),
        ((_BEGIN, _SENT), _RELEASE, "sent"),
        ((_HOLD,), _BEGIN, "held"),
        ((_CANCEL,), _BEGIN, "cancelled"),
        ((_CANCEL,), _RELEASE, "cancelled"),
        ((_BEGIN, _FAIL), _BEGIN, "failed"),
        ((_BEGIN, _UNKNOWN, _BEGIN, _UNKNOWN), _BEGIN, "unknown"),
    ],
)
def test_mail_never_leaves_a_state_by_a_wrong_door(
    store: Store, steps: Sequence[_Step], refused: _Step, state: str
) -> None:
    with store.write() as work:
        work.outgoing.enqueue(mail(1))
        for step in steps:
            step(work.outgoing)

        with pytest.raises(ConflictError, match=f"is {state}, not"):
            refused(work.outgoing)

        assert work.outgoing.count_by_state() == {state: 1}


def test_mail_unknown_cannot_be_moved(store: Store) -> None:
    with store.write() as work, pytest.raises(MissingRecordError):
        work.outgoing.cancel(404)


def test_mails_in_a_state_are_narrowed_to_a_kind(store: Store) -> None:
    with store.write() as work:
        work.outgoing.enqueue(mail(1, kind="receipt"))
        work.outgoing.enqueue(mail(2, kind="fix_request"))

        assert [each.id for each in work.outgoing.by_state("queued", kind="receipt")] == [1]
