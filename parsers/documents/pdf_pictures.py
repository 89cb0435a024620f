"""Takes the pictures shown on a PDF's pages out into the job folder."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from parsers.documents.pdf_objects import ShownImage
from parsers.facts import Member
from parsers.limits import Limits

_CSS_PX_PER_PT = 96 / 72
_PNG_LEVEL = 1
"""Packing harder takes seconds for a large picture that is read once."""


@dataclass
class _Kept:
    """One picture and how it is shown."""

    locator: str
    stored_as: str
    size_bytes: int
    sha256: str
    media_type: str
    shown_px: tuple[int, int]
    repeats: int = 1


@dataclass
class PictureCollector:
    """Collects the pictures of one document, each once; lives as long as its reading."""

    document: pdfium.PdfDocument
    job: Path
    limits: Limits
    shown: int = 0
    """Showings so far."""
    refused: str = ""
    """Why some pictures were not taken out; empty when all were."""
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _written_bytes: int = 0

    def add(self, image: ShownImage, *, page: pdfium.PdfPage, page_number: int) -> None:
        """Count one showing, and keep the picture when it is new. A picture PDFium cannot decode is only counted."""
        self.shown += 1
        try:
            helper = pdfium.PdfObject(image.handle, page=page, pdf=self.document)
            self._keep(helper, image, page_number)
        except (pdfium.PdfiumError, ValueError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # our own disk

    def members(self) -> tuple[Member, ...]:
        """The pictures, in order of their first showing."""
        return tuple(
            Member(
                locator=kept.locator,
                name="",
                stored_as=kept.stored_as,
                size_bytes=kept.size_bytes,
                sha256=kept.sha256,
                origin="embedded",
                media_type=kept.media_type,
                shown_px=kept.shown_px,
                repeats=kept.repeats,
            )
            for kept in self._kept.values()
        )

    def _keep(self, helper: Any, image: ShownImage, page_number: int) -> None:
        width_px, height_px = helper.get_px_size()
        stream = bytes(helper.get_data(decode_simple=False))
        key = f"{hashlib.sha256(stream).hexdigest()} {width_px} {height_px}"
        shown_px = _shown_px(image)
        known = self._kept.get(key)
        if known is not None:
            known.repeats += 1
            known.shown_px = max(known.shown_px, shown_px)
            return
        if not self._may_take(width_px * height_px):
            return
        is_jpeg = helper.get_filters(skip_simple=True) == ["DCTDecode"]
        data = bytes(helper.get_data(decode_simple=True)) if is_jpeg else _as_png(helper)
        if self._written_bytes + len(data) > self.limits.members_bytes:
            self.refused = f"more than {self.limits.members_bytes} bytes of pictures"
            return
        stored_as = f"picture-{len(self._kept):04d}"
        (self.job / stored_as).write_bytes(data)
        self._written_bytes += len(data)
        self._kept[key] = _Kept(
            locator=f"page {page_number} picture {self.shown}",
            stored_as=stored_as,
            size_bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            media_type="image/jpeg" if is_jpeg else "image/png",
            shown_px=shown_px,
        )

    def _may_take(self, pixels: int) -> bool:
        if pixels > self.limits.picture_pixels:
            self.refused = f"a picture of {pixels} pixels"
        elif len(self._kept) >= self.limits.members:
            self.refused = f"more than {self.limits.members} pictures"
        else:
            return True
        return False


def _as_png(helper: Any) -> bytes:
    """What PDFium makes of a picture that is no plain JPEG, as PNG."""
    buffer = io.BytesIO()
    helper.get_bitmap(render=False).to_pil().save(buffer, "PNG", compress_level=_PNG_LEVEL)
    return buffer.getvalue()


def _shown_px(image: ShownImage) -> tuple[int, int]:
    left, bottom, right, top = image.box
    return round((right - left) * _CSS_PX_PER_PT), round((top - bottom) * _CSS_PX_PER_PT)
