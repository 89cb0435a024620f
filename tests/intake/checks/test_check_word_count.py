from __future__ import annotations

from typing import Any

import pytest

from config.errors import ConfigError
from intake.model import Finding, ReadFile
from parsers.facts import Measure
from tests.intake.checks.revisions import (
    checks_of,
    complete,
    counts,
    document,
    measure,
    photos,
    problem,
    revision,
    rule,
)

UP_TO_3000 = rule("word_count", max=3000)
FROM_1500 = rule("word_count", min=1500)
ABOUT_2000 = rule("word_count", about=2000)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (1, None),
        (2999, None),
        (3000, None),
        (3001, "too_many_words"),
        (measure(2990, low=2960, high=3000), None),
        (measure(2990, low=2960, high=3001), "near_limit_words"),
        (measure(3010, low=3000, high=3040), "near_limit_words"),
        (measure(3030, low=3001, high=3040), "too_many_words"),
    ],
)
def test_word_count_beside_a_maximum_asks_only_for_what_is_surely_over(words: int | Measure, outcome: object) -> None:
    found = UP_TO_3000.findings(revision(document(words=words)))

    assert [finding.code for finding in found] == ([outcome] if outcome else [])


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (1501, None),
        (1500, None),
        (1499, "too_few_words"),
        (0, "too_few_words"),
        (measure(1510, low=1490, high=1520), "near_limit_words"),
        (measure(1490, low=1480, high=1500), "near_limit_words"),
        (measure(1480, low=1470, high=1499), "too_few_words"),
    ],
)
def test_word_count_beside_a_minimum_asks_only_for_what_is_surely_short(words: int | Measure, outcome: object) -> None:
    found = FROM_1500.findings(revision(document(words=words)))

    assert [finding.code for finding in found] == ([outcome] if outcome else [])


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (2000, None),
        (1600, None),
        (2400, None),
        (1599, ("about_words", "note")),
        (2401, ("about_words", "note")),
        (1200, ("about_words", "note")),
        (2800, ("about_words", "note")),
        (1199, ("far_from_about", "fix")),
        (2801, ("far_from_about", "fix")),
        (measure(2410, low=2400, high=2450), None),
        (measure(2810, low=2790, high=2850), ("about_words", "note")),
        (measure(1190, low=1180, high=1200), ("about_words", "note")),
    ],
)
def test_word_count_about_a_number_softens_within_twice_the_tolerance(words: int | Measure, outcome: object) -> None:
    found = ABOUT_2000.findings(revision(document(words=words)))

    assert [(finding.code, finding.severity) for finding in found] == ([outcome] if outcome else [])


def test_too_many_words_tells_found_limit_and_surplus() -> None:
    found = UP_TO_3000.findings(revision(document(words=measure(3128, low=3120, high=3131))))

    assert found == (
        Finding(
            rule="word_count",
            check="word_count",
            code="too_many_words",
            severity="fix",
            file="案例.docx",
            values={"found": 3128, "low": 3120, "high": 3131, "max": 3000, "over": 128},
        ),
    )


def test_too_few_words_tells_found_limit_and_shortage() -> None:
    (found,) = FROM_1500.findings(revision(document(words=1200)))

    assert found.values == {"found": 1200, "low": 1200, "high": 1200, "min": 1500, "short": 300}


def test_far_from_about_tells_number_and_tolerance() -> None:
    (found,) = ABOUT_2000.findings(revision(document(words=3000)))

    assert found.values == {"found": 3000, "low": 3000, "high": 3000, "about": 2000, "tolerance_percent": 20}


def test_word_count_from_a_scan_never_asks_to_mend() -> None:
    read_from_scan = document(words=measure(4000, low=3900, high=4100, reason="ocr"))

    (found,) = UP_TO_3000.findings(revision(read_from_scan))

    assert (found.code, found.severity) == ("too_many_words", "human")


def test_word_count_short_beside_unread_pages_is_left_to_a_person() -> None:
    half_scanned = document(words=900, pages=4, pages_without_text=2)

    (found,) = FROM_1500.findings(revision(half_scanned))

    assert (found.code, found.severity) == ("too_few_words", "human")


def test_word_count_over_beside_unread_pages_still_asks() -> None:
    half_scanned = document(words=3500, pages=9, pages_without_text=2)

    (found,) = UP_TO_3000.findings(revision(half_scanned))

    assert (found.code, found.severity) == ("too_many_words", "fix")


@pytest.mark.parametrize(
    "files",
    [
        (),
        photos(3),
        (problem("案例.pdf", "no_text", format="pdf", role="case"),),
        (document("报名表.docx", role="form", words=5000),),
    ],
)
def test_word_count_without_a_readable_case_says_nothing(files: tuple[ReadFile, ...]) -> None:
    given = revision(*files)

    assert UP_TO_3000.findings(given) == ()
    assert not UP_TO_3000.judges(given)


def test_word_count_of_two_different_cases_says_nothing() -> None:
    given = revision(document("甲.docx", words=9000, text="甲" * 300), document("乙.docx", words=9000, text="乙" * 300))

    assert UP_TO_3000.findings(given) == ()
    assert not UP_TO_3000.judges(given)


def test_word_count_of_the_same_text_twice_judges_the_docx() -> None:
    pdf = document("案例.pdf", format="pdf", words=3050, text="同一篇文字" * 80)
    docx = document("案例.docx", words=2990, text="同一篇文字" * 80)

    assert UP_TO_3000.findings(revision(pdf, docx)) == ()


def test_word_count_leaves_the_form_in_the_document_out() -> None:
    with_form = document(words=2900, parts={"form": counts(800), "text_box": counts(300)})

    assert UP_TO_3000.findings(revision(with_form)) == ()


def test_word_count_of_chosen_parts_adds_them_up() -> None:
    with_box = document(words=2900, parts={"text_box": counts(300)})

    (found,) = rule("word_count", max=3000, parts=["main", "text_box"]).findings(revision(with_box))

    assert found.values["found"] == 3200


def test_word_count_with_a_role_looks_at_that_document() -> None:
    form = document("报名表.docx", role="form", words=800)

    (found,) = rule("word_count", max=500, scope={"role": "form"}).findings(revision(document(), form))

    assert (found.file, found.values["found"]) == ("报名表.docx", 800)


@pytest.mark.parametrize(
    ("keys", "problem_text"),
    [
        ({}, "没有写明字数"),
        ({"max": 10, "about": 20}, "about 与 min、max 不能同时写"),
        ({"min": 20, "max": 10}, "min 大于 max"),
        ({"max": "三千"}, "应为整数，现为“三千”"),
        ({"max": 0}, "应大于 0，现为“0”"),
        ({"maximum": 10}, "没有这一项"),
    ],
)
def test_word_count_rule_written_wrongly_is_refused(keys: dict[str, Any], problem_text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        rule("word_count", **keys)

    assert problem_text in str(refused.value)


@pytest.mark.parametrize(("words", "verdict_codes"), [(3000, []), (3001, ["too_many_words"])])
def test_word_count_of_huli_is_3000_at_most(words: int | Measure, verdict_codes: list[str]) -> None:
    (length,) = (check for check in checks_of("huli-2022") if check.id == "length")
    given = revision(document(words=words), *complete().photos)

    found = length.findings(given)

    assert [finding.code for finding in found] == verdict_codes
