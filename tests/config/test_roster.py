from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from config.errors import ConfigError
from config.roster import RosterUnit, load_roster, read_roster

TEXT = "街道,单位,别名,联系人,电话,邮箱,数额\n金山街道,金安社区,金安；金安居委,张三,13900001234,Jinan@qq.com；ja@163.com,2\n,区民政局,,,,,\n"
UNITS = (
    RosterUnit(
        street="金山街道",
        name="金安社区",
        aliases=("金安", "金安居委"),
        contact="张三",
        phone="13900001234",
        addresses=("jinan@qq.com", "ja@163.com"),
        quota=2,
        line=2,
    ),
    RosterUnit(street="", name="区民政局", line=3),
)


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace(",", "，").encode(),
        TEXT.replace(
            "街道,单位,别名,联系人,电话,邮箱,数额", "street,unit,aliases,contact,phone,addresses,quota"
        ).encode(),
        TEXT.replace("邮箱,数额", "电子邮箱（必填）,报送数（篇）").encode("gb18030"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace("金安；金安居委", '"金安、金安居委"').replace("\n", "\r").encode("gb18030"),
        (TEXT + "合计,,,,,,2\n,,,,,,\n填表人：王五,,,,,,\n").encode("gb18030"),
        (TEXT + "备注：电话以办公室为准,,,,,,\n").encode(),
    ],
    ids=[
        "utf-8",
        "bom",
        "gb18030",
        "crlf",
        "tabs",
        "full-width commas",
        "english names",
        "names with remarks",
        "unicode text",
        "an old mac",
        "a sum below",
        "a remark below",
    ],
)
def test_roster_is_read_however_a_spreadsheet_saved_it(raw: bytes) -> None:
    assert read_roster(raw) == UNITS


def test_a_workbook_under_the_name_of_a_csv_is_read_as_it_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["湖里区案例征集报送名单"])
    page.append(["序号", "街道", "单位", "电话", "邮箱", "数额"])
    page.append([1, "金山街道", "金安社区", 13900001234, "Jinan@qq.com", 2])
    page.append([2, None, "金海社区", None, None, None])
    page.merge_cells("A1:F1")
    page.merge_cells("B3:B4")
    book.save(tmp_path / "roster.xlsx")

    from_workbook = load_roster(tmp_path)
    (tmp_path / "roster.xlsx").rename(tmp_path / "roster.csv")

    assert from_workbook == (
        RosterUnit("金山街道", "金安社区", phone="13900001234", addresses=("jinan@qq.com",), quota=2, line=3),
        RosterUnit("金山街道", "金海社区", line=4),
    )
    assert load_roster(tmp_path) == from_workbook


def test_a_merged_street_is_that_of_the_communities_below_it() -> None:
    raw = "湖里区名单,,\n街道,单位,邮箱\n金山街道,金安社区,jd@qq.com\n,金海村,jd@qq.com\n,区民政局,\n江头街道,江村社区,\n,阳光社区居委会,\n"

    units = read_roster(raw.encode("gb18030"))

    assert [(unit.street, unit.name, unit.addresses) for unit in units] == [
        ("金山街道", "金安社区", ("jd@qq.com",)),
        ("金山街道", "金海村", ("jd@qq.com",)),
        ("", "区民政局", ()),
        ("江头街道", "江村社区", ()),
        ("江头街道", "阳光社区居委会", ()),
    ]


def test_blank_lines_and_missing_cells_are_no_matter() -> None:
    assert read_roster("单位,数额\n\n金安社区\n,,\n金湖社区,0\n".encode()) == (
        RosterUnit(street="", name="金安社区", line=3),
        RosterUnit(street="", name="金湖社区", quota=0, line=5),
    )


def test_every_problem_is_told_with_its_line() -> None:
    raw = "街道,单位,邮箱,数额\n金山,金安社区,jinan,两篇\n金山,,x@qq.com,1\n金山,金安社区,x@qq.com,1\n".encode()

    with pytest.raises(ConfigError) as refused:
        read_roster(raw)

    assert [str(each) for each in refused.value.problems] == [
        "roster.csv 第2行 邮箱：“jinan”不是邮箱地址",
        "roster.csv 第2行 数额：“两篇”不是整数",
        "roster.csv 第3行 单位：没有写单位",
        "roster.csv 第4行 单位：“金安社区”在第2行已经有了",
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "roster.csv：是空的。第一行写列名：街道,单位,别名,联系人,电话,邮箱,数额"),
        (
            "街道,联系人\n金山,张三\n".encode(),
            "roster.csv 第1行：没有“单位”这一列，这一行是“街道、联系人”。第一行写列名：街道,单位,别名,联系人,电话,邮箱,数额",
        ),
        (b"PK\x03\x04", "roster.csv：是 Excel 工作簿，但没有读成。请用“另存为”存成 CSV"),
        (b"\xff\xff\xff", "roster.csv：文字编码认不出。请存成“CSV UTF-8”"),
    ],
    ids=["empty", "no units", "a workbook", "no text"],
)
def test_what_is_no_roster_is_refused_with_advice(raw: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_roster(raw)

    assert [str(each) for each in refused.value.problems] == [said]


def test_no_roster_is_no_problem(tmp_path: Path) -> None:
    assert load_roster(tmp_path) == ()
