"""Sample documents: Word files in four manners, a text PDF, a 报名表, a zip with GBK names. Pure.

The same text always gives the same bytes. Needs python-docx, and reportlab (extra `demo`) for the PDF.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from intake.demo.cases import CaseText

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

Manner = Literal["headings", "bold", "numbered", "run_in"]
"""How headings are made: Word's styles; bold lines typed with 一、; 一、 numbered by Word; at the head of a paragraph."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ZIP = "application/zip"

_FIXED_TIME = (2022, 12, 1, 8, 0, 0)
_NUMERALS = "一二三四五六七八九十"
_PDF_FONT = "STSong-Light"
_NUMBERING = """<w:abstractNum xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:abstractNumId="90">
<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
<w:suff w:val="nothing"/><w:lvlText w:val="%1、"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>"""


def case_docx(case: CaseText, manner: Manner, *, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file of `case`; `pictures` (caption: JPEG) stand in its text, spread over the sections, in order."""
    document = _blank()
    number_id = _chinese_numbering(document)
    _centred(document, case.title, bold=True, size_pt=18)
    for line in case.byline:
        _centred(document, line, size_pt=12)
    shown = list((pictures or {}).items())
    for index, section in enumerate(case.sections):
        texts = list(section.paragraphs)
        if manner == "run_in":
            paragraph = _indented(document)
            paragraph.add_run(f"{section.heading}：").bold = True
            paragraph.add_run(texts.pop(0))
        else:
            _heading(document, section.heading, manner, index=index, number_id=number_id)
        for text in texts:
            _indented(document).add_run(text)
        due = len(shown) if index == len(case.sections) - 1 else -(-len(shown) // (len(case.sections) - index))
        for caption, picture in shown[:due]:
            _picture(document, picture, caption)
        shown = shown[due:]
    return _saved(document)


def form_docx(title: str, rows: Sequence[tuple[str, str]]) -> bytes:
    """A 报名表: `title` above a table of labels and values, two pairs a row."""
    document = _blank()
    _centred(document, title, bold=True, size_pt=16)
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for start in range(0, len(rows), 2):
        cells = table.add_row().cells
        for place, (label, value) in enumerate(rows[start : start + 2]):
            cells[2 * place].text, cells[2 * place + 1].text = label, value
    return _saved(document)


def case_pdf(case: CaseText) -> bytes:
    """A PDF with text, A4, several pages, in a font every reader has."""
    from reportlab.lib.enums import TA_CENTER
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph as PdfParagraph
    from reportlab.platypus import SimpleDocTemplate

    pdfmetrics.registerFont(UnicodeCIDFont(_PDF_FONT))
    body = ParagraphStyle("body", fontName=_PDF_FONT, fontSize=12, leading=21, firstLineIndent=24, wordWrap="CJK")
    head = ParagraphStyle("head", parent=body, fontSize=14, firstLineIndent=0, spaceBefore=10, spaceAfter=4)
    centred = ParagraphStyle("centred", parent=body, alignment=TA_CENTER, firstLineIndent=0)
    title = ParagraphStyle("title", parent=centred, fontSize=18, leading=28, spaceAfter=8)
    flow = [PdfParagraph(case.title, title), *(PdfParagraph(line, centred) for line in case.byline)]
    for numeral, section in zip(_NUMERALS, case.sections, strict=False):
        flow.append(PdfParagraph(f"{numeral}、{section.heading}", head))
        flow += [PdfParagraph(text, body) for text in section.paragraphs]
    kept = io.BytesIO()
    SimpleDocTemplate(
        kept, pagesize=A4, leftMargin=80, rightMargin=80, topMargin=72, bottomMargin=72, title=case.title, invariant=1
    ).build(flow)
    return kept.getvalue()


def gbk_zip(members: Mapping[str, bytes]) -> bytes:
    """A zip as older Chinese archivers write it: names in GBK without the flag that would say so.

    Source: APPNOTE 6.3.10 §4.4.4, bit 11 clear; the bytes are what WinRAR 5 and the Windows shell leave.
    """
    kept = io.BytesIO()
    names = {name: name.encode("gbk") for name in members}
    with zipfile.ZipFile(kept, "w") as archive:
        for number, (name, content) in enumerate(members.items()):
            # Python marks every name that is not ASCII as UTF-8: a stand-in of the same length is exchanged below.
            entry = zipfile.ZipInfo(_stand_in(number, len(names[name])).decode(), _FIXED_TIME)
            entry.compress_type = (
                zipfile.ZIP_STORED if name.lower().endswith((".jpg", ".docx")) else zipfile.ZIP_DEFLATED
            )
            archive.writestr(entry, content)
    raw = kept.getvalue()
    for number, encoded in enumerate(names.values()):
        raw = raw.replace(_stand_in(number, len(encoded)), encoded)
    return raw


def _stand_in(number: int, length: int) -> bytes:
    return f"~{number:02d}".encode().ljust(length, b"~")


# --- Word


def _blank() -> WordDocument:
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    document = docx.Document()
    for name, font in (("Normal", "宋体"), ("Heading 1", "黑体")):
        style = document.styles[name]
        style.font.name = font
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.size = Pt(14)
    return document


def _centred(document: WordDocument, text: str, *, size_pt: int, bold: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size_pt)


def _indented(document: WordDocument) -> Paragraph:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(28)
    paragraph.paragraph_format.line_spacing = 1.5
    return paragraph


def _heading(document: WordDocument, text: str, manner: Manner, *, index: int, number_id: int) -> None:
    if manner == "headings":
        document.add_heading(text, level=1)
        return
    paragraph = document.add_paragraph()
    paragraph.add_run(text if manner == "numbered" else f"{_NUMERALS[index]}、{text}").bold = True
    if manner == "numbered":
        paragraph_properties: Any = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no public way
        properties = paragraph_properties.get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number_id


def _chinese_numbering(document: WordDocument) -> int:
    """Id of a list that counts 一、二、三、: the number stands in no text."""
    from docx.oxml import parse_xml

    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_NUMBERING))
    return int(numbering.add_num(90).numId)


def _picture(document: WordDocument, picture: bytes, caption: str) -> None:
    from docx.shared import Cm

    document.add_picture(io.BytesIO(picture), width=Cm(14))
    _centred(document, caption, size_pt=10)


def _saved(document: WordDocument) -> bytes:
    """The file with the times of its parts fixed: python-docx writes the present one."""
    document.core_properties.created = datetime(*_FIXED_TIME, tzinfo=UTC)
    document.core_properties.author = ""
    kept, fixed = io.BytesIO(), io.BytesIO()
    document.save(kept)
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, _FIXED_TIME), old.read(entry), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
