"""Pictures of the tests: smooth scenes drawn from a seed, saved and changed the way people do."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A photo-like picture: soft shapes on a gradient, with some grain."""
    dice = random.Random(seed)
    width, height = size
    top, bottom = (tuple(dice.randrange(256) for _ in range(3)) for _ in range(2))
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        draw.line(
            [(0, y), (width, y)], fill=tuple(round(a + (b - a) * y / height) for a, b in zip(top, bottom, strict=True))
        )
    for _ in range(24):
        x, y = dice.randrange(width), dice.randrange(height)
        w, h = dice.randrange(width // 20, width // 3), dice.randrange(height // 20, height // 3)
        colour = tuple(dice.randrange(256) for _ in range(3))
        (draw.ellipse if dice.random() < 0.5 else draw.rectangle)(
            [x - w // 2, y - h // 2, x + w // 2, y + h // 2], fill=colour
        )
    grain = Image.frombytes("L", size, dice.randbytes(width * height)).convert("RGB")
    return Image.blend(picture.filter(ImageFilter.GaussianBlur(1.5)), grain, 0.05)


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The bytes of a file of this kind."""
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
        options = {
            "enc_params": {"preset": "ultrafast"}
        } | options  # a tenth of the second that x265 takes to save space
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
