"""From blocks of text to what a document says: title, headings, form, counts. Pure; every document reader ends here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from parsers.facts import Block, DocumentFacts, Measure, Part, TextCounts
from parsers.text.count_doubt import label_counts, widen
from parsers.text.counting import count_text
from parsers.text.document_title import find_title
from parsers.text.form_fields import separate_form
from parsers.text.headings import find_headings

CountsReason = Literal["exact", "pdf_text", "ocr"]
"""How well the text itself is known. `pdf_text`: glyphs put back in order; `ocr`: recognised on a picture."""


def build_document_facts(
    blocks: Sequence[Block],
    *,
    pictures: int = 0,
    pages: int | None = None,
    pages_without_text: int = 0,
    counts_reason: CountsReason = "exact",
    endnote_references: int = 0,
    comments: int = 0,
    own_comments: int = 0,
    tracked_changes: int = 0,
    macros: bool = False,
) -> DocumentFacts:
    """Everything a document says, from its blocks in reading order.

    Blocks that turn out to be a 报名表 come back with part `form`; their number and
    order never change, so block indices of the caller stay true.

    Args:
        blocks: Paragraphs and cells in reading order; notes and text boxes with their part.
        pictures: Pictures shown on the pages, each showing counted.
        pages: Number of pages; None where the format does not fix them.
        pages_without_text: Pages that show pictures only.
        counts_reason: `pdf_text` and `ocr` widen every count by what `count_doubt` has measured.
        endnote_references: Marks in the main text; each adds one word and no character.
        comments: Comments of reviewers.
        own_comments: Comments of ours in a marked copy.
        tracked_changes: Insertions, deletions and moves.
        macros: Whether the document carries a macro project.
    """
    blocks, fields = separate_form(blocks)
    title, title_block = find_title(blocks) or (None, None)
    return DocumentFacts(
        title=title,
        title_block=title_block,
        blocks=blocks,
        headings=find_headings(blocks, title_block=title_block),
        fields=fields,
        counts=_count_parts(blocks, reason=counts_reason, endnote_references=endnote_references),
        pictures=pictures,
        pages=pages,
        pages_without_text=pages_without_text,
        comments=comments,
        own_comments=own_comments,
        tracked_changes=tracked_changes,
        macros=macros,
    )


def _count_parts(blocks: Sequence[Block], *, reason: CountsReason, endnote_references: int) -> dict[Part, TextCounts]:
    texts: dict[Part, list[str]] = {"main": []}
    for block in blocks:
        texts.setdefault(block.part, []).append(block.text)
    counts = {part: count_text(of_part) for part, of_part in texts.items()}
    if endnote_references:
        main = counts["main"]
        counts["main"] = main.model_copy(update={"words": _add(main.words, endnote_references)})
    if reason != "exact":
        counts = {part: widen(count, reason, label_counts(texts[part])) for part, count in counts.items()}
    return counts


def _add(measure: Measure, extra: int) -> Measure:
    return Measure(
        value=measure.value + extra, low=measure.low + extra, high=measure.high + extra, reason=measure.reason
    )
