"""A whole case, written the way an office writes it, comes out as an organizer would describe it."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from parsers.facts import DocumentFacts
from tests.parsers.documents.docx_files import png, read

PROSE = "近年来，金安社区坚持以居民需求为导向，围绕老旧小区停车难、环境差等突出问题，推动多元共治，居民议事渐成习惯。"
PROSE_WORDS = 54


def case(folder: Path, *, headings: bool) -> DocumentFacts:
    """The facts of a case with form, title, four parts and two pictures."""
    document = docx.Document()
    document.add_paragraph("湖里区社区治理创新案例报名表")
    form = document.add_table(rows=0, cols=2)
    for label, value in (
        ("单位", "金安社区"),
        ("联系人", "张三"),
        ("联系电话", "13800000000"),
        ("案例类别", "网格治理"),
    ):
        cells = form.add_row().cells
        cells[0].text, cells[1].text = label, value
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run("小网格托起大民生").font.size = Pt(22)
    (folder / "1.png").write_bytes(png())
    for number, section in zip("一二三四", ("背景与起因", "做法与经过", "成效与反响", "探讨与评论"), strict=True):
        if headings:
            document.add_heading(f"{number}、{section}", 1)
        else:
            document.add_paragraph().add_run(f"{number}、{section}").bold = True
        document.add_paragraph(PROSE)
    document.add_picture(str(folder / "1.png"))
    document.add_picture(str(folder / "1.png"))
    document.save(str(folder / "案例.docx"))
    facts = read(folder / "案例.docx").document
    assert facts is not None
    return facts


def test_case_with_styled_headings_is_described(tmp_path: Path) -> None:
    facts = case(tmp_path, headings=True)

    assert facts.title == "小网格托起大民生"
    assert [(one.level, one.signal, one.title, one.words) for one in facts.headings] == [
        (1, "style", "背景与起因", PROSE_WORDS),
        (1, "style", "做法与经过", PROSE_WORDS),
        (1, "style", "成效与反响", PROSE_WORDS),
        (1, "style", "探讨与评论", PROSE_WORDS),
    ]
    assert facts.counts["main"].words.value == 8 + 4 * (7 + PROSE_WORDS)
    assert facts.pictures == 2


def test_case_without_any_style_has_the_same_parts_and_count(tmp_path: Path) -> None:
    facts = case(tmp_path, headings=False)

    assert [(one.signal, one.text) for one in facts.headings] == [
        ("numbered", "一、背景与起因"),
        ("numbered", "二、做法与经过"),
        ("numbered", "三、成效与反响"),
        ("numbered", "四、探讨与评论"),
    ]
    assert facts.counts["main"].words.value == 8 + 4 * (7 + PROSE_WORDS)


def test_form_before_the_case_is_read_and_not_counted(tmp_path: Path) -> None:
    facts = case(tmp_path, headings=True)

    assert [(field.name, field.value) for field in facts.fields] == [
        ("unit", "金安社区"),
        ("contact", "张三"),
        ("phone", "13800000000"),
        ("category", "网格治理"),
    ]
    assert [block.text for block in facts.blocks if block.part == "form"][:3] == [
        "湖里区社区治理创新案例报名表",
        "单位",
        "金安社区",
    ]
