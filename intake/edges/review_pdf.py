"""A case as one PDF: its text in black on white, then its photos, two to a page.

Peers: the file system, fonts of this machine. Pictures come re-encoded by us; text is text, never markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from intake.figures.review import ReviewCase, ReviewLine

_FONTS = (
    ("C:/Windows/Fonts/simsun.ttc", 0),
    ("C:/Windows/Fonts/msyh.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
    ("/Library/Fonts/Arial Unicode.ttf", 0),
)
"""TrueType fonts with Chinese letters; used letters are embedded. The PDF library takes no other kind."""
_NAMED_FONT = "STSong-Light"
"""Named only, not embedded: every PDF program on a Chinese desk has one to show for it."""
_PHOTO_MM = (160, 108)


def write_review_pdf(
    target: Path, case: ReviewCase, lines: Sequence[ReviewLine], photos: Sequence[tuple[str, Path]]
) -> None:
    """Write the document of `case` to `target`, whole or not at all; `photos` are captions and JPEG files.

    Raises: OSError.
    """
    from reportlab.lib.enums import TA_CENTER
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import Image, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate

    font = _font()
    body = ParagraphStyle("body", fontName=font, fontSize=11, leading=19, firstLineIndent=22, wordWrap="CJK")
    head = ParagraphStyle("head", parent=body, fontSize=13, leading=22, firstLineIndent=0, spaceBefore=8)
    centred = ParagraphStyle("centred", parent=body, firstLineIndent=0, alignment=TA_CENTER)
    title = ParagraphStyle("title", parent=centred, fontSize=18, leading=27, spaceAfter=6)
    about = "　".join(part for part in (case.number, case.category, case.unit) if part)
    story = [Paragraph(_shown(case.title or case.number), title), Paragraph(_shown(about), centred)]
    story += [Paragraph(_shown(line.text), head if line.heading else body) for line in lines]
    if photos:
        story.append(PageBreak())
    for caption, path in photos:
        story.append(KeepTogether([_fitted(Image(str(path)), mm), Paragraph(_shown(caption), centred)]))

    def foot(canvas: object, document: object) -> None:
        canvas.setFont(font, 9)  # type: ignore[attr-defined]  # the library has no types
        canvas.drawCentredString(A4[0] / 2, 12 * mm, f"{case.number}　第{document.page}页")  # type: ignore[attr-defined]  # likewise

    part = target.with_name(f".{case.number}.part")
    try:
        page = SimpleDocTemplate(
            str(part), pagesize=A4, leftMargin=25 * mm, rightMargin=25 * mm, topMargin=22 * mm, bottomMargin=22 * mm,
            title=case.title, author="", invariant=1,
        )  # fmt: skip
        page.build(story, onFirstPage=foot, onLaterPages=foot)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _fitted(image: object, mm: float) -> object:
    widest, highest = (side * mm for side in _PHOTO_MM)
    width, height = image.imageWidth, image.imageHeight  # type: ignore[attr-defined]  # the library has no types
    scale = min(widest / width, highest / height, 1.0)
    image.drawWidth, image.drawHeight = width * scale, height * scale  # type: ignore[attr-defined]  # likewise
    return image


def _shown(text: str) -> str:
    """Text as the library takes it: no markup, and a mark for letters beyond the first plane, which it cannot name."""
    return escape("".join(char if char.isprintable() or char == "\u3000" else " " for char in text).translate(_BEYOND))


class _BeyondFirstPlane(dict[int, str]):
    def __missing__(self, code: int) -> str:
        return "□" if code > 0xFFFF else chr(code)


_BEYOND = _BeyondFirstPlane()


def embedded_font() -> Path | None:
    """The font of this machine whose letters a review document embeds; None when there is none."""
    return next((Path(path) for path, _ in _FONTS if Path(path).is_file()), None)


@cache
def _font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    for path, index in _FONTS:
        if Path(path).is_file():
            try:
                pdfmetrics.registerFont(TTFont("review", path, subfontIndex=index))
            except (TTFError, OSError):
                continue
            return "review"
    pdfmetrics.registerFont(UnicodeCIDFont(_NAMED_FONT))
    return _NAMED_FONT
