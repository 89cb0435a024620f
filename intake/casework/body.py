"""A case written into the letter itself. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from intake.casework.structure import campaign_sections_in, case_parts_in
from intake.casework.wording import main_words
from intake.model import Document
from parsers.facts import Block, DocumentFacts, LetterFacts
from parsers.text.document_facts import build_document_facts

BODY_NAME = "邮件正文"
"""How such a document is called in replies and records."""

_SHORTEST_CHARACTERS = 600
"""A covering note does not run longer; checked before anything is counted."""
_LONGEST_CHARACTERS = 200_000
"""Longer than any collection of cases: not worth the time it takes to find headings in it."""
_SHORTEST_WORDS = 500
_CASE_PARTS = 3
"""A body under this many headings as cases have them is a case, even without the campaign's own parts."""


_LABEL = re.compile(r"[\u3400-\u9fff]{2}")
"""A row begins with words; a number before a tab begins a line of text."""


def body_as_document(letter: LetterFacts, *, sections: Sequence[str] = ()) -> DocumentFacts | None:
    """The letter's own text as a document, when it is long and built like a case; else None.

    Quoted history and signature are never part of it.
    """
    if not _SHORTEST_CHARACTERS <= len(letter.text) <= _LONGEST_CHARACTERS:
        return None
    document = _as_document(build_document_facts(tuple(_blocks(letter.text))), letter.text)
    if main_words(document) < _SHORTEST_WORDS:
        return None
    wanted = min(2, len(sections)) or _CASE_PARTS
    if len(campaign_sections_in(document, sections)) >= wanted or case_parts_in(document) >= _CASE_PARTS:
        return document.facts
    return None


def body_document(letter: LetterFacts, *, sections: Sequence[str] = ()) -> Document | None:
    """As `body_as_document`, as a file of the submission with role `case`."""
    facts = body_as_document(letter, sections=sections)
    return _as_document(facts, letter.text) if facts is not None else None


def _blocks(text: str) -> Iterator[Block]:
    """One block for each line that is not blank; lines of cells that follow one another are the rows of a table."""
    table, row = -1, -1
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells):
            continue
        if sum(map(bool, cells)) < 2 or not _LABEL.search(next(filter(None, cells))):
            row = -1
            yield Block(text=line.strip())
            continue
        row += 1
        table += row == 0
        yield from (Block(text=cell, table=table, row=row, column=at) for at, cell in enumerate(cells) if cell)


def _as_document(facts: DocumentFacts, text: str) -> Document:
    raw = text.encode("utf-8", "replace")
    return Document(
        name=BODY_NAME,
        sha256=hashlib.sha256(raw).hexdigest(),
        size_bytes=len(raw),
        format="txt",
        role="case",
        facts=facts,
        source="inline",
    )
