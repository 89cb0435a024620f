"""Chinese documents as offices write them, for comparing Word with PDF: the demo's cases in many layouts, seeded."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Literal

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from intake.demo.cases import CaseText, load_case

Layout = Literal["plain", "latin", "tables", "lists", "furniture", "columns", "boxes", "narrow"]
LAYOUTS: tuple[Layout, ...] = ("plain", "latin", "tables", "lists", "furniture", "columns", "boxes", "narrow")

_LATIN = (
    "“AI+网格”",
    "12345热线",
    "Community Dispute Resolution Center",
    "https://www.example.gov.cn/shequ/anli/2022/index.html?id=20221201",
    "App",
    "3.5万元",
    "Wi-Fi",
    "(2022—2025年)",
    "98.7%",
    "state-of-the-art",
    "ISO 9001",
    "“三长制”——楼长、院长、巷长",
)
_NUMERALS = "一二三四五六七八九十"


def compose(layout: Layout, seed: int) -> bytes:
    """A .docx of about 2,000 字 in that layout; the same seed gives the same text."""
    chance = random.Random(f"{layout} {seed}")
    names = sorted(entry.name.removesuffix(".txt") for entry in files("intake.demo").joinpath("texts").iterdir())
    case = load_case(names[seed % len(names)])
    document = _blank(chance, narrow=layout == "narrow")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(case.title)
    run.bold, run.font.size = True, Pt(chance.choice((16, 18, 22)))
    if layout == "columns":
        _in_columns(document)
    for number, section in enumerate(case.sections):
        _heading(document, number, section.heading, chance)
        for text in section.paragraphs:
            _body(document, _seasoned(text, chance) if layout in {"latin", "narrow"} else text)
        _extra(document, layout, case, chance)
    if layout == "furniture":
        _furniture(document)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _blank(chance: random.Random, *, narrow: bool) -> WordDocument:
    document = docx.Document()
    style: Any = document.styles["Normal"]
    style.font.name = "Times New Roman"
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Noto Serif CJK SC")
    style.font.size = Pt(chance.choice((10.5, 12, 14, 16)))
    section = document.sections[0]
    section.page_width, section.page_height = (Cm(14.8), Cm(21)) if narrow else (Cm(21), Cm(29.7))
    section.left_margin = section.right_margin = Cm(chance.choice((2.0, 2.54, 3.17)))
    return document


def _heading(document: WordDocument, number: int, text: str, chance: random.Random) -> None:
    if chance.random() < 0.3:
        document.add_heading(text, level=1)
        return
    document.add_paragraph().add_run(f"{_NUMERALS[number]}、{text}").bold = True


def _body(document: WordDocument, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(24)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.add_run(text)


def _seasoned(text: str, chance: random.Random) -> str:
    """`text` with Latin words, figures and quotes put in between its sentences."""
    pieces = text.split("，")
    return "，".join(f"{piece}{chance.choice(_LATIN)}" if chance.random() < 0.25 else piece for piece in pieces)


def _extra(document: WordDocument, layout: Layout, case: CaseText, chance: random.Random) -> None:
    words = case.sections[0].paragraphs[0]
    if layout == "tables":
        table = document.add_table(rows=4, cols=3, style="Table Grid")
        for cell in (cell for row in table.rows for cell in row.cells):
            start = chance.randrange(max(1, len(words) - 20))
            cell.text = words[start : start + chance.randrange(2, 20)]
    elif layout == "lists":
        style = chance.choice(("List Number", "List Bullet", "List Number 2"))
        for piece in words.split("，")[:5]:
            document.add_paragraph(piece, style=style)
    elif layout == "boxes":
        document.add_paragraph()._p.append(parse_xml(_box(words[:30])))  # noqa: SLF001 -- the library has no text boxes


def _box(text: str) -> str:
    return (
        f"<w:r {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><w:pict><v:shape style='width:200pt;height:60pt'>"
        f"<v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox>"
        "</v:shape></w:pict></w:r>"
    )


def _in_columns(document: WordDocument) -> None:
    section = document.add_section(WD_SECTION.CONTINUOUS)
    section._sectPr.append(parse_xml(f"<w:cols {nsdecls('w')} w:num='2' w:space='400'/>"))  # noqa: SLF001 -- no other way


def _furniture(document: WordDocument) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "湖里区城市治理案例征集材料"
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for before, code in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES")):
        footer.add_run(before)
        field = f"<w:fldSimple {nsdecls('w')} w:instr='{code}'><w:r><w:t>1</w:t></w:r></w:fldSimple>"
        footer._p.append(parse_xml(field))  # noqa: SLF001 -- the library has no fields
    footer.add_run(" 页")


def all_layouts(each: int) -> Sequence[tuple[Layout, int]]:
    """`each` documents of every layout."""
    return [(layout, seed) for layout in LAYOUTS for seed in range(each)]
