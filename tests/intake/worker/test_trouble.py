"""A desk that fails backs off and is told of once, while the others go on."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from intake.worker import FIRST_BACK_OFF_SECONDS
from storage.errors import DiskFullError
from tests.intake.worker.desks_at_work import BROKEN, REFUSED, AtWork, Desk, duty, wait_until


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


def test_trouble_after_a_recovery_is_told_anew_and_waited_for_as_at_first(at_work: AtWork) -> None:
    desk = Desk([BROKEN, BROKEN, BROKEN, False, BROKEN])

    with at_work(duty("collect", desk.turn)) as office:
        office.waits_are_over(lambda: len(office.events()) > 2)
        office.some_time_passes()
        before_the_wait_is_over = desk.turns
        office.seconds.at += FIRST_BACK_OFF_SECONDS * 1.2
        wait_until(lambda: desk.turns > before_the_wait_is_over + 5)

        assert [kind for _, kind, _ in office.events()] == ["failed", "recovered"] * 2


def test_desks_that_fail_together_do_not_come_back_together(at_work: AtWork) -> None:
    with capture_logs() as lines, at_work(*(duty(f"desk-{number}", Desk([BROKEN]).turn) for number in range(6))):
        wait_until(lambda: [line["event"] for line in lines].count("desk_backs_off") == 6)

    waits = [line["seconds"] / FIRST_BACK_OFF_SECONDS for line in lines if line["event"] == "desk_backs_off"]
    assert (min(waits) >= 0.8, max(waits) <= 1.2, len(set(waits)) > 1) == (True, True, True)


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
