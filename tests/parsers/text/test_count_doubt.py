"""Counts taken from paper carry the range that is left, no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.facts import Block, Measure
from parsers.text.count_doubt import label_counts
from parsers.text.document_facts import CountsReason, build_document_facts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("一、背景与起因", 2),
        ("（二）做法", 3),
        ("1. 加强领导", 1),
        ("1.2.3 加强领导", 1),
        ("2、加强领导", 2),
        ("第三章 成效", 3),
        ("• 成效", 1),
        ("2022年12月", 0),
        ("12345热线", 0),
        ("3.5万元", 0),
        ("一张桌子", 0),
        ("(2022—2025年)", 0),
        ("", 0),
    ],
)
def test_a_number_before_a_paragraph_may_be_words_own(text: str, words: int) -> None:
    assert label_counts([text]).words.value == words


@pytest.mark.parametrize(
    ("reason", "texts", "words"),
    [
        ("exact", ["字" * 1000], Measure.exact(1000)),
        ("pdf_text", ["字" * 1000], Measure(value=1000, low=985, high=1008, reason="pdf_text")),
        ("pdf_text", ["一、" + "字" * 998], Measure(value=1000, low=983, high=1008, reason="pdf_text")),
        ("ocr", ["字" * 1000], Measure(value=1000, low=900, high=1100, reason="ocr")),
        ("pdf_text", [], Measure.exact(0)),
    ],
)
def test_the_range_is_as_wide_as_was_measured(reason: CountsReason, texts: list[str], words: Measure) -> None:
    facts = build_document_facts([Block(text=text) for text in texts], counts_reason=reason)

    assert facts.counts["main"].words == words


@given(st.lists(st.text(max_size=60), max_size=8), st.sampled_from(["pdf_text", "ocr"]))
def test_the_exact_count_lies_inside_the_range(texts: list[str], reason: CountsReason) -> None:
    blocks = [Block(text=text) for text in texts]

    exact = build_document_facts(blocks).counts["main"]
    doubtful = build_document_facts(blocks, counts_reason=reason).counts["main"]

    for name in ("words", "characters", "characters_with_spaces"):
        inner, outer = getattr(exact, name), getattr(doubtful, name)
        assert outer.value == inner.value
        assert 0 <= outer.low <= inner.low <= inner.high <= outer.high
