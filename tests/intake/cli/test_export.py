"""`intake export`: what lies in the folder afterwards, file by file, and what a second run does to it."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from intake.cli.export import export_cases
from intake.demo import material
from intake.edges.chart_png import drawing_font
from intake.edges.executors.inline import InlineExecutor
from tests.intake.cli.conftest import Intake
from tests.intake.cli.taken_away import LACKING, copied, file_letters, filed_folder, hostile_folder
from tests.intake.cli.working_folders import ORGANIZER

ONE = "网格治理/HL22-0001_湖里区江头街道榕荫社区居民委员会_一本“民情账”管好一个格：榕荫社区网格治理的探索"
TWO = "社区治理/HL22-0002_湖里区禾山街道柳溪社区居民委员会_让烟火气有序生长：柳溪社区流动摊点共治记"
ALWAYS = {"清单.json", "SHA256SUMS", "台账.xlsx"}
CHARTS = {
    f"统计图/{name}.{kind}"
    for name in ("各类别案例", "每天新收与齐全")
    for kind in ("svg", "png")[: 1 + bool(drawing_font())]
}
REPAIR = replace(
    LACKING,
    subject="补充照片",
    text="补充照片。\n登记编号 HL22-0002",
    files=material.repair(),
    at=LACKING.at + timedelta(hours=2),
)
PHOTOS = [f"照片/{at:02d}_{photo.name}" for at, photo in enumerate(material.complete()[1:], 1)]


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete case, one that lacks photos, a question."""
    return filed_folder(tmp_path_factory.mktemp("filed") / "work")


@pytest.fixture
def folder(filed: Path, tmp_path: Path) -> Path:
    """The same, free to be changed."""
    return copied(filed, tmp_path / "work")


@pytest.fixture(scope="module")
def exported(filed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its export, to look at."""
    root = tmp_path_factory.mktemp("exported") / "交接"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("intake.cli.export.make_offline_executor", InlineExecutor)
        assert export_cases(filed, root, states=[], as_zip=True) == 0
    return root


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def times(root: Path) -> dict[str, int]:
    return {path.relative_to(root).as_posix(): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def test_each_case_has_a_folder_with_all_its_material(exported: Path) -> None:
    found = tree(exported)

    assert found.keys() - ALWAYS - CHARTS == {
        f"{ONE}/正文_榕荫社区网格治理案例.docx",
        *(f"{ONE}/{photo}" for photo in PHOTOS),
        f"{ONE}/来信/20221205-0900_榕荫社区案例.eml",
        f"{ONE}/图片一览.html",
        f"{ONE}/记录.json",
        f"{TWO}/正文_柳溪社区案例.docx",
        *(f"{TWO}/照片/0{at}_{at}.jpg" for at in (1, 2, 3)),
        f"{TWO}/来信/20221205-1500_柳溪社区案例.eml",
        f"{TWO}/图片一览.html",
        f"{TWO}/记录.json",
    }
    sent = {file.name: file.data for file in material.complete()}
    assert found[f"{ONE}/正文_榕荫社区网格治理案例.docx"] == sent["榕荫社区网格治理案例.docx"]
    assert [found[f"{ONE}/{photo}"] for photo in PHOTOS] == [file.data for file in material.complete()[1:]]


def test_the_pictures_of_how_all_stands_lie_beside_the_ledger(exported: Path) -> None:
    found = tree(exported)

    assert found.keys() >= CHARTS
    assert "网格治理 齐全1件" in found["统计图/各类别案例.svg"].decode()


def test_the_manifest_names_every_file_with_its_checksum(exported: Path) -> None:
    found = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in tree(exported).items()
        if name not in ("清单.json", "SHA256SUMS")
    }
    listed = json.loads((exported / "清单.json").read_text("utf-8"))["files"]
    sums = dict(line.split("  ", 1)[::-1] for line in (exported / "SHA256SUMS").read_text("utf-8").splitlines())
    assert {name: each["sha256"] for name, each in listed.items()} == found
    assert sums == found


def test_the_record_tells_what_was_found_answered_and_where_files_lie(exported: Path) -> None:
    record = json.loads((exported / TWO / "记录.json").read_text("utf-8"))

    assert (record["number"], record["state"], record["phone"]) == ("HL22-0002", "needs_fix", "13700137000")
    assert [(each["role"], each["path"]) for each in record["files"]] == [
        ("case", "正文_柳溪社区案例.docx"), *(("photo", f"照片/0{at}_{at}.jpg") for at in (1, 2, 3)),
    ]  # fmt: skip
    assert [(each["code"], each["severity"]) for each in record["findings"] if each["check"] != "attest"] == [
        ("too_few_images", "fix")
    ]
    assert [(each["kind"], each["to"], each["state"]) for each in record["answers"]] == [
        ("fix_request", "liuxi@qq.example", "sent")
    ]
    assert [each["subject"] for each in record["letters"]] == ["柳溪社区案例"]


def test_the_ledger_leads_to_the_exported_files(exported: Path) -> None:
    book = openpyxl.load_workbook(exported / "台账.xlsx")
    links = [cell.hyperlink.target for page in book for row in page.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) == 2 + 10 + 2  # folders, files, letters of cases; the question's letter lies in no folder
    assert [link for link in links if not (exported / link.replace("%20", " ")).exists()] == []


def test_a_second_run_writes_nothing_but_the_ledger(intake: Intake, filed: Path, tmp_path: Path) -> None:
    root = tmp_path / "out"
    intake("export", root, "-C", filed)
    before = times(root)

    again = intake("export", root, "-C", filed)

    assert again.out.splitlines()[0] == f"{root}：案例2件，本次新写或更新文件1个。"
    assert {name for name, at in times(root).items() if before.get(name) != at} == ALWAYS


def test_photos_that_come_later_are_added_and_what_people_put_there_stays(
    intake: Intake, folder: Path, tmp_path: Path
) -> None:
    root = tmp_path / "out"
    intake("export", root, "-C", folder)
    before = tree(root)
    (root / TWO / "我的笔记.txt").write_text("看过", "utf-8")
    file_letters(folder, (REPAIR,), first=4)

    intake("export", root, "-C", folder)

    assert before.keys() - tree(root).keys() == set()
    assert tree(root).keys() - before.keys() == {
        f"{TWO}/照片/04_4.jpg",
        f"{TWO}/照片/05_5.jpg",
        f"{TWO}/来信/20221205-1700_补充照片.eml",
        f"{TWO}/我的笔记.txt",
    }


def test_a_file_somebody_changed_is_set_aside_and_written_again(intake: Intake, filed: Path, tmp_path: Path) -> None:
    root = tmp_path / "out"
    intake("export", root, "-C", filed)
    text = root / ONE / "正文_榕荫社区网格治理案例.docx"
    original = text.read_bytes()
    text.write_bytes(b"edited at the desk")

    intake("export", root, "-C", filed)

    assert text.read_bytes() == original
    assert (root / ONE / "旧版" / text.name).read_bytes() == b"edited at the desk"


def test_an_export_that_was_broken_off_goes_on(intake: Intake, filed: Path, tmp_path: Path) -> None:
    root = tmp_path / "out"
    intake("export", root, "-C", filed)
    whole = tree(root)
    (root / "清单.json").write_text('{"schema_version": 1, "folders": {}, "files": {}}', "utf-8")
    shutil.rmtree(root / TWO)

    intake("export", root, "-C", filed)

    assert tree(root).keys() == whole.keys()
    assert json.loads((root / "清单.json").read_text("utf-8"))["folders"] == {"HL22-0001": ONE, "HL22-0002": TWO}


def test_only_the_states_asked_for_are_exported(intake: Intake, folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "out"

    intake("export", root, "--state", "accepted", "-C", folder)
    first = {path.name[:9] for path in root.glob("*/HL22-*")}
    intake("cases", "return", "HL22-0001", "--by", ORGANIZER, "--why", "请核对单位", "-C", folder)
    again = intake("export", root, "--state", "accepted", "-C", folder)

    assert first == {"HL22-0001"}
    assert "以前导出过、不在这次范围里的1件留在原处：HL22-0001" in again.out


def test_hostile_names_become_such_as_every_system_takes(intake: Intake, tmp_path: Path) -> None:
    folder = hostile_folder(tmp_path / "work")

    made = intake("export", tmp_path / "out", "-C", folder)

    assert made.status == 0
    case = next((tmp_path / "out").glob("*/HL22-0001*"))
    names = sorted(path.relative_to(case).as_posix() for path in case.rglob("*") if path.is_file())
    assert names == sorted(
        [
            "正文_=案例｜.docx",
            "照片/01_CON.jpg",
            "照片/02_出去.jpg",
            "照片/03_a〈b〉：c？.jpg",
            "照片/04_A〈B〉：C？.jpg",
            f"照片/05_{'长' * 36}….jpg",
            "附件_说明.docx.exe.不要打开",
            "来信/20221205-0900_回复： 案例〈1〉／”2”.eml",
            "图片一览.html",
            "记录.json",
        ]
    )


def test_a_letter_no_longer_stored_is_told_and_its_record_stays(intake: Intake, folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder / "data" / "letters")

    made = intake("export", tmp_path / "out", "-C", folder)

    record = json.loads((tmp_path / "out" / TWO / "记录.json").read_text("utf-8"))
    assert made.status == 1
    assert "有12个文件没能从来信中取出" in made.out
    assert [each["path"] for each in record["files"]] == [None] * 4


def test_a_zip_holds_the_folder_as_it_is(exported: Path) -> None:
    with zipfile.ZipFile(exported.with_name("交接.zip")) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}

    assert held == {f"交接/{name}": data for name, data in tree(exported).items()}


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        "{",
        '{"schema_version": 99}',
        '{"schema_version":1,"folders":{},"files":{"../x":{"sha256":"","size_bytes":0,"owner":""}}}',
    ],
)
def test_a_folder_that_holds_something_else_is_left_alone(
    intake: Intake, filed: Path, tmp_path: Path, manifest: str | None
) -> None:
    root = tmp_path / "out"
    root.mkdir()
    (root / "毕业照.jpg").write_bytes(b"mine")
    if manifest is not None:
        (root / "清单.json").write_text(manifest, "utf-8")
    before = tree(root)

    made = intake("export", root, "-C", filed)

    assert (made.status, made.out) == (2, "")
    assert "请换一个空文件夹再导出" in made.err
    assert tree(root) == before
