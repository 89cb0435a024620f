from __future__ import annotations

import pytest

from config.errors import ConfigError
from intake.checks import Rule
from intake.checks.choice import Choice, written_choice
from intake.model import Finding
from tests.intake.checks.revisions import checks_of, document, photos, problem, revision, rule

HULI = ("网格治理", "社区治理", "小区治理", "智慧治理")
CATEGORY = rule("category", choices=list(HULI), also_accepted=["多元治理"], aliases={"智慧社区": "智慧治理"})
LEVELS = ("县(市)区", "镇(街道)", "村(社区)")
(LEVEL,) = (check for check in checks_of("xuzhou-2015") if check.name == "level")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("网格治理", Choice("chosen", "网格治理", "网格治理")),
        ("網格治理類", Choice("chosen", "網格治理類", "网格治理")),
        ("（一）网格治理", Choice("chosen", "（一）网格治理", "网格治理")),
        ("□网格治理 ☑社区治理 □小区治理", Choice("chosen", "社区治理", "社区治理")),
        ("网格治理（√） 社区治理（ ）", Choice("chosen", "网格治理", "网格治理")),
        ("网格治理√ 社区治理", Choice("chosen", "网格治理", "网格治理")),
        ("网格治理 √社区治理", Choice("chosen", "社区治理", "社区治理")),
        ("（√）网格治理（ ）社区治理", Choice("chosen", "网格治理", "网格治理")),
        ("☑网格治理 ☑社区治理", Choice("none")),
        ("□网格治理 □社区治理", Choice("none")),
        ("网格治理、社区治理、小区治理、智慧治理", Choice("none")),
        ("多元治理", Choice("alias", "多元治理", None)),
        ("智慧社区", Choice("alias", "智慧社区", "智慧治理")),
        ("乡村振兴", Choice("unknown", "乡村振兴")),
        ("", Choice("none")),
        ("无", Choice("none")),
        (" / ", Choice("none")),
    ],
)
def test_written_choice_reads_what_people_write(written: str, expected: object) -> None:
    assert written_choice([written], HULI, {"多元治理": "", "智慧社区": "智慧治理"}) == expected


def test_written_choice_takes_the_first_text_that_says_something() -> None:
    assert written_choice(["", "□网格治理", "小区治理", "智慧治理"], HULI, {}).taken_for == "小区治理"


@pytest.mark.parametrize("category", HULI)
def test_category_of_the_call_is_fine(category: str) -> None:
    given = revision(document(), category=category)

    assert CATEGORY.findings(given) == ()
    assert CATEGORY.judges(given)


def test_category_written_in_the_form_is_read() -> None:
    form = document("报名表.docx", role="form", fields=[("category", "小区治理")])

    assert CATEGORY.findings(revision(document(), form, category=None)) == ()


def test_category_not_written_never_blocks_and_is_not_settled() -> None:
    given = revision(document(text="今天天气好。"), category=None, title="无题")

    assert CATEGORY.findings(given) == (
        Finding(
            rule="category",
            check="category",
            code="category_not_chosen",
            severity="note",
            values={"choices": HULI, "suggestion": None},
        ),
    )
    assert not CATEGORY.judges(given)


@pytest.mark.parametrize(
    ("title", "text", "suggestion"),
    [
        ("智慧治理进小区", "社区治理社区治理", "智慧治理"),
        ("无题", "网格治理做得细，网格治理做得实；社区治理也好。", "网格治理"),
        ("无题", "网格治理和社区治理并重，网格治理先行，社区治理跟上。", None),
        ("无题", "全年共办实事。", None),
    ],
)
def test_category_is_suggested_only_when_the_text_is_clear(title: str, text: str, suggestion: str | None) -> None:
    (found,) = CATEGORY.findings(revision(document(text=text), category=None, title=title))

    assert found.values["suggestion"] == suggestion


def test_category_that_must_be_written_is_asked_for() -> None:
    (found,) = rule("category", choices=list(HULI), must_be_written=True).findings(revision(document(), category=None))

    assert (found.code, found.severity) == ("category_not_chosen", "fix")


def test_category_that_may_stand_in_an_unreadable_form_is_left_to_a_person() -> None:
    form = problem("报名表.doc", "unsupported_format", format="doc", role="form")

    (found,) = rule("category", choices=list(HULI), must_be_written=True).findings(
        revision(document(), form, category=None)
    )

    assert found.severity == "human"


def test_category_outside_the_list_is_left_to_a_person() -> None:
    (found,) = CATEGORY.findings(revision(document(), category="乡村振兴"))

    assert (found.code, found.severity, found.values) == (
        "category_unknown",
        "human",
        {"found": "乡村振兴", "choices": HULI},
    )


@pytest.mark.parametrize(("written", "taken_for"), [("多元治理", None), ("智慧社区", "智慧治理")])
def test_category_by_another_name_is_accepted_and_told_to_the_organizers_only(
    written: str | None, taken_for: str | None
) -> None:
    (found,) = CATEGORY.findings(revision(document(), category=written))

    assert (found.code, found.severity, found.audience) == ("category_alias", "note", "organizers")
    assert found.values == {"found": written, "taken_for": taken_for}


@pytest.mark.parametrize("check", [CATEGORY, LEVEL])
def test_choices_without_anything_readable_are_not_spoken_of(check: Rule) -> None:
    given = revision(problem("案例.pdf", "no_text", format="pdf", role="case"), *photos(5), category=None)

    assert check.findings(given) == ()
    assert not check.judges(given)


@pytest.mark.parametrize(
    ("preset", "rule_id", "written", "codes"),
    [
        ("huli-2022", "category", "智慧治理", []),
        ("huli-2022", "category", "多元治理", ["category_alias"]),
        ("huli-2022", "category", None, ["category_not_chosen"]),
        ("huli-2022", "category", "乡村振兴", ["category_unknown"]),
        ("xuzhou-2015", "theme", "深化三社联动内涵建设", []),
        ("xuzhou-2015", "theme", "健全基层协商民主机制", []),
        ("xuzhou-2015", "theme", None, ["category_not_chosen"]),
    ],
)
def test_category_of_the_presets(preset: str, rule_id: str, written: str | None, codes: list[str]) -> None:
    (check,) = (check for check in checks_of(preset) if check.id == rule_id)

    assert [finding.code for finding in check.findings(revision(document(), category=written))] == codes


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        *((level, []) for level in LEVELS),
        ("村（社区）", []),
        ("社区", []),
        ("镇街道", []),
        ("乡镇", []),
        ("区", []),
        ("省级", ["level_unknown"]),
        (None, ["level_not_stated"]),
    ],
)
def test_level_of_xuzhou_is_one_of_three(written: str | None, codes: list[str]) -> None:
    found = LEVEL.findings(revision(document(), level=written))

    assert [finding.code for finding in found] == codes
    assert all(finding.severity == "human" and finding.values["choices"] == LEVELS for finding in found)


def test_level_unknown_tells_what_was_written() -> None:
    (found,) = LEVEL.findings(revision(document(), level="省级"))

    assert found.values == {"found": "省级", "choices": LEVELS}


@pytest.mark.parametrize("check", ["category", "level"])
def test_a_choice_of_one_is_refused(check: str) -> None:
    with pytest.raises(ConfigError):
        rule(check, choices=["网格治理"])
