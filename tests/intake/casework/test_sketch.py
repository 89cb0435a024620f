"""The stand-in by which near-identical texts are found among many."""

from __future__ import annotations

import random

import pytest

from intake.casework.sameness import shingles
from intake.casework.sketch import SKETCH_SIZE, WORTH_COMPARING, sketch
from tests.intake.casework.samples import prose


def shared(a: str, b: str) -> int:
    return len(set(sketch(shingles(a))) & set(sketch(shingles(b))))


def with_other_words(text: str, share: float) -> str:
    """`text` with about `share` of its sentences replaced by others."""
    chance = random.Random(7)
    other = prose(99, len(text)).split("。")
    sentences = text.split("。")
    return "。".join(
        other[at % len(other)] if chance.random() < share else sentence for at, sentence in enumerate(sentences)
    )


def test_sketch_is_ascending_unique_and_as_long_as_said() -> None:
    values = sketch(shingles(prose(1, 2000)))

    assert (list(values), len(values)) == (sorted(set(values)), SKETCH_SIZE)


def test_same_text_gives_the_same_sketch() -> None:
    assert sketch(shingles(prose(1, 2000))) == sketch(shingles(prose(1, 2000)))


def test_short_text_gives_a_short_sketch() -> None:
    text = "网格员入户走访"

    assert len(sketch(shingles(text))) == len(shingles(text)) < SKETCH_SIZE


def test_blank_text_gives_an_empty_sketch() -> None:
    assert sketch(shingles("")) == ()


@pytest.mark.parametrize("changed", [0.0, 0.05, 0.1, 0.2])
def test_nearly_identical_texts_share_enough_to_be_compared(changed: float) -> None:
    pairs = [(prose(seed, 2400), with_other_words(prose(seed, 2400), changed)) for seed in range(20)]

    assert min(shared(a, b) for a, b in pairs) >= WORTH_COMPARING


def test_different_texts_share_too_little_to_be_compared() -> None:
    texts = [prose(seed, 2400) for seed in range(12)]
    pairs = [(a, b) for at, a in enumerate(texts) for b in texts[at + 1 :]]

    assert max(shared(a, b) for a, b in pairs) < WORTH_COMPARING
