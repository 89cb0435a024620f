"""What goes out with a call comes back filled in and is understood: `intake kit`."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from intake.kit import KIT_FILES
from tests.e2e.material import photos
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import eml_working_folder

TITLE = "“微网格”撬动“大治理”"
FILLED = {
    "案例名称": TITLE,
    "报送单位": "湖里区禾山街道金安社区",
    "案例类别": "网格治理",
    "申报层级": "村(社区)",
    "联系人": "陈晓",
    "联系电话": "0592-5550000",
}
SENTENCE = "社区把楼栋划成三十二个微网格，由党员和楼长分片联系住户，每周上门一次，收集到的问题当天登记并在群里答复。"


@pytest.fixture(params=["huli-2022", "xuzhou-2015"])
def kit(request: pytest.FixtureRequest, intake: Intake, tmp_path: Path) -> tuple[str, Path]:
    """A campaign and the folder with its kit."""
    assert intake("kit", tmp_path / "kit", "--campaign", request.param).status == 0
    return request.param, tmp_path / "kit"


def filled_template(path: Path, target: Path) -> Path:
    """The template as somebody writes into it: title, unit, some paragraphs below each heading."""
    document = docx.Document(str(path))
    paragraphs = document.paragraphs
    paragraphs[0].runs[0].text, paragraphs[1].runs[0].text = TITLE, FILLED["报送单位"]
    empty = [each for each in paragraphs[2:] if each.style is not None and each.style.name == "Normal"]
    for paragraph in empty:
        paragraph.text = SENTENCE * (36 // len(empty))
    document.save(str(target))
    return target


def filled_form(path: Path, target: Path, *, campaign: str) -> Path:
    """The form as somebody fills it in."""
    document = docx.Document(str(path))
    words = FILLED | ({"案例类别": "改进社区治理方式"} if campaign == "xuzhou-2015" else {})
    for row in document.tables[0].rows:
        row.cells[1].paragraphs[0].add_run(words.get(row.cells[0].text, ""))
    document.save(str(target))
    return target


def checked(intake: Intake, *files: Path, campaign: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(intake("check", *files, "--campaign", campaign, "--json").out)
    return found


def test_a_filled_template_and_form_are_read_as_what_they_are(
    intake: Intake, kit: tuple[str, Path], tmp_path: Path
) -> None:
    campaign, folder = kit
    case = filled_template(folder / "案例模板.docx", tmp_path / "金安社区案例.docx")
    filled_form(folder / "报名表.docx", tmp_path / "报名表.docx", campaign=campaign)

    (found,) = checked(intake, case, tmp_path / "报名表.docx", campaign=campaign)["cases"]

    assert (found["title"], found["category"]) == (TITLE, "网格治理" if campaign == "huli-2022" else found["category"])
    assert [(each["name"], each["role"]) for each in found["documents"]] == [
        ("金安社区案例.docx", "case"),
        ("报名表.docx", "form"),
    ]
    checks = {each["check"] for each in found["findings"] if each["severity"] != "note"}
    assert checks <= {"image_count", "category"}
    assert all(each["found"] for each in found["documents"][0]["sections"])
    assert [each for each in found["findings"] if each["check"] == "leftovers"] == []


def test_the_kit_filled_in_and_mailed_with_the_photos_asked_for_is_complete(
    intake: Intake, kit: tuple[str, Path], tmp_path: Path
) -> None:
    campaign, folder = kit
    files = (
        filled_template(folder / "案例模板.docx", tmp_path / "金安社区+微网格撬动大治理.docx"),
        filled_form(folder / "报名表.docx", tmp_path / "报名表.docx", campaign=campaign),
    )
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "jinan@example.org", "anli@example.org", "金安社区报送案例"
    letter["Date"] = (
        "Mon, 03 Aug 2015 10:00:00 +0800" if campaign == "xuzhou-2015" else "Mon, 05 Dec 2022 10:00:00 +0800"
    )
    letter.set_content("现报送案例一篇，请查收。")
    for name, data in [(file.name, file.read_bytes()) for file in files] + [(f.name, f.data) for f in photos(40)]:
        letter.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    (tmp_path / "来信.eml").write_bytes(letter.as_bytes())

    found = checked(intake, tmp_path / "来信.eml", campaign=campaign)

    told = [(each["check"], each["code"]) for each in found["cases"][0]["findings"] if each["severity"] != "note"]
    assert (found["verdict"], told) == ("accepted", [])
    assert found["cases"][0]["title"] == TITLE


def test_an_empty_template_is_asked_to_be_filled_in(intake: Intake, kit: tuple[str, Path]) -> None:
    campaign, folder = kit

    found = checked(intake, folder / "案例模板.docx", campaign=campaign)

    codes = [each["code"] for each in found["cases"][0]["findings"] if each["severity"] == "fix"]
    expected = ["section_empty"] * 4 + ["too_few_images"] if campaign == "huli-2022" else ["far_from_about"]
    assert (found["verdict"], codes) == ("needs_fix", expected)


def test_an_empty_form_says_nothing_of_the_case(intake: Intake, kit: tuple[str, Path], tmp_path: Path) -> None:
    campaign, folder = kit
    case = filled_template(folder / "案例模板.docx", tmp_path / "金安社区案例.docx")

    (found,) = checked(intake, case, folder / "报名表.docx", folder / "报送须知.docx", campaign=campaign)["cases"]

    assert (found["title"], found["category"]) == (TITLE, None)
    assert [(each["name"], each["role"]) for each in found["documents"]][1:] == [
        ("报名表.docx", "form"),
        ("报送须知.docx", "attachment"),
    ]


def test_a_filled_list_is_compared_with_the_cases_received(
    intake: Intake, kit: tuple[str, Path], tmp_path: Path
) -> None:
    campaign, folder = kit
    case = filled_template(folder / "案例模板.docx", tmp_path / "金安社区案例.docx")
    book = openpyxl.load_workbook(folder / "汇总表.xlsx")
    sheet = book.active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    for row, title in enumerate((TITLE, "楼道里的议事厅"), 2):
        sheet.cell(row, heads.index("案例名称") + 1, title)
    book.save(tmp_path / "汇总表.xlsx")

    (found,) = checked(intake, case, tmp_path / "汇总表.xlsx", campaign=campaign)["cases"]

    assert found["documents"][1]["role"] == "summary_sheet"
    assert "楼道里的议事厅" in json.dumps(
        [each["values"] for each in found["findings"] if each["check"] == "summary_sheet"], ensure_ascii=False
    )


def test_the_guide_says_what_the_campaign_file_says(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path, closes_at='"2022-12-20"')

    assert intake("kit", tmp_path / "kit", "-C", folder).status == 0

    guide = [paragraph.text for paragraph in docx.Document(str(tmp_path / "kit" / "报送须知.docx")).paragraphs]
    assert guide[:2] == ["2022年湖里区社区治理创新案例征集", "报送须知"]
    assert "1. 字数：“字数控制在3000字以内”。只计正文，按Word、WPS“字数统计”里的“字数”。" in guide
    assert "1. 发送到anli@example.org，邮件主题写“湖里区案例征集+单位+案例名称”。" in guide
    assert any(line.startswith("5. 截止时间：2022年12月20日（星期二）24时，") for line in guide)
    assert guide[-2:] == ["2022年湖里区社区治理创新案例征集组委会", "2022年11月30日"]


def test_the_guide_puts_marks_within_marks_and_names_no_body_the_call_does_not_have(
    intake: Intake, tmp_path: Path
) -> None:
    assert intake("kit", tmp_path / "kit", "--campaign", "xuzhou-2015").status == 0

    guide = "".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "kit" / "报送须知.docx")).paragraphs)
    assert "深化‘三社联动’内涵建设、加强社区文化和法治建设”" in guide
    assert "字数在2000字左右”。只计正文，" in guide
    assert "组委会" not in guide


def test_an_edited_kit_is_never_written_over(intake: Intake, tmp_path: Path) -> None:
    intake("kit", tmp_path / "kit", "--campaign", "huli-2022")
    before = {name: (tmp_path / "kit" / name).read_bytes() for name in KIT_FILES}

    again = intake("kit", tmp_path / "kit", "--campaign", "huli-2022")

    assert (again.status, "不会覆盖" in again.err) == (2, True)
    assert {name: (tmp_path / "kit" / name).read_bytes() for name in KIT_FILES} == before


def test_what_holds_for_some_categories_alone_is_told_in_the_guide_and_not_above_the_template(
    intake: Intake, tmp_path: Path
) -> None:
    assert intake("kit", tmp_path, "--campaign", "example").status == 0

    header = docx.Document(str(tmp_path / "案例模板.docx")).sections[0].header.paragraphs[0].text
    guide = [paragraph.text for paragraph in docx.Document(str(tmp_path / "报送须知.docx")).paragraphs]
    assert header == "请在各小标题下填写，小标题请保留，正文1500至3000字"
    assert any("数字赋能类案例原则上2000字左右" in line for line in guide)
    assert [line.partition("：")[0].partition(" ")[2] for line in guide if "格式：“" in line] == ["格式", "照片格式"]
