"""When a sender is reminded: by days, office hours, time zones and what was said before."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake.casework.reminding import Awaited, OfficeHours, reminds_at, repair_due_at

CHINA = ZoneInfo("Asia/Shanghai")
WEEKDAYS = frozenset({1, 2, 3, 4, 5})
HOURS = OfficeHours(time(9), time(17, 30), WEEKDAYS, CHINA)
CLOSE = datetime(2022, 12, 21, tzinfo=CHINA)
"""截至12月20日, a Tuesday: three days before is Saturday the 17th, one day before Monday the 19th."""


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2022, 12, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(16, 8, 59), at(16, 9)),
        (at(16, 9), at(16, 9)),
        (at(16, 17, 29), at(16, 17, 29)),
        (at(16, 17, 30), at(19, 9)),  # Friday evening: Monday
        (at(17, 12), at(19, 9)),
        (at(18, 23, 59), at(19, 9)),
    ],
)
def test_next_moment_of_office_hours_is_now_or_their_next_beginning(now: datetime, expected: datetime) -> None:
    assert HOURS.next_moment(now) == expected


def test_office_hours_are_those_of_the_campaigns_zone_wherever_the_clock_stands() -> None:
    assert HOURS.next_moment(datetime(2022, 12, 16, 1, 0, tzinfo=UTC)) == at(16, 9)
    assert HOURS.next_moment(datetime(2022, 12, 16, 10, 0, tzinfo=UTC)) == at(19, 9)


@pytest.mark.parametrize(
    ("asked", "now", "expected"),
    [
        (at(5), at(5), at(16)),  # Saturday's reminder leaves on Friday
        (at(5), at(16, 12), at(16, 12)),  # the service was off in the morning
        (at(5), at(16, 20), at(19)),  # and until the evening: one letter on Monday for both days
        (at(15, 10), at(15, 10), at(16, 10)),  # not within a day of the request
        (at(16, 15), at(16, 15), at(19)),  # asked after Friday's opening: the other side of the weekend
        (at(19, 8), at(19, 8), at(20, 8 + 1)),  # asked before Monday's opening: a day later, still in time
        (at(19, 10), at(19, 10), None),  # the request itself was the last word
        (at(5), at(20, 17, 30), None),  # no office hours are left
        (at(5), at(21), None),
    ],
)
def test_first_reminder_leaves_before_the_material_is_due(
    asked: datetime, now: datetime, expected: datetime | None
) -> None:
    awaited = Awaited(asked_at=asked, due_at=CLOSE)

    assert reminds_at(awaited, HOURS, days=(3, 1), now=now) == expected


@pytest.mark.parametrize(
    ("reminded", "expected"),
    [
        (at(16), at(19)),
        (at(16, 17, 29), at(19)),
        (at(19), None),
    ],
)
def test_reminder_of_each_day_is_written_once(reminded: datetime, expected: datetime | None) -> None:
    awaited = Awaited(asked_at=at(5), due_at=CLOSE, reminded_at=reminded, told_at=reminded)

    assert reminds_at(awaited, HOURS, days=(3, 1), now=reminded) == expected


def test_letter_of_ours_on_another_matter_puts_the_reminder_off_by_a_day() -> None:
    awaited = Awaited(asked_at=at(5), due_at=CLOSE, told_at=at(18, 15))

    assert reminds_at(awaited, HOURS, days=(1,), now=at(19)) == at(19, 15)


def test_weekend_is_worked_where_the_campaign_says_so() -> None:
    every_day = OfficeHours(time(9), time(17, 30), frozenset(range(1, 8)), CHINA)

    assert reminds_at(Awaited(asked_at=at(5), due_at=CLOSE), every_day, days=(3, 1), now=at(5)) == at(17)


@pytest.mark.parametrize("days", [(), (60,)])
def test_nobody_is_reminded_on_no_day_or_one_before_he_was_asked(days: tuple[int, ...]) -> None:
    assert reminds_at(Awaited(asked_at=at(5), due_at=CLOSE), HOURS, days=days, now=at(5)) is None


def test_close_at_an_hour_counts_its_own_day() -> None:
    awaited = Awaited(asked_at=at(5), due_at=at(20, 12))

    assert reminds_at(awaited, HOURS, days=(1,), now=at(5)) == at(19)


@pytest.mark.parametrize(
    ("asked", "closes", "days", "expected"),
    [
        (at(5), CLOSE, 0, CLOSE),
        (at(5), CLOSE, 3, CLOSE),  # the close is later, and holds for everybody
        (at(19, 23), CLOSE, 3, at(23, 0)),
        (at(22, 10), CLOSE, 3, at(26, 0)),
        (at(22, 10), CLOSE, 0, None),
        (at(5), None, 0, None),
        (at(5), None, 7, at(13, 0)),
        (at(5, 0) - timedelta(hours=1), None, 1, at(6, 0)),
    ],
)
def test_material_is_due_at_the_close_or_when_the_days_given_are_over(
    asked: datetime, closes: datetime | None, days: int, expected: datetime | None
) -> None:
    assert repair_due_at(asked, closes_at=closes, repair_days=days, zone=CHINA) == expected
