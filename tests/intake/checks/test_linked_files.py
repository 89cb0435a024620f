"""What the checks say of material that is only linked to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.checks import judge
from intake.model import Finding, LinkedFile
from parsers.facts import SharedFile
from tests.intake.checks.revisions import CLOSES_AT, IN_TIME, checks_of, document, photos, problem, revision, rule

READABLE = rule("readable_files")
DEADLINE = rule("deadline", grace_minutes=10)
ENDS = datetime(2022, 12, 20, 2, 12, tzinfo=UTC)
ZIP = SharedFile(
    provider="qq_mail",
    url="https://mail.qq.com/cgi-bin/ftnExs_download?k=1",
    name="案例材料.zip",
    size_bytes=90_390_528,
    expires_at=ENDS,
    expires_said="2022年12月20日 10:12 到期",
    evidence="案例材料.zip (86.2M, 2022年12月20日 10:12 到期)",
)
NAMELESS = SharedFile(provider="baidu_pan", url="https://pan.baidu.com/s/1AbCdEf", code="ab12")


def linked(file: SharedFile = ZIP, *, needed: bool = True) -> LinkedFile:
    return LinkedFile(file, received_at=IN_TIME, needed=needed)


def said(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity) for finding in findings]


def test_needed_link_is_told_with_all_that_is_known_of_it() -> None:
    found = READABLE.findings(revision(linked=(linked(),)))

    assert found == (
        Finding(
            rule="readable_files",
            check="readable_files",
            code="only_as_link",
            severity="fix",
            file="案例材料.zip",
            values={
                "provider": "qq_mail",
                "url": "https://mail.qq.com/cgi-bin/ftnExs_download?k=1",
                "size_bytes": 90_390_528,
                "expires_at": "2022-12-20T02:12:00+00:00",
                "expires_said": "2022年12月20日 10:12 到期",
                "access_code": "",
            },
            evidence="案例材料.zip (86.2M, 2022年12月20日 10:12 到期)",
        ),
    )


@pytest.mark.parametrize(
    ("files", "links", "expected"),
    [
        ((), (linked(), linked(NAMELESS)), [("only_as_link", "fix"), ("only_as_link", "fix")]),
        ((document(),), (linked(needed=False),), [("link_not_opened", "note")]),
        ((document(),), (linked(),), [("only_as_link", "fix")]),
        (
            (problem("案例.docx", "damaged"),),
            (linked(),),
            [("file_damaged", "fix"), ("only_as_link", "fix")],
        ),
        ((), (), [("case_missing", "fix")]),
    ],
    ids=["links alone", "beside a complete case", "photos behind it", "beside a damaged file", "no link"],
)
def test_link_takes_the_place_of_a_missing_case(files: Any, links: Any, expected: list[tuple[str, str]]) -> None:
    assert said(READABLE.findings(revision(*files, linked=links))) == expected


def test_rule_that_only_a_person_may_enforce_leaves_links_to_a_person() -> None:
    milder = rule("readable_files", severity="human")

    assert said(milder.findings(revision(linked=(linked(),)))) == [("only_as_link", "human")]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((), []),
        ((document(),), [("too_few_images", "fix")]),
        ((document(), *photos(5)), []),
    ],
    ids=["photos may be behind the link", "text is there, photos are not", "all there"],
)
def test_photos_are_not_missed_while_all_is_behind_links(files: Any, expected: list[tuple[str, str]]) -> None:
    five = rule("image_count", min=5)

    assert said(five.findings(revision(*files, linked=(linked(),)))) == expected


def test_links_alone_are_never_accepted_and_nothing_else_is_asked() -> None:
    judgement = judge(checks_of("huli-2022"), revision(linked=(linked(),)))

    assert (judgement.verdict, [f.code for f in judgement.findings if f.severity != "note"]) == (
        "needs_fix",
        ["only_as_link"],
    )
    assert "readable" not in judgement.settled


@pytest.mark.parametrize(
    ("files_at", "expected"),
    [
        (None, []),
        (CLOSES_AT - timedelta(hours=1), []),
        (CLOSES_AT + timedelta(minutes=5), []),
        (CLOSES_AT + timedelta(minutes=10), [("in_time_as_link", "note", "organizers")]),
        (CLOSES_AT + timedelta(days=1), [("in_time_as_link", "note", "organizers")]),
    ],
    ids=["no link", "before the close", "within grace", "at its end", "a day later"],
)
def test_files_that_followed_their_link_after_the_close_are_in_time_and_told_to_organizers(
    files_at: datetime | None, expected: list[tuple[str, str, str]]
) -> None:
    found = DEADLINE.findings(revision(document(), files_at=files_at))

    assert [(finding.code, finding.severity, finding.audience) for finding in found] == expected
