"""What a case may still be waiting for, and what has been settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.casework.pending import Wait, settled_since, waits
from intake.model import Finding, Judgement, Severity

AT = datetime(2022, 12, 5, 2, tzinfo=UTC)
QUIET = timedelta(minutes=10)
CLOSES_AT = datetime(2022, 12, 20, 16, tzinfo=UTC)


def finding(
    check: str, code: str, severity: Severity = "fix", *, rule: str = "", file: str | None = None, **values: str
) -> Finding:
    return Finding(rule or check, check, code, severity, file=file, values=values)


PHOTOS = finding("image_count", "too_few_images")
NO_TEXT = finding("readable_files", "case_missing")
LENGTH = finding("word_count", "too_many_words", file="案例.docx")
LATE = finding("deadline", "late", "human")


def judged(*findings: Finding) -> Judgement:
    return Judgement("needs_fix", findings)


@pytest.mark.parametrize(
    ("findings", "waiting"),
    [
        ([PHOTOS], True),
        ([NO_TEXT], True),
        ([PHOTOS, NO_TEXT], True),
        ([PHOTOS, LATE], True),
        ([PHOTOS, LENGTH], False),
        ([LENGTH], False),
        ([LATE], False),
        ([], False),
    ],
    ids=["photos", "text", "both", "photos and a question for people", "a fault beside", "a fault", "human", "nothing"],
)
def test_case_waits_only_for_what_may_be_under_way(findings: list[Finding], waiting: bool) -> None:
    wait = waits(judged(*findings), received_at=AT, quiet=QUIET, closes_at=CLOSES_AT, now=AT)

    assert wait == (Wait(AT + QUIET) if waiting else None)


@pytest.mark.parametrize(
    ("received_at", "closes_at", "until"),
    [
        (CLOSES_AT - QUIET, CLOSES_AT, Wait(CLOSES_AT)),
        (CLOSES_AT - timedelta(minutes=1), CLOSES_AT, Wait(CLOSES_AT)),
        (CLOSES_AT + timedelta(minutes=1), CLOSES_AT, None),
        (CLOSES_AT - timedelta(minutes=1), None, Wait(CLOSES_AT + timedelta(minutes=9))),
    ],
    ids=["just before", "within the quiet period", "late", "no close"],
)
def test_waiting_never_goes_beyond_the_close(
    received_at: datetime, closes_at: datetime | None, until: Wait | None
) -> None:
    assert waits(judged(PHOTOS), received_at=received_at, quiet=QUIET, closes_at=closes_at, now=received_at) == until


@pytest.mark.parametrize(
    ("minutes", "promised_minutes", "wait"),
    [
        (9, 500, Wait(AT + QUIET)),
        (10, 500, Wait(AT + timedelta(minutes=500), is_promised=True)),
        (499, 500, Wait(AT + timedelta(minutes=500), is_promised=True)),
        (500, 500, None),
        (10, None, None),
        (10, 0, None),
    ],
    ids=["in silence first", "then as promised", "to its end", "and then no more", "nothing promised", "long over"],
)
def test_what_was_announced_is_waited_for_beyond_the_quiet_period(
    minutes: int, promised_minutes: int | None, wait: Wait | None
) -> None:
    promised = None if promised_minutes is None else AT + timedelta(minutes=promised_minutes)

    found = waits(
        judged(PHOTOS), received_at=AT, quiet=QUIET, closes_at=CLOSES_AT, promised_until_at=promised,
        now=AT + timedelta(minutes=minutes),
    )  # fmt: skip

    assert found == wait


def test_finding_that_no_longer_stands_is_settled() -> None:
    assert settled_since([PHOTOS, LENGTH], [LENGTH]) == (PHOTOS,)


def test_finding_with_other_numbers_still_stands() -> None:
    before = finding("image_count", "too_few_images", found="2")
    now = finding("image_count", "too_few_images", found="4")

    assert settled_since([before], [now]) == ()


def test_missing_section_is_told_from_another_one_whatever_the_file_is_called() -> None:
    gone = finding("required_sections", "section_missing", file="初稿.docx", section="背景与起因")
    stays = finding("required_sections", "section_missing", file="初稿.docx", section="探讨与评论")
    now = finding("required_sections", "section_missing", file="修改稿.docx", section="探讨与评论")

    assert settled_since([gone, stays], [now]) == (gone,)


def test_only_what_was_asked_for_counts_as_settled() -> None:
    note = finding("word_count", "near_limit", "note")

    assert settled_since([note, LATE], []) == ()


@pytest.mark.parametrize(("severity", "settled"), [("fix", ()), ("human", ()), ("note", (PHOTOS,))])
def test_finding_that_a_person_has_to_look_at_is_not_settled(severity: Severity, settled: tuple[Finding, ...]) -> None:
    now = finding("image_count", "too_few_images", severity)

    assert settled_since([PHOTOS], [now]) == settled
