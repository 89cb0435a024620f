"""How casework compares words: one plain form for text and file names. Pure."""

from __future__ import annotations

import functools
import re
import unicodedata

from intake.model import Document
from parsers.text.script import to_simplified

_OPENING_CHARACTERS = 20_000
_LINE_CHARACTERS = 200
_EXTENSION = re.compile(r"\.[0-9a-z]{1,5}$", re.IGNORECASE)
_HAN_OR_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")


def plain(text: str) -> str:
    """`text` in one script and width: NFKC, simplified, case-folded. ：，（） become :,(); 。、《》 stay."""
    return _plain_line(text) if len(text) <= _LINE_CHARACTERS else _plain(text)


def _plain(text: str) -> str:
    return to_simplified(unicodedata.normalize("NFKC", text)).casefold()


_plain_line = functools.lru_cache(maxsize=2048)(_plain)
"""Names, titles and a campaign's own words are asked for again and again; long texts are not kept."""


def opening(text: str) -> str:
    """The beginning of a letter's text, where its writer says what it is; bounds the work a hostile letter can ask for."""
    return text[:_OPENING_CHARACTERS]


def letters_only(text: str) -> str:
    """The Han characters, Latin letters and digits of `text` in their plain form; nothing else."""
    return _HAN_OR_WORD.sub("", plain(text))


def stem(name: str) -> str:
    """A file's name in its plain form, without folders and extension."""
    return _EXTENSION.sub("", plain(name).replace("\\", "/").rsplit("/", 1)[-1]).strip()


def extension(name: str) -> str:
    """The extension of `name`, lower-case, without the dot; empty when there is none."""
    found = _EXTENSION.search(name)
    return found.group()[1:].lower() if found else ""


def main_text(document: Document) -> str:
    """The document's main text, one paragraph or cell a line; forms, boxes and notes left out."""
    return "\n".join(block.text for block in document.facts.blocks if block.part == "main")


def main_words(document: Document) -> int:
    """字数 of the main text; 0 when the reader counted none."""
    counts = document.facts.counts.get("main")
    return counts.words.value if counts is not None else 0


def quote(text: str, limit: int = 60) -> str:
    """`text` on one line and short, to stand in an evidence line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
