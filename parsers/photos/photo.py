"""Reads a photo: what it is, when it was taken, how to recognise it again.

Every pixel row is decoded once, at the smallest scale the format offers, because
a photo cut off in transfer shows only then. EMF, WMF and SVG are drawings: they
are recognised and measured, never rendered. Where a photo was taken is never looked at.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar, cast

from PIL import Image

from parsers.errors import LimitError, ParserError
from parsers.facts import PhotoFacts, Problem, Reading
from parsers.limits import Limits
from parsers.photos.exif import (
    colour_space,
    dots_per_inch,
    has_camera_data,
    orientation_of,
    taken_at_local,
    turn_due,
    upright,
)
from parsers.photos.fingerprints import count_colours, grey_grid
from parsers.photos.jpeg_end import completed, lacks_only_its_end
from parsers.photos.opening import (
    count_frames,
    decode_where_tags_follow,
    load_small,
    open_picture,
    problem_of,
)
from parsers.photos.vector import read_vector

READER = "photo/2"

Kind = Literal["jpeg", "png", "webp", "heic", "avif", "tiff", "bmp", "gif", "jp2", "psd", "ico"]
_KINDS: dict[str, Kind] = {
    "JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp", "HEIF": "heic", "AVIF": "avif",
    "TIFF": "tiff", "BMP": "bmp", "DIB": "bmp", "GIF": "gif", "JPEG2000": "jp2", "PSD": "psd", "ICO": "ico",
}  # fmt: skip

T = TypeVar("T")


def read_photo(path: Path, job: Path, limits: Limits) -> Reading:
    """The picture's facts; with the problem `damaged` beside them when it cannot be decoded to its end.

    Args:
        path: A file of one of `_KINDS`, or EMF, WMF or SVG.
        job: Unused: a photo has no members.
        limits: `picture_pixels` is held against the header, before decoding.

    Raises:
        LimitError: More pixels than allowed.
        ParserError: `damaged` when not even the header can be read; `unsupported_format` for a camera's raw file.
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
        _check_pixels(picture, limits)
        broken = _trouble_before_tags(picture)
        facts = _header(picture)
        if broken is not None:
            return facts, broken
        try:
            return facts.model_copy(update=_fingerprints(picture)), None
        except ParserError as error:
            problem = Problem(code=error.code, detail=error.detail)
    if facts.kind == "jpeg" and problem.code == "damaged" and lacks_only_its_end(data):
        with open_picture(io.BytesIO(completed(data))) as picture:
            return facts.model_copy(update=_fingerprints(picture)), None
    return facts, problem


def _trouble_before_tags(picture: Image.Image) -> Problem | None:
    try:
        _decoded(picture, decode_where_tags_follow)
    except ParserError as error:
        return Problem(code=error.code, detail=error.detail)
    return None


def _check_pixels(picture: Image.Image, limits: Limits) -> None:
    width_px, height_px = picture.size
    if width_px * height_px > limits.picture_pixels:
        raise LimitError(f"{width_px} x {height_px} pixels; the limit is {limits.picture_pixels}")


def _header(picture: Image.Image) -> PhotoFacts:
    """What the file says of its picture, nothing decoded."""
    width_px, height_px = picture.size
    orientation = orientation_of(picture)
    if turn_due(picture, orientation) >= 5:
        width_px, height_px = height_px, width_px
    return PhotoFacts(
        kind=_KINDS[cast("str", picture.format)],
        width_px=width_px,
        height_px=height_px,
        mode=picture.mode,
        colour_space=colour_space(picture),
        orientation=orientation,
        dpi=dots_per_inch(picture),
        taken_at_local=taken_at_local(picture),
        exif=has_camera_data(picture),
        frames=count_frames(picture),
    )


def _fingerprints(picture: Image.Image) -> dict[str, str | int]:
    """What `PhotoFacts` holds of the picture's look. Raises: ParserError when it cannot be decoded to its end."""
    turn = turn_due(picture, orientation_of(picture))
    small = _decoded(picture, load_small)
    colours, flat_percent = count_colours(small.rgb)
    return {
        "grey_grid": upright(grey_grid(small.rgb, small.box), turn).tobytes().hex(),
        "colours": colours,
        "flat_percent": flat_percent,
        "transparent_percent": small.transparent_percent,
    }


def _decoded(picture: Image.Image, decode: Callable[[Image.Image], T]) -> T:
    """`decode(picture)`. Raises: ParserError for whatever a decoder raises; nothing of ours runs inside."""
    try:
        return decode(picture)
    except MemoryError:
        raise
    except Exception as error:
        raise problem_of(error, picture) from error
