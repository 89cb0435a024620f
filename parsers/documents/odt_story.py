"""Walks the text of an OpenDocument file and yields its paragraphs as printed. Pure over the parsed XML.

Printed means: insertions but not deletions, fields' results, no hidden text; text boxes
after the paragraph they hang on. Notes are kept for later: they are read after the body.
Source: OASIS ODF 1.3 part 3, chapters 4 to 7, 9 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from parsers.documents.odt_inline import GONE, SHAPES, InlineReader, OpenParagraph, is_hidden
from parsers.documents.odt_lists import Counters, Lists, small_number
from parsers.documents.odt_names import DRAW, SVG, TABLE, TEXT
from parsers.documents.odt_styles import Look, Stylesheet, length_pt, outline_level
from parsers.errors import LimitError
from parsers.facts import Block, Part
from parsers.text.paragraphs import BlockLook, Cell, to_block

_PARAGRAPHS = frozenset({f"{TEXT}p", f"{TEXT}h"})
_ROW_GROUPS = frozenset({f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group"})


@dataclass(frozen=True, slots=True)
class Showing:
    """One place where a picture is shown."""

    images: tuple[etree._Element, ...]
    """Representations of the one picture, the first that can be shown counts."""
    size_px: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Item:
    """The list item a paragraph stands in, until its label is given out."""

    style: str
    depth: int
    counters: Counters
    start: int | None = None
    numbered: bool = True


@dataclass(slots=True)
class Story:
    """What a text said; filled by `read` and `read_notes`."""

    styles: Stylesheet
    lists: Lists
    most_characters: int
    blocks: list[Block] = field(default_factory=list)
    showings: list[Showing] = field(default_factory=list)
    """In the order they are shown, repeats included."""
    notes: list[tuple[Part, etree._Element]] = field(default_factory=list)
    """text:note-body of foot- and endnotes, in the order they are referred to."""
    drawings: int = 0
    """Shapes, charts and objects, pictures included: something is shown."""
    _characters: int = 0
    _tables: int = 0

    def read(self, container: etree._Element, part: Part) -> None:
        """Append the blocks of a body, a note or a text box in reading order.

        Raises:
            LimitError: The text grows longer than `most_characters`.
        """
        self._container(container, part, Cell())

    def read_notes(self) -> None:
        """Append the footnotes, then the endnotes, in the order they were referred to."""
        for wanted in ("footnote", "endnote"):
            for part, body in [note for note in self.notes if note[0] == wanted]:
                self.read(body, part)

    def _container(self, container: etree._Element, part: Part, cell: Cell) -> None:
        for child in container:
            tag = child.tag
            if tag in _PARAGRAPHS:
                self._paragraph(child, part, cell, item=None)
            elif tag == f"{TEXT}list":
                self._list(child, part, cell, style="", depth=0, counters=None)
            elif tag == f"{TEXT}numbered-paragraph":
                self._numbered_paragraph(child, part, cell)
            elif tag in (f"{TABLE}table", f"{TABLE}sub-table"):
                self._table(child, part)
            elif tag in SHAPES:
                self._shape(child)
            elif not _is_silent(child):
                self._container(child, part, cell)

    def _list(
        self, element: etree._Element, part: Part, cell: Cell, *, style: str, depth: int, counters: Counters | None
    ) -> None:
        style = element.get(f"{TEXT}style-name") or style
        counters = counters or self.lists.open_list(element, style)
        for child in element.iterchildren(f"{TEXT}list-item", f"{TEXT}list-header"):
            start = child.get(f"{TEXT}start-value")
            item: _Item | None = _Item(
                child.get(f"{TEXT}style-override") or style,
                depth,
                counters,
                start=None if start is None else small_number(start, 1),
                numbered=child.tag == f"{TEXT}list-item",
            )
            for inner in child:
                if inner.tag in _PARAGRAPHS:
                    # The number stands before the first paragraph; those after it go on below.
                    self._paragraph(inner, part, cell, item=item)
                    item = None if item is None else replace(item, numbered=False)
                elif inner.tag == f"{TEXT}list":
                    self._list(inner, part, cell, style=style, depth=depth + 1, counters=counters)
                elif inner.tag not in GONE:
                    self._container_of_one(inner, part, cell)

    def _numbered_paragraph(self, element: etree._Element, part: Part, cell: Cell) -> None:
        style = element.get(f"{TEXT}style-name", "")
        depth = max(small_number(element.get(f"{TEXT}level"), 1) - 1, 0)
        start = element.get(f"{TEXT}start-value")
        item = _Item(
            style,
            depth,
            self.lists.numbered_paragraph(element, style),
            start=None if start is None else small_number(start, 1),
        )
        for child in element:
            if child.tag in _PARAGRAPHS:
                self._paragraph(child, part, cell, item=item)

    def _container_of_one(self, element: etree._Element, part: Part, cell: Cell) -> None:
        """A table, shape or section that stands where a paragraph might."""
        if element.tag in (f"{TABLE}table", f"{TABLE}sub-table"):
            self._table(element, part)
        elif element.tag in SHAPES:
            self._shape(element)
        elif isinstance(element.tag, str):
            self._container(element, part, cell)

    def _table(self, table: etree._Element, part: Part) -> None:
        number = self._tables
        self._tables += 1
        for row_index, row in enumerate(_rows(table)):
            column = 0
            for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                if cell.tag == f"{TABLE}table-cell":
                    self._container(cell, part, Cell(number, row_index, column))
                column += max(small_number(cell.get(f"{TABLE}number-columns-repeated"), 1), 1)

    def _paragraph(self, element: etree._Element, part: Part, cell: Cell, *, item: _Item | None) -> None:
        look = self.styles.look("paragraph", element.get(f"{TEXT}style-name"))
        paragraph = OpenParagraph(look)
        InlineReader(self.styles, paragraph).read(element, look)
        self.notes += paragraph.notes
        level = _level(element, look)
        label = self._label(element, item, level, look)
        if paragraph.pieces:
            block = to_block(
                paragraph.pieces,
                BlockLook(
                    part=part,
                    label=label,
                    style=look.name,
                    outline_level=level,
                    centred=bool(look.centred),
                    cell=cell,
                ),
            )
            self._characters += len(block.text)
            if self._characters > self.most_characters:
                raise LimitError(f"more than {self.most_characters} characters of text")
            self.blocks.append(block)
        for shape in paragraph.shapes:
            self._shape(shape)

    def _label(self, element: etree._Element, item: _Item | None, level: int | None, look: Look) -> str:
        if item is not None:
            if not item.numbered:
                return ""
            # A list without a style of its own looks as its paragraphs' style says.
            return self.lists.label(item.style or look.list_style or "", item.depth, item.counters, start=item.start)
        if element.tag == f"{TEXT}h" and level is not None and element.get(f"{TEXT}is-list-header") != "true":
            start = element.get(f"{TEXT}start-value")
            return self.lists.heading_label(level, start=None if start is None else small_number(start, 1))
        return ""

    def _shape(self, shape: etree._Element) -> None:
        """Pictures and text boxes of one drawing, those grouped in it included."""
        self.drawings += 1
        look = self.styles.look("graphic", shape.get(f"{DRAW}style-name"))
        if shape.tag == f"{DRAW}frame":
            self._frame(shape)
            return
        if look.fill_picture and (picture := self.styles.pictures.get(look.fill_picture)) is not None:
            self.showings.append(Showing((picture,), _size_px(shape)))
        for child in shape:
            if child.tag in SHAPES:
                self._shape(child)
        if shape.tag != f"{DRAW}g" and any(child.tag in _PARAGRAPHS or child.tag == f"{TEXT}list" for child in shape):
            self.read(shape, "text_box")

    def _frame(self, frame: etree._Element) -> None:
        """A frame shows one of its contents: a text box, a table, or a picture; the picture of an object is its preview."""
        if (box := frame.find(f"{DRAW}text-box")) is not None:
            self.read(box, "text_box")
        elif (table := frame.find(f"{TABLE}table")) is not None:
            self._table(table, "text_box")
        elif next(frame.iterchildren(f"{DRAW}object", f"{DRAW}object-ole"), None) is None and (
            images := tuple(frame.iterchildren(f"{DRAW}image"))
        ):
            self.showings.append(Showing(images, _size_px(frame)))
        for child in frame:
            # A caption's frame may hold the picture's frame directly.
            if child.tag in SHAPES:
                self._shape(child)


def _is_silent(element: etree._Element) -> bool:
    """Whether nothing below an element between paragraphs is printed."""
    tag = element.tag
    if tag in GONE or not isinstance(tag, str) or tag.endswith("-source"):
        return True
    return tag == f"{TEXT}section" and (element.get(f"{TEXT}display") == "none" or is_hidden(element))


def _level(element: etree._Element, look: Look) -> int | None:
    if element.tag == f"{TEXT}h":
        return outline_level(element.get(f"{TEXT}outline-level")) or look.outline_level or 1
    return None


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _rows(child)


def _size_px(shape: etree._Element) -> tuple[int, int] | None:
    """Width and height of a frame in CSS pixels; None unless it has both in absolute units."""
    width, height = length_pt(shape.get(f"{SVG}width")), length_pt(shape.get(f"{SVG}height"))
    if not width or not height:
        return None
    size = (round(width * 96 / 72), round(height * 96 / 72))
    return size if all(size) else None
