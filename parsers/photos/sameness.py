"""Whether two pictures are one: the same shot resized, recompressed or saved in another format. Pure.

Burst shots, similar scenes and certificates of one template are two. The two
hashes find candidates cheaply; the grey grid decides, because a hash of 64 bits
moves as much under recompression as under a step to the side.

Measured on 25 photographs of several public test collections, in 13 re-encodings each
(JPEG quality 20 and 40, sizes 25 to 150 %, WebP, HEIC, AVIF, GIF), and 10 imitated burst shots
each (moved 1 to 4 %, turned 1 degree, something moved inside): figures in docs/design-notes.md.
"""

from __future__ import annotations

from parsers.facts import PhotoFacts

_MOST_DIFFERENCE_BITS = 10
_MOST_PERCEPTUAL_BITS = 10
_SHAPE_TOLERANCE = 0.03
"""Widths over heights may differ by this share: small copies are rounded to whole pixels."""
_GRID = 16
_GREYS = 4.0
_GREYS_PER_CONTRAST = 0.1
_MOST_GRID_DIFFERENCE = 1.0
"""Re-encodings stay below it (all of pictures over 900 pixels, 314 of 325 with small ones); a shot moved by 1 % starts at 1.8.
In doubt two: a photo taken for a copy would be missing in the count."""


def same_picture(a: PhotoFacts, b: PhotoFacts) -> bool:
    """Whether `a` and `b` show the very same shot, whatever their size, quality, format and stored orientation.

    Symmetric. False when either has no hashes (vector pictures, pictures that could not be decoded): then
    only equal bytes mean the same picture, which the caller knows. Two capture times that differ are two shots.
    """
    if not (a.grey_grid and b.grey_grid):
        return False
    if a.taken_at_local and b.taken_at_local and a.taken_at_local != b.taken_at_local:
        return False
    return (
        _similar_shape(a, b)
        and _distance(a.difference_hash, b.difference_hash) <= _MOST_DIFFERENCE_BITS
        and _distance(a.perceptual_hash, b.perceptual_hash) <= _MOST_PERCEPTUAL_BITS
        and _grid_difference(bytes.fromhex(a.grey_grid), bytes.fromhex(b.grey_grid)) <= _MOST_GRID_DIFFERENCE
    )


def _similar_shape(a: PhotoFacts, b: PhotoFacts) -> bool:
    across, down = a.width_px * b.height_px, b.width_px * a.height_px
    return abs(across - down) <= _SHAPE_TOLERANCE * max(across, down)


def _distance(a: str, b: str) -> int:
    """Bits that differ between two hashes in hex."""
    return (int(a, 16) ^ int(b, 16)).bit_count()


def _grid_difference(a: bytes, b: bytes) -> float:
    """The largest difference of two grids' areas, in tolerances; a general change of brightness is taken out.

    The tolerance of an area grows with the contrast around it: there the areas' edges fall on other pixels
    when a picture is resized. In even surroundings, where a name on a certificate stands, it is 4 greys.
    """
    differences = [x - y for x, y in zip(a, b, strict=True)]
    general = sorted(differences)[len(differences) // 2]
    contrasts = map(min, _contrasts(a), _contrasts(b))
    return max(
        abs(difference - general) / (_GREYS + _GREYS_PER_CONTRAST * contrast)
        for difference, contrast in zip(differences, contrasts, strict=True)
    )


def _contrasts(grid: bytes) -> list[int]:
    """For each area the spread of greys among itself and its neighbours."""
    rows = [grid[start : start + _GRID] for start in range(0, _GRID * _GRID, _GRID)]
    spreads = []
    for y in range(_GRID):
        near = rows[max(0, y - 1) : y + 2]
        for x in range(_GRID):
            values = b"".join(row[max(0, x - 1) : x + 2] for row in near)
            spreads.append(max(values) - min(values))
    return spreads
