"""Style sheet of a .docx: what a paragraph or run looks like after inheritance. Pure over the parsed XML."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from parsers.documents.docx_names import VAL, W
from parsers.text.paragraphs import level_named_by

_BOLD, _HIDDEN, _SIZE = f"{W}b", f"{W}vanish", f"{W}sz"
_OFF = frozenset({"0", "false", "off", "none"})
_LONGEST_CHAIN = 32


@dataclass(frozen=True, slots=True)
class Look:
    """What a style (or the direct formatting of a paragraph or run) decides; None where it is silent."""

    name: str = ""
    bold: bool | None = None
    hidden: bool | None = None
    size_pt: float | None = None
    centred: bool | None = None
    outline_level: int | None = None
    """1 to 9; 0 where body text is asked for expressly."""
    num_id: str | None = None
    """Numbering instance; "0" where numbering is taken away."""
    num_level: int | None = None

    def over(self, below: Look) -> Look:
        """This look where it decides, `below` elsewhere, its name included."""
        if self is PLAIN:
            return below
        return Look(
            name=self.name or below.name,
            bold=below.bold if self.bold is None else self.bold,
            hidden=below.hidden if self.hidden is None else self.hidden,
            size_pt=below.size_pt if self.size_pt is None else self.size_pt,
            centred=below.centred if self.centred is None else self.centred,
            outline_level=below.outline_level if self.outline_level is None else self.outline_level,
            num_id=below.num_id if self.num_id is None else self.num_id,
            num_level=below.num_level if self.num_level is None else self.num_level,
        )


PLAIN = Look()


class Stylesheet:
    """Looks by style id, inheritance resolved once each."""

    def __init__(self, root: etree._Element | None) -> None:
        """Index the styles of `word/styles.xml`; None stands for a document without that part."""
        self._styles: dict[str, etree._Element] = {}
        self._looks: dict[str, Look] = {}
        self._defaults = PLAIN
        self.default_paragraph: str | None = None
        for element in root.iterchildren(f"{W}style") if root is not None else ():
            identifier = element.get(f"{W}styleId")
            if identifier is None:
                continue
            self._styles[identifier] = element
            if element.get(f"{W}type") == "paragraph" and is_on(element.get(f"{W}default"), absent=False):
                self.default_paragraph = identifier
        if root is not None:
            run = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
            paragraph = root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr")
            self._defaults = paragraph_look(paragraph).over(run_look(run))

    def paragraph(self, style_id: str | None) -> Look:
        """What a paragraph of that style looks like; the default style when None or unknown."""
        known = style_id if style_id in self._styles else self.default_paragraph
        return self.style(known).over(self._defaults)

    def style(self, style_id: str | None) -> Look:
        """What a style decides together with those it is based on; `PLAIN` when unknown."""
        if style_id is None or style_id not in self._styles:
            return PLAIN
        if style_id not in self._looks:
            self._looks[style_id] = self._resolve(style_id)
        return self._looks[style_id]

    def _resolve(self, style_id: str) -> Look:
        look, seen, current = PLAIN, set[str](), style_id
        # A style may be based on itself in a damaged file.
        while current in self._styles and current not in seen and len(seen) < _LONGEST_CHAIN:
            seen.add(current)
            style = self._styles[current]
            own = paragraph_look(style.find(f"{W}pPr")).over(run_look(style.find(f"{W}rPr")))
            name = value_of(style, "name") or ""
            if own.outline_level is None:
                own = replace(own, outline_level=level_named_by(name))
            look = look.over(replace(own, name=name))
            current = value_of(style, "basedOn") or ""
        return look


def paragraph_look(properties: etree._Element | None) -> Look:
    """What a w:pPr decides, its style left aside."""
    if properties is None or not len(properties):
        return PLAIN
    outline = _integer(value_of(properties, "outlineLvl"))
    alignment = value_of(properties, "jc")
    numbering = properties.find(f"{W}numPr")
    return Look(
        centred=None if alignment is None else alignment == "center",
        outline_level=None if outline is None else (outline + 1 if 0 <= outline <= 8 else 0),
        num_id=None if numbering is None else value_of(numbering, "numId"),
        num_level=None if numbering is None else _integer(value_of(numbering, "ilvl")),
    )


def run_look(properties: etree._Element | None) -> Look:
    """What a w:rPr decides, its style left aside."""
    if properties is None or not len(properties):
        return PLAIN
    bold = hidden = size_pt = None
    # One pass: a case has hundreds of runs, and three searches in each are most of the time.
    for child in properties:
        tag = child.tag
        if tag == _BOLD:
            bold = is_on(child.get(VAL))
        elif tag == _HIDDEN:
            hidden = is_on(child.get(VAL))
        elif tag == _SIZE and (half_points := _number(child.get(VAL))) is not None:
            size_pt = half_points / 2
    if bold is None and hidden is None and size_pt is None:
        return PLAIN
    return Look(bold=bold, hidden=hidden, size_pt=size_pt)


def is_on(value: str | None, *, absent: bool = True) -> bool:
    """ST_OnOff as a boolean. Source: ECMA-376 Part 1 §22.9.2.7."""
    return absent if value is None else value.lower() not in _OFF


def value_of(parent: etree._Element, name: str) -> str | None:
    """The w:val of the child w:`name`; None when there is none."""
    element = parent.find(f"{W}{name}")
    return None if element is None else element.get(VAL)


def _integer(text: str | None) -> int | None:
    number = _number(text)
    return None if number is None else int(number)


def _number(text: str | None) -> float | None:
    """Some writers give 21.5 or 10pt where the schema wants an integer."""
    found = re.match(r"-?\d{1,6}(?:\.\d+)?", text or "")
    return float(found[0]) if found else None
