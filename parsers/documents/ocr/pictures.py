"""The pictures to recognise: pages of a PDF, one at a time, or a photo of a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps

from parsers.documents.sniff import sniff
from parsers.errors import LimitError, ParserError
from parsers.limits import Limits

A4_HEIGHT_PT = 842.0
_LONG_SIDE_PX = 1_500
"""An A4 page at about 130 dpi: body text is some 25 pixels high, and more is no surer and slower."""
_FEWEST_PX = 32


class PagePicture(NamedTuple):
    """One page as it looks."""

    image: Image.Image
    height_pt: float


def page_count(path: Path) -> int:
    """How many pages there are to look at; 1 for a picture.

    Raises:
        ParserError: The PDF cannot be opened.
    """
    if sniff(path).format != "pdf":
        return 1
    from parsers.documents.pdf_opening import open_pdf

    with open_pdf(path).document as document:
        return len(document)


def page_pictures(path: Path, limits: Limits) -> Iterator[PagePicture]:
    """The pages of a PDF in order, at most `limits.pages`, or the one picture in another file.

    A page that cannot be drawn is left out. Raises: ParserError, LimitError.
    """
    if sniff(path).format == "pdf":
        yield from _pages(path, limits)
    else:
        yield _photo(path, limits)


def _pages(path: Path, limits: Limits) -> Iterator[PagePicture]:
    import pypdfium2 as pdfium

    from parsers.documents.pdf_opening import open_pdf

    with open_pdf(path).document as document:
        for index in range(min(len(document), limits.pages)):
            try:
                page = document[index]
                width, height = page.get_size()
                scale = _LONG_SIDE_PX / max(width, height, 1.0)
                if min(width, height) * scale < _FEWEST_PX:
                    continue
                image = page.render(scale=scale, draw_annots=True).to_pil().convert("RGB")
                page.close()
            except pdfium.PdfiumError:
                continue
            # Pages of a phone's scanning app may be metres high; sizes are told as if on paper.
            yield PagePicture(image, A4_HEIGHT_PT if height >= width else A4_HEIGHT_PT * height / width)


def _photo(path: Path, limits: Limits) -> PagePicture:
    Image.MAX_IMAGE_PIXELS = None  # our own limit stands before it
    _know_heic()
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > limits.picture_pixels:
                raise LimitError(f"{opened.width} x {opened.height} pixels")
            opened.draft("RGB", (_LONG_SIDE_PX, _LONG_SIDE_PX))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise ParserError("damaged", type(error).__name__) from error
    upright.thumbnail((_LONG_SIDE_PX, _LONG_SIDE_PX))
    if min(upright.size) < _FEWEST_PX:
        raise ParserError("no_text", "too small")
    return PagePicture(upright, A4_HEIGHT_PT * min(1.0, upright.height / upright.width))


def _know_heic() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
