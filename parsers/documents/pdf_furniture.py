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
_EDGE_LINES = 3
_SAME_PLACE_PT = 8.0
_SHARE_OF_PAGES = 0.4
"""Enough for headers that differ on odd and even pages."""
_NUMBER = r"(?:\d{1,4}|[ivxlIVXL]{1,6}|[一二三四五六七八九十]{1,3})"
_PAGE_NUMBER = re.compile(
    rf"[-–—－―·~\s]*(?:第\s*)?(?:page\s*)?{_NUMBER}\s*页?[-–—－―·~\s]*"
    rf"(?:(?:/|／|of|共|，共|,共|\(共|（共)\s*(?:第\s*)?{_NUMBER}\s*页?\s*[)）]?)?[-–—－―·~\s]*",
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
    repeated = Counter(key for page, indices in enumerate(edges) for key in {_key(pages[page][i]) for i in indices})
    return frozenset(
        pages[page][index]
        for page, indices in enumerate(edges)
        for index in indices
        if _is_page_number(pages[page][index]) or _times_near(repeated, pages[page][index]) >= needed
    )


def _edge_lines(lines: Sequence[Line], height_pt: float) -> list[int]:
    """Indices of the outermost lines at the top and at the bottom of a page."""
    order = sorted(range(len(lines)), key=lambda index: lines[index].top)
    high = [index for index in order[:_EDGE_LINES] if lines[index].bottom <= _EDGE_SHARE * height_pt]
    low = [index for index in order[-_EDGE_LINES:] if lines[index].top >= (1 - _EDGE_SHARE) * height_pt]
    return high + [index for index in low if index not in high]


def _is_page_number(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None


def _key(line: Line) -> tuple[str, int]:
    """Text without its digits and spaces, and its place."""
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text)), round(line.top / _SAME_PLACE_PT)


def _times_near(repeated: Counter[tuple[str, int]], line: Line) -> int:
    """On how many pages this text stands at about this place: neighbouring places are counted in."""
    text, place = _key(line)
    return sum(repeated[text, near] for near in (place - 1, place, place + 1))
