from __future__ import annotations

import pytest

from parsers.facts import Block
from parsers.text.case_lists import listed_titles


def table(*rows: tuple[str, ...], number: int = 0) -> list[Block]:
    return [
        Block(text=text, table=number, row=row, column=column)
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
    ]


HEADER = ("序号", "案例名称", "报送单位", "联系人", "联系电话")


def test_titles_stand_below_their_heading_in_order_once_each() -> None:
    blocks = [
        Block(text="湖里区社区治理创新案例汇总表"),
        *table(
            HEADER,
            ("1", "小网格办成大事情", "金安社区", "张三", "13900000000"),
            ("2", "《邻里议事厅》", "", "", ""),
            ("3", "2.近邻食堂", "禾山社区", "李四", ""),
            ("4", "小网格办成大事情", "金安社区", "", ""),
        ),
    ]

    assert listed_titles(blocks) == ("小网格办成大事情", "邻里议事厅", "近邻食堂")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("合计", "2个案例", "", "", ""), "a sum"),
        (("", "", "", "", ""), "an empty row"),
        (("3", "—", "", "", ""), "a dash"),
        (("说明：按街道排序", "案例名称", "", "", ""), "a remark"),
    ],
)
def test_rows_that_list_no_case_are_left_out(row: tuple[str, ...], why: str) -> None:
    rows = [HEADER, ("1", "甲社区议事厅", "", "", ""), ("2", "乙社区食堂", "", "", ""), row]

    assert listed_titles(table(*rows)) == ("甲社区议事厅", "乙社区食堂"), why


def test_a_title_row_and_a_date_may_stand_above_the_headings() -> None:
    rows = [
        ("汇总表",),
        ("填报单位：区民政局", "2022年12月"),
        HEADER,
        ("1", "甲案例", "", "", ""),
        ("2", "乙案例", "", "", ""),
    ]

    assert listed_titles(table(*rows)) == ("甲案例", "乙案例")


def test_a_form_names_one_case_and_is_no_list() -> None:
    form = table(("案例名称", "小网格办成大事情"), ("单位", "金安社区"), ("联系人", "张三"))

    assert listed_titles(form) == ()


def test_a_table_about_something_else_lists_no_cases() -> None:
    rows = [("时间", "活动", "人数"), ("1月", "议事会", "30"), ("2月", "义诊", "50")]

    assert listed_titles(table(*rows)) == ()


def test_sheets_of_one_book_are_read_one_after_the_other() -> None:
    first = table(HEADER, ("1", "甲案例", "", "", ""), ("2", "乙案例", "", "", ""))
    second = table(HEADER, ("1", "丙案例", "", "", ""), ("2", "丁案例", "", "", ""), number=1)

    assert listed_titles([*first, *second]) == ("甲案例", "乙案例", "丙案例", "丁案例")
