"""Lines that head nothing are no headings, whatever they look like."""

from __future__ import annotations

import pytest

from parsers.facts import Block
from parsers.text.counting import count_words
from parsers.text.headings import find_headings
from tests.parsers.text.lines import PROSE, SECTIONS, WORDS, as_block, between, cell, found


def test_last_point_of_a_list_with_long_ones_is_no_heading() -> None:
    headings = found("一、做法与经过", f"1.{PROSE}", "2.设立岗亭", "二、成效与反响", PROSE)

    assert [text for _, _, text, _ in headings] == ["一、做法与经过", "二、成效与反响"]


@pytest.mark.parametrize(
    "line",
    [
        "一是环境变美了，邻里更亲了，" + PROSE,
        "习近平总书记强调：" + PROSE,
        "2022年12月20日",
        "二〇二二年十二月",
        "图1 居民议事现场",
        "（图为居民议事现场）",
        "湖里区金安社区居委会",
        "报送单位：金安社区",
        "联系人：张三",
        "3.5万平方米的小区",
        "①张三",
        "大家都说好。",
        "背景与起因，",
    ],
)
def test_line_that_heads_nothing_is_no_heading(line: str) -> None:
    assert found("一、背景与起因", PROSE, line, PROSE) == [
        (1, "numbered", "一、背景与起因", 2 * WORDS + count_words(line)),
    ]


def test_table_of_contents_is_left_out() -> None:
    contents: list[Block | str] = [
        "目  录",
        "一、背景与起因\t1",
        "二、做法与经过……3",
        Block(text="三、成效 5", style="toc 1"),
    ]

    assert found(*contents, "一、背景与起因", PROSE) == [(1, "numbered", "一、背景与起因", WORDS)]


def test_contents_without_a_title_are_told_by_coming_again() -> None:
    parts = [f"{n}、{s}" for n, s in zip("一二三四", SECTIONS, strict=True)]

    headings = find_headings([as_block(one) for one in (*parts, *between(parts))])

    assert [one.block for one in headings] == [4, 6, 8, 10]


def test_contents_that_repeat_a_line_from_above_go_on() -> None:
    lines = ("重要提示", PROSE, "目录", "重要提示", "一、背景", "一、背景", PROSE)

    assert [one.block for one in find_headings([as_block(one) for one in lines])] == [0, 5]


def test_contents_without_page_numbers_are_left_out() -> None:
    blocks = ("目录", "一、背景与起因", "二、做法与经过", "一、背景与起因", PROSE, "二、做法与经过", PROSE)

    assert [heading.block for heading in find_headings([as_block(one) for one in blocks])] == [3, 5]


def test_lists_of_attachments_head_nothing() -> None:
    lines = ("一、背景与起因", PROSE, "附件：1.章程", "2.名册", "3.照片", "湖里区民政局", PROSE)

    assert [text for _, _, text, _ in found(*lines)] == ["一、背景与起因"]


@pytest.mark.parametrize(
    "paragraph",
    [
        "推进分三步走：一、摸清底数；二、公开议事；三、签字画押。" + PROSE,
        "4.这些持续的变化令人欣喜。" + PROSE,
        "当时老支书问我：" + PROSE,
        Block(text="另外，你要学会倾听，" + PROSE, bold_lead=10),
        Block(text="对居民来说最要紧的是看得见" + PROSE, bold_lead=13),
        "说明：" + PROSE,
        Block(text="10～11.　" + PROSE, bold_lead=7),
    ],
)
def test_first_words_of_a_sentence_are_no_heading(paragraph: Block | str) -> None:
    assert [text for _, _, text, _ in found("一、背景与起因", PROSE, paragraph)] == ["一、背景与起因"]


def test_row_of_a_page_torn_off_its_paragraph_is_no_heading() -> None:
    torn = "区里提出要把治理的重心放到小区和楼栋"

    assert found(PROSE[:-1] + "并且说到做到", torn, PROSE) == []
    assert found("2）再制造安排（包括可更换件、检测点", PROSE) == []


@pytest.mark.parametrize("line", ["尊敬的各位评委：", "各位领导：", "——来自一线的回响", "地点：金安社区会议室"])
def test_greeting_subtitle_and_particulars_are_no_headings(line: str) -> None:
    assert [text for _, _, text, _ in found(line, PROSE, "一、背景与起因", PROSE)] == ["一、背景与起因"]


@pytest.mark.parametrize("name", ["厦门市某某有限公司", "湖里区民政局"])
def test_office_on_a_cover_is_no_heading(name: str) -> None:
    cover = Block(text=name, bold=True, centred=True, size_pt=26)

    assert found(cover, *(Block(text=text, size_pt=14) for text in ("一、背景", PROSE))) == [
        (1, "numbered", "一、背景", WORDS)
    ]


def test_heads_of_columns_in_a_heading_style_are_no_headings() -> None:
    row = [
        Block(text=text, style="heading 7", outline_level=7, table=0, row=0, column=n)
        for n, text in enumerate(("风险", "说明"))
    ]

    assert found("一、背景", PROSE, *row) == [(1, "numbered", "一、背景", WORDS + 4)]


def test_title_line_and_other_parts_of_the_document_are_no_headings() -> None:
    blocks = (
        Block(text="小网格托起大民生", style="heading 1", outline_level=1),
        Block(text="一、填表说明", part="form"),
        Block(text="一、背景", outline_level=2),
        Block(text="脚注标题", part="footnote", outline_level=1),
        PROSE,
    )

    assert found(*blocks, title_block=0) == [(1, "outline", "一、背景", WORDS)]


def test_bold_says_nothing_where_everything_is_bold() -> None:
    assert found(*(Block(text=text, bold=True) for text in ("甲方，", PROSE, "乙（1，2）", PROSE))) == []


def test_long_paragraph_in_a_heading_style_is_text() -> None:
    assert found(Block(text=PROSE * 2, style="heading 1", outline_level=1)) == []


def test_cells_of_a_data_table_are_no_headings() -> None:
    rows = [("序号", "项目", "进展"), ("1", "停车位改造", PROSE), ("2", "加装电梯", PROSE)]
    blocks = [cell(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]

    assert found(*blocks) == []


def test_document_without_blocks_has_no_headings() -> None:
    assert find_headings([]) == ()
