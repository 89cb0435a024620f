from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.campaign import load_campaign
from intake.model import Finding
from tests.intake.checks.revisions import CLOSES_AT, checks_of, document, revision, rule

DEADLINE = rule("deadline")
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("received_at", "late_minutes"),
    [
        (CLOSES_AT - timedelta(days=3), None),
        (CLOSES_AT - SECOND, None),
        (CLOSES_AT, 1),
        (CLOSES_AT + SECOND, 1),
        (CLOSES_AT + 10 * MINUTE, 10),
        (CLOSES_AT + 10 * MINUTE + SECOND, 11),
    ],
)
def test_deadline_is_an_exclusive_instant(received_at: datetime, late_minutes: int | None) -> None:
    found = DEADLINE.findings(revision(document(), received_at=received_at))

    assert [finding.values["late_minutes"] for finding in found] == ([late_minutes] if late_minutes else [])


def test_late_tells_both_times_and_is_left_to_a_person() -> None:
    found = DEADLINE.findings(revision(document(), received_at=CLOSES_AT + 90 * MINUTE))

    assert found == (
        Finding(
            rule="deadline",
            check="deadline",
            code="late",
            severity="human",
            values={
                "received_at": "2022-12-20T17:30:00+00:00",
                "closes_at": "2022-12-20T16:00:00+00:00",
                "late_minutes": 90,
            },
        ),
    )


@pytest.mark.parametrize(("minutes_late", "codes"), [(29, []), (30, ["late"])])
def test_grace_is_allowed_silently(minutes_late: int, codes: list[str]) -> None:
    found = rule("deadline", grace_minutes=30).findings(
        revision(document(), received_at=CLOSES_AT + minutes_late * MINUTE)
    )

    assert [finding.code for finding in found] == codes
    assert all(finding.values["late_minutes"] == minutes_late for finding in found)


def test_late_in_another_zone_is_written_in_utc() -> None:
    china = datetime.fromisoformat("2022-12-21T08:00:00+08:00")

    (found,) = DEADLINE.findings(revision(document(), received_at=china))

    assert found.values["received_at"] == "2022-12-21T00:00:00+00:00"


@pytest.mark.parametrize("unknown", [{"received_at": None}, {"closes_at": None}])
def test_deadline_with_a_time_unknown_is_not_judged(unknown: dict[str, None]) -> None:
    given = revision(document(), **{"received_at": CLOSES_AT + MINUTE} | unknown)

    assert DEADLINE.findings(given) == ()
    assert not DEADLINE.judges(given)


def test_an_extension_in_the_revision_counts_not_the_campaign() -> None:
    extended = revision(document(), received_at=CLOSES_AT + MINUTE, closes_at=CLOSES_AT + timedelta(days=7))

    assert DEADLINE.findings(extended) == ()


@pytest.mark.parametrize(
    ("preset", "last_second", "first_late"),
    [
        ("huli-2022", "2022-12-20T23:59:59+08:00", "2022-12-21T00:00:00+08:00"),
        ("xuzhou-2015", "2015-08-10T23:59:59+08:00", "2015-08-11T00:00:00+08:00"),
    ],
)
def test_deadline_of_a_preset_includes_its_last_day(preset: str, last_second: str, first_late: str) -> None:
    campaign = load_campaign(preset)
    (deadline,) = (check for check in checks_of(campaign) if check.name == "deadline")

    def late_at(moment: str) -> list[str]:
        received_at = datetime.fromisoformat(moment).astimezone(UTC)
        given = revision(document(), received_at=received_at, closes_at=campaign.closes_at)
        return [finding.code for finding in deadline.findings(given)]

    assert late_at(last_second) == []
    assert late_at(first_late) == ["late"]
