"""`intake export --review`: the set for the first round of judging, read back with PDFium and openpyxl."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from tests.intake.cli.conftest import Intake
from tests.intake.cli.taken_away import filed_folder

ONE = "网格治理/HL22-0001_一本“民情账”管好一个格：榕荫社区网格治理的探索.pdf"
HIDDEN = "网格治理/HL22-0001_一本“民情账”管好一个格：××社区网格治理的探索.pdf"


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete case, one that lacks photos, a question."""
    return filed_folder(tmp_path_factory.mktemp("filed") / "work")


def pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def pictures(path: Path) -> list[tuple[int, int]]:
    """Sizes in pixels of the pictures of a document, in order."""
    with pypdfium2.PdfDocument(path) as document:
        found = [thing for page in document for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
        return [thing.get_px_size() for thing in found]


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_each_complete_case_is_one_document_with_its_text_and_photos(
    intake: Intake, filed: Path, tmp_path: Path
) -> None:
    root = tmp_path / "初审"

    made = intake("export", root, "--review", "-C", filed)

    assert (made.status, made.err) == (0, "")
    assert names(root) == {ONE, "初审登记表.xlsx", "汇总表.xlsx"}
    text = "".join(pages(root / ONE))
    assert [part in text for part in ("江头街道榕荫社区", "背景与起因", "探讨与评论", "图5", "HL22-0001")] == [True] * 5
    assert pictures(root / ONE) == [(1600, 1200)] * 5
    rows = list(openpyxl.load_workbook(root / "汇总表.xlsx")["汇总表"].iter_rows(values_only=True))
    assert rows[1][1:] == (
        "HL22-0001",
        "网格治理",
        "一本“民情账”管好一个格：榕荫社区网格治理的探索",
        "湖里区江头街道榕荫社区居民委员会",
        2346,
        5,
        ONE,
    )


def test_an_anonymous_set_names_the_unit_nowhere(intake: Intake, filed: Path, tmp_path: Path) -> None:
    root = tmp_path / "初审"

    made = intake("export", root, "--review", "--anonymous", "-C", filed)

    assert made.status == 0
    assert names(root) == {HIDDEN, "初审登记表.xlsx", "汇总表.xlsx"}
    lists = [
        str(cell)
        for name in ("初审登记表", "汇总表")
        for row in openpyxl.load_workbook(root / f"{name}.xlsx")[name].iter_rows(values_only=True)
        for cell in row
    ]
    told = "".join((*pages(root / HIDDEN), *lists))
    assert [name for name in ("榕荫", "江头", "林小榕") if name in told] == []
    with pypdfium2.PdfDocument(root / HIDDEN) as document:
        assert "榕荫" not in str(document.get_metadata_dict())


def test_a_zip_holds_the_set_and_nothing_else(intake: Intake, filed: Path, tmp_path: Path) -> None:
    root = tmp_path / "初审"

    made = intake("export", root, "--review", "--anonymous", "--zip", "-C", filed)

    with zipfile.ZipFile(tmp_path / "初审.zip") as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    assert str(tmp_path / "初审.zip") in made.out
    assert held == {f"初审/{name}": (root / name).read_bytes() for name in names(root)}


def test_a_set_that_names_units_is_not_mixed_with_one_that_hides_them(
    intake: Intake, filed: Path, tmp_path: Path
) -> None:
    root = tmp_path / "初审"
    intake("export", root, "--review", "-C", filed)

    refused = intake("export", root, "--review", "--anonymous", "-C", filed)

    assert (refused.status, names(root)) == (2, {ONE, "初审登记表.xlsx", "汇总表.xlsx"})
    assert f"里有1个文件不在这次的范围里，如 {ONE}。请换一个空文件夹，或先把它们移走。" in refused.err


def test_a_second_run_replaces_the_set_and_another_folder_is_left_alone(
    intake: Intake, filed: Path, tmp_path: Path
) -> None:
    root, photos = tmp_path / "初审", tmp_path / "照片"
    photos.mkdir()
    (photos / "毕业照.jpg").write_bytes(b"mine")
    intake("export", root, "--review", "-C", filed)

    again = intake("export", root, "--review", "-C", filed)
    refused = intake("export", photos, "--review", "-C", filed)

    assert (again.status, names(root)) == (0, {ONE, "初审登记表.xlsx", "汇总表.xlsx"})
    assert (refused.status, names(photos)) == (2, {"毕业照.jpg"})
    assert "请换一个空文件夹" in refused.err
