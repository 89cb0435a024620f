"""HTML as blocks: paragraphs, headings, list items and table cells as a reader sees them. Pure.

One pass without recursion: hostile markup nests deeper than Python does. What Word writes
for itself into HTML (list numbers, notes, comments, deletions) is told apart by its marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from parsers.errors import LimitError
from parsers.facts import Block, Part
from parsers.text.html_looks import PLAIN, Declared, Look, StyleRules, look_of
from parsers.text.markup import BLOCKS, UNSHOWN, WHITE_SPACE, shown_size_px
from parsers.text.number_formats import format_number
from parsers.text.paragraphs import NOWHERE, BlockLook, Cell, Piece, to_block

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WORD_ONLY = re.compile(r"mso-element:\s*(?:header|footer|comment)|mso-(?:foot|end)note-id", re.IGNORECASE)
_COMMENT = re.compile(r"mso-element:\s*comment(?!-)", re.IGNORECASE)
_CLASS_OF_NOTE_MARK = re.compile(r"sd(?:foot|end)note(?:anc|sym)|MsoCommentReference")
_LIST_FORMATS = {
    "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal",
    "lower-alpha": "lowerLetter", "upper-alpha": "upperLetter", "lower-latin": "lowerLetter",
    "upper-latin": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting", "cjk-decimal": "ideographDigital", "none": "none",
}  # fmt: skip
_STOPS = {"chineseCounting": "、", "ideographDigital": "、"}
_MOST_SPAN = 200
_MOST_NESTING = 4_000


@dataclass(slots=True)
class HtmlText:
    """What an HTML text shows."""

    blocks: list[Block] = field(default_factory=list)
    """In reading order; blank ones are left out."""
    pictures: list[tuple[str, tuple[int, int] | None]] = field(default_factory=list)
    """Address as written and size shown, each showing."""
    comments: int = 0
    tracked_changes: int = 0


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside an element."""

    look: Look = PLAIN
    part: Part = "main"
    cell: Cell = NOWHERE
    heading: int | None = None
    shown: bool = True
    kept_lines: bool = False
    """Inside pre: line ends count."""
    label: bool = False
    """Inside the number Word wrote for an automatic list."""


@dataclass(slots=True)
class _Table:
    number: int
    row: int = -1
    column: int = 0
    blocked: dict[int, int] = field(default_factory=dict)
    """Columns a cell from above still reaches into, up to which row."""


@dataclass(slots=True)
class _List:
    number_format: str | None
    """None for bullets."""
    next: int = 1


def read_blocks(root: etree._Element, *, most_characters: int) -> HtmlText:
    """What a reader of the parsed HTML sees.

    Args:
        root: As `markup.parse_html` gives it.
        most_characters: Longest text.

    Raises:
        LimitError: The text is longer, or nested deeper than any document.
    """
    sheets = "\n".join(element.text or "" for element in root.iter("style"))
    walk = _Walk(StyleRules(sheets), most_characters)
    walk.read(root)
    walk.shown.comments = sum(1 for element in root.iter("div") if _COMMENT.search(element.get("style") or ""))
    walk.shown.tracked_changes = sum(1 for _ in root.iter("ins", "del"))
    return walk.shown


class _Walk:
    def __init__(self, rules: StyleRules, most_characters: int) -> None:
        self.shown = HtmlText()
        self._rules = rules
        self._left = most_characters
        self._states: list[_State] = [_State()]
        self._tables: list[_Table] = []
        self._lists: list[_List] = []
        self._table_count = 0
        self._pieces: list[Piece] = []
        self._state_of_paragraph = _State()
        self._label = ""
        self._style = ""
        self._after_blank = True

    def read(self, root: etree._Element) -> None:
        """Walk the whole tree."""
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._open(element)
            else:
                self._close(element)
        self._end_paragraph()

    def _open(self, element: etree._Element) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in BLOCKS or tag in ("br", "td", "th", "caption"):
            self._end_paragraph()
        declared = self._rules.declared(element)
        state = self._inside(element, tag, declared)
        if len(self._states) > _MOST_NESTING:
            raise LimitError("elements nested too deeply")
        self._states.append(state)
        if not state.shown:
            return
        self._begin(element, tag, declared)
        if tag in BLOCKS:
            self._style = f"heading {state.heading}" if tag in _HEADINGS else element.get("class") or ""
        self._add(element.text, state)

    def _begin(self, element: etree._Element, tag: str, declared: Declared) -> None:
        """Tables, lists and pictures."""
        if tag == "table":
            self._tables.append(_Table(self._table_count))
            self._table_count += 1
        elif tag == "tr" and self._tables:
            self._tables[-1].row += 1
            self._tables[-1].column = 0
        elif tag in ("ol", "ul", "menu"):
            self._lists.append(_list(element, tag, declared))
        elif tag == "li":
            self._label = self._next_label(element)
        elif tag == "img":
            source = (element.get("src") or "").strip()
            if source:
                self.shown.pictures.append((source, shown_size_px(element)))

    def _inside(self, element: etree._Element, tag: str, declared: Declared) -> _State:
        """What holds inside an element that begins now."""
        outer = self._states[-1]
        if not outer.shown:
            return outer
        style = element.get("style") or ""
        look = look_of(element, declared, outer.look)
        if tag in UNSHOWN or tag == "del" or look.hidden or _is_word_only(element, style):
            return replace(outer, shown=False)
        state = outer if look == outer.look else replace(outer, look=look)
        if "mso-list" in style and "ignore" in style.lower():
            state = replace(state, label=True)
        if tag in _HEADINGS:
            state = replace(state, heading=_HEADINGS[tag])
        elif tag == "pre":
            state = replace(state, kept_lines=True)
        elif tag in ("td", "th") and self._tables:
            state = replace(state, cell=self._cell(element))
        if (part := _part(element, style)) is not None:
            state = replace(state, part=part)
        return state

    def _close(self, element: etree._Element) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        state = self._states.pop()
        if tag in BLOCKS or tag in ("td", "th", "caption"):
            self._end_paragraph()
        if state.shown:
            if tag == "table" and self._tables:
                self._tables.pop()
            elif tag in ("td", "th") and self._tables:
                self._tables[-1].column += _span(element, "colspan")
            elif tag in ("ol", "ul", "menu") and self._lists:
                self._lists.pop()
            elif tag == "li":
                self._label = ""
        self._add(element.tail, self._states[-1])

    def _cell(self, element: etree._Element) -> Cell:
        """The place of a cell that begins now; it moves past columns a cell from above reaches into."""
        table = self._tables[-1]
        table.row = max(table.row, 0)
        while table.blocked.get(table.column, -1) >= table.row:
            table.column += 1
        rows, columns = _span(element, "rowspan"), _span(element, "colspan")
        if rows > 1:
            for column in range(table.column, table.column + columns):
                table.blocked[column] = table.row + rows - 1
        return Cell(table.number, table.row, table.column)

    def _next_label(self, element: etree._Element) -> str:
        if not self._lists:
            return "•"
        current = self._lists[-1]
        if current.number_format is None:
            return "•"
        value = element.get("value") or ""
        if value.isdecimal() and len(value) < 7:
            current.next = int(value)
        number = format_number(current.next, current.number_format)
        current.next += 1
        return number + _STOPS.get(current.number_format, ".") if number else ""

    def _add(self, text: str | None, state: _State) -> None:
        if not text or not state.shown:
            return
        if state.kept_lines:
            first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self._piece(first, state)
            for line in rest:
                self._end_paragraph()
                self._piece(line, state)
            return
        printed = WHITE_SPACE.sub(" ", text).replace("\xad", "")
        if self._after_blank:
            printed = printed.removeprefix(" ")
        self._piece(printed, state)

    def _piece(self, text: str, state: _State) -> None:
        if not text:
            return
        if state.label:
            self._label += text
            return
        if not self._pieces:
            self._state_of_paragraph = state
        self._pieces.append(Piece(text, bold=state.look.bold, size_pt=state.look.size_pt))
        self._after_blank = text.endswith(" ")

    def _end_paragraph(self) -> None:
        pieces, self._pieces = self._pieces, []
        self._after_blank = True
        text = "".join(piece.text for piece in pieces)
        if not text.strip():
            return
        pieces[-1] = pieces[-1]._replace(text=pieces[-1].text.rstrip(" "))
        self._left -= len(text)
        if self._left < 0:
            raise LimitError("more text than the limit allows")
        state = self._state_of_paragraph
        look = BlockLook(
            part=state.part,
            label=self._label.strip(" \xa0\t\u3000"),
            style=self._style,
            outline_level=state.heading,
            centred=state.look.centred,
            cell=state.cell,
        )
        self._label = ""
        self.shown.blocks.append(to_block(pieces, look))


def _list(element: etree._Element, tag: str, declared: Declared) -> _List:
    kind = declared.list_format or element.get("type") or ""
    if tag != "ol" and kind not in _LIST_FORMATS:
        return _List(None)
    start = element.get("start") or ""
    first = int(start) if start.isdecimal() and len(start) < 7 else 1
    return _List(_LIST_FORMATS.get(kind, "decimal"), first)


def _span(element: etree._Element, name: str) -> int:
    value = element.get(name) or ""
    return min(max(int(value), 1), _MOST_SPAN) if value.isdecimal() and len(value) < 7 else 1


def _is_word_only(element: etree._Element, style: str) -> bool:
    """What Word keeps in HTML and never prints with the text: headers, footers, comments, the marks of notes."""
    if "mso-" in style and _WORD_ONLY.search(style):
        return True
    return _CLASS_OF_NOTE_MARK.search(element.get("class") or "") is not None


def _part(element: etree._Element, style: str) -> Part | None:
    """The part a division opens when it holds notes; None for anything else."""
    if element.tag != "div":
        return None
    identifier = (element.get("id") or "").lower()
    plain = style.lower().replace(" ", "")
    if "mso-element:footnote" in plain or identifier.startswith("sdfootnote"):
        return "footnote"
    if "mso-element:endnote" in plain or identifier.startswith("sdendnote"):
        return "endnote"
    return None
