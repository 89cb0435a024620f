"""Opening pictures with Pillow: only the formats we mean, headers first, every failure named."""

from __future__ import annotations

from typing import IO, NamedTuple

from PIL import Image, UnidentifiedImageError

from parsers.errors import LimitError, ParserError
from parsers.photos.fingerprints import Box, transparent_percent

SMALL_PX = 128
"""Fingerprints need no more than this; larger pictures are shrunk to about four times it first."""
_WORKING_PX = 4 * SMALL_PX
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "JPEG2000", "PSD", "ICO")
"""Never EPS or other plug-ins that start programs."""
_MOST_FRAMES = 10_000
_NO_DECODER = ("not available", "unsupported", "not supported", "unknown", "not configured")
"""What Pillow and its libraries say when they know the format but lack this variety of it."""
_RARE_TIFF_CODECS = frozenset({"webp", "lzma", "zstd", "lerc", "jbig", "jpeg2000"})
"""Left out of many builds of libtiff, which then says no more than "decoder error -2". Measured: Pillow 13 wheels."""
_DNG_VERSION, _SUB_FOLDERS, _SUB_FILE_TYPE, _COMPRESSION = 50706, 330, 254, 259
_RAW_CODECS = frozenset({32767, 32769, 34713, 65535})
"""Sony ARW, packed raw, Nikon NEF, Pentax PEF. Source: ExifTool's tag names, Compression."""


def open_picture(file: IO[bytes]) -> Image.Image:
    """The picture, its header read and nothing decoded.

    Raises:
        LimitError: Pillow itself refuses the size.
        ParserError: `damaged` when the header cannot be read; `unsupported_format` for a camera's raw file,
            of which only a small preview could be shown.
    """
    try:
        picture = _open(file)
    except Image.DecompressionBombError as error:
        raise LimitError("more pixels than Pillow opens") from error
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        raise ParserError("damaged", "header cannot be read") from error
    except Exception as error:
        # Header code of a dozen formats: ValueError, SyntaxError, struct.error, OverflowError …
        raise ParserError("damaged", f"header: {type(error).__name__}") from error
    if picture.format == "TIFF" and _is_raw(picture):
        raise ParserError("unsupported_format", "raw")
    return picture


def problem_of(error: Exception, picture: Image.Image) -> ParserError:
    """The problem a decoder's exception stands for: a variety nobody decodes here, too many pixels, or damage."""
    if isinstance(error, Image.DecompressionBombError):
        return LimitError("more pixels than Pillow opens")
    said = str(error).lower()
    rare = picture.format == "TIFF" and picture.info.get("compression") in _RARE_TIFF_CODECS
    if rare or isinstance(error, NotImplementedError) or any(words in said for words in _NO_DECODER):
        return ParserError("unsupported_format", f"decoder: {type(error).__name__}")
    return ParserError("damaged", f"decoder: {type(error).__name__}")


def count_frames(picture: Image.Image) -> int:
    """Frames of an animation or pages of a TIFF, at least 1; hidden previews, layers and icon sizes are not frames."""
    if picture.format in {"JPEG", "MPO", "PSD", "ICO"}:
        return 1
    # HEIC opens at its primary picture, which need not be the first.
    shown = picture.tell()
    try:
        return min(max(int(getattr(picture, "n_frames", 1)), 1), _MOST_FRAMES)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- later frames may be broken where the first is sound
        return 1
    finally:
        _return_to(picture, shown)


def decode_where_tags_follow(picture: Image.Image) -> None:
    """Decode a PNG now, before anybody asks for its tags. Raises: whatever the decoder raises.

    A PNG's tags may stand behind its pixels, so that Pillow decodes it when it is asked for them; whoever forgives
    broken tags would forgive broken pixels too, and the rest of the picture would stay black.
    """
    if picture.format == "PNG":
        picture.load()


class Small(NamedTuple):
    """A decoded picture of some 128 to 1,000 pixels a side, in its stored orientation (TIFF: upright, see `exif`)."""

    rgb: Image.Image
    box: Box
    """The part of `rgb` the picture fills."""
    transparent_percent: int


def load_small(picture: Image.Image) -> Small:
    """Every row decoded, at the smallest scale the format offers. Raises: whatever the decoder raises."""
    # JPEG only: decode at 1/8, 1/4 or 1/2 size. The entropy-coded stream is still read to its end.
    mode = "RGB" if picture.mode in {"RGB", "YCbCr"} else picture.mode
    drafted = picture.draft(mode, (SMALL_PX, SMALL_PX))
    picture.load()
    box: Box = drafted[1] if drafted is not None else (0, 0, *picture.size)
    clear = transparent_percent(picture)
    rgb, box = _as_rgb(picture, box)
    return Small(rgb, box, clear)


def laid_over_white(picture: Image.Image) -> Image.Image:
    """A loaded picture as RGB, transparency laid over white, deep greys spread over what RGB can show."""
    if picture.mode in {"I", "F"} or picture.mode.startswith("I;16"):
        return _stretched(picture)
    if picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return picture.convert("RGB")


def _open(file: IO[bytes]) -> Image.Image:
    if _is_heif(file):
        import pillow_heif

        pillow_heif.register_heif_opener()
        return Image.open(file, formats=("HEIF", "AVIF"))
    return Image.open(file, formats=_FORMATS)


def _as_rgb(picture: Image.Image, box: Box) -> tuple[Image.Image, Box]:
    """A loaded picture as RGB of at most some 1,000 pixels a side, transparency laid over white."""
    if picture.mode == "1":
        picture = picture.convert("L")
    if max(picture.size) > _WORKING_PX and picture.mode not in {"P", "PA"} and not picture.mode.startswith("I;16"):
        shrink = max(picture.size) // _WORKING_PX
        if shrink > 1:
            transparency = picture.info.get("transparency")
            picture = picture.reduce(shrink)
            if transparency is not None:
                picture.info["transparency"] = transparency
            box = (box[0] / shrink, box[1] / shrink, box[2] / shrink, box[3] / shrink)
    return laid_over_white(picture), box


def _stretched(picture: Image.Image) -> Image.Image:
    """Deep greys spread over 0 to 255; Pillow's own conversion would cut them off."""
    deep = picture.convert("F")
    low, high = deep.getextrema()
    span = (float(high) - float(low)) or 1.0  # type: ignore[arg-type]  # one band: plain numbers
    return deep.point(lambda value: value * (255.0 / span) - float(low) * 255.0 / span).convert("L").convert("RGB")  # type: ignore[arg-type]


def _is_heif(file: IO[bytes]) -> bool:
    """HEIC by its brand; AVIF stays with Pillow's own decoder."""
    head = file.read(32)
    file.seek(0)
    return head[4:8] == b"ftyp" and head[8:12] not in {b"avif", b"avis"}


def _is_raw(picture: Image.Image) -> bool:
    """Whether a TIFF is a camera's raw file (DNG, NEF, ARW, PEF): what stands first in it is a preview."""
    tags = getattr(picture, "tag_v2", {})
    preview = tags.get(_SUB_FILE_TYPE) == 1 and _SUB_FOLDERS in tags
    return preview or _DNG_VERSION in tags or tags.get(_COMPRESSION) in _RAW_CODECS


def _return_to(picture: Image.Image, frame: int) -> None:
    try:
        if picture.tell() != frame:
            picture.seek(frame)
    except MemoryError:
        raise
    except Exception as error:
        raise ParserError("damaged", f"frames: {type(error).__name__}") from error
