from __future__ import annotations

from typing import Any

import pytest

from config.errors import ConfigError
from intake.model import Finding, Problem, ReadFile
from tests.intake.checks.revisions import checks_of, document, photo, photos, problem, revision, rule

FIVE = rule("image_count", min=5, max=5)


@pytest.mark.parametrize(
    ("count", "outcome"),
    [
        (0, [("too_few_images", "fix")]),
        (4, [("too_few_images", "fix")]),
        (5, []),
        (6, [("too_many_images", "note")]),
    ],
)
def test_photos_beside_the_number_asked_for(count: int, outcome: object) -> None:
    found = FIVE.findings(revision(document(), *photos(count)))

    assert [(finding.code, finding.severity) for finding in found] == outcome


def test_too_few_photos_tell_how_many_are_missing_and_how_many_were_not_counted() -> None:
    files: tuple[ReadFile, ...] = (
        document(),
        *photos(3),
        photo("1(1).jpg", counted=False),
        photo("logo.png", counted=False),
    )

    assert FIVE.findings(revision(*files)) == (
        Finding(
            rule="image_count",
            check="image_count",
            code="too_few_images",
            severity="fix",
            values={"found": 3, "min": 5, "missing": 2, "not_counted": 2},
        ),
    )


def test_too_many_photos_tell_found_and_limit() -> None:
    (found,) = FIVE.findings(revision(document(), *photos(7)))

    assert found.values == {"found": 7, "max": 5}


@pytest.mark.parametrize(
    ("unreadable", "severity"),
    [
        ([problem("照片.rar", "unsupported_format", format="archive")], "human"),
        ([problem("照片.docx", "killed")], "human"),
        ([problem("4.jpg", "damaged", format="image"), problem("5.jpg", "damaged", format="image")], "human"),
        ([problem("4.jpg", "damaged", format="image")], "fix"),
        ([problem("照片.zip", "empty", format="archive")], "fix"),
        ([problem("报名表.doc", "unsupported_format", format="doc", role="form")], "fix"),
    ],
)
def test_photos_that_may_be_in_an_unreadable_file_are_left_to_a_person(
    unreadable: list[Problem], severity: str
) -> None:
    (found,) = FIVE.findings(revision(document(), *photos(3), *unreadable))

    assert (found.code, found.severity) == ("too_few_images", severity)


def test_photos_that_may_be_in_the_unreadable_case_are_not_spoken_of() -> None:
    given = revision(problem("案例.docx", "encrypted", role="case"))

    assert FIVE.findings(given) == ()
    assert not FIVE.judges(given)


def test_enough_photos_beside_an_unreadable_case_are_fine() -> None:
    given = revision(problem("案例.docx", "encrypted", role="case"), *photos(5))

    assert FIVE.findings(given) == ()
    assert FIVE.judges(given)


def test_photos_are_asked_for_together_with_a_missing_case() -> None:
    # Everything is asked for at once.
    assert [finding.code for finding in FIVE.findings(revision())] == ["too_few_images"]


@pytest.mark.parametrize("keys", [{}, {"min": 6, "max": 5}, {"min": 0}])
def test_image_count_written_wrongly_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        rule("image_count", **keys)


@pytest.mark.parametrize(("count", "codes"), [(4, ["too_few_images"]), (5, []), (6, ["too_many_images"])])
def test_photos_of_huli_are_five(count: int, codes: list[str]) -> None:
    (asked,) = (check for check in checks_of("huli-2022") if check.id == "photos")

    assert [finding.code for finding in asked.findings(revision(document(), *photos(count)))] == codes
