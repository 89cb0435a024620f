"""字数 beside LibreOffice's own count, and what the two mean by it.

Ours is Word's: the main text without boxes, notes, automatic numbers, headers, deleted and hidden text
(the paragraph "Not counted by default" of the counting rule). LibreOffice's adds all of those. So both are
reported: the bare difference, and what is left of it when the same things are added to ours.
"""

from __future__ import annotations

import re
import statistics
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from rich.table import Table

from bench.corpus.index import CorpusFile
from bench.corpus.ours import Told
from parsers.facts import DocumentFacts
from parsers.text.counting import count_words

_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_HEADERS = re.compile(r"\}(header|footer)(-left|-first)?$")
_NUMBER = re.compile(r"[^\W_]{2}|[^\W_o]")
"""In a label: a number or a word, not a bullet (Word draws one kind as the letter o)."""
FEWEST_WORDS = 50
"""In a shorter document one word is 2 %."""
BAND = 0.01
"""Beyond this a document is explained by hand."""
_GROUPS = (("WPS", "WPS"), ("Word", "Word"), ("LibreOffice", "LibreOffice"))


@dataclass(frozen=True)
class Added:
    """字数 that LibreOffice counts and Word does not, by what it is."""

    boxes_and_forms: int
    notes: int
    numbers: int
    bullets: int
    headers: int
    deleted: int
    hidden: int

    @property
    def always(self) -> int:
        """What it counts in every document."""
        return self.boxes_and_forms + self.notes + self.numbers

    @property
    def words(self) -> int:
        """All; signs before list items, headers, deleted and hidden text it counts in some documents and not in others."""
        return self.always + self.bullets + self.headers + self.deleted + self.hidden


@dataclass(frozen=True)
class Counted:
    """One document's two counts."""

    file: CorpusFile
    ours: int
    low: int
    high: int
    theirs: int
    added: Added

    @property
    def group(self) -> str:
        """Who saved it, as far as the file tells."""
        said = self.file.note.partition("app=")[2].partition(" cjk=")[0]
        return next((name for sign, name in _GROUPS if sign in said), "other")

    @property
    def bare(self) -> float:
        """How much more LibreOffice counts than our 字数; negative when less."""
        return self.theirs / self.ours - 1

    @property
    def left(self) -> float:
        """The same when ours, at the near end of its range, has what LibreOffice adds."""
        nearest = min(max(self.theirs, self.low + self.added.always), self.high + self.added.words)
        return self.theirs / nearest - 1

    @property
    def is_outside(self) -> bool:
        """Whether something is left to explain."""
        return abs(self.left) > BAND


def counted(told: Sequence[Told], saved: dict[str, bytes]) -> Iterator[Counted]:
    """The documents of 50字 and more that both count."""
    for one in told:
        facts, odt = one.reading.document, saved.get(one.file.name)
        if facts is None or one.problem is not None or not odt:
            continue
        measure = facts.counts["main"].words
        theirs, added = _theirs(odt, facts, _deleted_words(one.file.path))
        if measure.value >= FEWEST_WORDS and theirs:
            yield Counted(one.file, measure.value, measure.low, measure.high, theirs, added)


def _theirs(odt: bytes, facts: DocumentFacts, deleted: int) -> tuple[int, Added]:
    """LibreOffice's count of words, and what it adds: boxes, notes and labels as we read them, the rest from its own file."""
    root = etree.fromstring(odt, etree.XMLParser(huge_tree=True, resolve_entities=False))
    statistic = next(root.iter(f"{_META}document-statistic"), None)
    words = 0 if statistic is None else int(statistic.get(f"{_META}word-count", "0"))
    parts = {name: counts.words.value for name, counts in facts.counts.items()}
    labels = [block.label for block in facts.blocks if block.label.strip()]
    hidden = {
        style.get(f"{_STYLE}name", "-")
        for style in root.iter(f"{_STYLE}style")
        if any(look.get(f"{_TEXT}display") == "none" for look in style)
    }
    added = Added(
        boxes_and_forms=parts.get("text_box", 0) + parts.get("form", 0),
        notes=parts.get("footnote", 0) + parts.get("endnote", 0),
        numbers=sum(count_words(label) for label in labels if _NUMBER.search(label)),
        bullets=sum(not _NUMBER.search(label) for label in labels),
        headers=sum(_printed(each) for each in root.iter() if _HEADERS.search(str(each.tag))),
        deleted=max(deleted, sum(_printed(each) for each in root.iter(f"{_TEXT}deletion"))),
        hidden=sum(_printed(each) for each in root.iter() if each.get(f"{_TEXT}style-name", "") in hidden),
    )
    return words, added


def _deleted_words(path: Path) -> int:
    """Words of the deletions a .docx keeps, 0 for other files. Source: ECMA-376-1 §17.3.3.7 (`w:delText`)."""
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as package, suppress(KeyError, zipfile.BadZipFile, etree.XMLSyntaxError):
        parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
        root = etree.fromstring(package.read("word/document.xml"), parser)
        paragraphs = root.iter("{*}p")
        return sum(count_words("".join(each.text or "" for each in one.iter("{*}delText"))) for one in paragraphs)
    return 0


def _printed(element: etree._Element) -> int:
    paragraphs = [element, *element.iter(f"{_TEXT}p", f"{_TEXT}h")][1:] or [element]
    return sum(count_words("".join(map(str, each.itertext()))) for each in paragraphs)


def words_table(found: Sequence[Counted]) -> Table:
    """A row for each class and maker: documents, both differences, how many lie outside the band."""
    table = Table(
        "class",
        "saved by",
        "documents",
        "LibreOffice's count to 字数",
        "within 1 %",
        "with all it adds",
        "within 1 %",
        "outside",
    )
    keys = sorted({(one.file.kind, one.group) for one in found})
    for kind, group in keys:
        of_key = [one for one in found if (one.file.kind, one.group) == (kind, group)]
        bare, left = [one.bare for one in of_key], [one.left for one in of_key]
        table.add_row(
            kind,
            group,
            f"{len(of_key)}",
            _spread(bare),
            f"{sum(abs(share) <= BAND for share in bare)}",
            _spread(left),
            f"{sum(abs(share) <= BAND for share in left)}",
            f"{sum(one.is_outside for one in of_key)}",
        )
    return table


def _spread(shares: Sequence[float]) -> str:
    return f"{statistics.median(shares):+.1%} ({min(shares):+.1%} to {max(shares):+.1%})"
