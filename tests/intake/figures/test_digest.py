"""The digest, word for word and figure for figure. To accept a change: INTAKE_REWRITE_GOLDEN=1 pytest."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from intake.figures import (
    CaseLine,
    DigestMatter,
    FolderCount,
    HumanItem,
    IgnoredLetter,
    MailState,
    StuckMail,
    write_digest,
)
from intake.model import IgnoredReason, LetterOutcome
from tests.intake.figures.days import CLOSES_AT, DAYS, FULL_DAY, MORNING, QUIET_DAY

GOLDEN = Path(__file__).parent / "golden"
REWRITE = os.environ.get("INTAKE_REWRITE_GOLDEN") == "1"


@pytest.mark.parametrize("name", DAYS)
def test_digest_of_each_day_reads_as_its_golden_file(name: str) -> None:
    draft = write_digest(DAYS[name])

    text, page = GOLDEN / f"{name}.txt", GOLDEN / f"{name}.html"
    said = f"{draft.subject}\n\n{draft.text}"
    if REWRITE:
        text.write_text(said, encoding="utf-8", newline="\n")
        page.write_text(draft.html, encoding="utf-8", newline="\n")
    assert said == text.read_text(encoding="utf-8")
    assert draft.html == page.read_text(encoding="utf-8")


def test_golden_folder_holds_nothing_that_is_no_longer_written() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.{end}" for name in DAYS for end in ("txt", "html")}


def first_line(matter: DigestMatter) -> str:
    return write_digest(matter).text.splitlines()[0]


def test_first_line_says_what_matters() -> None:
    assert first_line(FULL_DAY) == (
        "今日新收3件，齐全1，待完善1，需您处理3；距截止5天；应报7家，未报3；邮箱现有211封，另有3封已移走或删除，全部已登记。"
    )


@pytest.mark.parametrize(
    ("before_close", "said"),
    [
        (timedelta(days=1, seconds=1), "距截止1天"),
        (timedelta(days=1), "今天24时截止"),
        (timedelta(minutes=1), "今天24时截止"),
        (timedelta(0), "征集已截止"),
        (timedelta(days=-3), "征集已截止"),
    ],
)
def test_days_left_are_counted_by_the_calendar_of_the_campaign(before_close: timedelta, said: str) -> None:
    line = first_line(replace(QUIET_DAY, written_at=CLOSES_AT - before_close))

    assert line.split("；")[1] == said


def test_campaign_without_an_end_counts_no_days() -> None:
    assert first_line(replace(QUIET_DAY, closes_at=None)) == (
        "今日新收0件，齐全0，待完善0，需您处理0；邮箱现有211封，另有3封已移走或删除，全部已登记。"
    )


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        ((FolderCount("INBOX", 3, 3),), "邮箱现有3封，全部已登记"),
        ((FolderCount("INBOX", 3, 2),), "【请注意】邮箱现有3封，有1封尚未登记，请查看“完整性”"),
        ((FolderCount("INBOX", 2, 3),), "【请注意】邮箱现有2封，有1封多登记，请查看“完整性”"),
        ((FolderCount("INBOX", 3, 2), FolderCount("垃圾邮件", 2, 3)), "有1封尚未登记、1封多登记"),
        ((FolderCount("INBOX", 3, 3, rematching=True),), "正在逐封核对"),
        ((FolderCount("INBOX", 3, 3, rematching=True), FolderCount("垃圾邮件", 2, 1)), "【请注意】"),
    ],
)
def test_completeness_is_said_and_is_loud_when_it_does_not_hold(folders: tuple[FolderCount, ...], said: str) -> None:
    draft = write_digest(replace(QUIET_DAY, folders=folders))

    assert said in draft.text.splitlines()[0]
    assert ("!! 【完整性】" in draft.text) == any(not folder.holds for folder in folders)


def test_what_may_cost_a_submitter_the_deadline_stands_first() -> None:
    items = tuple(
        HumanItem(what=cost, reason="因", cost=cost) for cost in ("none", "submitter", "deadline", "submitter")
    )

    text = write_digest(replace(QUIET_DAY, needs_person=items)).text

    assert re.findall(r"^\d+\. (\w+)$", text, re.MULTILINE) == ["deadline", "submitter", "submitter", "none"]


@pytest.mark.parametrize(
    "reason",
    [*get_args(IgnoredReason), *sorted(set(get_args(LetterOutcome)) - {"collected", "filed", "not_a_submission"})],
)
def test_reason_why_a_letter_is_no_submission_is_said_in_chinese(reason: str) -> None:
    letter = IgnoredLetter("a", "b", reason, MORNING)

    text = write_digest(replace(QUIET_DAY, ignored=(letter,))).text

    line = next(line for line in text.splitlines() if line.startswith("a ｜"))
    assert re.fullmatch(r"[^a-z]+，(未答复|无需答复)", line.split(" ｜ ")[2])


@pytest.mark.parametrize("state", get_args(MailState))
def test_mail_of_every_state_is_named_in_chinese(state: MailState) -> None:
    matter = replace(
        QUIET_DAY, mail_counts=((state, 2),), stuck_mail=(StuckMail("a@example.org", "主题", state, "缘由"),)
    )

    text = write_digest(matter).text

    assert not re.search(r"\b(sent|queued|retry_at|held|failed|unknown)\b", text)
    assert "2封。" in text


def test_strangers_words_make_no_tag_no_link_and_no_second_line() -> None:
    hostile = "<script>x</script>\r\n| http://evil.example.com \u202e"
    matter = replace(
        QUIET_DAY,
        ignored=(IgnoredLetter(hostile, hostile, "unrelated", MORNING),),
        new=(CaseLine(hostile, hostile, unit=hostile),),
        needs_person=(HumanItem(what=hostile, reason=hostile, evidence=hostile),),
    )

    draft = write_digest(matter)

    assert "<script" not in draft.html
    for form in (draft.text, draft.html):
        assert [bad for bad in ("http://", "evil.example.com", "\u202e", "\r") if bad in form] == []


def test_rush_of_five_hundred_letters_is_cut_and_counted() -> None:
    cases = tuple(CaseLine(f"HL22-{number:04}", "某案例") for number in range(500))

    draft = write_digest(replace(QUIET_DAY, new=cases))

    assert "【新收案例（500）】" in draft.text
    assert "另有440件未列出，见台账。" in draft.text
    assert draft.html.count("HL22-") == 60
    assert "逐件列出</summary>" in draft.html


def test_beyond_a_dozen_things_to_do_are_rows_with_the_words_to_answer_with() -> None:
    items = [
        HumanItem(f"HL22-{at:04}", "疑似重复", answer=f"通过 HL22-{at:04}", cost="deadline" if at > 70 else "none")
        for at in range(80)
    ]

    draft = write_digest(replace(QUIET_DAY, needs_person=tuple(items), answerable=True))

    section = draft.text.partition("【需您处理（80）】\n")[2].partition("\n\n")[0].splitlines()
    assert section[0] == "其中可能影响报送时限9项，可稍后核对71项。"
    assert section[1] == "1. HL22-0071"
    assert section[-3:] == [
        "59. HL22-0049 ｜ 疑似重复 ｜ 通过 HL22-0049",
        "60. HL22-0050 ｜ 疑似重复 ｜ 通过 HL22-0050",
        "另有20项未列出：见台账，或运行 intake cases list 查看。",
    ]
    assert draft.html.count("card-title") == 12
    assert draft.html.count("<summary") == 1


def test_page_keeps_its_styles_in_its_tags_and_fetches_nothing() -> None:
    page = write_digest(FULL_DAY).html

    assert re.findall(r"<style|<img|<script|<link|<svg|src=|url\(", page) == []
    assert re.findall(r"https?:[^<\"]*", page) == ["https://anli.example/cases/HL22-0041"] * 2
    assert page.count("style=") > 50
