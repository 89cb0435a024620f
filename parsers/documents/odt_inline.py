"""What stands inside one paragraph of an OpenDocument text: pieces as printed, shapes and notes. Pure over the parsed XML.

Source: OASIS ODF 1.3 part 3, chapter 6 (paragraph elements) and 6.1.2 (white space).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from parsers.documents.odt_lists import small_number
from parsers.documents.odt_names import DRAW, OFFICE, SVG, TABLE, TEXT
from parsers.documents.odt_styles import Look, Stylesheet
from parsers.facts import Part
from parsers.text.paragraphs import Piece

_BLANKS = re.compile(r"[ \t\r\n]+")
_EAST_ASIAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_MOST_SPACES = 1_000
"""Of one text:s: a line is shorter."""
GONE = frozenset(
    {
        f"{TEXT}tracked-changes",  # what was deleted lies here, not where it stood
        f"{TEXT}ruby-text",
        f"{TEXT}note-citation",
        f"{TEXT}sequence-decls",
        f"{TEXT}variable-decls",
        f"{TEXT}user-field-decls",
        f"{TEXT}dde-connection-decls",
        f"{TEXT}alphabetical-index-auto-mark-file",
        f"{TEXT}number",
        f"{TEXT}script",
        f"{TEXT}meta-field-source",
        f"{OFFICE}annotation",
        f"{OFFICE}annotation-end",
        f"{OFFICE}forms",
        f"{OFFICE}event-listeners",
        f"{OFFICE}binary-data",
        f"{SVG}title",
        f"{SVG}desc",
        f"{TABLE}table-columns",
        f"{TABLE}table-column",
    }
)
"""Never printed, with everything inside."""
SHAPES = frozenset(
    f"{DRAW}{name}"
    for name in (
        "frame", "g", "custom-shape", "rect", "ellipse", "circle", "line", "connector", "polyline", "polygon", "path",
        "regular-polygon", "caption", "measure", "control",
    )
)  # fmt: skip


@dataclass(slots=True)
class OpenParagraph:
    """A paragraph being read: what is printed of it so far and what hangs on it."""

    look: Look
    pieces: list[Piece] = field(default_factory=list)
    shapes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[Part, etree._Element]] = field(default_factory=list)
    """text:note-body of the foot- and endnotes referred to."""
    after_blank: bool = True
    """White space that follows is not printed: the start of the paragraph, or more white space."""


class InlineReader:
    """One pass over what stands inside one paragraph."""

    def __init__(self, styles: Stylesheet, paragraph: OpenParagraph) -> None:
        self._styles = styles
        self._paragraph = paragraph
        self._signs: dict[str, Callable[[etree._Element], str]] = {
            f"{TEXT}s": lambda element: " " * min(max(small_number(element.get(f"{TEXT}c"), 1), 0), _MOST_SPACES),
            f"{TEXT}tab": lambda _: "\t",
            f"{TEXT}line-break": lambda _: "\n",
        }

    def read(self, parent: etree._Element, look: Look) -> None:
        """Text and signs below `parent` become pieces; shapes and notes are kept."""
        self._text(parent.text, look)
        for child in parent:
            self._child(child, look)
            self._text(child.tail, look)

    def _child(self, child: etree._Element, look: Look) -> None:
        tag = child.tag
        if tag in self._signs:
            self._add(self._signs[tag](child), look)
            self._paragraph.after_blank = False
        elif tag == f"{TEXT}note":
            if (body := child.find(f"{TEXT}note-body")) is not None:
                kind: Part = "endnote" if child.get(f"{TEXT}note-class") == "endnote" else "footnote"
                self._paragraph.notes.append((kind, body))
        elif tag in SHAPES:
            self._paragraph.shapes.append(child)
        elif tag == f"{DRAW}a":
            self.read(child, look)
        elif isinstance(tag, str) and tag not in GONE and not is_hidden(child):
            style = child.get(f"{TEXT}style-name") if tag in (f"{TEXT}span", f"{TEXT}a") else None
            self.read(child, self._styles.own_look("text", style).over(look) if style else look)

    def _text(self, text: str | None, look: Look) -> None:
        if not text:
            return
        printed = _BLANKS.sub(" ", text).replace("\xad", "")
        if self._paragraph.after_blank:
            printed = printed.removeprefix(" ")
        if printed:
            self._add(printed, look)
            self._paragraph.after_blank = printed.endswith(" ")

    def _add(self, text: str, look: Look) -> None:
        if not text or look.hidden:
            return
        asian = _EAST_ASIAN.search(text) is not None
        bold = look.bold_asian if asian else look.bold
        size_pt = look.size_asian_pt if asian else look.size_pt
        self._paragraph.pieces.append(Piece(text, bold=bool(bold), size_pt=size_pt))


def is_hidden(element: etree._Element) -> bool:
    """A section or a field of hidden text whose condition held when the file was saved."""
    return element.get(f"{TEXT}is-hidden") == "true"
