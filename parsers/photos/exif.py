"""What a camera wrote beside its picture: orientation, capture time, resolution.

Source: EXIF 2.32 (CIPA DC-008), tags 0x0112, 0x9003, 0x011A. Broken tags are common
and never a reason not to read the picture.
"""

from __future__ import annotations

import math
import re

from PIL import Image

_ORIENTATION = 0x0112
_EXIF_FOLDER = 0x8769
_TAKEN_AT = 0x9003
_TIME = re.compile(r"(?!0000)\d{4}:\d{2}:\d{2} \d{2}:\d{2}:\d{2}")
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation_of(picture: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 when absent or senseless."""
    value = _tag(picture, _ORIENTATION)
    return value if isinstance(value, int) and value in _UPRIGHT else 1


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture as it was meant to be seen."""
    turn = _UPRIGHT.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def taken_at_local(picture: Image.Image) -> str | None:
    """DateTimeOriginal as written, None when absent, zero or no time at all."""
    value = _tag(picture, _TAKEN_AT, folder=_EXIF_FOLDER)
    found = _TIME.match(value) if isinstance(value, str) else None
    return found.group() if found else None


def dots_per_inch(picture: Image.Image) -> int | None:
    """Horizontal resolution as stored, rounded; None when absent or beyond 1 to 10,000."""
    value = picture.info.get("dpi")
    try:
        dpi = float(value[0]) if isinstance(value, tuple) else float(value)  # type: ignore[arg-type]  # None: TypeError
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    return round(dpi) if math.isfinite(dpi) and 1 <= dpi <= 10_000 else None


def _tag(picture: Image.Image, tag: int, *, folder: int | None = None) -> object:
    try:
        exif = picture.getexif()
        return (exif if folder is None else exif.get_ifd(folder)).get(tag)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- tags of any maker, broken in any way; without them the picture is still one
        return None
