"""Opening pictures with Pillow: only the formats we mean, headers first, every failure named."""

from __future__ import annotations

from typing import IO

from PIL import Image, UnidentifiedImageError

from parsers.errors import LimitError, ParserError

SMALL_PX = 128
"""Fingerprints need no more than this; larger pictures are shrunk to about four times it first."""
_WORKING_PX = 4 * SMALL_PX
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
"""Never EPS or other plug-ins that start programs."""
_MOST_FRAMES = 10_000
_NO_DECODER = ("not available", "unsupported", "not supported", "unknown", "not configured")
"""What Pillow and its libraries say when they know the format but lack this variety of it."""


def open_picture(file: IO[bytes]) -> Image.Image:
    """The picture, its header read and nothing decoded.

    Raises:
        LimitError: Pillow itself refuses the size.
        ParserError: `damaged` when the header cannot be read.
    """
    try:
        if _is_heif(file):
            import pillow_heif

            pillow_heif.register_heif_opener()
            return Image.open(file, formats=("HEIF", "AVIF"))
        return Image.open(file, formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise LimitError("more pixels than Pillow opens") from error
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        raise ParserError("damaged", "header cannot be read") from error
    except Exception as error:
        # Header code of nine formats: ValueError, SyntaxError, struct.error, OverflowError …
        raise ParserError("damaged", f"header: {type(error).__name__}") from error


def close_to(error: Exception) -> ParserError:
    """The problem a decoder's exception stands for: a variety nobody decodes here, too many pixels, or damage."""
    if isinstance(error, Image.DecompressionBombError):
        return LimitError("more pixels than Pillow opens")
    said = str(error).lower()
    if isinstance(error, NotImplementedError) or any(words in said for words in _NO_DECODER):
        return ParserError("unsupported_format", f"decoder: {type(error).__name__}")
    return ParserError("damaged", f"decoder: {type(error).__name__}")


def count_frames(picture: Image.Image) -> int:
    """Frames of an animation or pages of a TIFF, at least 1; a JPEG's hidden previews are not frames."""
    if picture.format in {"JPEG", "MPO"}:
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


def as_rgb(picture: Image.Image) -> Image.Image:
    """A loaded picture as RGB of at most some 512 pixels a side, transparency laid over white."""
    if max(picture.size) > _WORKING_PX and picture.mode not in {"P", "1", "PA"}:
        shrink = max(picture.size) // _WORKING_PX
        picture = picture.reduce(shrink) if shrink > 1 and not picture.mode.startswith("I;16") else picture
    if picture.mode in {"I", "F"} or picture.mode.startswith("I;16"):
        return _stretched(picture)
    if picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return picture.convert("RGB")


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


def _return_to(picture: Image.Image, frame: int) -> None:
    try:
        if picture.tell() != frame:
            picture.seek(frame)
    except MemoryError:
        raise
    except Exception as error:
        raise ParserError("damaged", f"frames: {type(error).__name__}") from error
