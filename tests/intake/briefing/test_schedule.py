from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from config.sections import DigestSettings
from intake.briefing.schedule import is_closing_day, next_digest_at, sums_up

ZONE = ZoneInfo("Asia/Shanghai")
CLOSES = (datetime(2022, 12, 21, tzinfo=ZONE),)  # 12月20日24时, a Tuesday
DAILY = DigestSettings()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 12, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("digest", "since", "due"),
    [
        (DAILY, at(5, 7), at(5, 8)),
        (DAILY, at(5, 8), at(6, 8)),
        (DigestSettings(weekdays=(1, 2, 3, 4, 5)), at(9, 8), at(12, 8)),
        (DAILY, at(18, 8), at(19, 8)),
        (DAILY, at(19, 8), at(19, 12)),
        (DAILY, at(20, 17), at(20, 21)),
        (DAILY, at(20, 21), at(21, 8)),
        (DAILY, at(19, 9, 30), at(19, 12)),
        (DigestSettings(weekdays=(), weekly=5), at(5, 8), at(9, 8)),
        (DigestSettings(weekdays=(), weekly=0), at(5, 8), None),
        (DigestSettings(weekdays=(), weekly=0), at(18, 20), at(19, 8)),
        (DigestSettings(weekdays=(7,), weekly=0, closing_days=0), at(18, 8), at(25, 8)),
        (DigestSettings(closing_days=1, closing_times=(time(20), time(6, 30))), at(19, 8), at(20, 6, 30)),
        (DigestSettings(closing_times=()), at(19, 8), at(20, 8)),
    ],
    ids=[
        "the same day", "the next day", "over the weekend", "into the closing days", "at noon of a closing day",
        "in the last evening", "after the close", "a service that was off goes on", "weekly alone", "never",
        "never, but in the closing days", "closing days like others", "times in any order", "without closing times",
    ],
)  # fmt: skip
def test_next_digest_is_due_at_the_time_the_settings_name(
    digest: DigestSettings, since: datetime, due: datetime | None
) -> None:
    assert next_digest_at(since, digest, zone=ZONE, closes=CLOSES) == due


@pytest.mark.parametrize(("day", "closing"), [(18, False), (19, True), (20, True), (21, False)])
def test_closing_days_end_with_the_day_of_the_close(day: int, closing: bool) -> None:
    assert is_closing_day(at(day, 0).date(), DAILY, zone=ZONE, closes=CLOSES) == closing


def test_a_week_is_summed_up_on_the_day_named() -> None:
    assert [day for day in range(5, 12) if sums_up(at(day, 0).date(), DAILY)] == [5]


def test_times_may_be_written_as_one_text() -> None:
    assert DigestSettings(closing_times="08:00，18:30").closing_times == (time(8), time(18, 30))
