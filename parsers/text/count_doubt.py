"""How far a count can be off when the text was not stored as text: taken from pages of a PDF, or recognised. Pure.

Source: `python -m bench.pdf_band` and `python -m bench.ocr`; their figures stand in docs/design-notes.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from parsers.facts import Measure, TextCounts
from parsers.text.counting import count_text

Doubt = Literal["pdf_text", "ocr"]

_PDF_LESS = Fraction(15, 1000)
"""How much more a PDF may show than its text counts: headers on a single page, words in pictures drawn as text."""
_PDF_MORE = Fraction(8, 1000)
"""How much may be lost on the way: characters without a code, rules taken for marks."""
_OCR_EITHER_WAY = Fraction(10, 100)
"""Lines overlooked, seals and handwriting read as text, tables read by halves."""

_LABEL = re.compile(
    r"(?:[一二三四五六七八九十百]{1,4}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十百\d]{1,4}[章节部条篇][、.．]?"
    r"|\d{1,3}\.(?!\d)|(?:\d{1,3}\.){1,4}\d{1,3}(?=\s)|\d{1,3}[、．)）]|[a-zA-Z][.)）]|[ivxIVX]{1,5}[.)、]|[①-⑳]|[•◦▪●○■□◆◇★➢➤✓–—-](?=\s))"
)
"""What Word's automatic numbering prints before a paragraph."""


def label_counts(texts: Sequence[str]) -> TextCounts:
    """What the numbers before the paragraphs `texts` count for.

    Word does not count them when it made them itself, and does when they were typed: on paper both look alike.
    """
    return count_text([found.group() for text in texts if (found := _LABEL.match(text.lstrip()))])


def widen(counts: TextCounts, doubt: Doubt, labels: TextCounts) -> TextCounts:
    """`counts` with the range that is left around them; the marks' own range lies inside."""
    less, more = (_PDF_LESS, _PDF_MORE) if doubt == "pdf_text" else (_OCR_EITHER_WAY, _OCR_EITHER_WAY)
    return TextCounts(
        **{
            name: _widened(getattr(counts, name), getattr(labels, name), less, more, doubt)
            for name in TextCounts.model_fields
        }
    )


def _widened(measure: Measure, labels: Measure, less: Fraction, more: Fraction, doubt: Doubt) -> Measure:
    low = max(0, int((measure.low - labels.value) * (1 - less)))
    high = -int(-measure.high * (1 + more) // 1)
    return Measure(value=measure.value, low=min(low, measure.low), high=high, reason=doubt if high > low else "exact")
