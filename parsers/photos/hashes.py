"""Fingerprints of a picture that survive resizing and recompression. Pure, but for Pillow's arithmetic.

Both hashes look at a small grey copy of the upright picture. The DCT is a plain
matrix product on 32 x 32 values with only the 8 x 8 lowest frequencies worked
out: under a millisecond, and no numpy or scipy (143 MB installed) for it.
"""

from __future__ import annotations

import math
from operator import mul

from PIL import Image

_SIDE = 32
_LOW = 8
_GRID = 16
_COSINES = tuple(
    tuple(math.cos(math.pi * (2 * x + 1) * frequency / (2 * _SIDE)) for x in range(_SIDE)) for frequency in range(_LOW)
)
"""Rows of the DCT-II, unscaled: only comparisons are made with the result."""


def difference_hash(grey: Image.Image) -> str:
    """64 bits, 16 hex digits: whether each of 8 x 8 areas is darker than its right neighbour, row by row.

    Args:
        grey: The upright picture in mode L.
    """
    values = grey.resize((_LOW + 1, _LOW), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(_LOW):
        start = row * (_LOW + 1)
        for column in range(start, start + _LOW):
            bits = bits << 1 | (values[column] < values[column + 1])
    return f"{bits:016x}"


def perceptual_hash(grey: Image.Image) -> str:
    """64 bits, 16 hex digits: which of the 8 x 8 lowest DCT frequencies lie above their median.

    Args:
        grey: The upright picture in mode L.

    Source: the published pHash scheme; the constant term is left out of the median.
    """
    values = grey.resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes()
    rows = [values[start : start + _SIDE] for start in range(0, _SIDE * _SIDE, _SIDE)]
    across = [[sum(map(mul, row, cosines)) for row in rows] for cosines in _COSINES]
    low = [sum(map(mul, column, cosines)) for cosines in _COSINES for column in across]
    ordered = sorted(low[1:])
    median = ordered[len(ordered) // 2]
    bits = 0
    for value in low:
        bits = bits << 1 | (value > median)
    return f"{bits:016x}"


def grey_grid(grey: Image.Image) -> str:
    """Mean grey of each of 16 x 16 areas, row by row, two hex digits each.

    Args:
        grey: The upright picture in mode L.
    """
    return grey.resize((_GRID, _GRID), Image.Resampling.BOX).tobytes().hex()


def count_colours(picture: Image.Image) -> int:
    """Distinct colours, 5 bits a channel, among 64 x 64 sampled pixels: 1 to 4096.

    Args:
        picture: Mode RGB. Pixels are picked, not blended: blending invents colours a logo does not have.
    """
    picked = picture.resize((64, 64), Image.Resampling.NEAREST).point(lambda value: value >> 3)
    return len(picked.getcolors(64 * 64) or ())
