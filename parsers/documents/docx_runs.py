"""Runs of a .docx put together to one paragraph: what is printed, and how. Pure over the parsed XML."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from parsers.documents.docx_names import XML_SPACE, W
from parsers.documents.docx_styles import Look
from parsers.facts import Block, Part
from parsers.text.paragraphs import BlockLook, Cell, Piece, to_block

_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_CHECK_MARKS = {"F0FE": "☑", "F052": "☑", "F0FD": "☒", "F0A8": "☐", "F0A3": "☐", "F06F": "☐", "F0FC": "✓", "F050": "✓"}
"""Boxes of Wingdings fonts, as forms use them; other private-use signs stay what they are."""


@dataclass(slots=True)
class Paragraph:
    """A paragraph being read: what is printed of it so far and what hangs on it."""

    look: Look
    style_id: str | None
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    element: etree._Element | None = None
    """The w:p it ends in."""


@dataclass(slots=True)
class FieldStack:
    """Complex fields open at this point of a story, outermost first: True once the result has begun."""

    open: list[bool] = field(default_factory=list)
    lenient: bool = False
    """A story whose fields never end would lose its text to a code: then codes hide nothing."""

    @property
    def hidden(self) -> bool:
        """Whether what comes now is the code of a field, not its result."""
        return not self.lenient and not all(self.open)

    def see(self, kind: str | None) -> None:
        """Follow one w:fldChar: begin, separate or end."""
        if kind == "begin":
            self.open.append(False)
        elif kind == "separate" and self.open:
            self.open[-1] = True
        elif kind == "end" and self.open:
            self.open.pop()


def block_of(paragraph: Paragraph, *, part: Part, label: str, cell: Cell) -> Block:
    """The block a finished paragraph makes."""
    look = paragraph.look
    return to_block(
        paragraph.pieces,
        BlockLook(
            part=part,
            label=label,
            style=look.name,
            outline_level=look.outline_level or None,
            centred=bool(look.centred),
            cell=cell,
        ),
    )


def toggled(character: Look, paragraph: Look) -> Look:
    """Bold in a character style over bold in the paragraph's is not bold. Source: ECMA-376 Part 1 §17.7.3."""
    return replace(character, bold=False) if character.bold and paragraph.bold else character


def printed_text(element: etree._Element) -> str:
    """What one child of a run prints by itself; empty for everything that is no text."""
    if element.tag == f"{W}t":
        text = element.text or ""
        return text if element.get(XML_SPACE) == "preserve" else text.strip(" \t\r\n")
    if element.tag == f"{W}sym":
        return _symbol(element.get(f"{W}char", ""))
    return _SIGNS.get(element.tag, "")


def _symbol(code: str) -> str:
    """The sign a w:sym prints."""
    if code.upper() in _CHECK_MARKS:
        return _CHECK_MARKS[code.upper()]
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "" if sign == "\x00" or "\ud800" <= sign <= "\udfff" else sign
