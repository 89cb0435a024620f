"""A 报名表 is told from the case it comes with, and read."""

from __future__ import annotations

import pytest

from parsers.facts import Block, FormField
from parsers.text.document_facts import build_document_facts
from parsers.text.form_fields import separate_form
from parsers.text.form_labels import field_name, is_form_title

PROSE = "近年来，社区党委坚持以居民需求为导向，围绕老旧小区停车难、环境差等突出问题，推动多元共治，居民议事渐成习惯。"


def row(number: int, *cells: str, table: int = 0) -> list[Block]:
    """A table row, one block a cell."""
    return [Block(text=text, table=table, row=number, column=column) for column, text in enumerate(cells)]


def lines(*texts: str) -> list[Block]:
    return [Block(text=text) for text in texts]


FORM = [
    *row(0, "案例名称", "小网格托起大民生"),
    *row(1, "单 位（盖章）", "金安社区", "案例类别", "网格治理"),
    *row(2, "联系人：", "张三", "聯絡電話", "13800000000"),
    *row(3, "电子邮箱", "a@example.cn", "通讯地址", ""),
]
CASE = lines("小网格托起大民生", "一、背景与起因", PROSE)


def values(blocks: list[Block]) -> list[tuple[str, str, str]]:
    """(name, label, value) of each field found."""
    return [(field.name, field.label, field.value) for field in separate_form(blocks)[1]]


def parts(blocks: list[Block]) -> list[str]:
    return [block.part for block in separate_form(blocks)[0]]


def test_table_before_the_case_is_its_own_part_with_its_title() -> None:
    blocks = [*lines("附件1", "湖里区社区治理创新案例报名表", "（2022年度）"), *FORM, *CASE]

    assert parts(blocks) == ["form"] * (3 + len(FORM)) + ["main"] * len(CASE)


def test_fields_are_read_with_label_value_and_place() -> None:
    _, fields = separate_form([*FORM, *CASE])

    assert fields == (
        FormField(name="title", label="案例名称", value="小网格托起大民生", block=1),
        FormField(name="unit", label="单位（盖章）", value="金安社区", block=3),
        FormField(name="category", label="案例类别", value="网格治理", block=5),
        FormField(name="contact", label="联系人", value="张三", block=7),
        FormField(name="phone", label="聯絡電話", value="13800000000", block=9),
        FormField(name="email", label="电子邮箱", value="a@example.cn", block=11),
        FormField(name="other", label="通讯地址", value="", block=13),
    )


def test_labels_above_their_values_are_read_downwards() -> None:
    blocks = [*row(0, "单位", "案例名称", "联系人", "电话"), *row(1, "金安社区", "小网格", "张三", "138")]

    assert values(blocks) == [
        ("unit", "单位", "金安社区"),
        ("title", "案例名称", "小网格"),
        ("contact", "联系人", "张三"),
        ("phone", "电话", "138"),
    ]


def test_lines_of_label_and_value_are_a_form_too() -> None:
    blocks = lines("案例报名表", "案例名称：小网格", "报送单位：金安社区", "联系人：张三　电话：138；邮箱：a@b.cn")

    assert values([*blocks, *CASE]) == [
        ("title", "案例名称", "小网格"),
        ("unit", "报送单位", "金安社区"),
        ("contact", "联系人", "张三"),
        ("phone", "电话", "138"),
        ("email", "邮箱", "a@b.cn"),
    ]
    assert parts([*blocks, *CASE]) == ["form"] * 4 + ["main"] * 3


def test_two_labels_are_a_form_under_its_title_only() -> None:
    two = [*row(0, "单位", "金安社区"), *row(1, "联系人", "张三")]

    assert parts([*lines("推荐表"), *two]) == ["form"] * 5
    assert parts(two) == ["main"] * 4


@pytest.mark.parametrize(
    "blocks",
    [
        CASE,
        lines("小网格托起大民生", "报送单位：金安社区", "一、背景与起因", PROSE),
        [*row(0, "年份", "事件", "户数"), *row(1, "2021", "加装电梯", "12")],
        [*row(0, "背景与起因", PROSE), *row(1, "做法与经过", PROSE)],
        [],
    ],
    ids=["case", "byline", "data", "sections", "nothing"],
)
def test_document_without_a_form_is_left_as_it_is(blocks: list[Block]) -> None:
    assert separate_form(blocks) == (tuple(blocks), ())


def test_document_that_is_a_form_altogether_has_no_main_text() -> None:
    facts = build_document_facts([*lines("报名表"), *FORM])

    assert facts.counts["main"].words.value == 0
    assert facts.counts["form"].words.value > 0


def test_case_written_into_the_form_stays_main_text() -> None:
    long_cell = [
        Block(text=text, table=0, row=4, column=1)
        for text in ("一、背景与起因", PROSE * 5, "二、做法与经过", PROSE * 5)
    ]
    facts = build_document_facts(
        [*lines("申报表"), *FORM, Block(text="案例正文", table=0, row=4, column=0), *long_cell]
    )

    assert [heading.title for heading in facts.headings] == ["背景与起因", "做法与经过"]
    assert [block.part for block in facts.blocks if block.row == 4] == ["form", "main", "main", "main", "main"]


def test_summary_in_the_form_stays_form_when_the_case_follows() -> None:
    summary = [*row(4, "案例简介", PROSE * 7)]
    facts = build_document_facts([*FORM, *summary, *lines(*[PROSE] * 20)])

    assert {block.part for block in facts.blocks if block.table is not None} == {"form"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("联 系 人", "contact"), ("聯系電話：", "phone"), ("E-mail", "email"), ("单位（公章）", "unit"), ("*案例名称", "title"),
        ("申报层级", "level"), ("作者", "author"), ("备注", "other"), ("背景与起因", None), ("联系人张三", None), ("x" * 50, None),
    ],
)  # fmt: skip
def test_label_tells_what_it_asks_for(text: str, name: str | None) -> None:
    assert field_name(text) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("湖里区社区治理创新案例报名表", True),
        ("創新案例推薦表", True),
        ("申报表（一）", True),
        ("居民投票统计表", False),
        ("请填写报名表后报送。", False),
    ],
)
def test_title_of_a_form_is_told_from_other_lines(text: str, expected: object) -> None:
    assert is_form_title(text) is expected


SHORT_PARTS = [
    block
    for number, part in enumerate(("背景与起因", "做法与经过", "成效与反响", "探讨与评论"), 4)
    for block in row(number, part, PROSE * 2)
]


def test_case_written_into_a_form_in_short_parts_keeps_them_with_their_headings() -> None:
    facts = build_document_facts([*FORM, *SHORT_PARTS])

    assert [heading.title for heading in facts.headings] == ["背景与起因", "做法与经过", "成效与反响", "探讨与评论"]
    assert parts([*FORM, *SHORT_PARTS])[len(FORM) :] == ["main"] * len(SHORT_PARTS)


@pytest.mark.parametrize(("fields", "outside"), [(SHORT_PARTS[:4], []), (SHORT_PARTS, [*CASE, *lines(*[PROSE] * 20)])])
def test_summary_asked_for_by_a_form_is_no_case(fields: list[Block], outside: list[Block]) -> None:
    form = [*FORM, *fields]

    assert parts([*form, *outside])[: len(form)] == ["form"] * len(form)
