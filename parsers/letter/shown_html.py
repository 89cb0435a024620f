"""HTML of a letter as the lines a reader sees, with its links and the pictures it shows. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from parsers.letter.characters import many_lines
from parsers.letter.lines import Line
from parsers.text import markup
from parsers.text.markup import BLOCKS, UNSHOWN, WHITE_SPACE, shown_size_px

_QUOTES = re.compile(
    r"(?:^|\s)(?:gmail_quote|gmail_extra_quote|yahoo_quoted|protonmail_quote|ntes-mailmaster-quote\S*|moz-cite-prefix|gmail_attr)(?:\s|$)"
)
_SIGNATURES = re.compile(
    r"(?:^|\s)(?:gmail_signature|moz-signature|ntes-mailmaster-signature\S*|xm_sign|xm_write_light_sign|"
    r"__aliyun_signature_wrap|mail-signature|lark-mail-signature)(?:\s|$)"
)
_SIGNATURE_IDS = frozenset(
    {"ntes-pcmail-signature", "lark-mail-signature", "Signature", "x_Signature", "ms-outlook-mobile-signature"}
)
_BACKGROUND = re.compile(r"url\(\s*['\"]?cid:([^'\")\s]{1,300})", re.IGNORECASE)


@dataclass(slots=True)
class Picture:
    """How the HTML shows one picture of the letter."""

    shown_px: tuple[int, int] | None = None
    times: int = 0


@dataclass(slots=True)
class Shown:
    """What one HTML part shows."""

    lines: list[Line] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """http(s) targets in order, with repeats."""
    pictures: dict[str, Picture] = field(default_factory=dict)
    """By Content-ID without brackets, or by file name for Content-Location."""
    backgrounds: set[str] = field(default_factory=set)
    """Content-IDs that only colour the page: a letter paper."""


def read_html(text: str) -> Shown:
    """What a reader of the HTML sees; never raises, for markup as mail programs write it.

    Blocks and `<br>` end lines, table cells are parted by a tab, hidden elements are left out.
    """
    root = parse_html(text)
    return show(root) if root is not None else Shown()


def parse_html(text: str) -> etree._Element | None:
    """The markup as a tree, nothing fetched, entities of the document's own left out; None when there is none in it."""
    return markup.parse_html(many_lines(text))


def show(root: etree._Element) -> Shown:
    """What a reader of the parsed HTML sees."""
    shown = Shown()
    _Reader(shown).read(root)
    return shown


class _Reader:
    """One pass over the elements, without recursion: hostile markup nests deeper than Python does."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._line: list[str] = []
        self._hidden = self._quoted = self._signature = self._indented = self._block = 0

    def read(self, root: etree._Element) -> None:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                self._open(tag, element)
            else:
                self._close(tag, element)
        self._end_line()

    def _open(self, tag: str, element: etree._Element) -> None:
        if tag in BLOCKS:
            self._end_line()
        self._count(tag, element, 1)
        if tag == "br":
            self._end_line(always=True)
        elif tag == "img":
            self._picture(element)
        elif tag == "a" and re.match(r"https?://", target := (element.get("href") or "").strip(), re.IGNORECASE):
            self._shown.links.append(target)
        self._add(element.text)

    def _close(self, tag: str, element: etree._Element) -> None:
        if tag in {"td", "th"}:
            self._line.append("\t")
        if tag in BLOCKS:
            self._end_line()
        self._count(tag, element, -1)
        self._add(element.tail)

    def _count(self, tag: str, element: etree._Element, step: int) -> None:
        """Enters (1) or leaves (-1) whatever the element stands for."""
        style = (element.get("style") or "").lower().replace(" ", "")
        if step == 1:
            self._note_background(element)
        if tag in UNSHOWN or "display:none" in style:
            self._hidden += step
        if _is_quotation(tag, element):
            self._quoted += step
        elif tag == "blockquote":
            self._block += step == 1 and not self._indented
            self._indented += step
        if (
            tag == "sign"
            or _SIGNATURES.search(element.get("class") or "")
            or element.get("id") in _SIGNATURE_IDS
            or element.get("xmail-signature") is not None
        ):
            self._signature += step

    def _add(self, text: str | None) -> None:
        if text and not self._hidden:
            self._line.append(WHITE_SPACE.sub(" ", text))

    def _end_line(self, *, always: bool = False) -> None:
        text = "".join(self._line)
        self._line.clear()
        if always or text.strip(" \t"):
            line = re.sub(" +", " ", text).replace("\xa0", " ").rstrip()
            self._shown.lines.append(
                Line(
                    line.removeprefix(" "),
                    quoted=self._quoted > 0,
                    signature=self._signature > 0,
                    block=self._block if self._indented else 0,
                )
            )

    def _note_background(self, element: etree._Element) -> None:
        found = _BACKGROUND.findall((element.get("style") or "")[:20_000])
        attribute = (element.get("background") or "").strip()
        found += [attribute[4:]] if attribute[:4].lower() == "cid:" else []
        self._shown.backgrounds.update(unquote(key).strip("<>") for key in found)

    def _picture(self, element: etree._Element) -> None:
        source = (element.get("src") or "").strip()
        if re.match(r"https?:|data:|file:", source, re.IGNORECASE) or not source:
            return
        key = unquote(source[4:] if source[:4].lower() == "cid:" else source).strip("<>")
        picture = self._shown.pictures.setdefault(key, Picture())
        picture.times += 1
        picture.shown_px = picture.shown_px or shown_size_px(element)


def _is_quotation(tag: str, element: etree._Element) -> bool:
    """Marks by which mail programs fence in the letter that is answered. Source: letters of each, measured."""
    if tag == "blockquote" and (
        (element.get("type") or "").lower() == "cite" or "isReplyContent" in (element.get("id") or "")
    ):
        return True
    return _QUOTES.search(element.get("class") or "") is not None
