"""What judges read: the text of a case without what is no text of it, and without names where they are hidden."""

from __future__ import annotations

import pytest

from intake.figures.anonymity import hide_names, names_to_hide
from intake.figures.review import ReviewCase, ReviewLine, sign_sheet, summary_sheet, text_lines
from intake.model import Document
from parsers.facts import Block, DocumentFacts, Heading

UNIT = "湖里区江头街道榕荫社区居民委员会"
CASES = (
    ReviewCase("HL22-0001", "一本民情账", "网格治理", "榕荫社区", words=2346, photos=5, path="网格治理/HL22-0001.pdf"),
    ReviewCase("HL22-0002", "停车", "小区治理"),
)


def test_names_of_a_unit_are_its_own_places_and_the_contact_longest_first() -> None:
    assert names_to_hide(UNIT, "林小榕") == (UNIT, "榕荫社区", "江头街道", "林小榕", "榕荫", "江头")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"{UNIT}报送", "××报送"),
        ("江头街道榕荫社区的做法", "××街道××社区的做法"),
        ("榕荫人", "××人"),
        ("湖里区其他社区", "湖里区其他社区"),
        ("联系人林小榕", "联系人××"),
    ],
)
def test_hidden_names_leave_the_kind_of_place(text: str, hidden: str) -> None:
    assert hide_names(text, names_to_hide(UNIT, "林小榕")) == hidden


def test_text_is_the_main_part_with_its_headings_and_table_rows_on_one_line() -> None:
    facts = DocumentFacts(
        title_block=0,
        blocks=(
            Block(text="一本民情账"),
            Block(text="报名表", part="form"),
            Block(text="背景", label="一、"),
            Block(text="  "),
            Block(text="从前", table=0, row=0, column=0),
            Block(text="现在", table=0, row=0, column=1),
            Block(text="一本", table=0, row=1, column=0),
        ),
        headings=(Heading(block=2, text="一、背景", title="背景", level=1, signal="numbered", words=6),),
    )
    document = Document("a.docx", "0" * 64, 1, "docx", "case", facts)

    assert text_lines([document]) == (
        ReviewLine("一、背景", heading=True),
        ReviewLine("从前　现在"),
        ReviewLine("一本"),
    )


def test_the_list_to_sign_leaves_room_and_names_no_unit() -> None:
    shown = sign_sheet(CASES)

    assert [column.title for column in shown.columns][-5:] == [
        "得分",
        "初审意见（入选／不入选）",
        "理由",
        "评审人签名",
        "日期",
    ]
    assert shown.rows == (
        (1, "HL22-0001", "网格治理", "一本民情账", None, None, None, None, None),
        (2, "HL22-0002", "小区治理", "停车", None, None, None, None, None),
    )


def test_the_list_of_all_says_where_each_document_lies() -> None:
    assert summary_sheet(CASES).rows == (
        (1, "HL22-0001", "网格治理", "一本民情账", "榕荫社区", 2346, 5, "网格治理/HL22-0001.pdf"),
        (2, "HL22-0002", "小区治理", "停车", "", None, 0, ""),
    )
