"""Word files of a kit, in the fonts of official papers. Pure but for what python-docx reads of its own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.kit.matter import Paper, Template

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_BODY_FONT, _HEAD_FONT = "仿宋", "黑体"
_BODY_PT, _TITLE_PT, _SMALL_PT = 16, 22, 14
"""三号, 二号, 四号."""
TITLE_HINT = "（请填写案例标题）"
UNIT_HINT = "（请填写报送单位）"
BODY_HINT = "（请在此填写正文）"


def guide_docx(paper: Paper, *, at: datetime) -> bytes:
    """A paper with numbered chapters, signed at the right."""
    document = _blank("".join(paper.title), at, size_pt=_SMALL_PT)
    for line in paper.title:
        _title(document, line)
    for number, (name, lines) in enumerate(paper.chapters):
        document.add_heading(f"{'一二三四五六七八九十'[number]}、{name}", level=1)
        for place, line in enumerate(lines, 1):
            _paragraph(document, f"{place}. {line}" if len(lines) > 1 else line)
    for line in filter(None, (paper.signed, paper.day)):
        _aside(document, line)
    return _saved(document)


def template_docx(template: Template, *, title: str, at: datetime) -> bytes:
    """Title, unit and headings with room below each; what explains them stands in the header, which is not counted."""
    document = _blank(title, at)
    header = document.sections[0].header.paragraphs[0]
    header.text = template.hint
    _title(document, TITLE_HINT)
    _centred(document, UNIT_HINT, _BODY_PT)
    for heading in template.headings:
        document.add_heading(heading, level=1)
        _paragraph(document, "")
    if not template.headings:
        _paragraph(document, BODY_HINT)
    return _saved(document)


def form_docx(title: Sequence[str], labels: Sequence[str], notes: Sequence[str], *, at: datetime) -> bytes:
    """A table of labels with room beside each, room for opinion and seal, and notes below. `title`: its lines."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
    from docx.shared import Cm, Pt

    document = _blank("".join(title), at)
    for line in title:
        _title(document, line)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    widths = (Cm(4), Cm(11.4))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for label in (*labels, "单位意见"):
        row = table.add_row()
        row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        row.height = Cm(4.2 if label == "单位意见" else 1.25)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _written(row.cells[0].paragraphs[0], label, _SMALL_PT, font=_HEAD_FONT)
        _written(row.cells[1].paragraphs[0], "", _SMALL_PT)
        if label == "单位意见":
            _sealed(row.cells[1])
    for note in notes:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(8)
        _written(paragraph, note, 12)
    return _saved(document)


def _sealed(cell: Any) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    for text in ("（盖章）", "年    月    日"):
        paragraph = cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _written(paragraph, text, _SMALL_PT)


def _blank(title: str, at: datetime, *, size_pt: float = _BODY_PT) -> WordDocument:
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    document = docx.Document()
    for name, font in (("Normal", _BODY_FONT), ("Heading 1", _HEAD_FONT), ("Header", _BODY_FONT)):
        style: Any = document.styles[name]
        style.font.name = font
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.size = Pt(10.5 if name == "Header" else size_pt)
        style.font.bold = False
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(3.7), Cm(3.5), Cm(2.8), Cm(2.6)
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = at
    return document


def _title(document: WordDocument, text: str) -> None:
    _centred(document, text, _TITLE_PT, font=_HEAD_FONT)


def _centred(document: WordDocument, text: str, size_pt: int, *, font: str = "") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(6)
    _written(paragraph, text, size_pt, font=font)


def _paragraph(document: WordDocument, text: str) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = 2 * document.styles["Normal"].font.size  # two characters
    paragraph.paragraph_format.line_spacing = 1.3
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(text)


def _aside(document: WordDocument, text: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph(text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.space_after = Pt(0)


def _written(paragraph: Any, text: str, size_pt: float, *, font: str = "") -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size = Pt(size_pt)
    if font:
        run.font.name = font
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - no public way


def _saved(document: WordDocument) -> bytes:
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()
