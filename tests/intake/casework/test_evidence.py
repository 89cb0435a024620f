from __future__ import annotations

import pytest

from intake.casework.evidence import weigh_evidence
from intake.casework.package import package_of
from intake.model import Letter, ReadFile
from tests.intake.casework.samples import HULI, case_lines, document, form, letter, photos, problem, prose

SLOGANS = ("小网格织密大服务", "老支书请来新邻居", "一把椅子议出和谐")
SLOGAN_CASE = case_lines(sections=SLOGANS, title="红色楼栋暖人心")
STRUCTURED = case_lines(sections=("案例背景", "主要做法", "取得成效"), title="红色楼栋暖人心")
WEEKLY = ["金安社区第48周工作周报", *case_lines(sections=("本周工作", "存在问题", "下周安排"))[1:]]
REPORT = ["金安社区2022年工作总结", "一、社区治理", prose(4, 900), "二、下一步", prose(5, 400)]


def positive(one: Letter, *, in_our_thread: bool = False) -> bool:
    return weigh_evidence(one, package_of(one, HULI), HULI, in_our_thread=in_our_thread).positive


@pytest.mark.parametrize(
    ("subject", "text", "files"),
    [
        ("", "", (document("1.docx"),)),  # the campaign's sections
        ("2022年湖里区社区治理创新案例征集", "", (document("1.docx", SLOGAN_CASE),)),
        ("金安社区案例报送", "请查收附件。", (document("1.docx", SLOGAN_CASE),)),
        ("材料", "现将我社区治理案例报送贵办", (document("1.docx", SLOGAN_CASE),)),
        ("", "", (document("金安社区案例.docx", SLOGAN_CASE),)),
        ("", "", (problem("金安社区案例.doc"),)),
        ("", "", (problem("红色楼栋案例.rar", format="archive"), *photos(1, 2))),
        ("", "", (document("1.docx", STRUCTURED),)),  # long, and built like a case
        ("社区治理", "", (document("1.docx", SLOGAN_CASE),)),
        ("金安社区", "", (document("红色楼栋暖人心.docx", SLOGAN_CASE), *photos(1, 2, 3))),
        ("案例照片", "", photos(1, 2, 3)),
        ("", "", (document("小网格排查大隐患.docx", STRUCTURED), *photos(1, 2, 3, 4, 5))),
        ("", "", (document("红色楼栋.docx", STRUCTURED), problem("案例申报表.doc"))),
        ("", "补发照片，案例之前已经发过。", photos(1)),
        ("金安社區案例報送", "", (document("1.docx", SLOGAN_CASE),)),
        ("", "", (form(案例名称="红色楼栋", 单位名称="金安社区", 联系人="李红", 联系电话="13800000000"),)),
        ("案例报送（含12月工作月报数据）", "现报送案例", (document("1.docx"),)),
    ],
)
def test_submission_shows_itself(subject: str, text: str, files: tuple[ReadFile, ...]) -> None:
    assert positive(letter(subject, text, *files)) is True


@pytest.mark.parametrize(
    ("subject", "text", "files"),
    [
        ("金安社区周报", "请查收本周周报", (document("周报.docx", WEEKLY),)),
        ("金安社区12月工作月报", "报送月报，请查收", (document("月报.docx", WEEKLY),)),
        ("年度工作总结", "请查收", (document("总结.docx", REPORT),)),
        ("", "", (document("金安社区2022年工作总结.docx", REPORT),)),
        ("会议纪要", "", (document("社区治理联席会议纪要.docx", ["会议纪要", prose(6, 900)]),)),
        ("值班表", "请查收", (problem("12月值班表.xls", format="other"),)),
        ("隐患排查统计表报送", "报送金安社区统计表", (problem("排查统计表.xlsx", format="other"),)),
        ("工资条", "", (problem("工资.doc"),)),
        ("", "", (document("1.docx", [prose(7, 200)]),)),
        ("", "", photos(1, 2)),
        ("你好", "", (problem("setup.exe", format="other"),)),
        ("金安社区案例报送", "请查收附件。", ()),
    ],
)
def test_everyday_mail_is_not_taken_for_a_submission(subject: str, text: str, files: tuple[ReadFile, ...]) -> None:
    assert positive(letter(subject, text, *files)) is False


def test_our_thread_is_evidence_enough() -> None:
    assert positive(letter("回复", "", *photos(1)), in_our_thread=True) is True
    assert positive(letter("回复", "", *photos(1))) is False


def test_evidence_is_explained_strongest_first() -> None:
    one = letter("金安社区案例报送", "", document("金安社区案例.docx"))

    evidence = weigh_evidence(one, package_of(one, HULI), HULI)

    assert evidence.lines[:3] == (
        "金安社区案例.docx 的小标题含“背景与起因”“做法与经过”“成效与反响”“探讨与评论”",
        "写明“案例报送”",
        "金安社区案例.docx 的名称或标题含“案例”",
    )
    assert evidence.against == ()


def test_sign_of_everyday_mail_is_named() -> None:
    one = letter("金安社区周报", "请查收", document("周报.docx", WEEKLY))

    evidence = weigh_evidence(one, package_of(one, HULI), HULI)

    assert (
        evidence.against == ("“周报”似为日常工作来件", "“工作周报”似为日常工作来件")[:1]
        or "周报" in evidence.against[0]
    )
