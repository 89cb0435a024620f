"""Workbooks read back: by openpyxl cell by cell, by LibreOffice as people would open them."""

from __future__ import annotations

import os
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from intake.edges.workbook import CELL_CHARACTERS, write_workbook
from intake.figures.ledger import ledger_sheets
from intake.figures.sheets import Cell, Chart, Column, Link, Sheet
from parsers.documents.office.program import find_office
from tests.conftest import RequireServer
from tests.intake.figures.ledgers import AT, MATTER

ZONE = "Asia/Shanghai"
COLUMNS = (
    Column("文字", width=20, wraps=True),
    Column("编号"),
    Column("数", "number"),
    Column("时刻", "moment"),
    Column("日", "day"),
)


def written(path: Path, *sheets: Sheet) -> Path:
    write_workbook(path, sheets, zone=ZONE, at=AT, title="台账", author="组委会")
    return path


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every sheet of a workbook, row by row."""
    book = openpyxl.load_workbook(path)
    return {page.title: [tuple(row) for row in page.iter_rows(values_only=True)] for page in book}


def test_cells_keep_their_kinds(tmp_path: Path) -> None:
    at = datetime(2022, 12, 20, 15, 59, 30, 5, tzinfo=UTC)
    rows = (("字数\n第二行", "0592", 3128, at, date(2022, 12, 20)), ("", None, 0.5, None, None))

    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", Sheet("案例", COLUMNS, rows, frozen=1)))

    page = book["案例"]
    assert [tuple(row) for row in page.iter_rows(values_only=True)] == [
        ("文字", "编号", "数", "时刻", "日"),
        ("字数\n第二行", "0592", 3128, datetime(2022, 12, 20, 23, 59, 30), datetime(2022, 12, 20)),  # noqa: DTZ001 - a cell has no zone
        (None, None, 0.5, None, None),
    ]
    assert [page.cell(2, at).data_type for at in range(1, 6)] == ["s", "s", "n", "d", "d"]
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("B2", "A1:E3", "$1:$1")
    assert [page.column_dimensions[name].width > 10 for name in "ABCDE"] == [True] * 5


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","点我")',
        "=1+1",
        "+86 138",
        "-1",
        "@SUM(A1)",
        "|calc",
        "http://evil.example/",
        "mailto:x@example.com",
        "internal:'来信'!A1",
        "00123",
        "1e5",
        "TRUE",
        "2022-12-20",
        "<r><t>&evil</t></r>",
        "_x0041_",
        "&lt;b&gt; <b>]]>",
        "'单引号",
        "#REF!",
        "{=A1}",
    ],
)
def test_what_strangers_write_stays_the_text_it_is(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "a.xlsx", Sheet("案例", (Column("题目"),), ((text,),)))

    cell = openpyxl.load_workbook(path)["案例"].cell(2, 1)
    assert (str(cell.value).rstrip(), cell.data_type, cell.hyperlink) == (text, "s", None)
    assert cell.quotePrefix is (text[0] in "=+-@|")


def test_no_formula_and_no_link_is_in_a_workbook_of_hostile_text(tmp_path: Path) -> None:
    rows = (("=cmd|'/c calc'!A0",), ("http://evil.example",), ("<r><t/></r>",))

    with zipfile.ZipFile(written(tmp_path / "a.xlsx", Sheet("案例", (Column("题目"),), rows))) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}

    assert [name for name, text in parts.items() if "<f>" in text or "TargetMode" in text] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("响铃\x07退格\x08", "响铃退格"),
        ("\x00\x1b[31m红", "[31m红"),
        ("翻\u202e转\ufeff", "翻转"),
        ("半个\ud800字", "半个字"),
        ("非字\uffff符", "非字符"),
        ("制表\t回车\r换\u2028行", "制表 回车 换 行"),
        ("长" * 40_000, "长" * (CELL_CHARACTERS - 1) + "…"),
        ("\x01", None),
    ],
)
def test_control_characters_go_and_long_text_is_cut(tmp_path: Path, text: str, shown: str | None) -> None:
    path = written(tmp_path / "a.xlsx", Sheet("案例", (Column("题目"),), ((text,),)))

    assert openpyxl.load_workbook(path)["案例"].cell(2, 1).value == shown


def test_a_link_leads_to_a_file_beside_the_workbook(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.xlsx", Sheet("文件", (Column("名"),), ((Link("案例 1.docx", "网格治理/a b/案例 1.docx"),),))
    )

    cell = openpyxl.load_workbook(path)["文件"].cell(2, 1)
    assert cell.value == "案例 1.docx"
    assert cell.hyperlink is not None
    assert cell.hyperlink.target == "网格治理/a%20b/案例%201.docx"


def test_more_links_than_excel_opens_are_left_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.edges.workbook.MOST_LINKS", 2)
    rows = tuple((Link(f"{at}", f"{at}.docx"),) for at in range(4))

    page = openpyxl.load_workbook(written(tmp_path / "a.xlsx", Sheet("文件", (Column("名"),), rows)))["文件"]

    assert [(page.cell(at, 1).value, page.cell(at, 1).hyperlink is not None) for at in range(2, 6)] == [
        ("0", True), ("1", True), ("2", False), ("3", False),
    ]  # fmt: skip


def test_more_rows_than_excel_has_are_left_out_and_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.edges.workbook.MOST_ROWS", 2)

    told = cells(written(tmp_path / "a.xlsx", Sheet("文件", (Column("名"),), (("1",), ("2",), ("3",)))))

    assert told["文件"] == [("名",), ("1",), ("2",), ("（表格行数有限，另有1行没有列出）",)]


def test_a_time_before_excel_s_first_day_is_written_out(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", Sheet("来信", (Column("时刻", "moment"),), ((datetime(1, 1, 2, tzinfo=UTC),),)))

    assert cells(path)["来信"][1] == ("0001-01-02",)


def test_a_large_workbook_is_to_openpyxl_what_a_small_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not _x0041_: openpyxl reads that escape in shared texts only, where the format has it in every text.
    hostile = (" 前后有空格 ", "&lt;b>]]>", "<r>x</r>", "=1+1", "\n起首换行", "第一行\n" * 12, "\t", "😀" * 900)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("=1", "001", 5, AT, AT.date()),
        ("", Link("=x", "y/z 1.docx"), None, None, None),
        *((text, text, 0.1 + at, AT, AT.date()) for at, text in enumerate(hostile)),
        (None, None, 12345678901234567, AT.replace(year=1), None),
    )
    sheet = Sheet("案例", COLUMNS, rows, frozen=1, coloured=((1, "001", "good"),))
    sheet = replace(sheet, charts=(Chart("图", labels=4, series=(2,), rows=2, at=(4, 0)),))
    small = everything(written(tmp_path / "small.xlsx", sheet, Sheet("文件", COLUMNS, ())))
    monkeypatch.setattr("intake.edges.workbook._MANY_ROWS", 1)

    large = everything(written(tmp_path / "large.xlsx", sheet, Sheet("文件", COLUMNS, ())))

    assert large == small


def everything(path: Path) -> list[object]:
    """All that openpyxl knows of the sheets of a workbook, cell by cell."""
    told: list[object] = []
    for page in openpyxl.load_workbook(path):
        links = {cell.coordinate: cell.hyperlink.target for row in page.iter_rows() for cell in row if cell.hyperlink}
        told += [page.title, page.dimensions, page.freeze_panes, page.auto_filter.ref, page.print_title_rows, links]
        told += [{name: column.width for name, column in page.column_dimensions.items()}]
        told += [{row: each.height for row, each in page.row_dimensions.items()}]
        told += [(str(each.sqref), [rule.formula for rule in each.rules]) for each in page.conditional_formatting]
        told += [
            (
                cell.coordinate,
                cell.value,
                cell.data_type,
                cell.number_format,
                cell.quotePrefix,
                cell.alignment.wrap_text,
            )
            for row in page.iter_rows()
            for cell in row
            if cell.value is not None
        ]
    return told


def test_an_earlier_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"before")

    written(path, Sheet("案例", COLUMNS, ()))

    assert ([each.name for each in tmp_path.iterdir()], cells(path)) == (
        ["台账.xlsx"],
        {"案例": [("文字", "编号", "数", "时刻", "日")]},
    )


def test_a_workbook_that_cannot_be_written_leaves_the_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"before")
    broken = Sheet("案例", (Column("x"),), ((object(),),))  # type: ignore[arg-type]  # no cell

    with pytest.raises(TypeError):
        written(path, broken)

    assert ([each.name for each in tmp_path.iterdir()], path.read_bytes()) == (["台账.xlsx"], b"before")


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    sheets = ledger_sheets(MATTER, masked=False)

    one, other = (written(tmp_path / name, *sheets).read_bytes() for name in ("a.xlsx", "b.xlsx"))

    assert one == other


def test_libreoffice_opens_the_ledger_and_reads_every_cell(tmp_path: Path, require_server: RequireServer) -> None:
    office = find_office()
    has_calc = office is not None and any(office.executable.parent.glob("*sclo.*"))
    require_server("LibreOffice Calc", has_calc)
    assert office is not None
    path = written(tmp_path / "ledger.xlsx", *ledger_sheets(MATTER, masked=True))
    out = tmp_path / "again"
    command = [str(office.executable), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--norestore", "--convert-to", "xlsx", "--outdir", str(out), str(path)]

    for _ in range(2):  # a new profile may ask to be started once more (exit status 81)
        done = subprocess.run(
            command, check=False, capture_output=True, timeout=120, env=os.environ | {"HOME": str(tmp_path)}
        )
        if done.returncode != 81:
            break

    again, first = cells(out / "ledger.xlsx"), cells(path)
    assert {name: rows for name, rows in again.items() if name != "统计"} == {
        name: rows for name, rows in first.items() if name != "统计"
    }
    assert [row[:9] for row in again["统计"][: len(first["统计"])]] == first["统计"]
