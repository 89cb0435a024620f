"""Between its turns a desk rests, waits for news, or is woken by another."""

from __future__ import annotations

import threading

import pytest

from intake.worker import Bell
from storage.errors import DiskFullError
from tests.intake.worker.desks_at_work import BROKEN, AtWork, Desk, duty, wait_until


def test_desk_that_can_be_told_of_news_waits_for_them_between_turns(at_work: AtWork) -> None:
    desk, rests = Desk([True, False]), []

    def rest(seconds: float, stop: threading.Event) -> bool:
        rests.append((seconds, stop.is_set()))
        return stop.wait(30) if len(rests) == 3 else True

    with at_work(duty("collect", desk.turn, every_seconds=3600, rest=rest)):
        wait_until(lambda: len(rests) == 3)

    assert (desk.turns, rests) == (4, [(3600, False)] * 3)


def test_desk_that_is_paced_rests_after_every_turn_however_much_is_left(at_work: AtWork) -> None:
    desk, turns_before = Desk([True, True, True]), []

    def rest(_seconds: float, stop: threading.Event) -> bool:
        turns_before.append(desk.turns)
        return stop.wait(30) if len(turns_before) == 3 else True

    with at_work(duty("collect", desk.turn, every_seconds=3600, rest=rest, paced=True)):
        wait_until(lambda: len(turns_before) == 3)

    assert turns_before == [1, 2, 3]


def test_waiting_for_news_is_no_silence(at_work: AtWork) -> None:
    resting = threading.Event()

    def rest(_: float, stop: threading.Event) -> bool:
        resting.set()
        return stop.wait(30)

    with at_work(duty("collect", Desk().turn, rest=rest)) as office:
        resting.wait(30)
        office.seconds.at += 10_000
        office.some_time_passes()

    assert office.hung == []


def test_trouble_while_waiting_for_news_backs_off_like_any_other(at_work: AtWork) -> None:
    desk = Desk()

    def rest(_: float, __: threading.Event) -> bool:
        raise BROKEN

    with at_work(duty("collect", desk.turn, rest=rest)) as office:
        wait_until(office.events)
        office.some_time_passes()

        assert (desk.turns, office.events()) == (1, [("collect", "failed", "邮箱服务器暂时连不上。")])


def test_desk_is_woken_when_another_has_done_something_for_it(at_work: AtWork) -> None:
    bell, desk = Bell(), Desk()

    with at_work(duty("read", desk.turn, every_seconds=20, rest=bell.rest)):
        wait_until(lambda: desk.turns == 1)
        bell.ring()
        wait_until(lambda: desk.turns == 2)
        bell.ring()  # so that it need not be waited for at the end

    assert desk.turns >= 2


def test_ring_while_the_desk_works_ends_its_next_rest_at_once() -> None:
    bell = Bell()
    resting = threading.Thread(target=bell.rest, args=(3600, threading.Event()), daemon=True)
    bell.ring()

    resting.start()
    resting.join(30)

    assert not resting.is_alive()


def test_desk_that_is_told_to_stop_does_not_rest() -> None:
    stop = threading.Event()
    resting = threading.Thread(target=Bell().rest, args=(3600, stop), daemon=True)
    stop.set()

    resting.start()
    resting.join(30)

    assert not resting.is_alive()


def test_desk_that_failed_in_an_earlier_process_is_said_to_have_recovered(at_work: AtWork) -> None:
    with at_work(duty("collect", Desk([BROKEN]).turn)) as office:
        wait_until(lambda: office.events() == [("collect", "failed", BROKEN.advice)])

    with at_work(duty("collect", Desk().turn)) as office:
        wait_until(lambda: len(office.events()) == 2)
        office.some_time_passes()

    assert [(desk, kind) for desk, kind, _ in office.events()] == [("collect", "failed"), ("collect", "recovered")]


@pytest.mark.parametrize(
    ("error", "over_records", "over_else"),
    [
        (DiskFullError("full"), {"file": DiskFullError.advice}, {}),
        (KeyError("a bug"), {}, {"file": "KeyError: 'a bug'"}),
        (BROKEN, {}, {}),
    ],
    ids=["records", "bug", "mailbox"],
)
def test_desk_that_fails_at_every_turn_is_named_by_what_it_fails_over(
    at_work: AtWork, error: Exception, over_records: dict[str, str], over_else: dict[str, str]
) -> None:
    desk = Desk([error] * 100)
    with at_work(duty("file", desk.turn)) as office:
        wait_until(office.events)
        at_once = office.worker.failing(for_seconds=60, over_records=True)
        office.seconds.at += 60
        found = [office.worker.failing(for_seconds=60, over_records=records) for records in (True, False)]

    assert (at_once, found) == ({}, [over_records, over_else])
