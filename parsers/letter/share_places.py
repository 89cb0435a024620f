"""Where links stand in a letter's text: on which line, under which words, with which attributes. Pure.

HTML and plain text become the same `Passage`, so that one set of rules reads both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from parsers.letter.history import quoted_lines
from parsers.letter.lines import Line, plain_lines
from parsers.letter.share_words import clean_name, end_of_epoch
from parsers.letter.shown_html import parse_html, show

URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%|]{3,2000}", re.IGNORECASE)

_MOST_PLACES = 2_000
_MOST_LINES = 20_000
_MARK = re.compile("\ue000(\\d{1,4})\ue001")
_MARKS = re.compile("[\ue000\ue001]")
_QUOTE_MARK = re.compile(r"^\s{0,3}>")
_NAMES = ("filename", "file-name", "data-filename", "data-name", "download", "title")
_SIZES = ("filesize", "file-size", "data-filesize", "data-size")
_ENDS = ("expiretime", "expire-time", "expired", "data-expiretime", "data-expire")


@dataclass(frozen=True, slots=True)
class Place:
    """One link and what its own markup says about the file behind it."""

    url: str
    line: int
    column: int
    label: str = ""
    """What is shown of it; empty for a link written out."""
    name: str = ""
    size_bytes: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the letter with its links."""

    lines: tuple[str, ...]
    places: tuple[Place, ...]
    """By line, then column."""
    old: frozenset[int]
    """Lines of earlier letters."""
    fenced: frozenset[int]
    """Those of `old` that stand inside a quotation's own markup: surely old."""


def plain_passage(text: str) -> Passage:
    """A plain text."""
    return _passage(plain_lines(text), [])


def html_passage(markup: str) -> Passage:
    """What HTML shows; links behind words and pictures included, hidden ones left out."""
    root = parse_html(_MARKS.sub("", markup))
    if root is None:
        return _passage([], [])
    anchors: list[etree._Element] = []
    for element in root.iter("a", "span", "div"):
        if len(anchors) < _MOST_PLACES and _target(element):
            element.text = f"\ue000{len(anchors)}\ue001{element.text or ''}"
            anchors.append(element)
    return _passage(show(root).lines, anchors)


def _passage(lines: Sequence[Line], anchors: Sequence[etree._Element]) -> Passage:
    texts: list[str] = []
    places: list[Place] = []
    lines = lines[:_MOST_LINES]
    for number, line in enumerate(lines):
        text = ""
        rest = 0
        for mark in _MARK.finditer(line.text):
            text += line.text[rest : mark.start()]
            rest = mark.end()
            if int(mark[1]) < len(anchors):
                places.append(_place(anchors[int(mark[1])], number, len(text)))
        text += line.text[rest:]
        places += _written(text, number, left=_MOST_PLACES - len(places))
        texts.append(text)
    bare = [
        Line(text, quoted=line.quoted, signature=line.signature, block=line.block)
        for text, line in zip(texts, lines, strict=True)
    ]
    fenced = {n for n, line in enumerate(bare) if line.quoted or line.block or _QUOTE_MARK.match(line.text)}
    old = frozenset(quoted_lines(bare))
    return Passage(tuple(texts), tuple(sorted(places, key=_position)), old, frozenset(fenced) & old)


def _position(place: Place) -> tuple[int, int]:
    return place.line, place.column


def _written(text: str, number: int, *, left: int) -> list[Place]:
    """Addresses as people paste them; Chinese characters and closing punctuation end one."""
    found: list[Place] = []
    for match in URL.finditer(text):
        if len(found) >= left:
            break
        link = match[0].rstrip(".,;:!?'*|]")
        if link.endswith(")") and "(" not in link:
            link = link.rstrip(")")
        found.append(Place(link, number, match.start()))
    return found


def _target(element: etree._Element) -> str:
    """The http(s) address an element leads to; empty when it leads nowhere."""
    keys = ("href", "download", "downloadlink") if element.tag == "a" else ("downloadlink",)
    targets = ((element.get(key) or "").strip() for key in keys)
    return next((target for target in targets if re.match(r"https?://", target, re.IGNORECASE)), "")


def _place(element: etree._Element, line: int, column: int) -> Place:
    label = " ".join(_MARK.sub("", "".join(str(text) for text in element.itertext())).split())
    names = (clean_name((element.get(key) or "")[:300]) for key in _NAMES)
    sizes = (element.get(key) or "" for key in _SIZES)
    size = next((each for each in sizes if re.fullmatch(r"\d{1,13}", each)), None)
    return Place(
        url=_target(element),
        line=line,
        column=column,
        label=label[:300],
        name=next((name for name in names if name), ""),
        size_bytes=int(size) if size else None,
        expires_at=next((end for key in _ENDS if (end := end_of_epoch(element.get(key)))), None),
    )
