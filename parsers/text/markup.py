"""HTML as a tree, and which of its elements are shown: what letters and documents share. Pure."""

from __future__ import annotations

import re

from lxml import etree

UNSHOWN = frozenset({"head", "style", "script", "title", "template", "noscript", "object", "svg", "select", "textarea"})
"""Elements nothing of which is text on the page."""
BLOCKS = frozenset({"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "sign", "table", "tbody", "tfoot", "thead", "tr", "ul", "includetail"})  # fmt: skip
"""Elements that begin and end a line. Source: HTML Living Standard 15.3, and what mail programs add."""

WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
"""Shown as one blank. Source: CSS Text 3 §4.1.1, white-space: normal."""
_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}charset|\?xml[^>]{0,80}encoding)\s*+=\s*+[\"']?\s*+([\w.:-]{2,40})", re.IGNORECASE
)
_HEAD_BYTES = 8_192
_PIXELS = re.compile(r"\s*+(\d{1,5})(?:\.\d++)?\s*+(?:px)?\s*+", re.IGNORECASE)
_STYLE_SIZE = re.compile(
    r"(?<![\w-])(width|height)\s*:\s*(\d{1,5}(?:\.\d{1,6})?|\.\d{1,6})(px|in|pt|pc|cm|mm)", re.IGNORECASE
)
_PX_OF_UNIT = {"px": 1.0, "in": 96.0, "pt": 96 / 72, "pc": 16.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
"""CSS Values 4 §6.2. Office programs write inches and points."""


def parse_html(text: str) -> etree._Element | None:
    """The markup as a tree, nothing fetched, entities of the document's own left out; None when there is none in it."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def declared_charset(data: bytes) -> str | None:
    """The charset label an HTML file gives itself, as written; None when it gives none."""
    found = _CHARSET.search(data[:_HEAD_BYTES])
    return None if found is None else found[1].decode("ascii", "replace")


def shown_size_px(element: etree._Element) -> tuple[int, int] | None:
    """Width and height an element is shown at, in CSS pixels; None unless both are given."""
    styled = {
        name.lower(): int(float(value) * _PX_OF_UNIT[unit.lower()] + 0.01)
        for name, value, unit in _STYLE_SIZE.findall((element.get("style") or "")[:2_000])
    }
    sides = []
    for name in ("width", "height"):
        attribute = _PIXELS.fullmatch((element.get(name) or "")[:20])
        side = styled.get(name) or (int(attribute[1]) if attribute else 0)
        if not side:
            return None
        sides.append(side)
    return sides[0], sides[1]
