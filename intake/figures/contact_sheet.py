"""All pictures of a case on one page that a browser shows without any other file. Pure but for reading its template.

Organizers read it, in Chinese. Where and by which camera a photo was taken is not on it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

WHY_NOT = {
    "same_picture": "未计入：与“{same_as}”是同一张",
    "too_small": "未计入：尺寸较小",
    "logo": "未计入：标志或图标",
    "signature": "未计入：邮件签名中的图片",
    "tracking_pixel": "未计入：邮件里的占位图",
    "unreadable": "未计入：暂时无法打开",
}


@dataclass(frozen=True, slots=True)
class SheetPicture:
    """One picture as the page shows it; texts are finished, escaping is done here."""

    name: str
    detail: str
    """4000×3000像素，1.2MB，JPEG."""
    counted: bool
    remark: str
    """Counted or why not, and what to look at beside it."""
    jpeg: bytes | None
    """The thumbnail; None when it cannot be shown."""


def render_contact_sheet(title: str, lines: Sequence[str], pictures: Sequence[SheetPicture]) -> str:
    """The page: title, some lines about the case, then every picture in order. UTF-8 HTML, nothing fetched."""
    shown = [
        {
            "picture": picture,
            "source": f"data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}" if picture.jpeg else "",
        }
        for picture in pictures
    ]
    return _template().render(title=title, lines=lines, shown=shown)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("intake.figures").joinpath("templates", "contact_sheet.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)
