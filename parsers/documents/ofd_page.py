"""What one page of an OFD shows: glyphs with place and look, pictures, drawn paths. Pure over the parsed XML.

Source: GB/T 33190-2016, 7.7 (pages), 8.5 (graphic objects), 11.2 and 11.3 (text objects, text positioning).
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from parsers.documents.ofd_geometry import PT_PER_MM, PX_PER_MM, Box, Matrix, box, deltas, number, object_matrix
from parsers.documents.ofd_package import children
from parsers.documents.ofd_resources import Face, Resources
from parsers.documents.pdf_glyphs import Glyph
from parsers.errors import LimitError

_MOST_NESTING = 16
_MOST_OBJECTS = 200_000
"""On the pages of one document, composite drawings unrolled."""
_BOLD_WEIGHT = 600
_ASCENT_EM, _DESCENT_EM = 0.88, 0.12
_LETTER_EM = 0.5
_WIDEST_LETTER_EM = 1.05
_SPACE_GAP_EM = 0.25
"""What parts two words where no space is written."""
_PLACEHOLDER = "¤"
"""Stands in the text for a glyph that is no character. Source: GB/T 33190-2016, 11.4."""
_BLANKS = frozenset(" \t\r\n\xa0\u3000\u2002\u2003\u2009")


class ShownPicture(NamedTuple):
    """One picture as the page shows it."""

    part: str
    size_px: tuple[int, int] | None
    area_mm2: float


@dataclass(slots=True)
class PageContent:
    """What a page shows, in content order."""

    glyphs: list[Glyph] = field(default_factory=list)
    pictures: list[ShownPicture] = field(default_factory=list)
    paths: int = 0
    unreadable: int = 0
    """Glyphs that stand for no known character: placeholders, private use."""


class _Char(NamedTuple):
    text: str
    x: float
    y: float
    width: float
    size: float
    face: Face
    spaces: str
    angle: int


@dataclass(slots=True)
class ObjectBudget:
    """How many graphic objects a document may still show: composites can hold composites."""

    left: int = _MOST_OBJECTS
    characters: int = 0

    def take(self) -> None:
        """One object more. Raises LimitError when there were too many."""
        self.left -= 1
        if self.left < 0:
            raise LimitError(f"more than {_MOST_OBJECTS} graphic objects")


def read_content(root: etree._Element, resources: Resources, budget: ObjectBudget, *, most: int) -> PageContent:
    """What the layers of a page or template show; text turned against the page's own (watermarks) is left out.

    Args:
        root: The Page element.
        resources: Fonts, pictures and composites it may refer to.
        budget: Shared by all pages of a document.
        most: Characters the document may have altogether.

    Raises:
        LimitError: More objects or characters than any document has.
    """
    walk = _Walk(resources, budget, most)
    for layer in root.iterfind("Content/Layer"):
        walk.objects(layer, Matrix(), depth=0)
    angles = Counter(char.angle for char in walk.chars)
    angle = angles.most_common(1)[0][0] if angles else 0
    straight = [char for char in walk.chars if abs(char.angle - angle) <= 5]
    walk.content.glyphs = list(_glyphs(straight, angle))
    return walk.content


class _Walk:
    def __init__(self, resources: Resources, budget: ObjectBudget, most: int) -> None:
        self.content = PageContent()
        self.chars: list[_Char] = []
        self._resources = resources
        self._budget = budget
        self._most = most

    def objects(self, parent: etree._Element, matrix: Matrix, *, depth: int) -> None:
        """Everything below a layer, block or composite drawing."""
        if depth > _MOST_NESTING:
            raise LimitError("graphic objects nested too deeply")
        for element in children(parent, "TextObject", "ImageObject", "PathObject", "CompositeObject", "PageBlock"):
            self._budget.take()
            if element.get("Visible", "").lower() == "false":
                continue
            if element.tag == "TextObject":
                self._text(element, matrix)
            elif element.tag == "ImageObject":
                self._picture(element, matrix)
            elif element.tag == "PathObject":
                self.content.paths += 1
            elif element.tag == "PageBlock":
                self.objects(element, matrix, depth=depth + 1)
            else:
                unit = self._resources.composites.get(element.get("ResourceID", ""))
                content = None if unit is None else unit.find("Content")
                if content is not None:
                    own = object_matrix(box(element.get("Boundary")), element.get("CTM"))
                    self.objects(content, matrix.after(own), depth=depth + 1)

    def _picture(self, element: etree._Element, matrix: Matrix) -> None:
        part = self._resources.pictures.get(element.get("ResourceID", ""))
        if part is None:
            return
        boundary = box(element.get("Boundary")) or Box(0, 0, 0, 0)
        width = abs(boundary.width) * matrix.width_scale
        height = abs(boundary.height) * matrix.height_scale
        size = (round(width * PX_PER_MM), round(height * PX_PER_MM))
        self.content.pictures.append(ShownPicture(part, size if all(size) else None, width * height))

    def _text(self, element: etree._Element, outer: Matrix) -> None:
        matrix = outer.after(object_matrix(box(element.get("Boundary")), element.get("CTM")))
        size = number(element.get("Size"), 0.0)
        stretch = number(element.get("HScale"), 1.0) or 1.0
        face = self._resources.faces.get(element.get("Font", ""), Face())
        if number(element.get("Weight"), 400) >= _BOLD_WEIGHT:
            face = face._replace(bold=True)
        has_glyphs = element.find("CGTransform") is not None
        x = y = 0.0
        for code in children(element, "TextCode"):
            # One that gives no place goes on where the one before began.
            x, y = number(code.get("X"), x), number(code.get("Y"), y)
            text = _printed(code.text)
            self._budget.characters += len(text)
            if self._budget.characters > self._most:
                raise LimitError(f"more than {self._most} characters of text")
            self.content.unreadable += sum(_is_unreadable(char, has_glyphs=has_glyphs) for char in text)
            self._code(text, code, x=x, y=y, size=size, stretch=stretch, matrix=matrix, face=face)

    def _code(
        self,
        text: str,
        code: etree._Element,
        *,
        x: float,
        y: float,
        size: float,
        stretch: float,
        matrix: Matrix,
        face: Face,
    ) -> None:
        across, down = deltas(code.get("DeltaX"), len(text) - 1), deltas(code.get("DeltaY"), len(text) - 1)
        # Signs set one below the other read like a line all the same: it is laid down where it begins.
        stacked = any(down) and not any(across)
        if stacked:
            across, down = [abs(step) for step in down], []
        spaces = ""
        for char, step, drop in itertools.zip_longest(text, across, down[: len(text)]):
            width = _width(char, size * stretch)
            if char in _BLANKS:
                spaces += char
            else:
                # A step wider than any letter holds a gap, or leads to another line.
                narrow = step is not None and 0 < step <= _WIDEST_LETTER_EM * size
                at_x, at_y = matrix.place(x, y)
                self.chars.append(
                    _Char(
                        char,
                        at_x * PT_PER_MM,
                        at_y * PT_PER_MM,
                        (min(width, step) if narrow and step else width) * matrix.width_scale * PT_PER_MM,
                        size * matrix.height_scale * PT_PER_MM,
                        face,
                        spaces,
                        matrix.angle,
                    )
                )
                spaces = ""
            x += width if step is None else step
            y += drop or 0.0


def _printed(text: str | None) -> str:
    """The characters of a TextCode: control characters stand for nothing, line feeds are the file's own."""
    return "".join(char for char in (text or "").strip("\r\n") if char == "\t" or unicodedata.category(char) != "Cc")


def _is_unreadable(char: str, *, has_glyphs: bool) -> bool:
    return "\ue000" <= char <= "\uf8ff" or char in "\ufffd\uffff" or (has_glyphs and char == _PLACEHOLDER)


def _width(char: str, size: float) -> float:
    return size if unicodedata.east_asian_width(char) in "WFA" else size * _LETTER_EM


def _glyphs(chars: list[_Char], angle: int) -> Iterator[Glyph]:
    """Characters as glyphs whose text runs to the right, with a mark where a gap parts words."""
    turns = round(angle / 90) % 4
    before: _Char | None = None
    for char in chars:
        x, y = _turned(char.x, char.y, turns)
        spaces = char.spaces
        if not spaces and before is not None:
            end = _turned(before.x, before.y, turns)[0] + before.width
            # PDFium marks a gap it takes for a space in the same way.
            spaces = "\0" if x - end > _SPACE_GAP_EM * max(char.size, before.size) else ""
        before = char
        yield Glyph(
            text=char.text,
            left=x,
            top=y - _ASCENT_EM * char.size,
            right=x + char.width,
            bottom=y + _DESCENT_EM * char.size,
            size_pt=round(char.size * 2) / 2,
            bold=char.face.bold,
            black=char.face.black,
            spaces=spaces,
        )


def _turned(x: float, y: float, turns: int) -> tuple[float, float]:
    """A place on the page turned back by quarter turns, so that its text runs to the right."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turns]
