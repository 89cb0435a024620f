from __future__ import annotations

from intake.figures.ledger_roster import roster_sheet
from tests.intake.figures.days import ROSTER


def test_every_unit_of_the_roster_is_a_row_with_how_it_stands() -> None:
    sheet = roster_sheet((ROSTER,))

    assert (sheet.name, [column.title for column in sheet.columns[:7]]) == (
        "报送进度",
        ["街道", "单位", "情况", "应报", "已报案例", "待完善案例", "联系人"],
    )
    assert [row[:7] for row in sheet.rows] == [
        ("金山街道", "金安社区", "已报", 1, "HL22-0038", "", "张三"),
        ("金山街道", "金海社区", "待完善", 1, "", "HL22-0042", "李四"),
        ("金山街道", "金湖社区", "未报", 1, "", "", "王五"),
        ("江头街道", "阳光社区", "未报", 1, "", "", ""),
        ("江头街道", "江村社区", "未报", 1, "", "", "赵六"),
        ("禾山街道", "禾缘社区", "已报", 1, "HL22-0030", "", ""),
        ("禾山街道", "岭下社区", "不要求报送", 1, "", "", ""),
        ("", "区民政局", "待完善", 2, "HL22-0031", "", ""),
    ]
