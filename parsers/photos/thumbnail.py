"""Writes a small copy of a picture for people to look at: upright, RGB, without anything the camera wrote beside it."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image

from parsers.limits import Limits
from parsers.photos.exif import orientation_of, turn_due, upright
from parsers.photos.opening import decode_where_tags_follow, laid_over_white, open_picture

THUMBNAIL_PX = 360
"""Longest side: sharp at 180 CSS pixels on a dense screen, some 15 KB."""
_QUALITY = 78


def write_thumbnail(path: Path, target: Path, limits: Limits, *, longest_px: int = THUMBNAIL_PX) -> bool:
    """Write the picture at `path` as a small JPEG to `target`; False when it cannot be shown. Never raises for a bad picture.

    Args:
        path: Any picture file; drawings (EMF, WMF, SVG) are not rendered.
        target: A file that does not exist; nothing is left there when False comes back.
        limits: `picture_pixels` is held against the header, before decoding.
        longest_px: Neither side of the copy is longer; a smaller picture stays as large as it is.
    """
    try:
        with warnings.catch_warnings(), path.open("rb") as file, open_picture(file) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > limits.picture_pixels:
                return False
            decode_where_tags_follow(picture)
            turn = turn_due(picture, orientation_of(picture))
            picture.draft("RGB", (longest_px, longest_px))
            picture.load()
            small = laid_over_white(_shrunk(picture, longest_px))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- whatever a decoder raises: there is nothing to show
        return False
    small.thumbnail((longest_px, longest_px))
    # Pillow would write the original's comment, alone of all that stands beside a picture, into the copy.
    upright(small, turn).save(target, "JPEG", quality=_QUALITY, comment=b"")
    return True


def _shrunk(picture: Image.Image, longest_px: int) -> Image.Image:
    """Large pictures are made smaller before their colours are changed, which would take four times the memory."""
    factor = max(picture.size) // (2 * longest_px)
    if factor < 2 or picture.mode in {"P", "PA", "1"} or picture.mode.startswith("I;16"):
        return picture
    transparency = picture.info.get("transparency")
    shrunk = picture.reduce(factor)
    if transparency is not None:
        shrunk.info["transparency"] = transparency
    return shrunk
