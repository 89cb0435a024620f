"""A desk that stays silent longer than it may is noticed, and ends the process."""

from __future__ import annotations

import threading

import pytest

from intake.worker import Heartbeats
from tests.intake.worker.desks_at_work import AtWork, Seconds, duty, wait_until


@pytest.fixture
def beats() -> tuple[Heartbeats, Seconds]:
    seconds = Seconds()
    return Heartbeats({"read": 60, "post": 600}, monotonic=seconds), seconds


def test_desk_is_silent_when_its_last_sign_is_older_than_it_may_be(beats: tuple[Heartbeats, Seconds]) -> None:
    heartbeats, seconds = beats
    for desk in ("read", "post", "unlimited"):
        heartbeats.begin(desk)

    seconds.at += 60
    at_the_limit = heartbeats.silent()
    seconds.at += 1
    beyond = heartbeats.silent()

    assert (at_the_limit, beyond) == ((), ("read",))


def test_sign_of_life_counts_from_then(beats: tuple[Heartbeats, Seconds]) -> None:
    heartbeats, seconds = beats
    heartbeats.begin("read")
    seconds.at += 50
    heartbeats.beat("read")
    seconds.at += 50

    assert (heartbeats.silent(), heartbeats.busy_seconds()) == ((), {"read": 100})


def test_desk_at_rest_is_never_silent(beats: tuple[Heartbeats, Seconds]) -> None:
    heartbeats, seconds = beats
    heartbeats.begin("read")
    heartbeats.end("read")
    seconds.at += 10_000

    assert (heartbeats.silent(), heartbeats.busy_seconds()) == ((), {})


def test_desk_that_hangs_is_told_and_the_worker_ends(at_work: AtWork) -> None:
    begun, release = threading.Event(), threading.Event()

    def turn() -> None:
        begun.set()
        release.wait(30)

    with at_work(duty("collect", turn)) as office:
        begun.wait(30)
        office.seconds.at += 61
        wait_until(lambda: office.hung)
        release.set()

    assert office.hung[0] == ("collect",)


def test_desk_that_hangs_while_the_worker_stops_does_not_hold_it_up(at_work: AtWork) -> None:
    begun, release = threading.Event(), threading.Event()

    def turn() -> None:
        begun.set()
        release.wait(30)

    with at_work(duty("collect", turn)) as office:
        begun.wait(30)
        office.worker.stop()
        office.seconds.at += 61
        wait_until(lambda: office.hung)
    release.set()

    assert office.hung == [("collect",)]
