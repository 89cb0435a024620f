"""Which version of a case stands, what is recorded and what its sender is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.casework.versions import Ruled, Version, rule_as_chosen, rule_versions
from intake.model import Finding, Judgement, Revision
from tests.intake.casework.samples import document

CLOSES_AT = datetime(2022, 12, 20, 16, tzinfo=UTC)
DUE_AT = CLOSES_AT + timedelta(days=2)
BEFORE, AFTER, LONG_AFTER = CLOSES_AT - timedelta(hours=1), CLOSES_AT + timedelta(hours=1), DUE_AT + timedelta(hours=1)

LENGTH = Finding("length", "word_count", "too_many_words", "fix", values={"found": 3100})
DOUBT = Finding("readable", "readable_files", "file_without_text", "human")
LATE = Finding("deadline", "deadline", "late", "human")


def version(name: str, verdict: str, *findings: Finding, hours: float = 0) -> Version:
    received_at = CLOSES_AT + timedelta(hours=hours)
    revision = Revision(files=(replace(document(name), role="case"),), received_at=received_at, closes_at=CLOSES_AT)
    return Version(revision, Judgement(verdict, findings), name)  # type: ignore[arg-type]  # of the closed list


FIRST = version("初版.docx", "accepted", hours=-30)
BETTER = version("新版.docx", "accepted", hours=-8)
WORSE = version("新版.docx", "needs_fix", LENGTH, hours=-8)
DOUBTFUL = version("新版.pdf", "needs_human", DOUBT, hours=-8)
TOO_LATE = version("新版.docx", "needs_fix", LATE, LENGTH, hours=10)


def told(ruled: Ruled) -> list[str]:
    return [finding.code for finding in ruled.told.judgement.findings]


def rule(newest: Version, complete: Version | None, now: datetime, due_at: datetime | None = DUE_AT) -> Ruled:
    return rule_versions(newest, complete, closes_at=CLOSES_AT, now=now, repair_due_at=due_at)


@pytest.mark.parametrize("now", [BEFORE, AFTER])
@pytest.mark.parametrize(("newest", "complete"), [(BETTER, FIRST), (WORSE, None), (TOO_LATE, None), (DOUBTFUL, None)])
def test_a_version_that_is_complete_or_the_only_one_stands_as_it_is(
    newest: Version, complete: Version | None, now: datetime
) -> None:
    assert rule(newest, complete, now) == Ruled(newest, newest, newest)


def test_a_worse_version_stands_until_the_close_and_the_complete_one_is_kept() -> None:
    ruled = rule(WORSE, FIRST, BEFORE)

    assert (ruled.stands.content_key, ruled.recorded.judgement.verdict) == ("新版.docx", "needs_fix")
    assert (told(ruled), ruled.changes_at) == (["too_many_words", "earlier_stands_at_close"], CLOSES_AT)
    assert ruled.told.judgement.findings[-1].values == {
        "version": "初版.docx",
        "received_at": "2022-12-19T10:00:00+00:00",
        "closes_at": "2022-12-20T16:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("now", "due_at", "code"),
    [
        (AFTER, DUE_AT, "newer_incomplete_yet"),
        (LONG_AFTER, DUE_AT, "newer_incomplete"),
        (AFTER, None, "newer_incomplete"),
    ],
    ids=["it may still be completed", "no more", "no time was given"],
)
def test_at_the_close_the_complete_version_stands_and_both_are_named(
    now: datetime, due_at: datetime | None, code: str
) -> None:
    ruled = rule(WORSE, FIRST, now, due_at)

    (note,) = ruled.recorded.judgement.findings
    assert (ruled.stands.content_key, ruled.recorded.judgement.verdict, note.code) == ("初版.docx", "accepted", code)
    assert (note.values["version"], note.values["newer"]) == ("初版.docx", "新版.docx")
    assert told(ruled) == ["too_many_words", "earlier_complete"]  # should a letter wait for its answer


def test_a_version_after_the_close_is_kept_beside_the_complete_one_for_a_person() -> None:
    ruled = rule(TOO_LATE, FIRST, AFTER)

    recorded = ruled.recorded.judgement
    assert ruled.stands is FIRST
    assert (recorded.verdict, [finding.severity for finding in recorded.findings]) == (
        "needs_human",
        ["human", "human", "human", "note"],
    )
    assert (recorded.findings[0].code, recorded.findings[0].audience) == ("version_to_choose", "organizers")
    assert told(ruled) == ["late", "too_many_words", "earlier_complete"]


@pytest.mark.parametrize("now", [BEFORE, AFTER])
def test_a_version_only_a_person_can_read_takes_nothing_away_by_itself(now: datetime) -> None:
    ruled = rule(DOUBTFUL, FIRST, now)

    assert (ruled.recorded.judgement.verdict, told(ruled)) == ("needs_human", ["file_without_text", "earlier_complete"])
    assert ruled.changes_at is None


def test_a_chosen_version_is_complete_and_the_other_is_kept() -> None:
    by_the_first = rule_as_chosen(FIRST, TOO_LATE)
    by_the_newest = rule_as_chosen(TOO_LATE, TOO_LATE)

    assert (by_the_first.stands.content_key, told(by_the_first)) == ("初版.docx", ["newer_kept"])
    assert by_the_newest.recorded == replace(TOO_LATE, judgement=Judgement("accepted", ()))
