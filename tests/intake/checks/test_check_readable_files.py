from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from config.errors import ConfigError
from intake.model import Finding, ReadFile, Role, Severity
from parsers.facts import PhotoFacts, ProblemCode
from tests.intake.checks.revisions import document, photo, photos, problem, revision, rule

READABLE = rule("readable_files")


def codes(*files: ReadFile, **facts: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity) for finding in READABLE.findings(revision(*files, **facts))]


def test_readable_files_with_everything_readable_says_nothing() -> None:
    assert codes(document(), *photos(5)) == []


@pytest.mark.parametrize(
    ("code", "finding", "severity"),
    [
        ("encrypted", "file_encrypted", "fix"),
        ("damaged", "file_damaged", "fix"),
        ("part_missing", "file_part_missing", "human"),
        ("empty", "file_empty", "fix"),
        ("over_limit", "file_over_limit", "human"),
        ("no_text", "file_without_text", "human"),
        ("garbled_text", "file_garbled", "human"),
        ("unsupported_format", "file_unsupported", "human"),
        ("timed_out", "reader_trouble", "human"),
        ("killed", "reader_trouble", "human"),
        ("reader_failed", "reader_trouble", "human"),
    ],
)
def test_an_unreadable_case_is_named_and_never_called_missing(
    code: ProblemCode, finding: str, severity: Severity
) -> None:
    found = READABLE.findings(revision(problem("案例.pdf", code, format="pdf", role="case"), *photos(5)))

    assert found == (
        Finding(
            rule="readable_files",
            check="readable_files",
            code=finding,
            severity=severity,
            file="案例.pdf",
            values={"format": "pdf"},
        ),
    )


@pytest.mark.parametrize(
    "files",
    [(), photos(5), (document("报名表.docx", role="form"), *photos(5)), (document("函.docx", role="cover_letter"),)],
)
def test_case_missing_with_photos_or_form_only_is_asked_for(files: tuple[ReadFile, ...]) -> None:
    assert codes(*files) == [("case_missing", "fix")]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (problem("材料.rar", "unsupported_format", format="archive"), ("file_unsupported", "human")),
        (problem("案例.wps", "unsupported_format", format="wps"), ("file_unsupported", "human")),
        (problem("盖章.pdf", "no_text", format="pdf", role="stamped_copy"), ("file_without_text", "human")),
    ],
)
def test_case_missing_beside_a_file_that_may_hold_it_is_not_said(file: ReadFile, expected: object) -> None:
    assert codes(file, *photos(5)) == [expected]


@pytest.mark.parametrize(
    "file",
    [
        problem("报名表.doc", "unsupported_format", format="doc", role="form"),
        problem("汇总表.xlsx", "unsupported_format", format="other", role="summary_sheet"),
        problem("1.jpg", "damaged", format="image"),
    ],
)
def test_case_missing_beside_an_unreadable_file_that_cannot_be_it_is_said(file: ReadFile) -> None:
    assert ("case_missing", "fix") in codes(file)


@pytest.mark.parametrize(("characters", "severity"), [(499, "fix"), (500, "human")])
def test_case_missing_with_a_long_letter_is_left_to_a_person(characters: int, severity: str) -> None:
    assert codes(*photos(5), letter_text="字" * characters) == [("case_missing", severity)]


def test_case_missing_with_a_readable_stamped_copy_is_left_to_a_person() -> None:
    assert codes(document("盖章.pdf", role="stamped_copy", format="pdf")) == [("case_missing", "human")]


def test_an_unsupported_extra_beside_a_readable_case_is_only_noted() -> None:
    assert codes(document(), problem("短片.mp4", "unsupported_format", format="other")) == [
        ("file_unsupported", "note")
    ]


def test_an_unsupported_second_case_blocks_all_the_same() -> None:
    assert codes(document(), problem("另一案例.wps", "unsupported_format", format="wps", role="case")) == [
        ("file_unsupported", "human")
    ]


@pytest.mark.parametrize("role", ["stamped_copy", "duplicate", "cover_letter"])
def test_a_scan_that_is_meant_to_be_one_is_fine_beside_a_readable_case(role: Role) -> None:
    assert codes(document(), problem("盖章.pdf", "no_text", format="pdf", role=role)) == []


def test_a_scanned_form_is_left_to_a_person() -> None:
    assert codes(document(), problem("报名表.pdf", "no_text", format="pdf", role="form")) == [
        ("file_without_text", "human")
    ]


def test_our_trouble_with_an_extra_file_is_never_softened() -> None:
    assert codes(document(), problem("1.jpg", "killed", format="image")) == [("reader_trouble", "human")]


def test_several_cases_in_one_revision_are_left_to_a_person() -> None:
    different = revision(document("甲.docx", text="甲社区" * 100), document("乙.docx", text="乙街道" * 100))

    (found,) = READABLE.findings(different)

    assert (found.code, found.severity, found.values) == ("several_cases", "human", {"count": 2})


def test_the_same_text_as_word_and_pdf_is_one_case() -> None:
    same = "网格员每天巡查，" * 60
    pdf = document("案例.pdf", format="pdf", text=same.replace("，", ",  "))

    assert codes(document(text=same), pdf) == []


def test_every_unreadable_file_is_named_in_order() -> None:
    files = (
        problem("1.jpg", "damaged", format="image"),
        document(),
        problem("2.zip", "encrypted", format="archive"),
    )

    assert [finding.file for finding in READABLE.findings(revision(*files))] == ["1.jpg", "2.zip"]


def test_readable_files_as_a_mere_note_is_refused() -> None:
    with pytest.raises(ConfigError, match="读不出的文件不能只作提示"):
        rule("readable_files", severity="note")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([400, 380, 20], ("pages_photographed", "human")),
        ([20, 30], ("case_missing", "fix")),
        ([None, None], ("case_missing", "fix")),
    ],
)
def test_photographed_pages_without_a_document_are_looked_at_by_a_person(
    words: list[int | None], expected: tuple[str, str]
) -> None:
    pictures = [
        replace(photo(f"{number}.jpg"), facts=PhotoFacts(kind="jpeg", width_px=1240, height_px=1754, page_words=count))
        for number, count in enumerate(words)
    ]

    assert codes(*pictures) == [expected]


def test_photographed_pages_beside_a_readable_case_are_photos_and_nothing_is_said() -> None:
    page = replace(photo(), facts=PhotoFacts(kind="jpeg", width_px=1240, height_px=1754, page_words=400))

    assert codes(document(), page) == []
