"""Numbers and boxes of an OFD page, in millimetres with y downward. Pure. Source: GB/T 33190-2016, 7.3 and 8.2."""

from __future__ import annotations

import math
from typing import NamedTuple

PT_PER_MM = 72 / 25.4
PX_PER_MM = 96 / 25.4
_LARGEST = 1e7


class Box(NamedTuple):
    """Left, top, width and height."""

    x: float
    y: float
    width: float
    height: float


class Matrix(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, inner: Matrix) -> Matrix:
        """The matrix that applies `inner` first, then this one."""
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    @property
    def height_scale(self) -> float:
        """How much taller text becomes."""
        return math.hypot(self.c, self.d)

    @property
    def width_scale(self) -> float:
        """How much longer text becomes."""
        return math.hypot(self.a, self.b)

    @property
    def angle(self) -> int:
        """Degrees text is turned clockwise, -179 to 180, whole ones."""
        return round(math.degrees(math.atan2(self.b, self.a)))


def number(text: str | None, default: float) -> float:
    """A finite number of sane size as written, else `default`."""
    try:
        value = float(text) if text else default
    except ValueError:
        return default
    return value if abs(value) < _LARGEST else default


def numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    """Exactly `count` finite numbers parted by spaces, else None."""
    parts = (text or "").replace(",", " ").split(maxsplit=count)
    if len(parts) < count:
        return None
    values = tuple(number(part, math.nan) for part in parts[:count])
    return None if any(math.isnan(value) for value in values) else values


def box(text: str | None) -> Box | None:
    """A box as attributes and elements give it; None when it is none."""
    values = numbers(text, 4)
    return None if values is None else Box(*values)


def object_matrix(boundary: Box | None, ctm: str | None) -> Matrix:
    """From a graphic object's own space to the space it stands in: its matrix, then a move to its boundary."""
    own = Matrix(*(numbers(ctm, 6) or Matrix()))
    x, y = (boundary.x, boundary.y) if boundary else (0.0, 0.0)
    return own._replace(e=own.e + x, f=own.f + y)


def deltas(text: str | None, most: int) -> list[float]:
    """Distances from each character to the next, at most `most`; "g 3 5.5" stands for three of 5.5."""
    tokens = iter((text or "").split())
    values: list[float] = []
    for written in tokens:
        if len(values) >= most:
            break
        if written == "g":
            count = int(number(next(tokens, None), 0))
            values += [number(next(tokens, None), 0.0)] * max(0, min(count, most - len(values)))
        else:
            values.append(number(written, 0.0))
    return values
