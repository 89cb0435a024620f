"""A document's text as the page shows it: its headings, what is a form, and where a limit is passed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.calls import Call
from intake.figures.ledger_words import ROLES
from intake.model import Document, Finding
from intake.web.views import format_words, size_words
from intake.wording import clean_line
from parsers.text.counting import count_words

MOST_BLOCKS = 2000
"""Blocks one page shows; an essay has some dozens."""
_BLOCK_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class BlockView:
    """One paragraph: `over` is what stands beyond the limit."""

    kind: str
    """`heading`, `form`, `note` or `text`."""
    text: str
    over: str = ""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its text."""

    name: str
    role: str
    detail: str
    blocks: tuple[BlockView, ...]
    cut: bool
    """There is more text than is shown."""


def view_document(document: Document, findings: Sequence[Finding], call: Call | None) -> DocumentView:
    """The document for the page; the limit is marked where a finding says that it was passed."""
    limit = _limit(document, findings) if call is not None and document.role == "case" else None
    main = document.facts.counts.get("main")
    parts = [format_words(document.format), size_words(document.size_bytes)]
    if main is not None:
        parts.insert(0, f"{'约' if document.facts.ocr else ''}{main.words.value}字")
    blocks = document.facts.blocks
    return DocumentView(
        name=clean_line(document.name),
        role=ROLES.get(document.role, document.role),
        detail="，".join(parts),
        blocks=tuple(_blocks(document, limit)),
        cut=len(blocks) > MOST_BLOCKS,
    )


def _limit(document: Document, findings: Sequence[Finding]) -> int | None:
    for finding in findings:
        limit = finding.values.get("max")
        if finding.code == "too_many_words" and finding.file in (None, document.name) and isinstance(limit, int):
            return limit
    return None


def _blocks(document: Document, limit: int | None) -> list[BlockView]:
    headings = {heading.block for heading in document.facts.headings}
    shown: list[BlockView] = []
    before = 0
    for place, block in enumerate(document.facts.blocks[:MOST_BLOCKS]):
        text = "".join(filter(None, (block.label, block.text)))[:_BLOCK_CHARACTERS]
        kind = "heading" if place in headings else {"main": "text", "form": "form"}.get(block.part, "note")
        over = ""
        if limit is not None and block.part == "main":
            count = count_words(block.text)
            if before + count > limit:
                cut = _fitting(text, max(0, limit - before))
                text, over = text[:cut], text[cut:]
            before += count
        if text.strip() or over.strip():
            shown.append(BlockView(kind, text, over))
    return shown


def _fitting(text: str, rest: int) -> int:
    """The longest start of `text` that counts no more than `rest`."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count_words(text[:middle]) <= rest else (low, middle - 1)
    return low
