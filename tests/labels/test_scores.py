"""Headings and sections are found as a person finds them, on the half that was looked at; and mistakes do count as such."""

from __future__ import annotations

from bench.section_labels import Composed, half, pairs, read_composed
from bench.sections import Score, SectionScore, score_cases, score_headings, score_pairs, score_sections
from parsers.facts import Block, DocumentFacts
from parsers.text.document_facts import build_document_facts

ENOUGH = 0.98

SOURCE = """format: txt
call: renmin-dangjian4-2015
missing: 5
open: 4
T 小车位里的大文章
1{1} 一、背景
P @停车
1{2} 二、做法
P @议事
1{3} 三、成效
P @成效甲
"""


def facts_of(document: Composed, *, without: str = "", instead: str = "") -> DocumentFacts:
    blocks = [Block(text=instead if without and without in line.text else line.text) for line in document.lines]
    return build_document_facts(blocks)


def scored(facts: DocumentFacts, document: Composed) -> tuple[Score, SectionScore]:
    headings, sections = Score(), SectionScore()
    score_headings(headings, document.name, facts, document.headings)
    score_sections(sections, document, facts)
    return headings, sections


def test_composed_cases_of_the_tuning_half_are_read_as_a_person_reads_them() -> None:
    headings, sections = score_cases("tuning")

    assert min(headings.precision, headings.recall) >= ENOUGH, headings.mistakes
    assert min(sections.precision, sections.recall) >= ENOUGH, sections.mistakes
    assert sections.false_fixes == 0, sections.mistakes


def test_headings_of_the_tuning_half_are_matched_as_a_person_matches_them() -> None:
    score = score_pairs([pair for pair in pairs() if half(pair.heading) == "tuning"])

    assert min(score.precision, score.recall) >= ENOUGH, score.mistakes


def test_right_reading_scores_without_a_mistake() -> None:
    document = read_composed("right", SOURCE)

    headings, sections = scored(facts_of(document), document)

    assert (headings.right, headings.mistakes) == (3, [])
    assert (sections.right, sections.false_fixes, sections.fixes, sections.titles_right) == (3, 1, 1, 1)


def test_heading_that_is_lost_is_overlooked_and_asking_for_it_is_a_false_fix() -> None:
    document = read_composed("lost", SOURCE)

    headings, sections = scored(facts_of(document, without="三、成效", instead="投诉少了。"), document)

    assert (headings.right, headings.needless, headings.overlooked) == (2, 0, 1)
    assert (sections.right, sections.overlooked, sections.false_fixes) == (2, 1, 2)


def test_heading_where_a_person_sees_none_is_needless() -> None:
    document = read_composed("needless", SOURCE)

    headings, _ = scored(facts_of(document, without="投诉", instead="四、结束语"), document)

    assert (headings.right, headings.needless, headings.overlooked) == (3, 1, 0)
    assert (headings.precision, headings.recall) == (0.75, 1.0)
