"""`intake check` on everything people point it at."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from intake.demo import material
from tests.intake.cli.check_reports import HULI, put, report
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import campaign_file, eml_working_folder

# --- bare paths


def test_a_complete_folder_is_accepted_and_told_whole(intake: Intake, tmp_path: Path) -> None:
    folder = put(tmp_path / "complete", material.complete())

    status, told = report(intake, folder)

    assert (status, told.campaign, told.verdict, told.ignored) == (0, "huli-2022", "accepted", None)
    assert (told.letters, told.unassigned) == ([], [])
    [case] = told.cases
    [document] = case.documents
    assert (document.role, document.format, document.readable, document.problem) == ("case", "docx", True, None)
    assert [section.found for section in document.sections] == [True] * len(document.sections)
    assert document.words is not None
    assert document.characters is not None
    assert document.characters_with_spaces is not None
    assert document.words <= document.characters <= document.characters_with_spaces
    assert [(photo.source, photo.counted, photo.why_not) for photo in case.photos] == [("attachment", True, None)] * 5
    assert {(photo.format, photo.width_px, photo.height_px) for photo in case.photos} == {("jpeg", 1600, 1200)}
    assert [photo.bytes for photo in case.photos] == [(folder / photo.name).stat().st_size for photo in case.photos]


def test_a_document_alone_lacks_its_photos(intake: Intake, tmp_path: Path) -> None:
    folder = put(tmp_path, material.complete())
    [document] = folder.glob("*.docx")

    status, told = report(intake, document)

    assert (status, told.verdict) == (1, "needs_fix")
    fixes = [
        (f.rule, f.check, f.code, f.values["min"], f.values["found"])
        for f in told.cases[0].findings
        if f.severity == "fix"
    ]
    assert fixes == [("photos", "image_count", "too_few_images", 5, 0)]


def test_a_zip_holds_one_submission_whose_photos_come_from_an_archive(intake: Intake, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    with zipfile.ZipFile(pack, "w") as archive:
        for file in material.complete():
            archive.writestr(file.name, file.data)

    status, told = report(intake, pack)

    assert (status, told.verdict) == (0, "accepted")
    assert [photo.source for photo in told.cases[0].photos] == ["archive"] * 5


def test_photos_inside_a_document_are_embedded(intake: Intake, tmp_path: Path) -> None:
    status, told = report(intake, put(tmp_path, material.photos_inside()))

    assert (status, told.verdict) == (0, "accepted")
    assert [(photo.source, photo.counted) for photo in told.cases[0].photos] == [("embedded", True)] * 5
    assert told.cases[0].documents[0].images == 5


def test_a_scanned_pdf_is_left_to_people_and_has_no_counts(intake: Intake, tmp_path: Path) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    page.save(tmp_path / "scan.pdf", save_all=True, append_images=[page])

    status, told = report(intake, tmp_path / "scan.pdf")

    assert (status, told.verdict) == (1, "needs_human")
    [document] = told.cases[0].documents
    assert (document.readable, document.words, document.characters, document.images) == (False, None, None, None)
    assert document.problem == "文件里是图片，没有可以读取的文字"


def test_a_heading_without_text_is_not_found_but_named(intake: Intake, tmp_path: Path) -> None:
    folder = put(tmp_path, material.part_missing())

    status, told = report(intake, folder)

    missing = [section for section in told.cases[0].documents[0].sections if not section.found]
    assert (status, told.verdict) == (1, "needs_fix")
    assert missing
    assert {section.words for section in missing if section.heading is None} <= {None}


@pytest.mark.parametrize(("day", "status", "codes"), [(20, 0, []), (21, 1, ["late"])])
def test_a_receipt_time_has_bare_files_judged_by_the_deadline(
    intake: Intake, tmp_path: Path, day: int, status: int, codes: list[str]
) -> None:
    folder = put(tmp_path, material.complete())

    left, told = report(intake, folder, "--received-at", f"2022-12-{day} 00:00")

    assert left == status
    assert [f.code for f in told.cases[0].findings if f.rule == "deadline"] == codes


# --- which campaign


def test_a_working_folder_with_one_campaign_needs_no_campaign_named(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path / "work", title='"本区征集"')
    files = put(tmp_path / "files", material.complete())

    ran = intake("check", "-C", folder, files)

    assert ran.status == 0
    assert "材料齐全" in ran.out


def test_a_campaign_of_the_working_folder_wins_over_the_preset_of_its_name(intake: Intake, tmp_path: Path) -> None:
    campaign_file(tmp_path, language='"en"')
    files = put(tmp_path / "files", material.too_long())

    ran = intake("check", "-C", tmp_path, *HULI, files)

    assert ran.status == 1
    assert "Parts of the text" in ran.out


def test_text_for_people_says_verdict_files_and_what_to_do(intake: Intake, tmp_path: Path) -> None:
    ran = intake("check", *HULI, put(tmp_path, material.three_photos()))

    assert ran.status == 1
    assert ran.out.splitlines()[0] == "《让烟火气有序生长：柳溪社区流动摊点共治记》：待补充完善"
    assert "  ✗ 收到图片3张，还差2张，请补发2张图片，直接添加附件回复即可。" in ran.out


# --- wrongly used


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.docx",), "没有这个文件或文件夹：nowhere.docx。请检查路径，路径中有空格时要加引号。"),
        (("empty",), "没有找到可以核对的文件。请写明文件、文件夹、压缩包或 .eml 来信的路径。"),
        (("--received-at", "明天", "a.txt"), '看不懂收到时间“明天”。请写成 "2022-12-19 10:00"。'),
        (("picture.eml",), "picture.eml 不是可以读取的来信（.eml）。请用邮箱的“另存为 eml”重新导出。"),
    ],
)
def test_what_cannot_be_judged_is_said_in_one_sentence(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text("案例", encoding="utf-8")
    (tmp_path / "picture.eml").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))

    ran = intake("check", *HULI, *words)

    assert (ran.status, ran.out, ran.err) == (2, "", f"{said}\n")


def test_outside_a_working_folder_the_campaigns_to_choose_from_are_named(intake: Intake, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("案例", encoding="utf-8")

    ran = intake("check", "-C", tmp_path, tmp_path / "a.txt")

    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "请用 --campaign 写明是哪个活动：example、huli-2022、xuzhou-2015，或活动文件的路径。\n"


def test_a_file_that_may_not_be_opened_is_named(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").write_text("案例", encoding="utf-8")
    monkeypatch.setattr("intake.desks.appraise.read_tree", refuse)

    ran = intake("check", *HULI, tmp_path / "a.txt")

    assert (ran.status, ran.err) == (
        2,
        f"打不开 {tmp_path / 'a.txt'}（Permission denied）。请检查文件的访问权限和磁盘空间。\n",
    )


def test_piped_json_of_real_reader_processes_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    folder = put(tmp_path, material.complete())

    ran = subprocess.run(
        [sys.executable, "-m", "intake", "check", *HULI, "--json", str(folder)],
        capture_output=True,
        check=False,
        timeout=120,
    )

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout)["verdict"] == "accepted"
    assert b"\x1b" not in ran.stdout
