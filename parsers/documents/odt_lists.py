"""Automatic numbers of an OpenDocument text: the 一、 that is printed but stands in no paragraph. Pure over the parsed XML.

Source: OASIS ODF 1.3 part 3, 5.3 (lists), 16.32 (list styles), 19.500 (number formats).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from parsers.documents.odt_names import LOEXT, OFFICE, STYLE, TEXT, XML_ID
from parsers.text.number_formats import format_number

_LEVELS = 10
_OUTLINE = "\0outline"
"""The key of the document's heading numbers among its list styles."""
_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff]")
_PLACE = re.compile(r"%(10|[1-9])%")
_FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "01": "decimalZero",
    "一": "chineseCounting", "壹": "chineseLegalSimplified", "①": "decimalEnclosedCircle", "甲": "ideographTraditional",
    "子": "ideographZodiac", "１": "decimalFullWidth", "〇": "ideographDigital", "⑴": "decimalEnclosedParen",
}  # fmt: skip
"""By the first sign of style:num-format ("一, 二, 三, ..."). 壹 is both scripts' formal one; the second sign tells."""


@dataclass(frozen=True, slots=True)
class _Level:
    number_format: str = ""
    prefix: str = ""
    suffix: str = ""
    shown_levels: int = 1
    start: int = 1
    bullet: str | None = None
    pattern: str | None = None
    """"%1%.%2%", where the file says so expressly: it replaces prefix, suffix and shown levels."""


@dataclass(slots=True)
class Counters:
    """Where each level of one list stands; None before its first item."""

    values: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Lists:
    """Gives each numbered paragraph, in document order, the label it is printed with."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        """Index the list styles and the outline style of styles.xml, then content.xml."""
        self._levels: dict[str, dict[int, _Level]] = {}
        self._of_style: dict[str, Counters] = {}
        self._of_list: dict[str, Counters] = {}
        self._headings = Counters()
        for root in roots:
            for group in root.iterchildren(f"{OFFICE}styles", f"{OFFICE}automatic-styles"):
                for style in group.iterchildren(f"{TEXT}list-style"):
                    self._levels[style.get(f"{STYLE}name", "")] = _levels(style)
                for style in group.iterchildren(f"{TEXT}outline-style"):
                    self._levels[_OUTLINE] = _levels(style)

    def open_list(self, element: etree._Element, style: str) -> Counters:
        """The counters a text:list at the top counts with: those of the list it continues, else new ones."""
        identifier = element.get(XML_ID) or element.get(f"{TEXT}id") or ""
        continued = self._of_list.get(element.get(f"{TEXT}continue-list", ""))
        if continued is None and element.get(f"{TEXT}continue-numbering") == "true":
            continued = self._of_style.get(style)
        counters = continued or Counters()
        self._of_style[style] = counters
        if identifier:
            self._of_list[identifier] = counters
        return counters

    def numbered_paragraph(self, element: etree._Element, style: str) -> Counters:
        """The counters of a text:numbered-paragraph: those of its list id, else of its style."""
        identifier = element.get(f"{TEXT}list-id", "")
        table = self._of_list if identifier else self._of_style
        return table.setdefault(identifier or style, Counters())

    def label(self, style: str, depth: int, counters: Counters, *, start: int | None = None) -> str:
        """Count one item and return its label; "" when it has none, "•" for a bullet without a sign.

        Args:
            style: Name of the list style.
            depth: 0-based level.
            counters: Of the list the item stands in.
            start: A number the item asks for itself.
        """
        levels = self._levels.get(style, {})
        depth = min(depth, _LEVELS - 1)
        now = counters.values[depth]
        fresh = levels.get(depth, _Level()).start if now is None else now + 1
        counters.values[depth] = fresh if start is None else start
        counters.values[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        return _print(levels, depth, counters.values)

    def heading_label(self, level: int, *, start: int | None = None) -> str:
        """Count one heading outside lists (1-based level) and return its label; "" when headings have no numbers."""
        return self.label(_OUTLINE, level - 1, self._headings, start=start) if _OUTLINE in self._levels else ""


def _print(levels: dict[int, _Level], depth: int, values: list[int | None]) -> str:
    level = levels.get(depth)
    if level is None:
        return ""
    if level.bullet is not None:
        return _PRIVATE_USE.sub("•", level.bullet).strip()

    def number(index: int) -> str:
        at = levels.get(index, _Level())
        value = values[index]
        return format_number(at.start if value is None else value, at.number_format) if at.number_format else ""

    if level.pattern is not None:
        return _PLACE.sub(lambda found: number(int(found[1]) - 1), level.pattern).strip()
    if not level.number_format:
        return ""
    first = max(depth - level.shown_levels + 1, 0)
    shown = [text for index in range(first, depth + 1) if (text := number(index))]
    return f"{level.prefix}{'.'.join(shown)}{level.suffix}".strip()


def _levels(style: etree._Element) -> dict[int, _Level]:
    return {
        int(number) - 1: _level(element)
        for element in style
        if (number := element.get(f"{TEXT}level", "")).isdecimal() and len(number) <= 2 and 1 <= int(number) <= _LEVELS
    }


def _level(element: etree._Element) -> _Level:
    if element.tag == f"{TEXT}list-level-style-image":
        return _Level(bullet="•")
    bullet = element.get(f"{TEXT}bullet-char")
    if element.tag == f"{TEXT}list-level-style-bullet":
        return _Level(bullet=bullet or "•")
    return _Level(
        number_format=_format(element.get(f"{STYLE}num-format", "")),
        prefix=element.get(f"{STYLE}num-prefix", ""),
        suffix=element.get(f"{STYLE}num-suffix", ""),
        shown_levels=small_number(element.get(f"{TEXT}display-levels"), 1) or 1,
        start=small_number(element.get(f"{TEXT}start-value"), 1),
        pattern=element.get(f"{STYLE}num-list-format", element.get(f"{LOEXT}num-list-format")),
    )


def _format(written: str) -> str:
    """The name `number_formats` knows a format by; "decimal" for one it does not know, "" for none."""
    if not written:
        return ""
    if written.startswith("壹") and "貳" in written:
        return "ideographLegalTraditional"
    return _FORMATS.get(written[:2]) or _FORMATS.get(written[0], "decimal")


def small_number(text: str | None, default: int) -> int:
    """A number as attributes give it, `default` when it is none or absurd."""
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default
