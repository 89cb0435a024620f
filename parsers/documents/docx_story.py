"""Walks one story of a .docx (body, note, text box) and yields its paragraphs as printed. Pure over the parsed XML.

Printed means: insertions but not deletions, field results but not codes, no hidden
text, one branch of every AlternateContent, text boxes after the paragraph they hang on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from parsers.documents.docx_graphics import Showing, find_graphics, printed_branch
from parsers.documents.docx_names import MC, VAL, R, W
from parsers.documents.docx_numbering import Numbering
from parsers.documents.docx_runs import FieldStack, Paragraph, block_of, printed_text, toggled
from parsers.documents.docx_styles import PLAIN, Look, Stylesheet, paragraph_look, run_look
from parsers.errors import LimitError
from parsers.facts import Block, Part
from parsers.text.paragraphs import Cell, Piece

_ALTERNATE = f"{MC}AlternateContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RELATION = f"{R}id"

_GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}rt", f"{W}sdtPr", f"{W}pPr", f"{W}rPr", f"{W}subDoc"})
"""Never printed, with everything inside: deletions, ruby readings, properties."""
GRAPHICS = (f"{W}drawing", f"{W}pict", f"{W}object")
"""What pictures, shapes, charts and embedded objects stand in."""
_NOTE_REFERENCES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}


@dataclass(slots=True)
class Story:
    """What the stories of one part said; filled by `read`."""

    styles: Stylesheet
    numbering: Numbering
    most_characters: int
    blocks: list[Block] = field(default_factory=list)
    places: list[etree._Element | None] = field(default_factory=list)
    """The w:p behind each of `blocks`, in the same order, as long as `insert` was not called."""
    showings: list[Showing] = field(default_factory=list)
    """Pictures in the order they are shown, repeats included."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """("footnote" or "endnote", id) in the order they are referred to."""
    chunks: list[tuple[int, str]] = field(default_factory=list)
    """Parts in other formats: how many blocks stand before each, and its relationship id."""
    _characters: int = 0
    _tables: int = 0

    def read(self, container: etree._Element, part: Part) -> None:
        """Append the blocks of a body, a note or a text box in reading order.

        Raises:
            LimitError: The text grows longer than `most_characters`.
        """
        marks = [mark.get(f"{W}fldCharType") for mark in container.iter(f"{W}fldChar")]
        fields = FieldStack(lenient=marks.count("begin") > marks.count("end"))
        _Walk(self, part, fields).containers(container, Cell())

    def next_table(self) -> int:
        """A number for the next table, nested ones included."""
        self._tables += 1
        return self._tables - 1

    def add(self, block: Block, place: etree._Element | None = None) -> None:
        """Append a block, counting its characters against the limit. `place`: the w:p it was read from."""
        self._characters += len(block.text)
        if self._characters > self.most_characters:
            raise LimitError(f"more than {self.most_characters} characters of text")
        self.blocks.append(block)
        self.places.append(place)

    def insert(self, at: int, blocks: Iterable[Block]) -> None:
        """Put blocks that were read elsewhere before the block `at`; their tables get numbers of their own."""
        following, self.blocks = self.blocks[at:], self.blocks[:at]
        numbers: dict[int, int] = {}
        for block in blocks:
            if block.table is not None and block.table not in numbers:
                numbers[block.table] = self.next_table()
            # What was a form in its own document may not be one here: that is judged of the whole.
            part: Part = "main" if block.part == "form" else block.part
            table = None if block.table is None else numbers[block.table]
            self.add(block.model_copy(update={"part": part, "table": table}))
        self.blocks += following


class _Walk:
    """One pass over one story."""

    def __init__(self, story: Story, part: Part, fields: FieldStack) -> None:
        self._story = story
        self._part: Part = part
        self._fields = fields
        self._carried: list[Piece] = []
        """Text of paragraphs whose mark is deleted: printed as the start of the next."""

    def containers(self, container: etree._Element, cell: Cell) -> None:
        """Paragraphs and tables below `container`, through content controls and the like."""
        for child in container:
            tag = child.tag
            if tag == f"{W}p":
                self._paragraph(child, cell)
            elif tag == f"{W}tbl":
                self._table(child)
            elif tag == _ALTERNATE:
                if (branch := printed_branch(child)) is not None:
                    self.containers(branch, cell)
            elif tag == f"{W}altChunk":
                self._story.chunks.append((len(self._story.blocks), child.get(_RELATION, "")))
            elif tag not in _GONE and len(child):
                self.containers(child, cell)
        if self._carried:
            # The last mark of a container cannot go, deleted or not.
            self._finish(Paragraph(self._story.styles.paragraph(None), None, self._carried), cell)

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
        style_id = style.get(VAL) if style is not None else None
        look = paragraph_look(properties).over(self._story.styles.paragraph(style_id))
        paragraph = Paragraph(
            look, style_id or self._story.styles.default_paragraph, pieces=self._carried, element=element
        )
        self._carried = []
        self._inline(element, paragraph)
        marks = properties.find(f"{W}rPr") if properties is not None else None
        if marks is not None and (marks.find(f"{W}del") is not None or marks.find(f"{W}moveFrom") is not None):
            self._carried = paragraph.pieces
        else:
            self._finish(paragraph, cell)
        for box in paragraph.boxes:
            self._story.read(box, "text_box")

    def _finish(self, paragraph: Paragraph, cell: Cell) -> None:
        self._carried = []
        label = self._story.numbering.label(paragraph.look, paragraph.style_id)
        if paragraph.pieces:
            self._story.add(block_of(paragraph, part=self._part, label=label, cell=cell), paragraph.element)

    def _inline(self, parent: etree._Element, paragraph: Paragraph) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, paragraph)
            elif tag == _ALTERNATE:
                if (branch := printed_branch(child)) is not None:
                    self._inline(branch, paragraph)
            elif tag not in _GONE and len(child) and not tag.startswith(_MATH):
                self._inline(child, paragraph)

    def _run(self, run: etree._Element, paragraph: Paragraph) -> None:
        properties = run.find(f"{W}rPr")
        look = PLAIN if properties is None else run_look(properties)
        style = None if properties is None else properties.find(f"{W}rStyle")
        if style is not None:
            look = look.over(toggled(self._story.styles.style(style.get(VAL)), paragraph.look))
        look = look.over(paragraph.look)
        self._run_content(run, look, paragraph)

    def _run_content(self, run: etree._Element, look: Look, paragraph: Paragraph) -> None:
        for child in run:
            tag = child.tag
            if tag == f"{W}fldChar":
                self._fields.see(child.get(f"{W}fldCharType"))
            elif look.hidden or self._fields.hidden:
                continue
            elif text := printed_text(child):
                paragraph.pieces.append(Piece(text, bold=bool(look.bold), size_pt=look.size_pt))
            elif tag in _NOTE_REFERENCES:
                self._story.notes.append((_NOTE_REFERENCES[tag], child.get(f"{W}id", "")))
            elif tag in GRAPHICS:
                found = find_graphics(child)
                self._story.showings.extend(found.showings)
                paragraph.boxes.extend(found.boxes)
            elif tag == _ALTERNATE:
                if (branch := printed_branch(child)) is not None:
                    self._run_content(branch, look, paragraph)
            elif tag == f"{W}ruby":
                self._inline(child, paragraph)


def _below(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, through content controls and custom XML around them."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag == _ALTERNATE:
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
    return merge is not None and merge.get(VAL, "continue") == "continue"


def _count(element: etree._Element | None) -> int:
    value = element.get(VAL, "") if element is not None else ""
    return int(value) if value.isdecimal() and len(value) < 5 else 0
