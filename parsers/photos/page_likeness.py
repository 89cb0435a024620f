"""Whether a picture looks like the photo of a page of text, told from its fingerprint alone. Pure.

Cheap and generous: it only decides whether a recogniser is asked, and whether a person looks before
somebody is told that the text is missing. A picture never stops being a photo because of it.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence

from parsers.facts import PhotoFacts

_FEWEST_PX = 600
"""Shorter sides hold no legible page."""
_MOST_SLENDER = 2.0
"""A page is 1.41 times as high as wide; photographed with some table around it, less or a little more."""
_PAPER_GREY = 140
"""Paper in a dim room is still the brightest thing of the picture."""
_PAPER_SHARE = 0.6
_FEWEST_CELLS = 8
"""Of the grid of greys, along one side."""
_LEAST_CONTRAST, _MOST_CONTRAST = 0.5, 20
"""Between neighbouring areas: lines of text make an even grey, things and people do not."""
_MOST_COLOURS = 150
"""Measured on pages photographed in seven ways: at most 25 on grey paper, more in warm light; scenes have 200 and more."""
_FEWEST_PAGE_WORDS = 150
"""字数 recognised from which it is a page: a notice board or a certificate has fewer."""
_PAGES_OF_A_CASE = 3


def looks_like_page(photo: PhotoFacts) -> bool:
    """Whether most of the picture is evenly bright and nearly without colour; False when its fingerprint is unknown."""
    shorter, longer = sorted((photo.width_px, photo.height_px))
    side = math.isqrt(len(photo.grey_grid) // 2)
    if shorter < _FEWEST_PX or longer > _MOST_SLENDER * shorter or side < _FEWEST_CELLS:
        return False
    greys = [int(photo.grey_grid[at : at + 2], 16) for at in range(0, 2 * side * side, 2)]
    paper = [grey for grey in greys if grey >= _PAPER_GREY]
    if len(paper) < _PAPER_SHARE * len(greys) or not 0 < photo.colours <= _MOST_COLOURS:
        return False
    rows = [greys[at : at + side] for at in range(0, side * side, side)]
    steps = [abs(left - right) for row in rows for left, right in itertools.pairwise(row)]
    return _LEAST_CONTRAST <= statistics.fmean(steps) <= _MOST_CONTRAST


def photographed_pages(photos: Sequence[PhotoFacts]) -> int:
    """How many of a submission's `photos` are taken for pages of its text; 0 when they may as well be mere photos.

    Where a recogniser has looked, its words decide. Where none has, half of them at least must look like pages, or
    as many as a short case has: its photos may come along.
    """
    read = sum(photo.page_words is not None and photo.page_words >= _FEWEST_PAGE_WORDS for photo in photos)
    alike = sum(photo.page_words is None and looks_like_page(photo) for photo in photos)
    return read or (alike if 2 * alike >= len(photos) or alike >= _PAGES_OF_A_CASE else 0)
