"""Drawings among pictures: EMF, WMF and SVG told by their first bytes and measured, never rendered. Pure."""

from __future__ import annotations

import re
import struct

from parsers.facts import PhotoFacts

_CSS_DPI = 96
_HUNDREDTH_MM_PER_INCH = 2540
_SVG = re.compile(rb"<svg\b([^<>]{0,4096})>", re.IGNORECASE | re.DOTALL)
_PX_PER_UNIT = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "mm": 96 / 25.4, "cm": 96 / 2.54}


def read_vector(data: bytes) -> PhotoFacts | None:
    """Facts of an EMF, WMF or SVG, sizes in CSS pixels (0 when it names none); None for anything else."""
    if data[40:44] == b" EMF" and data.startswith(b"\x01\x00\x00\x00"):
        return _emf(data)
    if data.startswith(b"\xd7\xcd\xc6\x9a"):
        return _placeable_wmf(data)
    if data.startswith(b"\x01\x00\x09\x00\x00\x03"):
        return PhotoFacts(kind="wmf", width_px=0, height_px=0)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and (found := _SVG.search(data[:65_536])):
        return _svg(found.group(1))
    return None


def _emf(data: bytes) -> PhotoFacts:
    """Source: [MS-EMF] 2.2.9, the frame rectangle in 0.01 mm."""
    left, top, right, bottom = struct.unpack_from("<iiii", data, 24)
    scale = _CSS_DPI / _HUNDREDTH_MM_PER_INCH
    return PhotoFacts(
        kind="emf", width_px=abs(round((right - left) * scale)), height_px=abs(round((bottom - top) * scale))
    )


def _placeable_wmf(data: bytes) -> PhotoFacts:
    """Source: [MS-WMF] 2.3.2.3, the bounding box in units of which `inch` make an inch."""
    if len(data) < 16:
        return PhotoFacts(kind="wmf", width_px=0, height_px=0)
    left, top, right, bottom, inch = struct.unpack_from("<hhhhH", data, 6)
    scale = _CSS_DPI / (inch or 1440)
    return PhotoFacts(
        kind="wmf", width_px=abs(round((right - left) * scale)), height_px=abs(round((bottom - top) * scale))
    )


def _svg(attributes: bytes) -> PhotoFacts:
    """Width and height when given absolutely, else the viewBox. Source: SVG 1.1, 5.1.2 and 7.7."""
    width, height = (_length(attributes, name) for name in (b"width", b"height"))
    if not (width and height):
        box = re.search(rb"\bviewBox\s*=\s*[\"']\s*([-\d.eE,\s]+)", attributes)
        numbers = re.findall(rb"-?\d+(?:\.\d+)?", box.group(1)) if box else []
        width, height = (float(numbers[2]), float(numbers[3])) if len(numbers) == 4 else (0.0, 0.0)
    return PhotoFacts(kind="svg", width_px=abs(round(width)), height_px=abs(round(height)))


def _length(attributes: bytes, name: bytes) -> float:
    """A length in CSS pixels, 0 when absent or relative."""
    found = re.search(
        rb"\b" + name + rb"\s*+=\s*+[\"']\s*+(\d{1,6}(?:\.\d++)?)\s*+([a-z]*+)\s*+[\"']", attributes, re.IGNORECASE
    )
    if found is None:
        return 0.0
    return float(found.group(1)) * _PX_PER_UNIT.get(found.group(2).decode().lower(), 0.0)
