"""Builds the PDFs of the tests with reportlab: Chinese text in its built-in STSong-Light, pages as offices print them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
LEFT, RIGHT, TOP = 90.0, 505.0, 720.0
BODY_PT = 14.0
PER_LINE = int((RIGHT - LEFT) / BODY_PT)
"""Full-width characters on a line."""

Draw = Callable[[Canvas], None]


def write_pdf(path: Path, *pages: Draw, **options: object) -> Path:
    """A PDF with one page for each drawing function; `options` go to reportlab's canvas."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=A4, **options)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def text_at(canvas: Canvas, x: float, y: float, text: str, size_pt: float = BODY_PT) -> None:
    canvas.setFont(FONT, size_pt)
    canvas.drawString(x, y, text)


def centred(canvas: Canvas, y: float, text: str, size_pt: float = BODY_PT) -> None:
    canvas.setFont(FONT, size_pt)
    canvas.drawCentredString(A4[0] / 2, y, text)


def paragraph(canvas: Canvas, y: float, text: str, *, indent: int = 2) -> float:
    """Write a paragraph of full-width characters, set in by two; the y below it."""
    first, rest = text[: PER_LINE - indent], text[PER_LINE - indent :]
    text_at(canvas, LEFT + indent * BODY_PT, y, first)
    for start in range(0, len(rest), PER_LINE):
        y -= 1.6 * BODY_PT
        text_at(canvas, LEFT, y, rest[start : start + PER_LINE])
    return y - 1.6 * BODY_PT


def picture(
    colour: tuple[int, int, int] = (200, 60, 30), size: tuple[int, int] = (64, 48), kind: str = "JPEG"
) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def show(canvas: Canvas, image: bytes, x: float, y: float, width: float, height: float) -> None:
    canvas.drawImage(ImageReader(io.BytesIO(image)), x, y, width, height)
