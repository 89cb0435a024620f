"""`intake ledger`: the whole workbook, written from letters that came in, read back by openpyxl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from intake.cli.folder import records_of
from tests.intake.cli.conftest import Intake
from tests.intake.cli.taken_away import AT, copied, filed_folder
from tests.intake.cli.working_folders import ORGANIZER, eml_working_folder

NINE, THREE = AT.replace(tzinfo=None), AT.replace(hour=15, tzinfo=None)
"""As a cell shows them: it has no zone."""


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases and a question."""
    return filed_folder(tmp_path_factory.mktemp("filed") / "work")


@pytest.fixture
def folder(filed: Path, tmp_path: Path) -> Path:
    """The same, free to be changed."""
    return copied(filed, tmp_path / "work")


def rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the titles of its columns, empty cells left out."""
    titles, *shown = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [{str(title): cell for title, cell in zip(titles, row, strict=True) if cell is not None} for row in shown]


def columns(path: Path, sheet: str, *titles: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(title) for title in titles) for row in rows(path, sheet)]


def test_the_ledger_tells_of_every_case_file_letter_and_finding(intake: Intake, filed: Path, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"

    made = intake("ledger", path, "-C", filed)

    assert (made.status, made.err) == (0, "")
    assert made.out.startswith(f"{path}（案例2件，来信3封，文件10个）\n")
    known = (
        "登记编号",
        "单位",
        "联系人",
        "电话",
        "类别",
        "状态",
        "收到时间",
        "字数",
        "计入照片",
        "来信封数",
        "材料件数",
    )
    assert columns(path, "案例", *known) == [
        ("HL22-0001", "湖里区江头街道榕荫社区居民委员会", "林小榕", "0592-5550101", "网格治理", "材料齐全",
         NINE, 2346, 5, 1, 6),
        ("HL22-0002", "湖里区禾山街道柳溪社区居民委员会", None, "13700137000", "社区治理", "待补充完善",
         THREE, 2400, 3, 1, 4),
    ]  # fmt: skip
    assert columns(path, "文件", "登记编号", "用途", "格式", "像素", "字数")[:3] == [
        ("HL22-0001", "案例正文", "DOCX", None, 2346),
        ("HL22-0001", "照片", "图片", "1600×1200", None),
        ("HL22-0001", "照片", "图片", "1600×1200", None),
    ]
    assert columns(path, "来信", "发件人", "结果", "登记编号", "答复", "答复情况") == [
        ("榕荫社区", "已登记为案例", "HL22-0001", "收件回执", "已发出"),
        ("柳溪社区", "已登记为案例", "HL22-0002", "材料补充完善提示", "已发出"),
        ("陈先生", "咨询", None, "咨询答复", "已发出"),
    ]
    assert columns(path, "核对意见", "登记编号", "核对项目", "性质") == [("HL22-0002", "图片", "须补充完善")]
    assert rows(path, "编号说明") == [{"说明": "给出的编号都在使用。"}]


def test_letters_lead_to_their_originals(intake: Intake, filed: Path) -> None:
    path = filed / "台账.xlsx"

    intake("ledger", path, "-C", filed)

    page = openpyxl.load_workbook(path)["来信"]
    links = [page.cell(row, page.max_column).hyperlink for row in range(2, page.max_row + 1)]
    targets = [path.parent / str(link.target) for link in links if link is not None]
    assert (len(targets), [target.read_bytes()[:5] != b"" for target in targets]) == (3, [True] * 3)


def test_a_masked_ledger_hides_numbers_and_leads_nowhere(intake: Intake, filed: Path, tmp_path: Path) -> None:
    path = tmp_path / "外发.xlsx"

    intake("ledger", path, "--masked", "-C", filed)

    assert columns(path, "案例", "电话") == [("059*******01",), ("137******00",)]
    assert sorted(str(row["地址"]) for row in rows(path, "来信")) == [
        "138******00@163.example", "liuxi@qq.example", "rongyin@qq.example",
    ]  # fmt: skip
    book = openpyxl.load_workbook(path)
    assert [cell.value for page in book for row in page.iter_rows() for cell in row if cell.hyperlink] == []


def test_a_decision_stands_in_the_ledger(intake: Intake, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    intake("cases", "pass", "HL22-0002", "--by", ORGANIZER, "--why", "=照片另送", "-C", folder)

    intake("ledger", path, "-C", folder)

    assert columns(path, "案例", "状态", "组委会决定")[1] == ("材料齐全", f"{ORGANIZER}通过：=照片另送")


def test_numbers_skipped_after_a_restore_are_explained(intake: Intake, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    with records_of(folder) as records, records.store.write() as work:
        work.service.put_mark("restored_at", "2022-12-10T02:00:00+00:00")
        work.service.skip_case_numbers(100)

    intake("ledger", path, "-C", folder)

    assert rows(path, "编号说明") == [
        {
            "编号自": "HL22-0003",
            "至": "HL22-0102",
            "个数": 100,
            "说明": "恢复备份时跳过，没有使用，以免与已经告知的编号重复（2022年12月10日恢复）",
        }
    ]


def test_an_empty_intake_has_a_ledger_too(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path / "new")
    path = tmp_path / "台账.xlsx"

    made = intake("ledger", path, "-C", folder)

    assert made.status == 0
    assert [len(rows(path, name)) for name in ("案例", "文件", "来信", "核对意见")] == [0, 0, 0, 0]


def test_a_name_without_ending_gets_one_and_a_missing_folder_is_said_so(
    intake: Intake, filed: Path, tmp_path: Path
) -> None:
    made = intake("ledger", tmp_path / "12月5日", "-C", filed)
    refused = intake("ledger", tmp_path / "没有" / "台账.xlsx", "-C", filed)

    assert (made.status, (tmp_path / "12月5日.xlsx").is_file()) == (0, True)
    assert (refused.status, refused.out) == (2, "")
    assert f"没有文件夹 {tmp_path / '没有'}" in refused.err
