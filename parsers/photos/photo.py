"""Reads a photo: what it is, when it was taken, how to recognise it again.

Every pixel row is decoded once, at the smallest scale the format offers, because
a photo cut off in transfer shows only then. EMF, WMF and SVG are drawings: they
are recognised and measured, never rendered.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path
from typing import Literal, cast

from PIL import Image

from parsers.errors import LimitError, ParserError
from parsers.facts import PhotoFacts, Problem, Reading
from parsers.limits import Limits
from parsers.photos.exif import dots_per_inch, orientation_of, taken_at_local, upright
from parsers.photos.hashes import count_colours, difference_hash, grey_grid, perceptual_hash
from parsers.photos.opening import SMALL_PX, as_rgb, close_to, count_frames, open_picture
from parsers.photos.vector import read_vector

READER = "photo/1"

Kind = Literal["jpeg", "png", "webp", "heic", "avif", "tiff", "bmp", "gif"]
_KINDS: dict[str, Kind] = {
    "JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp", "HEIF": "heic", "AVIF": "avif",
    "TIFF": "tiff", "BMP": "bmp", "DIB": "bmp", "GIF": "gif",
}  # fmt: skip


def read_photo(path: Path, job: Path, limits: Limits) -> Reading:
    """The picture's facts; with the problem `damaged` beside them when it cannot be decoded to its end.

    Args:
        path: JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP, GIF, EMF, WMF or SVG.
        job: Unused: a photo has no members.
        limits: `picture_pixels` is held against the header, before decoding.

    Raises:
        LimitError: More pixels than allowed.
        ParserError: `damaged` when not even the header can be read.
    """
    del job
    data = path.read_bytes()
    problem: Problem | None = None
    facts = read_vector(data)
    if facts is None:
        with warnings.catch_warnings():
            # Pillow warns of odd tags and large pictures; the limits below are the house's own.
            warnings.simplefilter("ignore")
            facts, problem = _read_raster(data, limits)
    return Reading(
        reader=READER,
        format="image",
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        photo=facts,
        problem=problem,
    )


def _read_raster(data: bytes, limits: Limits) -> tuple[PhotoFacts, Problem | None]:
    with open_picture(io.BytesIO(data)) as picture:
        width_px, height_px = picture.size
        if width_px * height_px > limits.picture_pixels:
            raise LimitError(f"{width_px} x {height_px} pixels; the limit is {limits.picture_pixels}")
        orientation = orientation_of(picture)
        turned = orientation >= 5
        facts = PhotoFacts(
            kind=_KINDS[cast("str", picture.format)],
            width_px=height_px if turned else width_px,
            height_px=width_px if turned else height_px,
            mode=picture.mode,
            orientation=orientation,
            dpi=dots_per_inch(picture),
            taken_at_local=taken_at_local(picture),
            frames=count_frames(picture),
        )
        try:
            small = _decoded_small(picture, orientation)
        except ParserError as error:
            return facts, Problem(code=error.code, detail=error.detail)
    grey = small.convert("L")
    fingerprints = {
        "difference_hash": difference_hash(grey),
        "perceptual_hash": perceptual_hash(grey),
        "grey_grid": grey_grid(grey),
        "colours": count_colours(small),
    }
    return facts.model_copy(update=fingerprints), None


def _decoded_small(picture: Image.Image, orientation: int) -> Image.Image:
    """The whole picture decoded, shrunk, turned upright, mode RGB."""
    # JPEG only: decode at 1/8, 1/4 or 1/2 size. The entropy-coded stream is still read to its end.
    picture.draft("RGB" if picture.mode in {"RGB", "YCbCr"} else picture.mode, (SMALL_PX, SMALL_PX))
    try:
        picture.load()
    except MemoryError:
        raise
    except Exception as error:
        # Decoders raise whatever their format's code raises; nothing of ours runs inside.
        raise close_to(error) from error
    return upright(as_rgb(picture), orientation)
