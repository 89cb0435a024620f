"""The worker wakes the desks: once round for a person who waits, or at their intervals until it is stopped."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from intake.errors import MailboxError
from intake.worker import Duty, Heartbeats, Worker
from storage.store import Store
from tests.intake.worker.desks_at_work import BROKEN, NOW, AtWork, Desk, Seconds, duty, wait_until


def test_once_goes_round_until_no_desk_has_more_to_do(store: Store) -> None:
    order: list[str] = []
    collect, read = Desk([True, False, False]), Desk([False, True, False])

    def noted(name: str, desk: Desk) -> Duty:
        def turn() -> bool:
            order.append(name)
            return desk.turn()

        return duty(name, turn)

    worker = Worker([noted("collect", collect), noted("read", read)], store, Heartbeats({}))

    status = worker.once()

    assert (status, order) == (0, ["collect", "read"] * 3)


def test_once_hands_an_error_to_the_person_who_waits(store: Store) -> None:
    beats = Heartbeats({})
    read = Desk()
    worker = Worker([duty("collect", Desk([BROKEN]).turn), duty("read", read.turn)], store, beats)

    with pytest.raises(MailboxError) as raised:
        worker.once()

    assert (raised.value, read.turns, beats.busy_seconds()) == (BROKEN, 0, {})


def test_once_ends_after_the_round_in_which_it_is_stopped(store: Store) -> None:
    collect = Desk([True, True, True])

    def turn() -> bool:
        worker.stop()
        return collect.turn()

    worker = Worker([duty("collect", turn)], store, Heartbeats({}))

    worker.once()

    assert collect.turns == 1


def test_signs_of_life_are_written_for_status(store: Store) -> None:
    seconds = Seconds()
    beats = Heartbeats({}, monotonic=seconds)
    beats.begin("post")
    seconds.at += 90
    post = duty("post", Desk().turn)
    worker = Worker([duty("read", Desk().turn)], store, beats, now=lambda: NOW)
    Worker([post], store, beats, now=lambda: NOW)._write_heartbeats()

    worker.once()

    with store.read() as view:
        written = [(beat.desk, beat.at, beat.busy_since) for beat in view.service.heartbeats()]
    assert written == [("post", NOW, NOW - timedelta(seconds=90)), ("read", NOW, None)]


def test_desk_that_has_more_is_woken_again_at_once(at_work: AtWork) -> None:
    desk = Desk([True] * 7)

    with at_work(duty("read", desk.turn, every_seconds=3600)):
        wait_until(lambda: desk.turns == 8)

    assert desk.turns == 8


def test_desk_without_more_is_woken_at_its_interval(at_work: AtWork) -> None:
    desk, patient = Desk(), Desk()

    with at_work(duty("read", desk.turn), duty("digest", patient.turn, every_seconds=3600)):
        wait_until(lambda: desk.turns >= 3)

    assert patient.turns == 1


def test_clean_end_waits_for_the_turn_under_way(at_work: AtWork) -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def turn() -> None:
        begun.set()
        may_end.wait(30)
        ended.set()

    with at_work(duty("post", turn)) as office:
        begun.wait(30)
        office.worker.stop()
        threading.Timer(0.1, may_end.set).start()

    assert (ended.is_set(), office.hung) == (True, [])
