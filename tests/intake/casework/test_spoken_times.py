"""Times as mail programs write them above what they quote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.casework.spoken_times import read_moment


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2022年12月4日(星期日) 20:15", datetime(2022, 12, 4, 12, 15, tzinfo=UTC)),
        ("2022年12月4日(星期天) 晚上8:15", datetime(2022, 12, 4, 12, 15, tzinfo=UTC)),
        ("2022年12月4日 下午 3:05", datetime(2022, 12, 4, 7, 5, tzinfo=UTC)),
        ("2022年12月4日 中午12:30", datetime(2022, 12, 4, 4, 30, tzinfo=UTC)),
        ("2022年12月4日 上午12:05", datetime(2022, 12, 3, 16, 5, tzinfo=UTC)),
        ("2022-12-04 20:15:33", datetime(2022, 12, 4, 12, 15, 33, tzinfo=UTC)),
        ("2022/12/4 9:05", datetime(2022, 12, 4, 1, 5, tzinfo=UTC)),
        ("2022年12月4日 GMT+8 20:15:33", datetime(2022, 12, 4, 12, 15, 33, tzinfo=UTC)),
        ("Sun, 4 Dec 2022 20:15:33 +0800", datetime(2022, 12, 4, 12, 15, 33, tzinfo=UTC)),
        ("Sun, 4 Dec 2022 12:15:33 +0000", datetime(2022, 12, 4, 12, 15, 33, tzinfo=UTC)),
        ("Sunday, December 4, 2022 8:15 PM", datetime(2022, 12, 4, 12, 15, tzinfo=UTC)),
        ("December 4, 2022 at 20:15:33 GMT+8", datetime(2022, 12, 4, 12, 15, 33, tzinfo=UTC)),
        ("4 December 2022 at 8:15 pm", datetime(2022, 12, 4, 12, 15, tzinfo=UTC)),
        ("2022年13月40日 20:15", None),
        ("2022年12月4日", None),
        ("昨天 20:15", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_moment_is_read_as_the_client_wrote_it_or_not_at_all(written: str, expected: datetime | None) -> None:
    assert read_moment(written, zone="Asia/Shanghai") == expected
