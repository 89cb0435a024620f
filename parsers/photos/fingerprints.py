"""What a picture looks like from afar: the facts by which it is known again and told from a logo. Pure."""

from __future__ import annotations

from PIL import Image

GRID = 32
"""Areas along each side of the grey grid."""

_SAMPLE = 64
_COMMONEST = 5

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of a shrunken picture; its last column and row may show only a part of one."""


def grey_grid(small: Image.Image, box: Box) -> Image.Image:
    """Mean greys of 32 x 32 areas of what `box` cuts out, mode L.

    The areas overlap softly (Hamming): with hard edges, half a pixel more or less at an edge of the
    shrunken picture changed areas by up to 10 greys, more than a photograph changes from one shot to the next.
    """
    return small.convert("L").resize((GRID, GRID), Image.Resampling.HAMMING, box=box)


def count_colours(small: Image.Image) -> tuple[int, int]:
    """Distinct colours, 5 bits a channel, among 64 x 64 sampled pixels (1 to 4096); percent of these in the five commonest.

    Args:
        small: Mode RGB. Pixels are picked, not blended: blending invents colours a logo does not have.
    """
    picked = small.resize((_SAMPLE, _SAMPLE), Image.Resampling.NEAREST).point(lambda value: value >> 3)
    counts = sorted((count for count, _ in picked.getcolors(_SAMPLE * _SAMPLE) or ()), reverse=True)
    return len(counts), sum(counts[:_COMMONEST]) * 100 // (_SAMPLE * _SAMPLE)


def transparent_percent(picture: Image.Image) -> int:
    """Percent of 64 x 64 sampled pixels that are transparent, at least by half; 0 for modes without transparency."""
    if picture.mode not in {"RGBA", "LA", "PA", "RGBa", "La"} and "transparency" not in picture.info:
        return 0
    # Sampled first: converting a palette picture of the largest size would take gigabytes.
    picked = picture.resize((_SAMPLE, _SAMPLE), Image.Resampling.NEAREST)
    picked.info.update(picture.info)
    alpha = picked.convert("RGBA").getchannel("A").histogram()
    return sum(alpha[:128]) * 100 // (_SAMPLE * _SAMPLE)
