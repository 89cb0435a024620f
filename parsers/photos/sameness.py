"""Whether two pictures are one: the same shot resized, recompressed, turned or saved in another format. Pure.

Burst shots, before-and-after pairs and certificates of one printed form are two. Each area of one grey
grid is held against the same area of the other, in the four ways a picture may have been turned; mirrored
is another picture. How well this works, and how thresholds were set: `python -m bench.sameness`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

from parsers.facts import PhotoFacts

SAME = 0.8
"""Largest difference of a copy, in tolerances: 371 of 374 copies of photographs lie below it; pages of one printed
form begin at 0.7 (2 of 240 below 0.8, 11 below 1.2), second shots at 2.3. In doubt two: a photo taken for a copy
would be missing in the count."""
SIMILAR = 10.0
"""Below it pictures are worth a look side by side: crops, date stamps, shots in a row. Others begin at 20."""

_SHAPE_TOLERANCE = 0.03
"""Widths over heights may differ by this share: small copies are rounded to whole pixels."""
_GREYS = 4.0
_GREYS_PER_CONTRAST = 0.1
"""The tolerance of an area grows with the contrast around it, where an edge falls on other pixels when a picture is
resized. In even surroundings, where the name on a certificate stands, it is 4 greys."""
_MOST_GAIN = 1.25
"""A picture made brighter or darker by more than this is compared as it is."""
_LEAST_SPREAD = 16
"""Pictures whose areas all have about the same grey (blank pages, fine patterns) look alike without being the same."""
_HOPELESS = 3.0
"""One area this many times as far apart as is allowed, and the rest is not looked at."""
_COARSE = 4
"""Areas of the coarse grid that is looked at first, along each side."""
_COARSE_GREYS = 48.0
"""Mean greys in one sixteenth of the picture may differ by this much before the fine grid is not even looked at;
within `SIMILAR` they never do."""


def same_picture(a: PhotoFacts, b: PhotoFacts) -> bool:
    """Whether `a` and `b` show the very same shot, whatever their size, quality, format and way up.

    Symmetric. False when either has no grid (vector pictures, pictures that could not be decoded): then only equal
    bytes mean the same picture, which the caller knows. Two capture times that differ are two shots.
    """
    if a.taken_at_local and b.taken_at_local and a.taken_at_local != b.taken_at_local:
        return False
    return picture_difference(a, b, within=SAME) <= SAME


def similar_picture(a: PhotoFacts, b: PhotoFacts) -> bool:
    """Whether people should look at `a` and `b` side by side: one edited, or shots in a row. True for copies too."""
    return picture_difference(a, b) <= SIMILAR


def picture_difference(a: PhotoFacts, b: PhotoFacts, *, within: float = SIMILAR) -> float:
    """How far apart two pictures are in tolerances, 0 or more, turned as they fit best; symmetric.

    Infinite when they have other shapes, when either tells too little of itself, or when they surely differ by more
    than `within`, which is found out sooner than by how much.
    """
    if not a.grey_grid or len(a.grey_grid) != len(b.grey_grid):
        return math.inf
    upright = _same_shape(a.width_px, a.height_px, b.width_px, b.height_px)
    sideways = _same_shape(a.width_px, a.height_px, b.height_px, b.width_px)
    turns = (*((0, 2) if upright else ()), *((1, 3) if sideways else ()))
    if not turns:
        return math.inf
    first, second = sorted((a.grey_grid, b.grey_grid))
    if first is b.grey_grid:
        # A quarter turn from b to a is the opposite one from a to b.
        turns = tuple((4 - turn) % 4 for turn in turns)
    # Nearly all pairs end here, in a few microseconds: a letter may hold hundreds of pictures.
    ours, theirs = _coarse(first), _coarse(second)
    alike = tuple(turn for turn in turns if _roughly_alike(ours[0], theirs[turn]))
    return _grid_difference(first, second, alike, within) if alike else math.inf


class _View(NamedTuple):
    """A grid turned one way, with what comparing needs of it."""

    greys: bytes
    contrasts: bytes
    mean: float
    deviation: float


class _Coarse(NamedTuple):
    """Mean greys of 4 x 4 parts, and how far they spread."""

    greys: tuple[float, ...]
    mean: float
    deviation: float


@functools.lru_cache(maxsize=20_000)
def _grid_difference(a: str, b: str, turns: tuple[int, ...], within: float) -> float:
    """The smallest difference of two grids over the ways to turn the second."""
    first = _view(a, 0)
    if max(first.greys) - min(first.greys) < _LEAST_SPREAD:
        return math.inf
    return min(_view_difference(first, _view(b, turn), within) for turn in turns)


def _view_difference(a: _View, b: _View, within: float) -> float:
    """The largest difference of two grids' areas, in tolerances; a general change of brightness is taken out."""
    gain = _gain(a.deviation, b.deviation)
    offset = a.mean - b.mean * gain
    hopeless = _HOPELESS * within
    if any(
        abs(x - y * gain - offset) > hopeless * (_GREYS + _GREYS_PER_CONTRAST * min(p, q))
        for x, y, p, q in zip(a.greys, b.greys, a.contrasts, b.contrasts, strict=True)
    ):
        return math.inf
    differences = [x - y * gain for x, y in zip(a.greys, b.greys, strict=True)]
    general = sorted(differences)[len(differences) // 2]
    return max(
        abs(difference - general) / (_GREYS + _GREYS_PER_CONTRAST * min(x, y))
        for difference, x, y in zip(differences, a.contrasts, b.contrasts, strict=True)
    )


def _roughly_alike(a: _Coarse, b: _Coarse) -> bool:
    gain = _gain(a.deviation, b.deviation)
    offset = a.mean - b.mean * gain
    return all(abs(x - y * gain - offset) <= _COARSE_GREYS for x, y in zip(a.greys, b.greys, strict=True))


def _gain(a: float, b: float) -> float:
    """What the greys of one picture are multiplied with to spread like the other's; 1 when that would be too much."""
    gain = a / b if b else 1.0
    return gain if 1 / _MOST_GAIN < gain < _MOST_GAIN else 1.0


@functools.lru_cache(maxsize=8192)
def _view(grid: str, turn: int) -> _View:
    rows = _rows(bytes.fromhex(grid))
    for _ in range(turn):
        rows = _turned(rows)
    greys = b"".join(rows)
    return _View(
        greys=greys, contrasts=bytes(_contrasts(rows)), mean=sum(greys) / len(greys), deviation=_deviation(greys)
    )


@functools.lru_cache(maxsize=8192)
def _coarse(grid: str) -> tuple[_Coarse, ...]:
    """The coarse grid in its four turns."""
    rows = _rows(bytes.fromhex(grid))
    turns = []
    for _ in range(4):
        greys = _parts(rows)
        turns.append(_Coarse(greys, sum(greys) / len(greys), _deviation(greys)))
        rows = _turned(rows)
    return tuple(turns)


def _turned(rows: Sequence[bytes]) -> list[bytes]:
    return [bytes(column) for column in zip(*rows[::-1], strict=True)]


def _deviation(greys: Sequence[float]) -> float:
    mean = sum(greys) / len(greys)
    return math.sqrt(sum((grey - mean) ** 2 for grey in greys))


def _rows(greys: bytes) -> list[bytes]:
    side = math.isqrt(len(greys))
    return [greys[start : start + side] for start in range(0, side * side, side)]


def _contrasts(rows: Sequence[bytes]) -> list[int]:
    """For each area the spread of greys among itself and its neighbours."""
    spreads = []
    for y in range(len(rows)):
        near = rows[max(0, y - 1) : y + 2]
        for x in range(len(rows)):
            values = b"".join(row[max(0, x - 1) : x + 2] for row in near)
            spreads.append(max(values) - min(values))
    return spreads


def _parts(rows: Sequence[bytes]) -> tuple[float, ...]:
    """Mean greys of 4 x 4 parts."""
    part = len(rows) // _COARSE
    means = []
    for y in range(0, part * _COARSE, part):
        for x in range(0, part * _COARSE, part):
            values = b"".join(row[x : x + part] for row in rows[y : y + part])
            means.append(sum(values) / len(values))
    return tuple(means)


def _same_shape(width: int, height: int, other_width: int, other_height: int) -> bool:
    across, down = width * other_height, other_width * height
    return abs(across - down) <= _SHAPE_TOLERANCE * max(across, down)
