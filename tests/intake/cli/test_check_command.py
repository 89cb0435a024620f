"""`intake check` on everything people point it at."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image
from pydantic import BaseModel, ConfigDict

from intake.demo import material
from intake.demo.clients import CHINA, foxmail, plain_letter, qq_mail
from intake.demo.drafts import Draft, File
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import campaign_file, eml_working_folder

HULI = ("--campaign", "huli-2022")

# --- the public contract of `--json`, held here on purpose and nowhere else


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SectionShape(Strict):
    title: str
    found: bool
    heading: str | None
    words: int | None


class DocumentShape(Strict):
    name: str
    role: Literal["case", "form", "stamped_copy", "cover_letter", "summary_sheet", "duplicate", "attachment"]
    format: Literal["docx", "doc", "pdf", "odt", "rtf", "ofd", "wps", "txt", "html", "image", "other"]
    words: int | None
    characters: int | None
    characters_with_spaces: int | None
    readable: bool
    problem: str | None
    images: int | None
    sections: list[SectionShape]


class PhotoShape(Strict):
    name: str
    format: str
    width_px: int | None
    height_px: int | None
    bytes: int
    source: Literal["attachment", "archive", "embedded", "inline"]
    counted: bool
    why_not: str | None


class FindingShape(Strict):
    rule: str
    check: str
    code: str
    severity: Literal["fix", "human", "note"]
    file: str | None
    values: dict[str, Any]
    text: str
    # Added to the contract: evidence and audience.
    evidence: str | None
    audience: Literal["submitter", "organizers"]


class ShareShape(Strict):
    provider: str
    url: str | None
    name: str | None
    bytes: int | None
    expires_at: str | None
    expires_said: str | None
    code: str | None


class NeededShareShape(ShareShape):
    needed: bool


class CaseShape(Strict):
    title: str
    category: str | None
    verdict: Literal["accepted", "needs_human", "needs_fix"]
    documents: list[DocumentShape]
    photos: list[PhotoShape]
    findings: list[FindingShape]
    # Added to the contract.
    shares: list[NeededShareShape]


class IgnoredShape(Strict):
    reason: str


class LetterShape(Strict):
    name: str
    received_at: str
    ignored: IgnoredShape | None
    cases: list[int]
    # Added to the contract.
    shares: list[ShareShape]


class ReportShape(Strict):
    campaign: str
    verdict: Literal["accepted", "needs_human", "needs_fix"] | None
    ignored: IgnoredShape | None
    cases: list[CaseShape]
    unassigned: list[str]
    letters: list[LetterShape]


# --- material


def put(folder: Path, files: tuple[File, ...]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.name).write_bytes(file.data)
    return folder


def letter(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def at(day: int) -> datetime:
    return datetime(2022, 12, day, 9, 0, tzinfo=CHINA)


def report(intake: Intake, *words: str | Path) -> tuple[int, ReportShape]:
    """Exit status and the JSON, held to the contract."""
    ran = intake("check", *HULI, "--json", *words)
    assert ran.err == ""
    return ran.status, ReportShape.model_validate_json(ran.out)


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


# --- letters


def test_a_full_letter_is_judged_by_its_own_time(intake: Intake, tmp_path: Path) -> None:
    path = letter(tmp_path / "full.eml", qq_mail(Draft(files=material.complete(), at=at(5))))

    status, told = report(intake, path)

    assert (status, told.verdict) == (0, "accepted")
    [one] = told.letters
    assert (one.name, one.ignored, one.cases) == ("full.eml", None, [0])
    assert datetime.fromisoformat(one.received_at) == at(5)


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (Draft(subject="请问", text="请问字数要求多少？什么时候截止？"), "question"),
        (Draft(subject="自动回复：您好", text="我正在休假。", extra={"Auto-Submitted": "auto-replied"}), "auto_reply"),
        (Draft(subject="回复", text="收到，谢谢"), "courtesy"),
    ],
)
def test_a_letter_without_a_submission_is_ignored_with_its_reason(
    intake: Intake, tmp_path: Path, draft: Draft, reason: str
) -> None:
    path = letter(tmp_path / "letter.eml", plain_letter(draft))

    status, told = report(intake, path)

    assert status == 0
    assert (told.verdict, told.cases, told.ignored) == (None, [], IgnoredShape(reason=reason))


def test_two_letters_are_one_conversation_in_order_of_receipt(intake: Intake, tmp_path: Path) -> None:
    repair = letter(tmp_path / "a.eml", qq_mail(Draft(subject="补充照片", files=material.repair(), at=at(7))))
    first = letter(tmp_path / "b.eml", qq_mail(Draft(files=material.three_photos(), at=at(6))))

    status, told = report(intake, repair, first)

    assert (status, told.verdict, len(told.cases)) == (0, "accepted", 1)
    assert [(one.name, one.cases) for one in told.letters] == [("b.eml", [0]), ("a.eml", [0])]


def test_a_letter_a_co_organizer_passed_on_and_its_senders_own_are_one_case(intake: Intake, tmp_path: Path) -> None:
    campaign_file(
        tmp_path, co_organizers='[{ name = "江头街道", address = "street@huli.example" }]', closes_at='"2022-12-20"'
    )
    original = Draft(subject="案例报送", files=material.three_photos(), sender="jinan@qq.example", at=at(4))
    enclosed = File("原邮件.eml", plain_letter(original), "application/octet-stream")
    forward = Draft(subject="转发：案例", sender="street@huli.example", files=(enclosed,), at=at(6))
    own = Draft(subject="补充照片", sender="jinan@qq.example", files=material.repair(), at=at(7))
    first = letter(tmp_path / "1.eml", plain_letter(forward))
    second = letter(tmp_path / "2.eml", plain_letter(own))

    ran = intake("check", "-C", tmp_path, *HULI, first, second)

    told = ran.out.splitlines()
    assert ran.status == 0
    assert told[0] == "1.eml：2022年12月4日（星期日）09:00收到，报送材料（转来，原发件人 jinan＠qq．example）"
    assert told[1] == "2.eml：2022年12月7日（星期三）09:00收到，报送材料"
    assert [line for line in told if "材料齐全" in line] != []


def test_a_letter_with_a_link_names_what_was_not_looked_at(intake: Intake, tmp_path: Path) -> None:
    text = "报送社区治理创新案例。\n链接: https://pan.baidu.com/s/1AbCdEf?pwd=ab12 提取码: ab12 案例材料.zip"
    linked = letter(tmp_path / "a.eml", qq_mail(Draft(subject="案例报送", text=text, at=at(6))))

    status, told = report(intake, linked)

    share = ShareShape(
        provider="baidu_pan",
        url="https://pan.baidu.com/s/1AbCdEf?pwd=ab12",
        name="案例材料.zip",
        bytes=None,
        expires_at=None,
        expires_said=None,
        code="ab12",
    )
    assert (status, told.verdict, [one.shares for one in told.letters]) == (1, "needs_fix", [[share]])
    assert [case.shares for case in told.cases] == [[NeededShareShape(**share.model_dump(), needed=True)]]
    assert "百度网盘链接，未下载" in intake("check", *HULI, linked).out


def test_several_senders_are_several_cases_and_the_worst_verdict_stands_on_top(intake: Intake, tmp_path: Path) -> None:
    letter(tmp_path / "1.eml", qq_mail(Draft(files=material.complete(), at=at(5))))
    letter(
        tmp_path / "2.eml",
        foxmail(Draft(sender="liuxi@qq.com", name="柳溪社区", files=material.three_photos(), at=at(6))),
    )
    letter(
        tmp_path / "3.eml",
        plain_letter(Draft(subject="请问", text="请问截止时间是哪天？", sender="x@qq.com", at=at(7))),
    )

    status, told = report(intake, tmp_path)

    assert (status, told.verdict) == (1, "needs_fix")
    assert [case.verdict for case in told.cases] == ["accepted", "needs_fix"]
    assert [one.cases for one in told.letters] == [[0], [1], []]
    assert told.letters[2].ignored == IgnoredShape(reason="question")


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
