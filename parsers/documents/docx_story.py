"""Walks one story of a .docx (body, note, text box) and yields its paragraphs as printed. Pure over the parsed XML.

Printed means: insertions but not deletions, field results but not codes, no hidden
text, one branch of every AlternateContent, text boxes after the paragraph they hang on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree

from parsers.documents.docx_graphics import Showing, find_graphics, printed_branch
from parsers.documents.docx_numbering import Numbering
from parsers.documents.docx_styles import PLAIN, Look, Stylesheet, W, paragraph_look, run_look
from parsers.errors import LimitError
from parsers.facts import Block, Part

_MC_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VAL = f"{W}val"

_GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}rt", f"{W}sdtPr", f"{W}pPr", f"{W}rPr", f"{W}subDoc"})
"""Never printed, with everything inside: deletions, ruby readings, properties."""
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_GRAPHICS = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_NOTE_REFERENCES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CHECK_MARKS = {"F0FE": "☑", "F052": "☑", "F0FD": "☒", "F0A8": "☐", "F0A3": "☐", "F06F": "☐", "F0FC": "✓", "F050": "✓"}
"""Boxes of Wingdings fonts, as forms use them; other private-use signs stay what they are."""


class Cell(NamedTuple):
    """Where a paragraph stands when it stands in a table, 0-based."""

    table: int | None = None
    row: int | None = None
    column: int | None = None


class _Piece(NamedTuple):
    text: str
    bold: bool
    size_pt: float | None


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being read: what is printed of it so far and what hangs on it."""

    look: Look
    style_id: str | None
    pieces: list[_Piece] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


@dataclass(slots=True)
class _Fields:
    """Complex fields open at this point of a story, outermost first: True once the result has begun."""

    open: list[bool] = field(default_factory=list)
    lenient: bool = False
    """A story whose fields never end would lose its text to a code: then codes hide nothing."""

    @property
    def hidden(self) -> bool:
        return not self.lenient and not all(self.open)

    def see(self, kind: str | None) -> None:
        if kind == "begin":
            self.open.append(False)
        elif kind == "separate" and self.open:
            self.open[-1] = True
        elif kind == "end" and self.open:
            self.open.pop()


@dataclass(slots=True)
class Story:
    """What the stories of one part said; filled by `read`."""

    styles: Stylesheet
    numbering: Numbering
    most_characters: int
    blocks: list[Block] = field(default_factory=list)
    showings: list[Showing] = field(default_factory=list)
    """Pictures in the order they are shown, repeats included."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """("footnote" or "endnote", id) in the order they are referred to."""
    _characters: int = 0
    _tables: int = 0

    def read(self, container: etree._Element, part: Part) -> None:
        """Append the blocks of a body, a note or a text box in reading order.

        Raises:
            LimitError: The text grows longer than `most_characters`.
        """
        marks = [mark.get(f"{W}fldCharType") for mark in container.iter(f"{W}fldChar")]
        fields = _Fields(lenient=marks.count("begin") > marks.count("end"))
        _Walk(self, part, fields).containers(container, Cell())

    def next_table(self) -> int:
        """A number for the next table, nested ones included."""
        self._tables += 1
        return self._tables - 1

    def add(self, block: Block) -> None:
        """Append a block, counting its characters against the limit."""
        self._characters += len(block.text)
        if self._characters > self.most_characters:
            raise LimitError(f"more than {self.most_characters} characters of text")
        self.blocks.append(block)


class _Walk:
    """One pass over one story."""

    def __init__(self, story: Story, part: Part, fields: _Fields) -> None:
        self._story = story
        self._part: Part = part
        self._fields = fields
        self._carried: list[_Piece] = []
        """Text of paragraphs whose mark is deleted: printed as the start of the next."""

    def containers(self, container: etree._Element, cell: Cell) -> None:
        """Paragraphs and tables below `container`, through content controls and the like."""
        for child in container:
            tag = child.tag
            if tag == f"{W}p":
                self._paragraph(child, cell)
            elif tag == f"{W}tbl":
                self._table(child)
            elif tag == _MC_ALTERNATE:
                if (branch := printed_branch(child)) is not None:
                    self.containers(branch, cell)
            elif tag not in _GONE and len(child):
                self.containers(child, cell)

    def _table(self, table: etree._Element) -> None:
        number = self._story.next_table()
        for row_index, row in enumerate(_below(table, f"{W}tr")):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            before = properties.find(f"{W}gridBefore") if properties is not None else None
            column = _count(before)
            for cell in _below(row, f"{W}tc"):
                cell_properties = cell.find(f"{W}tcPr")
                if not _continues_above(cell_properties):
                    self.containers(cell, Cell(number, row_index, column))
                span = cell_properties.find(f"{W}gridSpan") if cell_properties is not None else None
                column += max(_count(span), 1)

    def _paragraph(self, element: etree._Element, cell: Cell) -> None:
        properties = element.find(f"{W}pPr")
        style = properties.find(f"{W}pStyle") if properties is not None else None
        style_id = style.get(_VAL) if style is not None else None
        look = paragraph_look(properties).over(inherited := self._story.styles.paragraph(style_id))
        look = replace(look, name=inherited.name)
        paragraph = _Paragraph(look, style_id or self._story.styles.default_paragraph, pieces=self._carried)
        self._carried = []
        self._inline(element, paragraph)
        marks = properties.find(f"{W}rPr") if properties is not None else None
        if marks is not None and (marks.find(f"{W}del") is not None or marks.find(f"{W}moveFrom") is not None):
            self._carried = paragraph.pieces
        else:
            label = self._story.numbering.label(paragraph.look, paragraph.style_id)
            if any(piece.text for piece in paragraph.pieces):
                self._story.add(_block(paragraph, part=self._part, label=label, cell=cell))
        for box in paragraph.boxes:
            self._story.read(box, "text_box")

    def _inline(self, parent: etree._Element, paragraph: _Paragraph) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, paragraph)
            elif tag == _MC_ALTERNATE:
                if (branch := printed_branch(child)) is not None:
                    self._inline(branch, paragraph)
            elif tag not in _GONE and len(child) and not tag.startswith(_MATH):
                self._inline(child, paragraph)

    def _run(self, run: etree._Element, paragraph: _Paragraph) -> None:
        properties = run.find(f"{W}rPr")
        look = PLAIN if properties is None else run_look(properties)
        style = None if properties is None else properties.find(f"{W}rStyle")
        if style is not None:
            look = look.over(_toggled(self._story.styles.style(style.get(_VAL)), paragraph.look))
        look = look.over(paragraph.look)
        self._run_content(run, look, paragraph)

    def _run_content(self, run: etree._Element, look: Look, paragraph: _Paragraph) -> None:
        for child in run:
            tag = child.tag
            if tag == f"{W}fldChar":
                self._fields.see(child.get(f"{W}fldCharType"))
            elif look.hidden or self._fields.hidden:
                continue
            elif text := _printed_text(child):
                paragraph.pieces.append(_Piece(text, bold=bool(look.bold), size_pt=look.size_pt))
            elif tag in _NOTE_REFERENCES:
                self._story.notes.append((_NOTE_REFERENCES[tag], child.get(f"{W}id", "")))
            elif tag in _GRAPHICS:
                found = find_graphics(child)
                self._story.showings.extend(found.showings)
                paragraph.boxes.extend(found.boxes)
            elif tag == _MC_ALTERNATE:
                if (branch := printed_branch(child)) is not None:
                    self._run_content(branch, look, paragraph)
            elif tag == f"{W}ruby":
                self._inline(child, paragraph)


def _printed_text(element: etree._Element) -> str:
    """What one child of a run prints by itself; empty for everything that is no text."""
    if element.tag == f"{W}t":
        text = element.text or ""
        return text if element.get(_XML_SPACE) == "preserve" else text.strip(" \t\r\n")
    if element.tag == f"{W}sym":
        return _symbol(element.get(f"{W}char", ""))
    return _SIGNS.get(element.tag, "")


def _block(paragraph: _Paragraph, *, part: Part, label: str, cell: Cell) -> Block:
    printed = [piece for piece in paragraph.pieces if piece.text.strip()]
    bold = bool(printed) and all(piece.bold for piece in printed)
    sizes = [piece.size_pt for piece in printed if piece.size_pt is not None]
    return Block(
        text="".join(piece.text for piece in paragraph.pieces),
        part=part,
        label=label,
        style=paragraph.look.name,
        outline_level=paragraph.look.outline_level or None,
        bold=bold,
        bold_lead=0 if bold else _bold_lead(paragraph.pieces),
        centred=bool(paragraph.look.centred),
        size_pt=max(sizes, default=None),
        table=cell.table,
        row=cell.row,
        column=cell.column,
    )


def _bold_lead(pieces: list[_Piece]) -> int:
    """Characters up to the first printed one that is not bold; blanks at the start alone are no lead."""
    lead = list(itertools.takewhile(lambda piece: piece.bold or not piece.text.strip(), pieces))
    return sum(len(piece.text) for piece in lead) if any(piece.text.strip() for piece in lead) else 0


def _toggled(character: Look, paragraph: Look) -> Look:
    """Bold in a character style over bold in the paragraph's is not bold. Source: ECMA-376 Part 1 §17.7.3."""
    return replace(character, bold=False) if character.bold and paragraph.bold else character


def _below(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, through content controls and custom XML around them."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag == _MC_ALTERNATE:
            if (branch := printed_branch(child)) is not None:
                yield from _below(branch, wanted)
        elif child.tag not in _GONE and child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            yield from _below(child, wanted)


def _continues_above(properties: etree._Element | None) -> bool:
    """Whether a cell is the lower part of a vertically merged one, or deleted: its content is not printed."""
    if properties is None:
        return False
    if properties.find(f"{W}cellDel") is not None:
        return True
    merge = properties.find(f"{W}vMerge")
    return merge is not None and merge.get(_VAL, "continue") == "continue"


def _count(element: etree._Element | None) -> int:
    value = element.get(_VAL, "") if element is not None else ""
    return int(value) if value.isdecimal() and len(value) < 5 else 0


def _symbol(code: str) -> str:
    """The sign a w:sym prints."""
    if code.upper() in _CHECK_MARKS:
        return _CHECK_MARKS[code.upper()]
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "" if sign == "\x00" or "\ud800" <= sign <= "\udfff" else sign
