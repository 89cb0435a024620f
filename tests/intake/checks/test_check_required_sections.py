from __future__ import annotations

from typing import Any

import pytest

from config.errors import ConfigError
from intake.checks import Rule
from intake.checks.required_sections import RequiredSections
from intake.model import Finding, ReadFile
from parsers.facts import Measure
from tests.intake.checks.revisions import HULI_SECTIONS, checks_of, document, heading, photos, problem, revision, rule

ELEMENT = rule("required_sections", **{"as": "element"}, sections=list(HULI_SECTIONS))
HEADING = rule("required_sections", sections=list(HULI_SECTIONS))
OWN_HEADINGS = ("一枚印章", "两本台账", "三张清单", "四季常青")


def found_in(check: Rule, **facts: Any) -> list[tuple[str, str]]:
    return [(f.code, f.severity) for f in check.findings(revision(document(**facts)))]


@pytest.mark.parametrize("check", [ELEMENT, HEADING])
def test_sections_all_there_say_nothing(check: Rule) -> None:
    given = revision(document())

    assert check.findings(given) == ()
    assert check.judges(given)


@pytest.mark.parametrize("check", [ELEMENT, HEADING])
@pytest.mark.parametrize("missing", HULI_SECTIONS)
def test_one_section_missing_is_asked_for_by_name(check: Rule, missing: str) -> None:
    there = tuple(section for section in HULI_SECTIONS if section != missing)

    found = check.findings(revision(document(headings=there)))

    assert found == (
        Finding(
            rule="required_sections",
            check="required_sections",
            code="section_missing",
            severity="fix",
            file="案例.docx",
            values={"section": missing, "headings": there},
        ),
    )


@pytest.mark.parametrize("check", [ELEMENT, HEADING])
def test_every_missing_section_is_named(check: Rule) -> None:
    found = check.findings(revision(document(headings=HULI_SECTIONS[:2])))

    assert [finding.values["section"] for finding in found] == ["成效与反响", "探讨与评论"]


@pytest.mark.parametrize("check", [ELEMENT, HEADING])
def test_a_heading_without_text_counts_as_missing(check: Rule) -> None:
    empty = heading("探讨与评论", number="四、", words=0)

    (found,) = check.findings(revision(document(headings=(*HULI_SECTIONS[:3], empty))))

    assert (found.code, found.severity) == ("section_empty", "fix")
    assert found.values == {"section": "探讨与评论", "heading": "四、探讨与评论"}


def test_a_heading_without_text_is_forgiven_when_it_comes_again_with_text() -> None:
    contents = tuple(heading(section, words=0) for section in HULI_SECTIONS)

    assert found_in(ELEMENT, headings=(*contents, *HULI_SECTIONS)) == []


@pytest.mark.parametrize("written", ["背景和起因", "案例背景与起因", "背景及起因", "背景、起因"])
def test_a_section_named_a_little_differently_is_recognised(written: str) -> None:
    assert found_in(HEADING, headings=(written, *HULI_SECTIONS[1:])) == []


def test_half_a_name_is_enough_for_an_element() -> None:
    assert found_in(ELEMENT, headings=("背景", "主要做法", "工作成效", "探讨")) == []


def test_half_names_do_not_show_that_the_writer_followed_the_list() -> None:
    general = ("背景", "主要做法", "工作成效", "一枚印章")

    (found,) = ELEMENT.findings(revision(document(headings=general)))

    assert (found.code, found.values["sections"]) == ("sections_unrecognised", ("探讨与评论",))


def test_other_usual_words_are_enough_for_an_element() -> None:
    assert found_in(ELEMENT, headings=("问题由来", "具体举措", "社会效益", "经验启示")) == []


@pytest.mark.parametrize("check", [ELEMENT, HEADING])
def test_a_word_that_may_mean_the_section_is_left_to_a_person(check: Rule) -> None:
    (found,) = check.findings(revision(document(headings=(*HULI_SECTIONS[:3], "结语"))))

    assert (found.code, found.severity, found.values["sections"]) == ("sections_unrecognised", "human", ("探讨与评论",))


def test_other_usual_words_are_doubtful_where_headings_are_asked_for() -> None:
    found = HEADING.findings(revision(document(headings=(*HULI_SECTIONS[:3], "经验启示"))))

    assert [(f.code, f.severity) for f in found] == [("sections_unrecognised", "human")]


def test_a_heading_that_is_surely_one_asked_section_does_not_stand_for_its_relative() -> None:
    check = rule("required_sections", **{"as": "element"}, sections=["做法", "经验", "启示"])

    found = check.findings(revision(document(headings=("做法", "经验"))))

    assert [(f.code, f.values["section"]) for f in found] == [("section_missing", "启示")]


def test_an_empty_heading_before_a_heading_of_the_writers_own_may_be_its_parent() -> None:
    headings = (heading("背景与起因"), heading("做法与经过", words=0), heading("一枚印章"), *HULI_SECTIONS[2:])

    (found,) = ELEMENT.findings(revision(document(headings=headings)))

    assert (found.code, found.severity) == ("section_empty", "human")


def test_text_read_off_a_picture_never_lacks_a_section_for_sure() -> None:
    read = Measure(value=2400, low=2000, high=2800, reason="ocr")

    assert found_in(HEADING, headings=HULI_SECTIONS[:3], words=read) == [("sections_unrecognised", "human")]


def test_half_a_name_is_doubtful_where_headings_are_asked_for() -> None:
    found = HEADING.findings(revision(document(headings=("背景与起因", "主要做法", "成效与反响", "探讨与评论"))))

    assert [(f.code, f.values["sections"]) for f in found] == [("sections_unrecognised", ("做法与经过",))]


@pytest.mark.parametrize("headings", [OWN_HEADINGS, ("背景与起因", *OWN_HEADINGS), ()])
def test_an_element_in_a_long_text_of_its_own_shape_is_left_to_a_person(headings: tuple[str, ...]) -> None:
    (found,) = ELEMENT.findings(revision(document(headings=headings)))

    missing = tuple(section for section in HULI_SECTIONS if section not in headings)
    assert (found.code, found.severity) == ("sections_unrecognised", "human")
    assert found.values == {"sections": missing, "headings": headings}


def test_a_heading_asked_for_in_a_long_text_of_its_own_shape_is_missing() -> None:
    assert found_in(HEADING, headings=OWN_HEADINGS) == [("section_missing", "fix")] * 4


@pytest.mark.parametrize(("words", "outcome"), [(499, "section_missing"), (500, "sections_unrecognised")])
def test_an_element_in_a_text_too_short_to_cover_all_is_missing(words: int | Measure, outcome: object) -> None:
    codes = {code for code, _ in found_in(ELEMENT, headings=(), words=words)}

    assert codes == {outcome}


@pytest.mark.parametrize(("own", "outcome"), [(1, "section_missing"), (2, "sections_unrecognised")])
def test_a_short_text_with_parts_of_its_own_is_left_to_a_person(own: int, outcome: str) -> None:
    codes = {code for code, _ in found_in(ELEMENT, headings=OWN_HEADINGS[:own], words=300)}

    assert codes == {outcome}


def test_half_of_the_elements_recognised_makes_the_others_missing() -> None:
    assert found_in(ELEMENT, headings=(*HULI_SECTIONS[:2], *OWN_HEADINGS)) == [("section_missing", "fix")] * 2


def test_a_paragraph_that_opens_with_the_name_is_not_surely_missing() -> None:
    text = "金安社区的故事。\n探讨与评论方面，专家认为值得推广。"

    (found,) = ELEMENT.findings(revision(document(headings=HULI_SECTIONS[:3], text=text)))

    assert (found.code, found.values["sections"]) == ("sections_unrecognised", ("探讨与评论",))


def test_a_name_in_the_middle_of_a_sentence_proves_nothing() -> None:
    text = "专家就此作了探讨与评论。"

    assert found_in(ELEMENT, headings=HULI_SECTIONS[:3], text=text) == [("section_missing", "fix")]


def test_a_section_missing_beside_unread_pages_is_left_to_a_person() -> None:
    assert found_in(HEADING, headings=HULI_SECTIONS[:3], pages=5, pages_without_text=1) == [
        ("sections_unrecognised", "human")
    ]


def test_an_alias_of_a_section_is_the_section() -> None:
    check = rule("required_sections", sections=["主要做法"], aliases={"主要做法": ["具体举措"]})

    assert found_in(check, headings=("具体举措",)) == []
    assert found_in(check, headings=("工作亮点",)) == [("section_missing", "fix")]


@pytest.mark.parametrize(
    "files",
    [(), photos(5), (problem("案例.doc", "unsupported_format", format="doc", role="case"),)],
)
def test_sections_without_a_readable_case_say_nothing(files: tuple[ReadFile, ...]) -> None:
    given = revision(*files)

    assert ELEMENT.findings(given) == ()
    assert not ELEMENT.judges(given)


def test_sections_tells_where_each_was_found() -> None:
    headings = (heading("背景和起因", number="一、", words=300), heading("做法与经过", words=0))

    assert isinstance(ELEMENT, RequiredSections)

    looked_for = ELEMENT.sections_in(document(headings=headings))

    assert [(one.section, one.heading and one.heading.text, one.is_there, one.is_empty) for one in looked_for] == [
        ("背景与起因", "一、背景和起因", True, False),
        ("做法与经过", "做法与经过", False, True),
        ("成效与反响", None, False, False),
        ("探讨与评论", None, False, False),
    ]


def test_an_alias_of_no_section_is_refused() -> None:
    with pytest.raises(ConfigError, match="不在 sections 之中"):
        rule("required_sections", sections=["主要做法"], aliases={"做法": ["举措"]})


def test_sections_of_huli_are_elements() -> None:
    (sections,) = (check for check in checks_of("huli-2022") if check.id == "sections")

    assert found_in(sections, headings=OWN_HEADINGS) == [("sections_unrecognised", "human")]
    assert found_in(sections, headings=HULI_SECTIONS[:3]) == [("section_missing", "fix")]
