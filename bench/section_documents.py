"""Makes files of the composed documents, with the looks their labels state: Word, PDF or plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from bench.section_labels import Composed, Line

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COUNTS = {"一": "chineseCountingThousand", "1": "decimal", "•": "bullet"}
_PDF_FONT = "STSong-Light"
_PDF_LEFT, _PDF_TOP, _PDF_BOTTOM, _PDF_WIDTH = 90.0, 740.0, 90.0, 415.0
_BODY_PT = 14.0


def write_document(document: Composed, folder: Path) -> Path:
    """The document as a file in `folder`."""
    path = folder / f"{document.name}.{document.format}"
    if document.format == "docx":
        _write_docx(document, path)
    elif document.format == "pdf":
        _write_pdf(document, path)
    else:
        path.write_text("\r\n".join(_plain_lines(document)), "utf-8")
    return path


def _plain_lines(document: Composed) -> Iterator[str]:
    for line in document.lines:
        yield line.text + line.rest


class _Word:
    """A Word document being written."""

    def __init__(self, looks: dict[str, str]) -> None:
        self.file = docx.Document()
        self.looks = {mark: _look(look) for mark, look in looks.items()}
        self.numberings: dict[str, int] = {}
        self.table: Any = None

    def add(self, line: Line) -> None:
        """One line; rows that follow each other are one table."""
        if line.mark[0] in "KFGV":
            self._row(line)
            return
        self.table = None
        look = self.looks.get(line.mark[0], {})
        paragraph = self.file.add_paragraph()
        self._dress(paragraph, look)
        if line.mark[0] == "S":
            paragraph.add_run(line.text).add_break()
            self._size(paragraph.add_run(line.rest), "P")
        elif line.mark == "C":
            self._run(paragraph, f"{line.text}\t{line.rest}", look)
        else:
            self._run(paragraph, line.text, look)
            if line.rest:
                self._size(paragraph.add_run(line.rest), "P")

    def _row(self, line: Line) -> None:
        cells = [line.text, *line.rest.split("|")] if line.mark == "G" else [line.text, line.rest]
        if line.mark[0] == "V":
            self._cells(1, [line.text])
            self._cells(1, [line.rest])
        else:
            self._cells(len(cells), cells)

    def _cells(self, columns: int, texts: list[str]) -> None:
        if self.table is None or len(self.table.columns) != columns:
            self.table = self.file.add_table(0, columns)
        for cell, text in zip(self.table.add_row().cells, texts, strict=True):
            cell.text = text

    def _run(self, paragraph: Any, text: str, look: dict[str, str]) -> None:
        run = paragraph.add_run(text)
        run.bold = True if "bold" in look else None
        if "size" in look:
            run.font.size = Pt(float(look["size"]))

    def _size(self, run: Any, mark: str) -> None:
        if "size" in self.looks.get(mark, {}):
            run.font.size = Pt(float(self.looks[mark]["size"]))

    def _dress(self, paragraph: Any, look: dict[str, str]) -> None:
        if "style" in look:
            paragraph.style = look["style"].replace("_", " ").replace("heading", "Heading")
        if "centred" in look:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        properties = paragraph.paragraph_format.element.get_or_add_pPr()
        if "outline" in look:
            properties.append(parse_xml(f'<w:outlineLvl xmlns:w="{_WORD}" w:val="{int(look["outline"]) - 1}"/>'))
        if "auto" in look:
            number = self._numbering(look["auto"])
            properties.append(
                parse_xml(
                    f'<w:numPr xmlns:w="{_WORD}"><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>',
                )
            )

    def _numbering(self, sample: str) -> int:
        """The id of a list whose numbers look like `sample`."""
        if sample not in self.numberings:
            number = 90 + len(self.numberings)
            counted = next(sign for sign in _COUNTS if sign in sample)
            shown = sample if counted == "•" else sample.replace(counted, "%1")
            part = self.file.part.numbering_part.element
            definition = parse_xml(
                f'<w:abstractNum xmlns:w="{_WORD}" w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                f'<w:numFmt w:val="{_COUNTS[counted]}"/><w:lvlText w:val="{shown}"/></w:lvl></w:abstractNum>'
            )
            part.insert(len(part.findall(qn("w:abstractNum"))), definition)
            part.append(
                parse_xml(f'<w:num xmlns:w="{_WORD}" w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
            )
            self.numberings[sample] = number
        return self.numberings[sample]


def _look(text: str) -> dict[str, str]:
    return {name: value for name, _, value in (one.partition("=") for one in text.split())}


def _write_docx(document: Composed, path: Path) -> None:
    word = _Word(document.looks)
    for line in document.lines:
        word.add(line)
    word.file.save(str(path))


def _write_pdf(document: Composed, path: Path) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(_PDF_FONT))
    canvas = Canvas(str(path))
    y = _PDF_TOP
    for line in document.lines:
        look = _look(document.looks.get(line.mark[0], document.looks.get("P", "")))
        size_pt = float(look.get("size", _BODY_PT))
        for row in _set(line, int(_PDF_WIDTH / size_pt)):
            if y < _PDF_BOTTOM:
                canvas.showPage()
                y = _PDF_TOP
            canvas.setFont(_PDF_FONT, size_pt)
            if "centred" in look:
                canvas.drawCentredString(_PDF_LEFT + _PDF_WIDTH / 2, y, row)
            else:
                canvas.drawString(_PDF_LEFT, y, row)
            y -= 1.7 * size_pt
    canvas.save()


def _set(line: Line, per_row: int) -> list[str]:
    """The rows of a line of print; paragraphs are set in by two characters."""
    text = ("　　" if line.mark[0] in "PR" else "") + line.text + line.rest
    return re.findall(rf".{{1,{per_row}}}", text)
