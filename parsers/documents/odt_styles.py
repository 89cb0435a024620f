"""Style sheet of an OpenDocument text: what a paragraph or span looks like after inheritance. Pure over the parsed XML.

Source: OASIS ODF 1.3 part 3, 16.2 (styles) and 20 (formatting attributes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from lxml import etree

from parsers.documents.odt_names import DRAW, FO, OFFICE, STYLE, TEXT

_LONGEST_CHAIN = 32
_ENCODED = re.compile(r"_([0-9a-fA-F]{2,4})_")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pc": 12.0, "px": 0.75}
_LENGTH = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?)\s*(pt|in|cm|mm|pc|px)\s*")
_PERCENT = re.compile(r"\s*(\d{1,4}(?:\.\d{1,4})?)\s*%\s*")


@dataclass(frozen=True, slots=True)
class Look:
    """What a style decides; None where it is silent. Western and East Asian text have a weight and size each."""

    name: str = ""
    bold: bool | None = None
    bold_asian: bool | None = None
    size_pt: float | None = None
    size_asian_pt: float | None = None
    size_share: float | None = None
    """A size given as a share of the parent's, for both scripts."""
    hidden: bool | None = None
    centred: bool | None = None
    outline_level: int | None = None
    list_style: str | None = None
    """Empty where a list is taken away."""
    fill_picture: str | None = None
    """Name of the picture a shape is filled with; empty where it is filled with something else."""

    def over(self, below: Look) -> Look:
        """This look where it decides, `below` elsewhere, its name included."""
        values = {name: getattr(below, name) for name in _FIELDS if getattr(self, name) is None}
        look = replace(self, **values, name=self.name or below.name)
        if self.size_share is None:
            return look
        return replace(
            look,
            size_pt=self.size_pt or _share(below.size_pt, self.size_share),
            size_asian_pt=self.size_asian_pt or _share(below.size_asian_pt, self.size_share),
            size_share=None,
        )


_FIELDS = tuple(field.name for field in fields(Look) if field.name not in {"name", "size_share"})
PLAIN = Look()


def _share(size_pt: float | None, share: float) -> float | None:
    return None if size_pt is None else round(size_pt * share, 1)


class Stylesheet:
    """Looks by family and style name, inheritance resolved once each."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        """Index the styles of styles.xml, then of content.xml: of two with one name the later counts."""
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._defaults: dict[str, Look] = {}
        self._looks: dict[tuple[str, str], Look] = {}
        self.pictures: dict[str, etree._Element] = {}
        """Named pictures that shapes can be filled with."""
        for root in roots:
            for group in root.iterchildren(f"{OFFICE}styles", f"{OFFICE}automatic-styles"):
                self._index(group)

    def look(self, family: str, name: str | None) -> Look:
        """What a style decides together with its parents and its family's default; the default alone when unknown."""
        return self.own_look(family, name).over(self._defaults.get(family, PLAIN))

    def own_look(self, family: str, name: str | None) -> Look:
        """As `look`, without the family's default: what a span changes of its paragraph."""
        if name is None or (family, name) not in self._styles:
            return PLAIN
        if (family, name) not in self._looks:
            self._looks[family, name] = self._resolve(family, name)
        return self._looks[family, name]

    def _index(self, group: etree._Element) -> None:
        for element in group:
            family, name = element.get(f"{STYLE}family", ""), element.get(f"{STYLE}name")
            if element.tag == f"{STYLE}style" and name is not None:
                self._styles[family, name] = element
            elif element.tag == f"{STYLE}default-style":
                self._defaults[family] = _declared(element)
            elif element.tag == f"{DRAW}fill-image" and (named := element.get(f"{DRAW}name")):
                self.pictures[named] = element

    def _resolve(self, family: str, name: str) -> Look:
        chain: list[Look] = []
        current = name
        # A style may be its own parent in a damaged file.
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get((family, current))
            if style is None:
                break
            parent = style.get(f"{STYLE}parent-style-name") or ""
            # What a user never named (P1, T3) is known by the style it is made from.
            group = style.getparent()
            automatic = group is not None and group.tag == f"{OFFICE}automatic-styles"
            chain.append(replace(_declared(style), name="" if automatic and parent else _name(style)))
            current = parent
        look = PLAIN
        for one in reversed(chain):
            look = one.over(look)
        return look


def _name(style: etree._Element) -> str:
    """The name people see: the display name, else the name with its _20_ turned back."""
    shown = style.get(f"{STYLE}display-name")
    return shown or _ENCODED.sub(lambda found: chr(int(found[1], 16)), style.get(f"{STYLE}name", ""))


def _declared(style: etree._Element) -> Look:
    """What one style element decides by itself."""
    text = style.find(f"{STYLE}text-properties")
    paragraph = style.find(f"{STYLE}paragraph-properties")
    graphic = style.find(f"{STYLE}graphic-properties")
    level = style.get(f"{STYLE}default-outline-level")
    look = PLAIN if text is None else _text_properties(text)
    if paragraph is not None and (alignment := paragraph.get(f"{FO}text-align")) is not None:
        look = replace(look, centred=alignment == "center")
    if graphic is not None and (fill := graphic.get(f"{DRAW}fill")) is not None:
        look = replace(look, fill_picture=graphic.get(f"{DRAW}fill-image-name", "") if fill == "bitmap" else "")
    return replace(
        look,
        outline_level=None if level is None else outline_level(level) or 0,
        list_style=style.get(f"{STYLE}list-style-name"),
    )


def _text_properties(text: etree._Element) -> Look:
    size, size_asian = text.get(f"{FO}font-size"), text.get(f"{STYLE}font-size-asian")
    display = text.get(f"{TEXT}display")
    share = _PERCENT.fullmatch(size or "") or _PERCENT.fullmatch(size_asian or "")
    return Look(
        bold=_bold(text.get(f"{FO}font-weight")),
        bold_asian=_bold(text.get(f"{STYLE}font-weight-asian")),
        size_pt=length_pt(size),
        size_asian_pt=length_pt(size_asian),
        size_share=float(share[1]) / 100 if share else None,
        hidden=None if display is None else display == "none",
    )


def _bold(weight: str | None) -> bool | None:
    if weight is None:
        return None
    return weight == "bold" or (weight.isdecimal() and len(weight) < 5 and int(weight) >= 600)


def length_pt(value: str | None) -> float | None:
    """A length with its unit ("4.2cm") in points; None when it is not one."""
    found = _LENGTH.fullmatch(value or "")
    return None if found is None else round(float(found[1]) * _POINTS[found[2]], 2)


def outline_level(value: str | None) -> int | None:
    """1 to 9 for an outline level as written; None for none (Word has nine, ODF ten)."""
    return int(value) if value and value.isdecimal() and len(value) == 1 and value != "0" else None
