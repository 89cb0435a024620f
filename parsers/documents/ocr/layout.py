"""Recognised pieces of a page to lines in reading order, with sizes: what the PDF reader gets from glyphs. Pure."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence

from parsers.documents.ocr.engine import Piece
from parsers.documents.pdf_lines import Line, is_east_asian

_SAME_ROW = 0.5
"""Pieces that overlap by more than half their height stand on one row."""
_JOINED_GAP_EM = 4.0
"""Further apart they are two texts: a label and its value, another column."""
_SPACE_EM = 0.7
_SAME_SIZE = 0.15
"""Sizes are estimated from widths: closer than this to the body's they are the body's."""
_COLUMN_FILL = 0.7
"""Lines of a text column fill it; table cells do not."""
_COLUMN_SHARE = 0.25
"""Of the page's width, at least."""
_FEWEST_COLUMN_LINES = 5


def build_page_lines(
    pieces: Sequence[Piece], *, page: int, width_px: float, height_px: float, height_pt: float
) -> tuple[Line, ...]:
    """The lines of one page in reading order, columns one after the other; empty for no pieces.

    Args:
        pieces: What was recognised, in any order.
        page: 1-based, for the lines.
        width_px: Of the picture.
        height_px: Of the picture.
        height_pt: Of the page; sizes and places are scaled to it.
    """
    scale = height_pt / height_px
    lines = [
        _line(run, page=page, scale=scale)
        for column in _columns(pieces, width_px)
        for row in _rows(column)
        for run in _runs(row)
    ]
    return _with_steady_sizes(lines)


def _columns(pieces: Sequence[Piece], width_px: float) -> list[list[Piece]]:
    """The pieces of one column after the other; what crosses the gutter ends one pair of columns and begins the next."""
    gutter = _gutter(pieces, width_px)
    if gutter is None:
        return [list(pieces)]
    ordered: list[list[Piece]] = []
    left: list[Piece] = []
    right: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.top):
        if piece.right <= gutter:
            left.append(piece)
        elif piece.left >= gutter:
            right.append(piece)
        else:
            ordered += [left, right, [piece]]
            left, right = [], []
    return [column for column in (*ordered, left, right) if column]


def _gutter(pieces: Sequence[Piece], width_px: float) -> float | None:
    """Where a page of two text columns is parted; None for one column, or a table."""
    middle = [piece for piece in pieces if piece.right - piece.left < 0.6 * width_px]
    for share in (0.5, 0.48, 0.52, 0.46, 0.54):
        x = share * width_px
        left = [piece for piece in middle if piece.right <= x]
        right = [piece for piece in middle if piece.left >= x]
        if min(len(left), len(right)) < _FEWEST_COLUMN_LINES or len(left) + len(right) < 0.8 * len(pieces):
            continue
        if all(_fills(side, width_px) for side in (left, right)):
            return x
    return None


def _fills(column: Sequence[Piece], width_px: float) -> bool:
    width = max(piece.right for piece in column) - min(piece.left for piece in column)
    return (
        width >= _COLUMN_SHARE * width_px
        and statistics.median(piece.right - piece.left for piece in column) >= _COLUMN_FILL * width
    )


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces on one row together, from left to right; rows from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom) / 2):
        if rows and _on_row(rows[-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _on_row(row: Sequence[Piece], piece: Piece) -> bool:
    last = row[-1]
    overlap = min(last.bottom, piece.bottom) - max(last.top, piece.top)
    return overlap > _SAME_ROW * min(last.bottom - last.top, piece.bottom - piece.top)


def _runs(row: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces of a row that make one text."""
    runs: list[list[Piece]] = []
    for piece in row:
        if runs and piece.left - runs[-1][-1].right <= _JOINED_GAP_EM * (piece.bottom - piece.top):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _line(run: Sequence[Piece], *, page: int, scale: float) -> Line:
    text = run[0].text
    for last, piece in itertools.pairwise(run):
        wide = piece.left - last.right >= _SPACE_EM * (piece.bottom - piece.top)
        glued = is_east_asian(text[-1]) or is_east_asian(piece.text[0])
        text += piece.text if glued and not wide else f" {piece.text}"
    return Line(
        text=text,
        page=page,
        left=min(piece.left for piece in run) * scale,
        top=min(piece.top for piece in run) * scale,
        right=max(piece.right for piece in run) * scale,
        bottom=max(piece.bottom for piece in run) * scale,
        size_pt=round(_size_px(max(run, key=lambda piece: len(piece.text))) * scale * 2) / 2,
        bold=False,
        black=False,
    )


def _size_px(piece: Piece) -> float:
    """Size of the type: Chinese characters are as wide as they are high, and widths are found more exactly than heights."""
    ems = sum(1.0 if is_east_asian(character) else 0.5 for character in piece.text)
    height = piece.bottom - piece.top
    # Slanted text has a high box, spaced-out titles a wide one: neither may speak alone.
    return min((piece.right - piece.left) / ems, height) if ems >= 3 else 0.9 * height


def _with_steady_sizes(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The same with sizes near the body's made equal to it: a tenth more is a measuring error, not a heading."""
    weighed = [line.size_pt for line in lines for _ in line.text]
    if not weighed:
        return ()
    body = statistics.median(weighed)
    return tuple(
        Line(
            text=line.text,
            page=line.page,
            left=line.left,
            top=line.top,
            right=line.right,
            bottom=line.bottom,
            size_pt=body if abs(line.size_pt - body) <= _SAME_SIZE * body else line.size_pt,
            bold=line.bold,
            black=line.black,
        )
        for line in lines
    )
