"""Automatic numbers of a .docx: the 一、 that is printed but stands in no paragraph. Pure over the parsed XML.

Counters belong to the abstract definition, so lists that share one go on counting,
unless an instance asks for a restart. Source: ECMA-376 Part 1 §17.9.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from parsers.documents.docx_names import VAL, W
from parsers.documents.docx_styles import Look, is_on, value_of
from parsers.text.number_formats import format_number

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    paragraph_style: str | None = None
    restart_after: int | None = None
    """1-based level whose use restarts this one; 0 never; None: any higher level."""
    legal: bool = False


@dataclass(slots=True)
class _Counters:
    """Where each level of one abstract definition stands; None before its first use."""

    values: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)
    restarted: set[tuple[str, int]] = field(default_factory=set)


class Numbering:
    """Gives each numbered paragraph, in document order, the label it is printed with."""

    def __init__(self, root: etree._Element | None, *, instance_of_style: Callable[[str], str | None]) -> None:
        """Index `word/numbering.xml`; None stands for a document without numbering.

        Args:
            root: The numbering part.
            instance_of_style: The numId a numbering style names, by its id (for numStyleLink).
        """
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._instances: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counters: dict[str, _Counters] = {}
        links: dict[str, str] = {}
        for element in root.iterchildren(f"{W}abstractNum") if root is not None else ():
            identifier = element.get(f"{W}abstractNumId", "")
            self._abstract[identifier] = _levels(element)
            if linked := value_of(element, "numStyleLink"):
                links[identifier] = linked
        for element in root.iterchildren(f"{W}num") if root is not None else ():
            overrides, starts = _overrides(element)
            self._instances[element.get(f"{W}numId", "")] = (
                value_of(element, "abstractNumId") or "",
                overrides,
                starts,
            )
        self._follow(links, instance_of_style)

    def label(self, look: Look, style_id: str | None) -> str:
        """Count one paragraph and return its label; "" when it is not numbered, "•" for a bullet without a sign.

        Args:
            look: The paragraph's resolved look, numbering included.
            style_id: Its style, which may name the level by itself.
        """
        if look.num_id is None or look.num_id not in self._instances:
            return ""
        abstract, overrides, starts = self._instances[look.num_id]
        levels = {**self._abstract.get(abstract, {}), **overrides}
        depth = self._depth(look, style_id, levels)
        counters = self._counters.setdefault(abstract, _Counters())
        self._count(counters, levels, depth)
        if depth in starts and (look.num_id, depth) not in counters.restarted:
            counters.restarted.add((look.num_id, depth))
            counters.values[depth] = starts[depth]
        return _print(levels, depth, counters.values)

    def _follow(self, links: dict[str, str], instance_of_style: Callable[[str], str | None]) -> None:
        """Lists defined by a numbering style borrow the levels of the definition that style names."""
        for abstract, style in links.items():
            instance = self._instances.get(instance_of_style(style) or "")
            if instance and not self._abstract.get(abstract):
                self._abstract[abstract] = self._abstract.get(instance[0], {})

    @staticmethod
    def _depth(look: Look, style_id: str | None, levels: dict[int, _Level]) -> int:
        if look.num_level is not None:
            return min(max(look.num_level, 0), _LEVELS - 1)
        linked = (depth for depth, level in levels.items() if style_id and level.paragraph_style == style_id)
        return next(linked, 0)

    @staticmethod
    def _count(counters: _Counters, levels: dict[int, _Level], depth: int) -> None:
        now = counters.values[depth]
        counters.values[depth] = levels.get(depth, _Level()).start if now is None else now + 1
        for deeper in range(depth + 1, _LEVELS):
            after = levels.get(deeper, _Level()).restart_after
            if after is None or (after and depth < after):
                counters.values[deeper] = None


def _print(levels: dict[int, _Level], depth: int, values: list[int | None]) -> str:
    level = levels.get(depth)
    if level is None:
        return ""
    if level.number_format == "bullet":
        return _PRIVATE_USE.sub("•", level.text).strip()

    def place(found: re.Match[str]) -> str:
        index = int(found[1]) - 1
        at = levels.get(index, _Level())
        value = values[index]
        # "Article I, Section 1.01": what is Arabic already keeps its leading zero.
        arabic = level.legal and at.number_format not in {"none", "decimalZero"}
        number_format = "decimal" if arabic else at.number_format
        return format_number(at.start if value is None else value, number_format)

    return _PLACE.sub(place, level.text).strip()


def _levels(element: etree._Element) -> dict[int, _Level]:
    return {
        int(depth): _level(child)
        for child in element.iterchildren(f"{W}lvl")
        if (depth := child.get(f"{W}ilvl", "")).isdecimal() and int(depth) < _LEVELS
    }


def _level(element: etree._Element) -> _Level:
    legal = element.find(f"{W}isLgl")
    return _Level(
        start=_integer(value_of(element, "start"), 0 if element.find(f"{W}start") is None else 1),
        # Custom formats (decimal with zeros) stand in an AlternateContent: the fallback says a plain one.
        number_format=value_of(element, "numFmt") or _fallback_format(element) or "decimal",
        text=value_of(element, "lvlText") or "",
        paragraph_style=value_of(element, "pStyle"),
        restart_after=None if element.find(f"{W}lvlRestart") is None else _integer(value_of(element, "lvlRestart"), 0),
        legal=legal is not None and is_on(legal.get(VAL)),
    )


def _fallback_format(element: etree._Element) -> str | None:
    formats = [child.get(VAL) for child in element.iter(f"{W}numFmt")]
    return formats[-1] if formats else None


def _overrides(element: etree._Element) -> tuple[dict[int, _Level], dict[int, int]]:
    levels: dict[int, _Level] = {}
    starts: dict[int, int] = {}
    for override in element.iterchildren(f"{W}lvlOverride"):
        depth = _integer(override.get(f"{W}ilvl"), _LEVELS)
        if not 0 <= depth < _LEVELS:
            continue
        if (level := override.find(f"{W}lvl")) is not None:
            levels[depth] = _level(level)
        if (start := value_of(override, "startOverride")) is not None:
            starts[depth] = _integer(start, 1)
    return levels, starts


def _integer(text: str | None, default: int) -> int:
    found = re.fullmatch(r"-?\d{1,6}", text or "")
    return int(found[0]) if found else default
