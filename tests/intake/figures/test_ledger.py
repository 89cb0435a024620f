"""The ledger's sheets: every row as it will be read, what a masked copy hides, and every number explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake.figures.ledger import ledger_name, ledger_sheets
from intake.figures.ledger_matter import LedgerCase
from intake.figures.numbering import UnusedNumbers, unused_numbers
from intake.figures.sheets import Cell, Link, Sheet
from tests.intake.figures.ledgers import ACCEPTED, AT, HASH, LACKING, MATTER, TRIAL, WITHDRAWN

SKIPPED = "恢复备份时跳过，没有使用，以免与已经告知的编号重复（2022年12月14日恢复）"


def sheet(name: str, *, masked: bool = False, **changes: object) -> Sheet:
    found = {each.name: each for each in ledger_sheets(replace(MATTER, **changes), masked=masked)}  # type: ignore[arg-type]  # fields of the matter
    return found[name]


def row(shown: Sheet, at: int) -> dict[str, Cell]:
    """A row by the titles of its columns, empty cells left out."""
    titles = [column.title for column in shown.columns]
    return {title: cell for title, cell in zip(titles, shown.rows[at], strict=True) if cell not in (None, "")}


def test_sheets_stand_in_the_order_people_look_for_them() -> None:
    assert [each.name for each in ledger_sheets(MATTER, masked=False)] == [
        "案例", "文件", "来信", "核对意见", "统计", "编号说明",
    ]  # fmt: skip


def test_every_row_has_a_cell_for_every_column() -> None:
    sheets = ledger_sheets(MATTER, masked=True)

    assert [{len(each) for each in one.rows} for one in sheets] == [{len(one.columns)} for one in sheets]


def test_a_complete_case_is_one_row() -> None:
    assert row(sheet("案例"), 0) == {
        "登记编号": "HL22-0001",
        "题目": "一张网兜起万家事",
        "单位": "金安社区",
        "联系人": "林小榕",
        "电话": "0592-5550101、13800138000",
        "类别": "网格治理",
        "状态": "材料齐全",
        "收到时间": AT - timedelta(days=3),
        "字数": 2846,
        "计入照片": 5,
        "组委会决定": "王老师通过：来电 13900139000 说明过",
        "发件地址": "13800138000@163.com",
        "最近来信": AT - timedelta(days=2),
        "来信封数": 2,
        "版次": 2,
        "材料件数": 6,
        "核对时间": AT - timedelta(days=2),
    }


def test_a_case_that_lacks_something_says_what_and_that_it_is_late() -> None:
    shown = row(sheet("案例"), 1)

    assert (shown["状态"], shown["类别"], shown["逾期"]) == ("待补充完善", "未注明", "逾期")
    assert shown["须补充完善"] == "正文3128字，超出128字。\n图片还差2张。"


def test_a_withdrawn_case_keeps_its_row_and_says_why_it_stands_for_nothing() -> None:
    shown = row(sheet("案例"), 2)

    assert (shown["状态"], shown["备注"]) == ("已撤回", "报送单位撤回，编号保留，不再使用")


def test_trial_cases_are_listed_only_while_the_service_runs_on_trial() -> None:
    numbers = {trial: [each[0] for each in sheet("案例", trial=trial).rows] for trial in (False, True)}

    assert numbers == {
        False: ["HL22-0001", "HL22-0002", "HL22-0003"],
        True: ["测试-HL22-0001", "HL22-0001", "HL22-0002", "HL22-0003"],
    }


def test_several_campaigns_get_a_column_of_their_own() -> None:
    shown = sheet("案例", campaigns=("甲征集", "乙征集"), cases=(replace(ACCEPTED, campaign="乙征集"),))

    assert [column.title for column in shown.columns][:3] == ["登记编号", "活动", "题目"]
    assert shown.rows[0][:3] == ("HL22-0001", "乙征集", "一张网兜起万家事")
    assert [shown.columns[at].title for at, _, _ in shown.coloured] == ["状态"] * 4


def test_files_say_what_they_are_and_where_they_lay() -> None:
    shown = sheet("文件")

    assert [row(shown, at) for at in range(3)] == [
        {
            "登记编号": "HL22-0001",
            "文件名": "案例.docx",
            "用途": "案例正文",
            "格式": "DOCX",
            "大小（KB）": 40.0,
            "字数": 2846,
            "收到时间": AT - timedelta(days=3),
        },
        {
            "登记编号": "HL22-0001",
            "文件名": "1.jpg",
            "用途": "照片（未计入）",
            "格式": "图片",
            "大小（KB）": 1953.1,
            "像素": "4000×3000",
            "收到时间": AT - timedelta(days=3),
            "所在压缩包、文档或文件夹": "照片.zip/院子",
        },
        {
            "文件名": "锁.zip",
            "格式": "压缩包",
            "大小（KB）": 0.1,
            "读取情况": "有密码，未能打开",
            "收到时间": AT,
            "未登记来信的发件人": "王敏",
        },
    ]


def test_a_file_an_export_holds_leads_to_it() -> None:
    shown = sheet("文件", files=(replace(MATTER.files[0], link="网格治理/HL22-0001/正文_案例.docx"),))

    assert shown.rows[0][1] == Link("案例.docx", "网格治理/HL22-0001/正文_案例.docx")


def test_letters_say_what_became_of_them_and_how_they_were_answered() -> None:
    shown = sheet("来信")

    assert [row(shown, at) for at in range(2)] == [
        {
            "收到时间": AT - timedelta(days=3),
            "发件人": "林小榕",
            "地址": "13800138000@163.com",
            "主题": "案例报送",
            "结果": "已登记为案例",
            "登记编号": "HL22-0001",
            "答复": "人工核对告知、收件回执",
            "答复时间": AT - timedelta(days=1),
            "答复情况": "已发出",
            "大小（KB）": 1.5,
            "原件编号": HASH[:12],
        },
        {
            "收到时间": AT,
            "地址": "x@example.com",
            "主题": "（无主题）",
            "结果": "咨询",
            "答复": "工作人员已答复",
            "说明": "请回电 13700137000",
            "大小（KB）": 0.5,
            "备注": "垃圾箱",
            "原件编号": HASH[:12],
        },
    ]


def test_findings_carry_their_evidence() -> None:
    assert row(sheet("核对意见"), 0) == {
        "登记编号": "HL22-0002",
        "题目": "红色物业",
        "核对项目": "字数",
        "性质": "须补充完善",
        "核对意见": "正文3128字，超出128字。",
        "依据": "身份证 350206199001011234",
        "文件": "案例.docx",
        "规则代号": "length",
        "核对时间": AT,
    }


def test_figures_count_cases_in_use_by_state_and_category_and_go_day_by_day() -> None:
    shown = sheet("统计")
    counted = {(each[0], each[1]): each[2] for each in shown.rows if each[2] is not None}
    days = [each[5:] for each in shown.rows if each[5] is not None]

    assert counted == {
        ("案例", "合计"): 2,
        ("案例状态", "材料齐全"): 1,
        ("案例状态", "待补充完善"): 1,
        ("案例状态", "已撤回"): 1,
        ("案例类别", "未注明"): 1,
        ("案例类别", "网格治理"): 1,
        ("照片", "计入"): 8,
        ("逾期", "截止后收到"): 1,
        ("来信", "合计"): 2,
        ("来信结果", "已登记为案例"): 1,
        ("来信结果", "非报送来信"): 1,
        ("未登记原因", "咨询"): 1,
        ("未收取", "过大，没有下载"): 2,
        ("文件", "合计"): 3,
    }
    assert days == [
        (date(2022, 12, 12), 1, 1, 0),
        (date(2022, 12, 13), 0, 0, 1),
        (date(2022, 12, 14), 0, 2, 0),
        (date(2022, 12, 15), 1, 0, 0),
    ]
    assert [(chart.labels, chart.rows) for chart in shown.charts] == [(5, 4)]


def test_a_letter_with_a_stray_date_makes_no_table_of_years() -> None:
    stray = replace(MATTER.letters[0], received_at=AT - timedelta(days=15_000))

    assert [each[5] for each in sheet("统计", letters=(stray,)).rows if each[5] is not None] == [
        date(1981, 11, 20), date(2022, 12, 12), date(2022, 12, 13), date(2022, 12, 14),
    ]  # fmt: skip


def test_every_number_not_in_use_is_explained() -> None:
    assert sheet("编号说明").rows == (
        ("HL22-0003", "HL22-0003", 1, "报送单位撤回，编号保留，不再使用"),
        ("HL22-0004", "HL22-0104", 101, SKIPPED),
        ("测试-HL22-0001", "测试-HL22-0001", 1, "试运行时使用，不是正式编号"),
    )


def test_an_intake_that_uses_all_its_numbers_says_so() -> None:
    shown = sheet("编号说明", cases=(ACCEPTED, LACKING), last_numbers=(("HL22", 2),))

    assert shown.rows == (("", "", None, "给出的编号都在使用。"),)


def test_numbers_of_one_reason_stand_together_and_of_two_apart() -> None:
    cases = [
        ACCEPTED,
        replace(WITHDRAWN, state="purged"),
        TRIAL,
        LedgerCase(number="HL22-0005", state="open", opened_at=AT),
    ]

    found = unused_numbers((("HL22", 6),), cases, skipped="跳过", trial="试运行")

    assert found == (
        UnusedNumbers("HL22-0002", "HL22-0002", 1, "跳过"),
        UnusedNumbers("HL22-0003", "HL22-0003", 1, "活动结束后按期清除了内容，只留编号和结论"),
        UnusedNumbers("HL22-0004", "HL22-0004", 1, "跳过"),
        UnusedNumbers("HL22-0006", "HL22-0006", 1, "跳过"),
    )


@pytest.mark.parametrize(
    ("name", "title", "shown"),
    [
        ("案例", "电话", "059*******01、138******00"),
        ("案例", "发件地址", "138******00@163.com"),
        ("案例", "组委会决定", "王老师通过：来电 139******00 说明过"),
        ("来信", "地址", "138******00@163.com"),
        ("核对意见", "依据", "身份证 350*************34"),
    ],
)
def test_a_masked_copy_hides_numbers_in_every_cell(name: str, title: str, shown: str) -> None:
    assert row(sheet(name, masked=True), 0)[title] == shown


def test_a_masked_copy_leaves_codes_and_numbers_of_cases_alone() -> None:
    digits = "13800138000" + "0" * 53
    full, masked = (
        sheet("来信", masked=m, letters=(replace(MATTER.letters[0], sha256=digits),)) for m in (False, True)
    )

    assert full.rows[0][-1] == masked.rows[0][-1] == "138001380000"


def test_the_file_is_named_after_its_day() -> None:
    assert ledger_name(MATTER) == "台账2022年12月15日.xlsx"
