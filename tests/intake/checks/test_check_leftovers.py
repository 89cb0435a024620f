from __future__ import annotations

from dataclasses import replace

import pytest

from intake.checks.leftovers import mask_number, personal_numbers_in
from intake.model import Finding
from parsers.facts import Block
from tests.intake.checks.revisions import checks_of, document, revision, rule

NAME = "案例.docx"


def note(code: str, *, evidence: str | None = None, **values: int | str) -> Finding:
    return Finding("leftovers", "leftovers", code, "note", file=NAME, values=values, evidence=evidence)


def found_in(text: str) -> tuple[Finding, ...]:
    return rule("leftovers").findings(revision(document(NAME, text=text)))


def test_comments_and_tracked_changes_are_counted_and_nothing_else_is_said() -> None:
    given = revision(document(NAME, comments=3, tracked_changes=12), document("报名表.docx", role="form", comments=1))

    assert rule("leftovers").findings(given) == (note("comments_left", found=3), note("changes_left", found=12))


def test_macros_are_told_to_organizers_alone() -> None:
    given = revision(document(NAME, macros=True))

    assert rule("leftovers").findings(given) == (replace(note("macros_present"), audience="organizers"),)


@pytest.mark.parametrize(
    ("text", "first", "found"),
    [
        ("近年来,××社区不断探索", "近年来,××社区不断", 1),
        ("XX社区党委牵头,XX街道指导", "XX社区党委", 2),
        ("自202×年起试行", "自202×年起试行", 1),
        ("（此处插入照片）", "（此处插入照片）", 1),
        ("共有居民【待补充】人", "共有居民【待补充】人", 1),
        ("服务居民XX人次", "服务居民XX人次", 1),
    ],
)
def test_a_placeholder_nobody_filled_in_is_pointed_out(text: str, first: str, found: int) -> None:
    [finding] = found_in(text)

    assert finding == note("placeholder_left", evidence=first, found=found, first=first)


@pytest.mark.parametrize(
    "text",
    [
        "居民王××说:“电梯装上了。”",  # kept anonymous on purpose
        "某社区的经验值得借鉴",
        "建成IMAX影厅一座",
        "服务等待区整洁,群众期待补短板",
        "规格为3×5米",
        "○一二三",
    ],
)
def test_words_that_only_look_like_placeholders_are_left_alone(text: str) -> None:
    assert found_in(text) == ()


def test_numbers_of_residents_are_counted_once_each_and_masked() -> None:
    text = "居民李阿姨(13950012345)反映漏水。\n次日再访13950012345,登记身份证11010519491231002X。"

    assert found_in(text) == (note("personal_numbers", evidence="139******45、110*************2X", found=2),)


@pytest.mark.parametrize(
    "text",
    [
        "联系人:林先生 电话:13950012345",
        "便民热线13950012345",
        "项目编号110105194912310021",  # the check character does not fit
        "总投资13950012345.67元",
        "订单号9913950012345",
    ],
)
def test_numbers_that_are_meant_to_be_there_are_left_alone(text: str) -> None:
    assert found_in(text) == ()


def test_a_form_s_numbers_are_the_writer_s_own() -> None:
    given = document(NAME)
    block = Block(text="13950012345", part="form")
    with_form = replace(given, facts=given.facts.model_copy(update={"blocks": (block,)}))

    assert rule("leftovers").findings(revision(with_form)) == ()


def test_numbers_are_not_looked_for_when_the_campaign_says_so() -> None:
    given = revision(document(NAME, text="居民13950012345"))

    assert rule("leftovers", personal_numbers=False).findings(given) == ()


@pytest.mark.parametrize("preset", ["huli-2022", "xuzhou-2015"])
def test_leftovers_never_change_a_verdict_and_are_never_called_fine(preset: str) -> None:
    [check] = [check for check in checks_of(preset) if check.name == "leftovers"]
    given = revision(document(NAME, text="XX社区 13950012345", comments=1, tracked_changes=1))

    assert [finding.severity for finding in check.findings(given)] == ["note"] * 4
    assert not check.judges(given)


def test_numbers_found_are_those_written_in_order() -> None:
    assert personal_numbers_in("139-5001-2345、138 0000 1111") == ("139-5001-2345", "138 0000 1111")
    assert mask_number("13950012345") == "139******45"
