"""`intake check` on letters: each by its own time, several as one conversation."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from intake.demo import material
from intake.demo.clients import foxmail, plain_letter, qq_mail
from intake.demo.drafts import Draft, File
from tests.intake.cli.check_reports import HULI, IgnoredShape, NeededShareShape, ShareShape, at, letter, report
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import campaign_file


def test_a_full_letter_is_judged_by_its_own_time(intake: Intake, tmp_path: Path) -> None:
    path = letter(tmp_path / "full.eml", qq_mail(Draft(files=material.complete(), at=at(5))))

    status, told = report(intake, path)

    assert (status, told.verdict) == (0, "accepted")
    [one] = told.letters
    assert (one.name, one.ignored, one.cases) == ("full.eml", None, [0])
    assert datetime.fromisoformat(one.received_at) == at(5)


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (Draft(subject="请问", text="请问字数要求多少？什么时候截止？"), "question"),
        (Draft(subject="自动回复：您好", text="我正在休假。", extra={"Auto-Submitted": "auto-replied"}), "auto_reply"),
        (Draft(subject="回复", text="收到，谢谢"), "courtesy"),
    ],
)
def test_a_letter_without_a_submission_is_ignored_with_its_reason(
    intake: Intake, tmp_path: Path, draft: Draft, reason: str
) -> None:
    path = letter(tmp_path / "letter.eml", plain_letter(draft))

    status, told = report(intake, path)

    assert status == 0
    assert (told.verdict, told.cases, told.ignored) == (None, [], IgnoredShape(reason=reason))


def test_two_letters_are_one_conversation_in_order_of_receipt(intake: Intake, tmp_path: Path) -> None:
    repair = letter(tmp_path / "a.eml", qq_mail(Draft(subject="补充照片", files=material.repair(), at=at(7))))
    first = letter(tmp_path / "b.eml", qq_mail(Draft(files=material.three_photos(), at=at(6))))

    status, told = report(intake, repair, first)

    assert (status, told.verdict, len(told.cases)) == (0, "accepted", 1)
    assert [(one.name, one.cases) for one in told.letters] == [("b.eml", [0]), ("a.eml", [0])]


def test_a_letter_a_co_organizer_passed_on_and_its_senders_own_are_one_case(intake: Intake, tmp_path: Path) -> None:
    campaign_file(
        tmp_path, co_organizers='[{ name = "江头街道", address = "street@huli.example" }]', closes_at='"2022-12-20"'
    )
    original = Draft(subject="案例报送", files=material.three_photos(), sender="jinan@qq.example", at=at(4))
    enclosed = File("原邮件.eml", plain_letter(original), "application/octet-stream")
    forward = Draft(subject="转发：案例", sender="street@huli.example", files=(enclosed,), at=at(6))
    own = Draft(subject="补充照片", sender="jinan@qq.example", files=material.repair(), at=at(7))
    first = letter(tmp_path / "1.eml", plain_letter(forward))
    second = letter(tmp_path / "2.eml", plain_letter(own))

    ran = intake("check", "-C", tmp_path, *HULI, first, second)

    told = ran.out.splitlines()
    assert ran.status == 0
    assert told[0] == "1.eml：2022年12月4日（星期日）09:00收到，报送材料（转来，原发件人 jinan＠qq．example）"
    assert told[1] == "2.eml：2022年12月7日（星期三）09:00收到，报送材料"
    assert [line for line in told if "材料齐全" in line] != []


def test_a_letter_with_a_link_names_what_was_not_looked_at(intake: Intake, tmp_path: Path) -> None:
    text = "报送社区治理创新案例。\n链接: https://pan.baidu.com/s/1AbCdEf?pwd=ab12 提取码: ab12 案例材料.zip"
    linked = letter(tmp_path / "a.eml", qq_mail(Draft(subject="案例报送", text=text, at=at(6))))

    status, told = report(intake, linked)

    share = ShareShape(
        provider="baidu_pan",
        url="https://pan.baidu.com/s/1AbCdEf?pwd=ab12",
        name="案例材料.zip",
        bytes=None,
        expires_at=None,
        expires_said=None,
        code="ab12",
    )
    assert (status, told.verdict, [one.shares for one in told.letters]) == (1, "needs_fix", [[share]])
    assert [case.shares for case in told.cases] == [[NeededShareShape(**share.model_dump(), needed=True)]]
    assert "百度网盘链接，未下载" in intake("check", *HULI, linked).out


def test_several_senders_are_several_cases_and_the_worst_verdict_stands_on_top(intake: Intake, tmp_path: Path) -> None:
    letter(tmp_path / "1.eml", qq_mail(Draft(files=material.complete(), at=at(5))))
    letter(
        tmp_path / "2.eml",
        foxmail(Draft(sender="liuxi@qq.com", name="柳溪社区", files=material.three_photos(), at=at(6))),
    )
    letter(
        tmp_path / "3.eml",
        plain_letter(Draft(subject="请问", text="请问截止时间是哪天？", sender="x@qq.com", at=at(7))),
    )

    status, told = report(intake, tmp_path)

    assert (status, told.verdict) == (1, "needs_fix")
    assert [case.verdict for case in told.cases] == ["accepted", "needs_fix"]
    assert [one.cases for one in told.letters] == [[0], [1], []]
    assert told.letters[2].ignored == IgnoredShape(reason="question")
