"""The cells of ruled tables in a PDF, found by pdfplumber on the pages that have rulings.

pdfplumber costs some fifty times as much a page as PDFium, so it is asked only where a
table may stand, and only for geometry: the text stays PDFium's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

_FEWEST_RULINGS = 3
"""A table of two rows and two columns has three lines each way."""
_MOST_PAGES = 40
_MOST_RULINGS = 4_000
"""More lines than this are a drawing."""
_SAME_EDGE_PT = 3.0


class Cell(NamedTuple):
    """One cell; points from the page's top left corner, y downward."""

    table: int
    """0-based, in order down the page."""
    row: int
    column: int
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


class TableFinder:
    """Finds tables page by page; opens the file with pdfplumber at the first page that needs it."""

    def __init__(self, path: Path, password: str | None = None) -> None:
        self._path = path
        self._password = password
        self._pdf: Any = None
        self._pages_left = _MOST_PAGES

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def cells(self, page: int, *, across: int, down: int) -> tuple[Cell, ...]:
        """The cells of the tables on a page, row by row; empty when there is none, or when pdfplumber cannot read it.

        Args:
            page: 0-based.
            across: Horizontal rulings `read_objects` counted there.
            down: Vertical ones.
        """
        if min(across, down) < _FEWEST_RULINGS or across + down > _MOST_RULINGS or self._pages_left == 0:
            return ()
        self._pages_left -= 1
        try:
            return self._find(page)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 -- another library's view of a file PDFium reads; without it the lines remain
            return ()

    def _find(self, page: int) -> tuple[Cell, ...]:
        import pdfplumber

        if self._pdf is None:
            self._pdf = pdfplumber.open(self._path, password=self._password)
        plumbed = self._pdf.pages[page]
        try:
            boxes = [table.cells for table in plumbed.find_tables()]
            # Boxes are given from the media box's corner; text is placed from the visible box's.
            left, top = plumbed.bbox[0], plumbed.bbox[1]
        finally:
            plumbed.close()
        tables = [_Grid(cells) for cells in boxes]
        real = [grid for grid in tables if grid.is_table]
        return tuple(cell for number, grid in enumerate(real) for cell in grid.numbered(number, left, top))


class _Grid:
    """The boxes of one table, brought into rows and columns; a merged cell has the place of its top left corner."""

    def __init__(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        self._boxes = sorted(boxes, key=lambda box: (box[1], box[0]))
        self._lefts = _edges([box[0] for box in boxes])
        self._tops = _edges([box[1] for box in boxes])

    @property
    def is_table(self) -> bool:
        """Two rows and two columns at least: a frame round a text is none."""
        return len(self._lefts) >= 2 and len(self._tops) >= 2

    def numbered(self, table: int, left: float, top: float) -> list[Cell]:
        """The cells, moved so that the page's corner is (left, top), row by row."""
        cells = [
            Cell(
                table,
                _place(self._tops, box[1]),
                _place(self._lefts, box[0]),
                box[0] - left,
                box[1] - top,
                box[2] - left,
                box[3] - top,
            )
            for box in self._boxes
        ]
        return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _edges(positions: Sequence[float]) -> list[float]:
    """Distinct positions in order; those closer than a line's width are one."""
    edges: list[float] = []
    for position in sorted(positions):
        if not edges or position - edges[-1] > _SAME_EDGE_PT:
            edges.append(position)
    return edges


def _place(edges: Sequence[float], position: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - position))
