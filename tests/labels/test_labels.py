"""The labels are whole: enough of them, each of the stated form, halves of about the same size."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.section_labels import calls, composed, corpus_labels, half, line_key, pairs, read_composed
from tests.parsers.test_corpus import CORPUS

NEEDED_HEADINGS = 300
NEEDED_DOCUMENTS = 60

HEAD = "format: txt\ncall: renmin-dangjian4-2015\n"


def test_labels_are_as_many_as_promised() -> None:
    corpus, cases = list(corpus_labels()), list(composed())

    assert sum(len(one.headings) for one in corpus) >= NEEDED_HEADINGS
    assert len(cases) >= NEEDED_DOCUMENTS
    assert sum(1 for _ in pairs()) >= 100


def test_no_document_and_no_pair_is_labelled_twice() -> None:
    files = Counter(one.file for one in corpus_labels())
    looked_up = Counter((pair.call, pair.heading) for pair in pairs())

    assert [name for name, count in (files + looked_up).items() if count > 1] == []


def test_halves_are_of_about_the_same_size() -> None:
    sizes = Counter(half(one.name) for one in composed())

    assert min(sizes.values()) >= 0.4 * sizes.total()


def test_every_pair_names_sections_its_call_has() -> None:
    assert [pair for pair in pairs() if not pair.answers <= set(range(len(calls()[pair.call].sections)))] == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_every_labelled_file_is_in_the_corpus() -> None:
    assert [one.file for one in corpus_labels() if not (CORPUS / one.file).is_file()] == []


def test_key_of_a_line_does_not_change_with_its_spaces_and_marks() -> None:
    assert {line_key(text) for text in ("背景与起因：", " 背景 与 起因", "【背景与起因】")} == {line_key("背景与起因")}


def test_same_words_further_down_are_another_place() -> None:
    document = read_composed("twice", HEAD + "missing: 3 4 5\nB 一、背景\n1{1} 一、背景\nP @停车\nR1{2} 做法：|@议事\n")

    assert [(one.place.nth, one.level, one.answers) for one in document.headings] == [(1, 1, (0,)), (0, 1, (1,))]


@pytest.mark.parametrize("source", ["missing: 1 2\n1 一、背景\n", "missing: 1 2 3 4 5\nX 一、背景\n"])
def test_document_with_a_section_or_line_unaccounted_for_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="wrong"):
        read_composed("wrong", HEAD + source)
