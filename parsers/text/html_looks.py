"""How elements of an HTML text look: tag, class and style attribute put together. Pure.

Only what headings and hidden text are told by: weight, size, alignment, display. Selectors
that name a tag, a class or both are understood, which is what office programs write.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass, replace

from lxml import etree

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_MARKS_OF_HTML = re.compile(r"<!--|-->")
_MEDIA = re.compile(r"@media[^{}@]*\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}", re.IGNORECASE)
_RULE = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]{0,4000})\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:\.([\w-]+))?", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(pt|px|em|rem|%)")
_LONGEST_SHEET = 500_000
_LONGEST_SELECTORS = 2_000
_MOST_RULES = 5_000
_POINTS = {"pt": 1.0, "px": 0.75}
_FONT_SIZES = {"1": 7.5, "2": 10.0, "3": 12.0, "4": 13.5, "5": 18.0, "6": 24.0, "7": 36.0}
"""Points of <font size>. Source: HTML Living Standard 15.3.3."""
_BOLD_TAGS = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_ROOT_PT = 12.0
_LARGEST_PT = 10_000.0
"""A sheet of paper is 842 points high; what is declared larger is as large."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What one rule or style attribute decides; None where it is silent."""

    bold: bool | None = None
    size_pt: float | None = None
    size_share: float | None = None
    """Of the parent's size."""
    centred: bool | None = None
    hidden: bool | None = None
    list_format: str | None = None

    def over(self, below: Declared) -> Declared:
        """This where it decides, `below` elsewhere."""
        sized = self.size_pt is not None or self.size_share is not None
        return Declared(
            bold=below.bold if self.bold is None else self.bold,
            size_pt=self.size_pt if sized else below.size_pt,
            size_share=self.size_share if sized else below.size_share,
            centred=below.centred if self.centred is None else self.centred,
            hidden=below.hidden if self.hidden is None else self.hidden,
            list_format=below.list_format if self.list_format is None else self.list_format,
        )


SILENT = Declared()
_Key = tuple[str, str]
"""Tag and class of a selector, either may be empty."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text at one place looks."""

    bold: bool = False
    size_pt: float | None = None
    centred: bool = False
    hidden: bool = False


PLAIN = Look()


class StyleRules:
    """The rules of a text's own style sheets."""

    def __init__(self, sheets: str) -> None:
        """Read the sheets' text, as far as it is of reasonable length."""
        self._rules: dict[_Key, Declared] = defaultdict(Declared)
        plain = _MEDIA.sub("", _without_comments(sheets[:_LONGEST_SHEET]))
        for number, found in enumerate(_RULE.finditer(plain)):
            if number >= _MOST_RULES:
                break
            declared = read_style(found[2])
            for selector in found[1][-_LONGEST_SELECTORS:].split(","):
                parts = _SELECTOR.fullmatch(selector.strip())
                if parts is not None and declared != SILENT and (parts[1] or parts[2]):
                    key = ((parts[1] or "").lower(), parts[2] or "")
                    self._rules[key] = declared.over(self._rules[key])

    def declared(self, element: etree._Element) -> Declared:
        """What tag, classes and style attribute decide together, the nearest first."""
        tag = str(element.tag)
        declared = self._rules.get((tag, ""), SILENT) if self._rules else SILENT
        if self._rules:
            for name in (element.get("class") or "").split()[:20]:
                declared = self._rules.get(("", name), SILENT).over(declared)
                declared = self._rules.get((tag, name), SILENT).over(declared)
        style = element.get("style")
        return read_style(style[:4000]).over(declared) if style else declared


def look_of(element: etree._Element, declared: Declared, parent: Look) -> Look:
    """The look of an element inside one that looks like `parent`."""
    tag = element.tag
    look = parent
    if tag in _BOLD_TAGS and not look.bold:
        look = replace(look, bold=True)
    if tag == "center" or (element.get("align") or "").lower() in ("center", "middle"):
        look = replace(look, centred=True)
    elif (element.get("align") or "").lower() in ("left", "right", "justify"):
        look = replace(look, centred=False)
    if tag == "font" and (size := _FONT_SIZES.get(element.get("size") or "")):
        look = replace(look, size_pt=size)
    if element.get("hidden") is not None:
        look = replace(look, hidden=True)
    if declared is SILENT:
        return look
    size_pt = declared.size_pt
    if declared.size_share is not None:
        # Shares of shares grow beyond all numbers: 9999em inside one another eighty times.
        size_pt = min(round((look.size_pt or _ROOT_PT) * declared.size_share, 1), _LARGEST_PT)
    return Look(
        bold=look.bold if declared.bold is None else declared.bold,
        size_pt=look.size_pt if size_pt is None else size_pt,
        centred=look.centred if declared.centred is None else declared.centred,
        hidden=look.hidden or bool(declared.hidden),
    )


@functools.lru_cache(maxsize=2048)
def read_style(text: str) -> Declared:
    """What a style attribute or the body of a rule decides."""
    values: dict[str, str] = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            values[name.strip().lower()] = value.replace("!important", "").strip().lower()
    size_pt, size_share = _size(values.get("font-size", ""))
    weight, alignment = values.get("font-weight"), values.get("text-align")
    declared = Declared(
        bold=None if weight is None or weight == "inherit" else _is_bold(weight),
        size_pt=size_pt,
        size_share=size_share,
        centred=None if alignment is None else alignment == "center",
        hidden=_hidden(values),
        list_format=values.get("list-style-type"),
    )
    return SILENT if declared == SILENT else declared


def _without_comments(sheets: str) -> str:
    """The sheets without comments; one that nothing ends stays as it is. In two steps: else each such is looked through to the end."""
    end = sheets.rfind("*/") + len("*/")
    if end < len("*/"):
        return _MARKS_OF_HTML.sub("", sheets)
    return _COMMENT.sub("", sheets[:end]) + _MARKS_OF_HTML.sub("", sheets[end:])


def _hidden(values: dict[str, str]) -> bool | None:
    gone = values.get("display") == "none" or values.get("visibility") == "hidden" or values.get("mso-hide") == "all"
    return True if gone else None


def _is_bold(weight: str) -> bool:
    return weight in ("bold", "bolder") or (weight.isdecimal() and len(weight) < 5 and int(weight) >= 600)


def _size(value: str) -> tuple[float | None, float | None]:
    """Points, or a share of the parent's size."""
    found = _SIZE.match(value)
    if found is None:
        return None, None
    number = float(found[1])
    if found[2] in _POINTS:
        return round(number * _POINTS[found[2]], 1), None
    if found[2] == "rem":
        return round(number * _ROOT_PT, 1), None
    return None, number / 100 if found[2] == "%" else number
