"""Whether a picture looks like the photo of a page of text, told from its fingerprint alone. Pure.

Cheap and generous: it only decides whether a recogniser is asked, and whether a person looks before
somebody is told that the text is missing. A picture never stops being a photo because of it.
"""

from __future__ import annotations

import statistics

from parsers.facts import PhotoFacts

_FEWEST_PX = 600
"""Shorter sides hold no legible page."""
_MOST_SLENDER = 2.0
"""A page is 1.41 times as high as wide; photographed with some table around it, less or a little more."""
_PAPER_GREY = 140
"""Paper in a dim room is still the brightest thing of the picture."""
_PAPER_SHARE = 0.6
_MOST_CONTRAST = 55
"""Between neighbouring areas: lines of text make an even grey, things and people do not."""
_MOST_COLOURS = 420
_FEWEST_PAGE_WORDS = 150
"""字数 recognised from which it is a page: a notice board or a certificate has fewer."""


def looks_like_page(photo: PhotoFacts) -> bool:
    """Whether most of the picture is evenly bright and nearly without colour; False when its fingerprint is unknown."""
    shorter, longer = sorted((photo.width_px, photo.height_px))
    if shorter < _FEWEST_PX or longer > _MOST_SLENDER * shorter or len(photo.grey_grid) != 512:
        return False
    greys = [int(photo.grey_grid[at : at + 2], 16) for at in range(0, 512, 2)]
    paper = [grey for grey in greys if grey >= _PAPER_GREY]
    if len(paper) < _PAPER_SHARE * len(greys) or not 0 < photo.colours <= _MOST_COLOURS:
        return False
    rows = [greys[at : at + 16] for at in range(0, 256, 16)]
    inner = [abs(row[at] - row[at + 1]) for row in rows[2:14] for at in range(2, 13)]
    return statistics.fmean(inner) <= _MOST_CONTRAST


def is_photographed_page(photo: PhotoFacts) -> bool:
    """Whether the picture is taken for a page of text: so many words were recognised, or, unlooked at, it seems one."""
    if photo.page_words is not None:
        return photo.page_words >= _FEWEST_PAGE_WORDS
    return looks_like_page(photo)
