from __future__ import annotations

from dataclasses import replace

import pytest

from intake.casework.identity import Identity, identify, merge_identities
from intake.casework.known import Known
from intake.casework.package import package_of
from intake.casework.signs import CampaignSigns
from intake.casework.titles import is_generic_title, title_of_name
from intake.model import Letter, ReadFile
from tests.intake.casework.samples import HULI, case_lines, document, form, letter, photo, problem

XUZHOU = CampaignSigns(title="城乡社区治理和服务创新优秀案例", levels=("县(市)区", "镇(街道)", "村(社区)"))
CLOSING = ["湖里区金山街道金安社区居委会", "2022年12月8日"]


def known(one: Letter, signs: CampaignSigns = HULI) -> dict[str, tuple[str, str] | None]:
    found = identify(one, package_of(one, signs), signs)
    return {
        name: (value.value, value.place) if (value := getattr(found, name)) is not None else None
        for name in ("title", "unit", "contact", "phone", "category", "level")
    }


def sent(*files: ReadFile, subject: str = "", text: str = "", display: str = "", signature: str = "") -> Letter:
    return letter(subject, text, *files, display=display, signature=signature)


def test_form_says_everything_and_is_surest() -> None:
    filled = form(
        案例名称="小网格办成大事情",
        单位名称="湖里区金山街道金安社区居委会",
        联系人="李红",
        联系电话="138 0000 0000",
        申报类别="☑网格治理 □社区治理 □小区治理 □智慧治理",
    )
    one = sent(document("智慧治理-别的名字.docx"), filled, text="联系人：王芳 13911112222", display="金林社区")

    assert known(one) == {
        "title": ("小网格办成大事情", "form"),
        "unit": ("湖里区金山街道金安社区居委会", "form"),
        "contact": ("李红", "form"),
        "phone": ("13800000000", "form"),
        "category": ("网格治理", "form"),
        "level": None,
    }


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (sent(document(lines=["小网格办成大事情", "金安社区居委会", *case_lines()[1:]])), ("金安社区居委会", "byline")),
        (sent(document(lines=[*case_lines(), *CLOSING])), ("湖里区金山街道金安社区居委会", "closing")),
        (sent(document(), signature="李红\n金安社区居委会\n0592-5551234"), ("金安社区居委会", "signature")),
        (sent(document(), text="湖里区社区办：\n现报送金山街道金安社区的案例，请查收。"), ("金山街道金安社区", "body")),
        (
            sent(document(), text="各位老师好！\n请查收附件。\n\n金安社区居委会\n2022年12月8日"),
            ("金安社区居委会", "body"),
        ),
        (sent(document(), text="报送单位：金安社区"), ("金安社区", "body")),
        (sent(document("金安社区-小网格办大事.docx")), ("金安社区", "file_name")),
        (sent(document(), subject="金安社区案例报送"), ("金安社区", "subject")),
        (sent(document(), display="金安社区居委会"), ("金安社区居委会", "display_name")),
        (sent(document(), display="快乐的小鱼"), None),
        (sent(document(), text="湖里区社区办：\n请查收。"), None),
        (sent(document()), None),
    ],
)
def test_unit_is_read_where_people_write_it_and_never_from_a_nickname(
    one: Letter, expected: tuple[str, str] | None
) -> None:
    assert known(one)["unit"] == expected


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (sent(document("附件1.docx")), ("小网格办成大事情", "document")),
        (sent(problem("金安社区-邻里议事厅.doc")), ("邻里议事厅", "file_name")),
        (sent(problem("案例.doc"), subject="报送《一把椅子议出和谐》案例"), ("一把椅子议出和谐", "subject")),
        (sent(problem("案例.doc"), text="附件为《邻里议事厅》，请查收"), ("邻里议事厅", "body")),
        (sent(problem("金安社区-网格治理案例.doc")), ("金安社区-网格治理案例", "file_name")),
        (sent(photo(1)), None),
    ],
)
def test_title_prefers_what_names_this_case(one: Letter, expected: tuple[str, str] | None) -> None:
    assert known(one)["title"] == expected


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("金安社区-小网格办大事.docx", "小网格办大事"),
        ("附件1：小网格办大事（定稿）.docx", "小网格办大事"),
        ("《小网格办大事》案例.doc", "小网格办大事"),
        ("网格治理_金安社区_小网格办大事_20221208.pdf", "小网格办大事"),
        ("3.小网格办大事(修改版).docx", "小网格办大事"),
        ("小网格办大事", "小网格办大事"),
        ("案例.docx", "案例"),
    ],
)
def test_title_of_a_file_name_drops_what_is_no_title(name: str, title: str) -> None:
    assert title_of_name(name) == title


@pytest.mark.parametrize(
    ("title", "generic"),
    [
        ("社区治理案例", True),
        ("2022年湖里区社区治理创新案例征集", True),
        ("湖里区社区治理创新案例", True),
        ("案例", True),
        ("附件1", True),
        ("新建 Microsoft Word 文档", True),
        ("网格治理优秀案例材料", True),
        ("小网格办成大事情", False),
        ("金安社区邻里议事厅", False),
    ],
)
def test_generic_title_names_no_case_in_particular(title: str, generic: bool) -> None:
    assert is_generic_title(title, HULI) is generic


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (sent(document(), text="联系人：李红，电话：13800000000"), ("李红", "13800000000")),
        (sent(document(), text="联 系 人：欧阳丽\n联系电话：0592-5551234"), ("欧阳丽", "0592-5551234")),
        (sent(document(), text="聯繫人：李紅"), ("李紅", None)),
        (sent(document(), signature="李红 138-0000-0000"), (None, "13800000000")),
        (sent(document(lines=[*case_lines(), "联系人：李红 联系电话：13800000000"])), ("李红", "13800000000")),
        (sent(document(lines=[case_lines()[0], "背景", "居民王大爷拨打13912345678反映情况。" * 3, *case_lines()[1:]])), (None, None)),
        (sent(document(), text="联系人：请见报名表里的说明文字"), (None, None)),
        (sent(document(), display="李红"), (None, None)),
    ],
)  # fmt: skip
def test_contact_and_phone_are_the_senders_not_a_residents(
    one: Letter, expected: tuple[str | None, str | None]
) -> None:
    found = known(one)

    assert tuple(value[0] if (value := found[name]) else None for name in ("contact", "phone")) == expected


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (sent(document(lines=["小网格办成大事情", "类别：小区治理", *case_lines()[1:]])), ("小区治理", "byline")),
        (sent(document(), text="您好！\n申报类别：智慧治理\n请查收"), ("智慧治理", "body")),
        (sent(document("网格治理-金安社区-小网格.docx")), ("网格治理", "file_name")),
        (sent(document(), subject="【社区治理】金安社区案例报送"), ("社区治理", "subject")),
        (sent(document(), text="类别：多元治理"), ("多元治理", "body")),
        (sent(document("金安社区网格治理案例.docx"), text="现报送社区治理创新案例"), None),
        (sent(form(申报类别="□网格治理 □社区治理", 联系人="李红", 联系电话="13800000000")), None),
    ],
)
def test_category_counts_only_when_written_down_as_such(one: Letter, expected: tuple[str, str] | None) -> None:
    assert known(one)["category"] == expected


def test_category_answered_by_number_counts_in_a_reply_only() -> None:
    assert known(letter("回复：已收到", "2", answers="receipt.1.k@huli.cn"))["category"] == ("社区治理", "answer")
    assert known(letter("案例", "2"))["category"] is None


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (sent(form(申报层级="社区", 单位="金安社区", 联系人="李红")), ("村(社区)", "form")),
        (sent(document(), text="申报层级：镇（街道）"), ("镇(街道)", "body")),
        (sent(document(), text="我们街道报一个"), None),
    ],
)
def test_level_is_read_from_form_or_labelled_line(one: Letter, expected: tuple[str, str] | None) -> None:
    assert known(one, XUZHOU)["level"] == expected


def test_empty_form_cells_are_no_answer() -> None:
    blank = form(案例名称="", 单位名称="______", 联系人="（请填写）", 联系电话="13800000000")

    assert known(sent(blank)) == {
        "title": None,
        "unit": None,
        "contact": None,
        "phone": ("13800000000", "form"),
        "category": None,
        "level": None,
    }


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (None, Known("乙", "display_name", ""), "乙"),
        (Known("甲", "form", ""), None, "甲"),
        (Known("甲", "form", ""), Known("乙", "form", ""), "乙"),
        (Known("甲", "form", ""), Known("乙", "body", ""), "甲"),
        (Known("甲", "subject", ""), Known("乙", "document", ""), "乙"),
        (Known("甲", "answer", ""), Known("乙", "form", ""), "乙"),
        (Known("甲", "form", ""), Known("乙", "answer", ""), "乙"),
    ],
)
def test_later_word_wins_unless_it_is_less_sure(earlier: Known | None, later: Known | None, expected: str) -> None:
    merged = merge_identities(Identity(category=earlier), Identity(category=later))

    assert merged.category is not None
    assert merged.category.value == expected


def test_title_that_names_the_case_is_not_lost_to_one_that_names_none() -> None:
    named, nameless = Known("小网格办成大事情", "file_name", ""), Known("社区治理案例", "document", "")

    assert merge_identities(Identity(title=named), Identity(title=nameless)).title == named
    assert merge_identities(Identity(title=nameless), Identity(title=named)).title == named
    assert merge_identities(Identity(title=nameless), Identity(title=Known("新名", "document", ""))).title == Known(
        "新名", "document", ""
    )


def test_evidence_names_the_place() -> None:
    one = sent(replace(document("金安社区-小网格办大事.docx")))

    unit = identify(one, package_of(one, HULI), HULI).unit

    assert unit == Known("金安社区", "file_name", "文件名 金安社区-小网格办大事.docx")
