"""Paragraphs, cells and pictures of an RTF file, from its tokens. Pure but for the pictures it hands on.

Enough for the text of a case and its structure where no office program is installed: printed text with
automatic numbers, bold, sizes, styles, outline levels, tables, notes and text boxes.
Source: Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from parsers.documents.rtf_tokens import Token, read_tokens
from parsers.documents.rtf_words import CHARSETS, CODE_PAGES, SIGNS, SKIPPED, STARRED, SYMBOLS
from parsers.errors import LimitError
from parsers.facts import Block, Part
from parsers.text.paragraphs import NOWHERE, BlockLook, Cell, Piece, level_named_by, to_block

ShowPicture = Callable[[bytes, tuple[int, int] | None], None]

_DEEPEST = 500
_TWIPS_PER_PX = 15


@dataclass(slots=True)
class _Sink:
    """A text of its own: the body, a note, a text box."""

    part: Part
    blocks: list[Block] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    label: str = ""
    boxes: list[Block] = field(default_factory=list)
    """Text boxes that hang on the paragraph in work."""


@dataclass(slots=True)
class _State:
    """What a group inherits and its end takes back."""

    sink: _Sink
    target: str = "text"
    """Where characters go: text, label, fonts, styles, picture or nowhere."""
    bold: bool = False
    size_pt: float | None = None
    hidden: bool = False
    fallback: int = 1
    """Characters that follow a \\u for readers without Unicode."""
    font: int | None = None
    style: int | None = None
    outline_level: int | None = None
    centred: bool = False
    in_table: bool = False


@dataclass(slots=True)
class _Style:
    name: str = ""
    outline_level: int | None = None


class RtfStory:
    """One pass over one file."""

    def __init__(self, most_characters: int, show_picture: ShowPicture) -> None:
        """`show_picture` gets each picture's bytes and its size on the page in CSS pixels, in document order."""
        self._most = most_characters
        self._show = show_picture
        self._body = _Sink("main")
        self._notes: list[Block] = []
        self._stack: list[_State] = []
        self._state = _State(self._body)
        self._code_page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._styles: dict[int, _Style] = {}
        self._bytes = bytearray()
        self._high: int | None = None
        self._skip = 0
        # The last token, while a mark at a group's very start may still say what the group is: "{" or "*".
        self._mark = ""
        self._tables = -1
        self._cell: Cell = NOWHERE
        self._picture = bytearray()
        self._hex = bytearray()
        self._picture_twips = [0, 0]
        self._characters = 0
        self.comments = 0

    def read(self, data: bytes) -> list[Block]:
        """The blocks in reading order, notes last.

        Raises:
            LimitError: Nested beyond reason, or more characters than allowed.
        """
        for token in read_tokens(data):
            if token.kind not in {"byte", "text"}:
                self._flush()
            self._take(token)
        self._flush()
        self._end_paragraph(self._body)
        return self._body.blocks + self._notes

    def _take(self, token: Token) -> None:
        mark, self._mark = self._mark, ""
        if token.kind == "open":
            self._mark = "{"
            if len(self._stack) >= _DEEPEST:
                raise LimitError("groups nested too deeply")
            self._skip = 0
            self._stack.append(self._state)
            self._state = replace(self._state)
        elif token.kind == "close":
            self._skip = 0
            self._close()
        elif token.kind == "binary":
            if self._state.target == "picture":
                self._picture += token.data
        elif token.kind in {"byte", "text"}:
            self._take_bytes(token.data)
        elif self._skip:
            self._skip -= 1
        elif token.kind == "symbol":
            # Further inside, the mark belongs to nothing: "\\*\\cs7" of old StarOffice is no group of its own.
            self._mark = "*" if token.word == "*" and mark == "{" else ""
            self._take_symbol(token.word)
        else:
            self._take_word(token.word, token.number, starred=mark == "*")

    def _take_bytes(self, data: bytes) -> None:
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        data = data[skipped:]
        if self._state.target == "picture":
            self._hex += data
        elif self._state.target != "nowhere":
            self._bytes += data

    def _take_symbol(self, sign: str) -> None:
        if sign in "\r\n":
            self._end_paragraph(self._state.sink)
        elif sign in SYMBOLS:
            self._print(SYMBOLS[sign])

    def _take_word(self, word: str, number: int | None, *, starred: bool) -> None:
        if word == "annotation" and self._state.target != "nowhere":
            self.comments += 1
        if word in SKIPPED or (starred and word not in STARRED):
            self._state.target = "nowhere"
        elif self._state.target == "nowhere":
            return
        elif word == "u" and number is not None:
            self._print_unit(number & 0xFFFF)
            self._skip = self._state.fallback
        elif word in SIGNS:
            self._print(SIGNS[word])
        elif not (self._destination(word) or self._ending(word) or self._look(word, number)):
            self._definition(word, number)

    def _destination(self, word: str) -> bool:
        """Follow a word that says what a group is."""
        targets = {
            "fonttbl": "fonts",
            "stylesheet": "styles",
            "pict": "picture",
            "listtext": "label",
            "pntext": "label",
        }
        if word in targets:
            self._state.target = targets[word]
            if word == "pict":
                self._picture.clear()
                self._hex.clear()
                self._picture_twips = [0, 0]
        elif word in {"footnote", "shptxt", "dptxbxtext"}:
            part: Part = "footnote" if word == "footnote" else "text_box"
            self._state = replace(self._state, sink=_Sink(part), in_table=False, hidden=False)
        elif word == "ftnalt":
            self._state.sink.part = "endnote"
        else:
            return False
        return True

    def _ending(self, word: str) -> bool:
        """Follow a word that ends a paragraph, cell or row."""
        sink = self._state.sink
        if word in {"par", "sect"}:
            self._end_paragraph(sink)
        elif word in {"cell", "nestcell"}:
            self._state.in_table = True
            self._end_paragraph(sink)
            table, row, column = self._cell
            self._cell = Cell(table, row, (column or 0) + 1)
        elif word in {"row", "nestrow"}:
            self._cell = Cell(self._cell.table, (self._cell.row or 0) + 1, 0)
        else:
            return False
        return True

    def _look(self, word: str, number: int | None) -> bool:
        """Follow a word that changes how text looks."""
        state, is_on = self._state, number != 0
        if word == "plain":
            state.bold, state.hidden, state.size_pt = False, False, None
        elif word == "pard":
            state.style, state.outline_level, state.centred, state.in_table = None, None, False, False
        elif word == "b":
            state.bold = is_on
        elif word == "fs":
            state.size_pt = (number or 0) / 2 or None
        elif word in {"v", "deleted"}:
            state.hidden = is_on
        elif word in {"qc", "ql", "qj", "qr"}:
            state.centred = word == "qc"
        elif word == "intbl":
            state.in_table = True
        elif word == "uc":
            state.fallback = min(max(number or 0, 0), 8)
        else:
            return False
        return True

    def _definition(self, word: str, number: int | None) -> None:
        """Follow a word that names a font, a style, a code page or a picture's size."""
        state = self._state
        if word == "ansicpg" and number is not None:
            self._code_page = CODE_PAGES.get(number, f"cp{number}")
        elif word == "f":
            state.font = number
        elif word == "fcharset" and state.target == "fonts" and state.font is not None and number in CHARSETS:
            self._fonts[state.font] = CHARSETS[number]
        elif word == "s":
            state.style = number
        elif word == "outlinelevel" and number is not None and 0 <= number <= 8:
            state.outline_level = number + 1
        elif word in {"picwgoal", "pichgoal"} and state.target == "picture":
            self._picture_twips[word == "pichgoal"] = number or 0

    def _close(self) -> None:
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        if ended.target == "picture" and self._state.target != "picture":
            self._end_picture(is_hidden=ended.hidden)
        if ended.sink is not self._state.sink:
            self._end_paragraph(ended.sink)
            is_box = ended.sink.part == "text_box"
            (self._state.sink.boxes if is_box else self._notes).extend(ended.sink.blocks)

    def _flush(self) -> None:
        """Decode the bytes that stand together: a character of two bytes may be written in two tokens."""
        if not self._bytes:
            return
        data = bytes(self._bytes)
        self._bytes.clear()
        codec = self._fonts.get(self._state.font, self._code_page) if self._state.font is not None else self._code_page
        try:
            text = data.decode(codec, "replace")
        except LookupError:
            text = data.decode("cp1252", "replace")
        self._print(text)

    def _print_unit(self, unit: int) -> None:
        """A UTF-16 unit: characters beyond the first plane come as two."""
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
        elif 0xDC00 <= unit < 0xE000:
            if self._high is not None:
                self._print(chr(0x10000 + ((self._high - 0xD800) << 10) + unit - 0xDC00))
            self._high = None
        elif 0xF000 <= unit < 0xF100:
            self._print(chr(unit - 0xF000) if unit >= 0xF020 else " ")  # a symbol font's sign, kept as Word keeps it
        else:
            self._print(chr(unit))

    def _print(self, text: str) -> None:
        state = self._state
        if state.target == "styles":
            self._name_style(text)
        elif state.target == "label":
            state.sink.label += text
        elif state.target == "text" and not state.hidden:
            self._characters += len(text)
            if self._characters > self._most:
                raise LimitError(f"more than {self._most} characters of text")
            state.sink.pieces.append(Piece(text, state.bold, state.size_pt))

    def _name_style(self, text: str) -> None:
        style = self._styles.setdefault(self._state.style or 0, _Style())
        style.name = (style.name + text).partition(";")[0].strip()[:100]
        style.outline_level = self._state.outline_level or level_named_by(style.name)

    def _end_paragraph(self, sink: _Sink) -> None:
        state, cell = self._state, NOWHERE
        if sink is self._body:
            if state.in_table and self._cell.table is None:
                self._tables += 1
                self._cell = Cell(self._tables, 0, 0)
            elif not state.in_table:
                self._cell = NOWHERE
            cell = self._cell
        style = self._styles.get(state.style or 0, _Style())
        look = BlockLook(
            part=sink.part,
            label=sink.label.strip(),
            style=style.name,
            outline_level=state.outline_level or style.outline_level,
            centred=state.centred,
            cell=cell,
        )
        if any(piece.text for piece in sink.pieces):
            sink.blocks.append(to_block(sink.pieces, look))
        sink.blocks.extend(sink.boxes)
        sink.pieces, sink.label, sink.boxes = [], "", []

    def _end_picture(self, *, is_hidden: bool) -> None:
        if not self._picture:
            digits = re.sub(rb"[^0-9a-fA-F]", b"", bytes(self._hex))
            self._picture += bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
        width, height = (abs(twips) // _TWIPS_PER_PX for twips in self._picture_twips)
        if self._picture and not is_hidden:
            self._show(bytes(self._picture), (width, height) if width and height else None)
        self._picture.clear()
        self._hex.clear()
