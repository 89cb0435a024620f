"""Pictures and text boxes inside one drawing of a .docx (DrawingML or VML). Pure over the parsed XML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from docx.oxml.ns import nsmap
from lxml import etree

from parsers.documents.docx_names import MC, R, W

_A = f"{{{nsmap['a']}}}"
_WP = f"{{{nsmap['wp']}}}"
_PIC = f"{{{nsmap['pic']}}}"
_V = "{urn:schemas-microsoft-com:vml}"
_O = "{urn:schemas-microsoft-com:office:office}"

_BOX = f"{W}txbxContent"
_ALTERNATE = f"{MC}AlternateContent"
_BLIP = f"{_A}blip"
_IMAGEDATA = f"{_V}imagedata"
_REFERENCES = {_BLIP: (f"{R}embed",), _IMAGEDATA: (f"{R}id", f"{R}pict", f"{_O}relid")}

_EMU_PER_PX = 9525  # 914,400 EMU an inch, 96 px an inch
_PX_PER_UNIT = {"pt": 96 / 72, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "px": 1.0, "pc": 16.0, "": 1.0}
_LENGTH = re.compile(r"(?<![-\w])(width|height)\s*:\s*([\d.]{1,12})\s*([a-z%]*)")
_PICTURE_OBJECT = re.compile(r"paint|pbrush|picture|photo|image", re.IGNORECASE)
_UNDERSTOOD = ("schemas.microsoft.com/office", "schemas.openxmlformats.org", "www.wps.cn")


class Showing(NamedTuple):
    """One picture as one place of the page shows it."""

    relation: str
    """Relationship id of the picture, in the part that shows it."""
    size_px: tuple[int, int] | None
    """Width and height on the page in CSS pixels; None when the drawing does not say."""


@dataclass(slots=True)
class Graphics:
    """What a drawing holds, in document order."""

    showings: list[Showing] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    """w:txbxContent elements, outermost ones."""


def find_graphics(drawing: etree._Element) -> Graphics:
    """Pictures and text boxes of a w:drawing, w:pict or w:object.

    Left out: drawings marked hidden, the preview of an embedded object that is no
    picture (a sheet, an equation), pictures kept as a link only.
    """
    graphics = Graphics()
    if drawing.tag == f"{W}object" and not _shows_picture(drawing):
        return graphics
    _collect(drawing, None, graphics)
    return graphics


def printed_branch(alternate: etree._Element) -> etree._Element | None:
    """The one branch of an mc:AlternateContent that is shown; None when it has none.

    The first choice whose namespaces Word or WPS know, else the fallback. Source: ECMA-376 Part 3 §7.5.
    """
    for choice in alternate.iterchildren(f"{MC}Choice"):
        needed = [choice.nsmap.get(prefix) or "" for prefix in choice.get("Requires", "").split()]
        if len(choice) and all(any(known in name for known in _UNDERSTOOD) for name in needed):
            return choice
    return alternate.find(f"{MC}Fallback")


def _shows_picture(embedded: etree._Element) -> bool:
    ole = embedded.find(f"{_O}OLEObject")
    return ole is None or bool(_PICTURE_OBJECT.search(ole.get("ProgID", "")))


def _collect(element: etree._Element, size_px: tuple[int, int] | None, graphics: Graphics) -> None:
    for child in element:
        tag = child.tag
        if tag == _BOX:
            graphics.boxes.append(child)
        elif tag == _ALTERNATE:
            if (branch := printed_branch(child)) is not None:
                _collect(branch, size_px, graphics)
        elif tag in (_BLIP, _IMAGEDATA):
            # What hangs below a blip (svgBlip, effects) is the same picture again.
            if relation := next((value for name in _REFERENCES[tag] if (value := child.get(name))), None):
                graphics.showings.append(Showing(relation, size_px))
        elif isinstance(tag, str) and len(child) and not _is_hidden(child):
            _collect(child, _own_size(child) or size_px, graphics)


def _is_hidden(element: etree._Element) -> bool:
    properties = element.find(f"{_WP}docPr") if element.tag in (f"{_WP}inline", f"{_WP}anchor") else None
    return properties is not None and properties.get("hidden") in ("1", "true")


def _own_size(element: etree._Element) -> tuple[int, int] | None:
    """The size an element gives to the pictures inside it; None when it gives none."""
    if element.tag in (f"{_WP}inline", f"{_WP}anchor"):
        return _emu(element.find(f"{_WP}extent"))
    if element.tag == f"{_PIC}pic":
        # In a group every picture has its own extent; alone it repeats the drawing's.
        return _emu(element.find(f"{_PIC}spPr/{_A}xfrm/{_A}ext"))
    return _css(element.get("style")) if element.tag.startswith(_V) else None


def _emu(extent: etree._Element | None) -> tuple[int, int] | None:
    if extent is None:
        return None
    width, height = extent.get("cx", ""), extent.get("cy", "")
    if not (width.isdecimal() and height.isdecimal() and len(width) < 16 and len(height) < 16):
        return None
    size = (round(int(width) / _EMU_PER_PX), round(int(height) / _EMU_PER_PX))
    return size if all(size) else None


def _css(style: str | None) -> tuple[int, int] | None:
    """Width and height of a VML style attribute; None unless both stand there in absolute units."""
    found: dict[str, float] = {}
    for name, number, unit in _LENGTH.findall(style or ""):
        try:
            found[name] = float(number) * _PX_PER_UNIT[unit]
        except (KeyError, ValueError):
            return None
    if not {"width", "height"} <= found.keys() or not all(1 <= length < 1e6 for length in found.values()):
        return None
    return round(found["width"]), round(found["height"])
