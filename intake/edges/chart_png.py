"""Pictures as PNG, for papers and chats that take no SVG: the layout of the page's pictures, drawn by Pillow.

Peer: the fonts of this machine; where none has Chinese letters there is no PNG.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from intake.figures.chart_layout import WIDTH, Label, Layout, lay_out
from intake.figures.charts import COLOURS, Chart

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SCALE = 3
"""Pixels a unit: 2,040 wide, sharp on an A4 page."""
_FONTS = (
    ("C:/Windows/Fonts/msyh.ttc", 0),
    ("C:/Windows/Fonts/simhei.ttf", 0),
    ("C:/Windows/Fonts/simsun.ttc", 0),
    ("/System/Library/Fonts/PingFang.ttc", 0),
    ("/System/Library/Fonts/STHeiti Light.ttc", 0),
    ("/System/Library/Fonts/Hiragino Sans GB.ttc", 0),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
)
"""Files with Chinese letters and the face in them; of Noto's the one for mainland China."""
_MARGIN, _ABOVE, _BELOW = 20.0, 56.0, 16.0
_INK, _FAINT, _LOUD, _GROUND = "#1f2328", "#57606a", "#d4380d", "#ffffff"
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def drawing_font() -> Path | None:
    """The font of this machine with which pictures are written; None when there is none."""
    return next((Path(path) for path, _ in _FONTS if Path(path).is_file()), None)


def chart_png(chart: Chart, *, heading: str, note: str) -> bytes | None:
    """The picture with its heading and a note above it; None when this machine has no font to write it with.

    Shapes: the same bytes for the same picture, font and library.
    """
    if drawing_font() is None:
        return None
    from PIL import Image, ImageDraw

    layout = lay_out(chart)
    size = (round((WIDTH + 2 * _MARGIN) * SCALE), round((_ABOVE + layout.height + _BELOW) * SCALE))
    picture = Image.new("RGB", size, _GROUND)
    draw = ImageDraw.Draw(picture)
    _write(draw, Label(0, -30, heading, anchor="start", size=17), _INK, bold=True)
    _write(draw, Label(0, -10, note, anchor="start", size=11), _FAINT)
    _fill(draw, layout)
    file = io.BytesIO()
    # Few colours but for the edges of letters: a palette makes it a third of the size.
    picture.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _fill(draw: ImageDraw, layout: Layout) -> None:
    for rect in layout.rects:
        x, y = _pixels(rect.x, rect.y)
        right, bottom = _pixels(rect.x + rect.width, rect.y + rect.height)
        if right > x and bottom > y:
            draw.rectangle((x, y, right - 1, bottom - 1), fill=COLOURS[rect.tone])
    for label in layout.labels:
        _write(draw, label, _LOUD if label.is_loud else _INK, bold=label.is_loud)


def _write(draw: ImageDraw, label: Label, colour: str, *, bold: bool = False) -> None:
    font, text = _font(label.size), label.text
    room = (label.x if label.anchor == "end" else WIDTH - label.x) if label.anchor != "middle" else WIDTH
    while text and draw.textlength(text, font) > room * SCALE + 1:
        text = f"{text.removesuffix('…')[:-1]}…"
    # A heavier face of the same font is a file of its own on each system: the letters are drawn thicker instead.
    thicker = SCALE / 6 if bold else 0
    draw.text(
        _pixels(label.x, label.y), text, fill=colour, font=font, anchor=_ANCHORS[label.anchor], stroke_width=thicker
    )


def _pixels(x: float, y: float) -> tuple[int, int]:
    return round((x + _MARGIN) * SCALE), round((y + _ABOVE) * SCALE)


@cache
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont

    path, face = next((path, face) for path, face in _FONTS if Path(path).is_file())
    return ImageFont.truetype(path, size * SCALE, index=face)
