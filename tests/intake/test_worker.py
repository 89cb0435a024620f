"""The worker wakes the desks, backs off, tells a hung desk and ends cleanly. The clock is the test's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.errors import LoginRefusedError, MailboxError
from intake.worker import FIRST_BACK_OFF_SECONDS, LONGEST_BACK_OFF_SECONDS, Bell, Duty, Heartbeats, Worker
from storage.errors import DiskFullError
from storage.store import Store

NOW = datetime(2022, 12, 5, 1, tzinfo=UTC)
BROKEN = MailboxError("connection reset", temporary=True, advice="邮箱服务器暂时连不上。")
REFUSED = LoginRefusedError("535", advice="授权码不正确。")


class Seconds:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Desk:
    """A desk that does what it is told, turn by turn: raises an error, or returns whether there is more."""

    script: list[object] = field(default_factory=list)
    turns: int = 0

    def turn(self) -> bool:
        self.turns += 1
        step = self.script.pop(0) if self.script else False
        if isinstance(step, Exception):
            raise step
        return bool(step)


def duty(name: str, turn: Callable[[], object], **more: object) -> Duty:
    return replace(Duty(name, turn, every_seconds=0.01, silence_seconds=60), **more)  # type: ignore[arg-type]  # named as they are


def wait_until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end, "not so after 30 s"
        time.sleep(0.002)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(data_dir=tmp_path / "data")
    store.open()
    yield store
    store.close()


@dataclass
class Office:
    """A worker in its own thread."""

    worker: Worker
    pulse: Desk
    """A desk beside the others that nothing ails."""
    seconds: Seconds
    store: Store
    hung: list[tuple[str, ...]]

    def some_time_passes(self) -> None:
        """The other desk is woken a few times more."""
        seen = self.pulse.turns
        wait_until(lambda: self.pulse.turns >= seen + 5)

    def waits_are_over(self, is_so: Callable[[], object]) -> None:
        """However long desks back off, until `is_so`."""

        def later() -> object:
            self.seconds.at += LONGEST_BACK_OFF_SECONDS * 1.2
            return is_so()

        wait_until(later)

    def events(self) -> list[tuple[str, str, str]]:
        with self.store.read() as view:
            return [(event.desk, event.kind, event.text) for event in view.service.events()]


AtWork = Callable[..., AbstractContextManager[Office]]


@pytest.fixture
def at_work(store: Store) -> AtWork:
    """Run a worker over `duties` until the block ends; its exit status is 0."""

    @contextmanager
    def run(*duties: Duty) -> Iterator[Office]:
        seconds, pulse = Seconds(), Desk()
        hung: list[tuple[str, ...]] = []
        beats = Heartbeats({each.name: each.silence_seconds for each in duties}, monotonic=seconds)
        worker = Worker(
            [*duties, duty("pulse", pulse.turn)], store, beats, now=lambda: NOW, hung=hung.append, monotonic=seconds
        )
        status: list[int] = []
        thread = threading.Thread(target=lambda: status.append(worker.run()), daemon=True)
        thread.start()
        try:
            yield Office(worker, pulse, seconds, store, hung)
        finally:
            worker.stop()
            thread.join(30)
        assert status == [0]

    return run


# --- signs of life


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


# --- once


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


# --- run


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


# --- trouble


def test_desk_that_fails_backs_off_while_the_others_go_on(at_work: AtWork) -> None:
    desk = Desk([BROKEN, BROKEN])

    with at_work(duty("collect", desk.turn)) as office:
        wait_until(lambda: desk.turns == 1)
        office.some_time_passes()
        before_the_wait_is_over = desk.turns
        office.seconds.at += FIRST_BACK_OFF_SECONDS * 1.2
        wait_until(lambda: desk.turns == 2)
        office.seconds.at += FIRST_BACK_OFF_SECONDS * 1.2  # the second wait is twice as long
        office.some_time_passes()
        after_the_first_wait_again = desk.turns
        office.seconds.at += FIRST_BACK_OFF_SECONDS * 1.2
        wait_until(lambda: desk.turns > 2)

    assert (before_the_wait_is_over, after_the_first_wait_again) == (1, 2)


def test_trouble_and_its_end_are_each_told_once(at_work: AtWork) -> None:
    desk = Desk([BROKEN, BROKEN, BROKEN])

    with at_work(duty("collect", desk.turn)) as office:
        office.waits_are_over(lambda: desk.turns > 4)

        assert office.events() == [("collect", "failed", "邮箱服务器暂时连不上。"), ("collect", "recovered", "")]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (DiskFullError("write failed"), DiskFullError.advice),
        (KeyError("a bug"), "KeyError: 'a bug'"),
    ],
    ids=["storage", "bug"],
)
def test_every_kind_of_trouble_has_words_for_the_digest(at_work: AtWork, error: Exception, text: str) -> None:
    desk = Desk([error])

    with at_work(duty("read", desk.turn)) as office:
        wait_until(office.events)

        assert office.events()[0] == ("read", "failed", text)


def test_desk_rests_for_good_after_three_refused_logins_in_a_row(at_work: AtWork) -> None:
    desk = Desk([REFUSED] * 9)

    with at_work(duty("collect", desk.turn)) as office:
        office.waits_are_over(lambda: len(office.events()) == 2)
        office.seconds.at += 10**9
        office.some_time_passes()

        assert desk.turns == 3
        assert [(kind, text) for _, kind, text in office.events()] == [
            ("failed", "授权码不正确。"),
            ("login_refused", "授权码不正确。"),
        ]


def test_refused_logins_with_other_trouble_between_them_are_not_in_a_row(at_work: AtWork) -> None:
    desk = Desk([REFUSED, REFUSED, BROKEN, REFUSED, BROKEN, BROKEN, REFUSED])

    with at_work(duty("collect", desk.turn)) as office:
        office.waits_are_over(lambda: desk.turns > 8)

        assert [kind for _, kind, _ in office.events()] == ["failed", "recovered"]


# --- resting


def test_desk_that_can_be_told_of_news_waits_for_them_between_turns(at_work: AtWork) -> None:
    desk, rests = Desk([True, False]), []

    def rest(seconds: float, stop: threading.Event) -> bool:
        rests.append((seconds, stop.is_set()))
        return stop.wait(30) if len(rests) == 3 else True

    with at_work(duty("collect", desk.turn, every_seconds=3600, rest=rest)):
        wait_until(lambda: len(rests) == 3)

    assert (desk.turns, rests) == (4, [(3600, False)] * 3)


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


# --- hanging


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


# --- one desk wakes the next


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
