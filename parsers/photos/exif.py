"""What a camera wrote beside its picture: orientation, capture time, resolution, colour space. Never the place.

Source: EXIF 2.32 (CIPA DC-008), tags 0x0112, 0x9003, 0x011A, 0xA001, 0xA005. Broken tags are common
and never a reason not to read the picture.
"""

from __future__ import annotations

import io
import math
import re

from PIL import Image, ImageCms

_ORIENTATION = 0x0112
_RESOLUTION, _RESOLUTION_UNIT, _PER_CENTIMETRE = 0x011A, 0x0128, 3
_EXIF_FOLDER, _INTEROPERABILITY_FOLDER = 0x8769, 0xA005
_TAKEN_AT, _COLOUR_SPACE = 0x9003, 0xA001
_MAKER_AND_MODEL = (0x010F, 0x0110)
_EXPOSURE = (0x829A, 0x829D, 0x8827, _TAKEN_AT)
"""ExposureTime, FNumber, PhotographicSensitivity."""
_INTEROPERABILITY_INDEX = 1
_SRGB = 1
_TIME = re.compile(r"(?!0000)\d{4}:\d{2}:\d{2} \d{2}:\d{2}:\d{2}")
_MOST_PROFILE_BYTES = 4_000_000
_LONGEST_NAME = 40
_KNOWN_SPACES = {"srgb": "sRGB", "adobe rgb": "Adobe RGB", "display p3": "Display P3", "prophoto": "ProPhoto RGB"}
_TURNED_BY_PILLOW = frozenset({"TIFF", "HEIF"})
"""Formats whose pictures come out of Pillow upright, sizes included. Measured: Pillow 13, pillow-heif 1.8."""
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
    """EXIF orientation as stored, 1 to 8; 1 when absent or senseless. To be asked before the picture is loaded."""
    value = picture.info.get("original_orientation") or _tag(picture, _ORIENTATION)
    return value if isinstance(value, int) and value in _UPRIGHT else 1


def turn_due(picture: Image.Image, orientation: int) -> int:
    """The orientation still to be undone once the picture is decoded: 1 where Pillow has done so."""
    return 1 if picture.format in _TURNED_BY_PILLOW else orientation


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture as it was meant to be seen."""
    turn = _UPRIGHT.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def taken_at_local(picture: Image.Image) -> str | None:
    """DateTimeOriginal as written, None when absent, zero or no time at all."""
    value = _tag(picture, _TAKEN_AT, folder=_EXIF_FOLDER)
    found = _TIME.match(value) if isinstance(value, str) else None
    return found.group() if found else None


def has_camera_data(picture: Image.Image) -> bool:
    """Whether maker, model, exposure or capture time are still in the file."""
    return any(_tag(picture, tag) for tag in _MAKER_AND_MODEL) or any(
        _tag(picture, tag, folder=_EXIF_FOLDER) for tag in _EXPOSURE
    )


def dots_per_inch(picture: Image.Image) -> int | None:
    """Horizontal resolution as stored, rounded; None when absent or beyond 2 to 10,000 (1 stands for no unit at all)."""
    value = picture.info.get("dpi")
    try:
        if value is None:
            per_inch = 2.54 if _tag(picture, _RESOLUTION_UNIT) == _PER_CENTIMETRE else 1.0
            dpi = float(_tag(picture, _RESOLUTION)) * per_inch  # type: ignore[arg-type]  # None: TypeError
        else:
            dpi = float(value[0])
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    return round(dpi) if math.isfinite(dpi) and 2 <= round(dpi) <= 10_000 else None


def colour_space(picture: Image.Image) -> str:
    """The colour space the file names, from its ICC profile, its sRGB chunk or EXIF: "sRGB", "Adobe RGB", "Display P3" …

    At most 40 characters; empty when it names none (viewers then take it for sRGB).
    """
    profile = picture.info.get("icc_profile")
    if isinstance(profile, bytes) and (named := _profile_name(profile)):
        return named
    if "srgb" in picture.info or _tag(picture, _COLOUR_SPACE, folder=_EXIF_FOLDER) == _SRGB:
        return "sRGB"
    index = _tag(picture, _INTEROPERABILITY_INDEX, folder=_INTEROPERABILITY_FOLDER)
    return "Adobe RGB" if isinstance(index, str) and index.startswith("R03") else ""


def _profile_name(profile: bytes) -> str:
    if len(profile) > _MOST_PROFILE_BYTES:
        return ""
    try:
        written = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.profile_description or ""
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- a broken profile says nothing about the picture
        return ""
    for sign, name in _KNOWN_SPACES.items():
        if sign in written.lower():
            return name
    return "".join(character for character in written if character.isprintable()).strip()[:_LONGEST_NAME]


def _tag(picture: Image.Image, tag: int, *, folder: int | None = None) -> object:
    try:
        exif = picture.getexif()
        return (exif if folder is None else exif.get_ifd(folder)).get(tag)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- tags of any maker, broken in any way; without them the picture is still one
        return None
