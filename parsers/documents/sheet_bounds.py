"""How much a workbook (.xlsx) asks for, told before a library takes memory for it. Pure.

The library that reads sheets keeps a rectangle of cells and a copy of every string: a
value in the last cell of a sheet made it ask for 549 GB and end the process (measured,
calamine 0.9). So the cells' places and the strings' lengths are looked at first, as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.errors import LimitError

MOST_CELLS = 4_000_000
"""Cells of one sheet's rectangle; 32 bytes each."""
_MOST_STRING_BYTES = 400_000_000
_MOST_BYTES = 400_000_000
_TAG = re.compile(rb"<(?:[\w.-]{1,40}:)?(row|c)(?=[\s/>])([^<>]{0,2000})>|</(?:[\w.-]{1,40}:)?si>")
_PLACE = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]{0,3})(\d{0,7})[\"']")
_OVERLAP_BYTES = 4_000


@dataclass(slots=True)
class SheetBounds:
    """What the parts of one workbook ask for together."""

    cells: int = 0
    longest_string_bytes: int = 0
    total_bytes: int = 0

    def look_at(self, pieces: Iterable[bytes]) -> None:
        """Take one part into account, whatever it is called.

        Raises:
            LimitError: The workbook asks for more than any list has.
        """
        rectangle = _Rectangle()
        rest = b""
        string_start = position = 0
        for piece in pieces:
            self.total_bytes += len(piece)
            if self.total_bytes > _MOST_BYTES:
                raise LimitError(f"parts of more than {_MOST_BYTES} bytes")
            data = rest + piece
            end = 0
            for found in _TAG.finditer(data):
                end = found.end()
                if found[1] is None:
                    self.longest_string_bytes = max(self.longest_string_bytes, position + end - string_start)
                    string_start = position + end
                else:
                    rectangle.take(found[1], found[2])
            # A tag may be cut by the end of the piece.
            kept = max(end, len(data) - _OVERLAP_BYTES)
            position += kept
            rest = data[kept:]
        if rectangle.area > MOST_CELLS:
            raise LimitError(f"a sheet of {rectangle.area} cells")
        self.cells += rectangle.valued
        if self.cells * self.longest_string_bytes > _MOST_STRING_BYTES:
            raise LimitError(f"{self.cells} cells of strings up to {self.longest_string_bytes} bytes")


class _Rectangle:
    """The smallest rectangle that holds the cells with a value."""

    def __init__(self) -> None:
        self.valued = 0
        self._row = self._column = 0
        self._rows: tuple[int, int] | None = None
        self._columns: tuple[int, int] | None = None

    @property
    def area(self) -> int:
        if self._rows is None or self._columns is None:
            return 0
        return (self._rows[1] - self._rows[0] + 1) * (self._columns[1] - self._columns[0] + 1)

    def take(self, tag: bytes, attributes: bytes) -> None:
        """Follow one opening tag of a row or cell; a cell that closes at once has no value."""
        place = _PLACE.search(attributes)
        letters, digits = (place[1], place[2]) if place else (b"", b"")
        if tag == b"row":
            self._row = int(digits) if digits else self._row + 1
            self._column = 0
            return
        self._column = _column(letters) if letters else self._column + 1
        row = int(digits) if digits else self._row
        if attributes.rstrip().endswith(b"/"):
            return
        self.valued += 1
        self._rows = _widened(self._rows, row)
        self._columns = _widened(self._columns, self._column)


def _widened(span: tuple[int, int] | None, value: int) -> tuple[int, int]:
    return (value, value) if span is None else (min(span[0], value), max(span[1], value))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
