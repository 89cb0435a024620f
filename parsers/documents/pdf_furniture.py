"""Running headers, footers and page numbers among the lines of a PDF. Pure.

Word counts none of them, so neither does the house.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from parsers.documents.pdf_lines import Line

_EDGE_SHARE = 0.12
"""They stand in the outer eighth of a page, above or below the text."""
_MARGIN_SHARE = 0.085
"""Word's own margins (2.54 cm of 29.7): further out there is no text."""
_MARGIN_GAP_EM = 0.5
_TEXT_GAP_EM = 1.6
"""What parts a header from the text where margins are narrow: more than any line spacing."""
_EDGE_LINES = 3
_SAME_PLACE_PT = 8.0
_SHARE_OF_PAGES = 0.4
"""Enough for headers that differ on odd and even pages."""
_NUMBER = r"(?:\d{1,4}|[ivxlIVXL]{1,6}|[一二三四五六七八九十]{1,3})"
_COUNTING = re.compile(r"(?<![\d.,])\d{1,6}(?![\d.,%])")
_PAGE_NUMBER = re.compile(
    rf"[-–—－―·~\s]*+(?:共\s*+{_NUMBER}\s*+页\s*+)?(?:第\s*+)?(?:page\s*+)?{_NUMBER}\s*+页?[-–—－―·~\s]*+"
    rf"(?:(?:/|／|of|共|，共|,共|\(共|（共)\s*+(?:第\s*+)?{_NUMBER}\s*+页?\s*+[)）]?)?[-–—－―·~\s]*+",
    re.IGNORECASE,
)


def find_furniture(pages: Sequence[Sequence[Line]], heights_pt: Sequence[float]) -> frozenset[Line]:
    """The lines that belong to the page and not to the text.

    Args:
        pages: The lines of each page, in content order.
        heights_pt: The height of each page.
    """
    edges = [_edge_lines(lines, height) for lines, height in zip(pages, heights_pt, strict=True)]
    needed = max(2, round(_SHARE_OF_PAGES * len(pages)))
    repeated = Counter(key for lines in edges for key in {_key(line) for line in lines})
    furniture: set[Line] = set()
    for lines, on_edge, height in zip(pages, edges, heights_pt, strict=True):
        running = [line for line in on_edge if _times_near(repeated, line) >= needed]
        furniture.update(line for line in running if _stands_apart(line, running, lines, height_pt=height))
        furniture.update(line for line in on_edge if _PAGE_NUMBER.fullmatch(line.text))
    return frozenset(furniture)


def _edge_lines(lines: Sequence[Line], height_pt: float) -> list[Line]:
    """The outermost lines at the top and at the bottom of a page."""
    order = sorted(lines, key=lambda line: line.top)
    high = [line for line in order[:_EDGE_LINES] if line.bottom <= _EDGE_SHARE * height_pt]
    low = [line for line in order[-_EDGE_LINES:] if line.top >= (1 - _EDGE_SHARE) * height_pt]
    return high + [line for line in low if line not in high]


def _stands_apart(line: Line, running: Sequence[Line], lines: Sequence[Line], *, height_pt: float) -> bool:
    """Whether a gap parts a line from the text: text that repeats itself is no header."""
    gaps = [max(other.top - line.bottom, line.top - other.bottom) for other in lines if other not in running]
    in_margin = line.bottom <= _MARGIN_SHARE * height_pt or line.top >= (1 - _MARGIN_SHARE) * height_pt
    needed_em = _MARGIN_GAP_EM if in_margin else _TEXT_GAP_EM
    return min(gaps, default=height_pt) >= needed_em * line.size_pt


def _key(line: Line) -> tuple[str, int]:
    """Text without spaces and whole numbers, which may count pages, and its place. (Measurements are no page numbers.)"""
    return _COUNTING.sub("#", re.sub(r"\s+", "", line.text)), round(line.top / _SAME_PLACE_PT)


def _times_near(repeated: Counter[tuple[str, int]], line: Line) -> int:
    """On how many pages this text stands at about this place: neighbouring places are counted in."""
    text, place = _key(line)
    return sum(repeated[text, near] for near in (place - 1, place, place + 1))
