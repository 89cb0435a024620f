from __future__ import annotations

from dataclasses import replace

import pytest

from config.errors import ConfigError
from intake.model import Finding, ReadFile, Resemblance
from intake.replies import describe_finding, load_language
from parsers.facts import Format
from tests.intake.checks.revisions import checks_of, document, photo, photos, problem, revision, rule
from tests.intake.replies.reports import HULI

WORD_OR_PDF = rule("accepted_formats", formats=["docx", "pdf"])
DUPLICATES = rule("duplicates")


def alike(similarity: float, number: str = "HL22-0003") -> Resemblance:
    return Resemblance(number=number, title="小网格办大事", similarity=similarity, same_sender=True)


@pytest.mark.parametrize("name", ["docx", "pdf"])
def test_an_accepted_format_is_fine(name: Format) -> None:
    given = revision(document(format=name))

    assert WORD_OR_PDF.findings(given) == ()
    assert WORD_OR_PDF.judges(given)


def test_another_format_is_asked_to_be_changed() -> None:
    assert WORD_OR_PDF.findings(revision(document("案例.txt", format="txt"))) == (
        Finding(
            rule="accepted_formats",
            check="accepted_formats",
            code="format_not_accepted",
            severity="fix",
            file="案例.txt",
            values={"format": "txt", "accepted": ("docx", "pdf")},
        ),
    )


def test_the_format_of_an_unreadable_case_is_known_all_the_same() -> None:
    (found,) = WORD_OR_PDF.findings(revision(problem("案例.wps", "unsupported_format", format="wps", role="case")))

    assert (found.code, found.file) == ("format_not_accepted", "案例.wps")


@pytest.mark.parametrize("files", [(), photos(2), (document("表.txt", role="form", format="txt"),)])
def test_formats_look_at_the_case_alone(files: tuple[ReadFile, ...]) -> None:
    given = revision(*files)

    assert WORD_OR_PDF.findings(given) == ()
    assert not WORD_OR_PDF.judges(given)


def test_formats_of_photos_look_at_counted_photos() -> None:
    jpeg = rule("accepted_formats", of="photos", formats=["JPG", ".png"])
    files = (document(), photo("1.jpg"), photo("2.webp", kind="webp"), photo("3.bmp", kind="bmp", counted=False))

    (found,) = jpeg.findings(revision(*files))

    assert (found.file, found.values) == ("2.webp", {"format": "webp", "accepted": ("jpeg", "png")})


def test_an_unknown_format_in_the_campaign_file_is_refused_with_a_hint() -> None:
    with pytest.raises(ConfigError, match=r"没有“docs”这种格式。是否想写 docx?"):
        rule("accepted_formats", formats=["docs"])


@pytest.mark.parametrize(("similarity", "percents"), [(0.8999, []), (0.9, [90]), (0.905, [90]), (1.0, [100])])
def test_nearly_the_same_text_is_left_to_a_person(similarity: float, percents: list[int]) -> None:
    found = DUPLICATES.findings(revision(document(), resembles=(alike(similarity),)))

    assert [finding.values["similarity_percent"] for finding in found] == percents
    assert all((finding.code, finding.severity) == ("near_identical", "human") for finding in found)


def test_nearly_the_same_text_names_the_other_case() -> None:
    (found,) = DUPLICATES.findings(revision(document(), resembles=(alike(0.97),)))

    assert found.values == {"number": "HL22-0003", "title": "小网格办大事", "similarity_percent": 97}


def test_several_nearly_the_same_come_most_alike_first() -> None:
    given = revision(
        document(), resembles=(alike(0.91, "HL22-0001"), alike(0.99, "HL22-0002"), alike(0.5, "HL22-0004"))
    )

    assert [finding.values["number"] for finding in DUPLICATES.findings(given)] == ["HL22-0002", "HL22-0001"]


def test_similarity_without_a_readable_case_is_not_judged() -> None:
    given = revision(*photos(5), resembles=(alike(0.97),))

    assert DUPLICATES.findings(given) == ()
    assert not DUPLICATES.judges(given)


@pytest.mark.parametrize(
    ("preset", "what"),
    [
        (
            "huli-2022",
            [
                "主旨清晰、层次分明、资料翔实",
                "示范性、创新性、实效性、针对性、影响面、认可度、创新驱动性（按所报类别）",
            ],
        ),
        ("xuzhou-2015", ["科学性、创新性及实践性", "实地察看：真实性、实施成效、群众满意度"]),
    ],
)
def test_what_only_people_can_judge_is_queued_for_the_organizers_alone(preset: str, what: list[str]) -> None:
    given = revision(document())
    attests = [check for check in checks_of(preset) if check.name == "attest"]

    found = [finding for check in attests for finding in check.findings(given)]

    assert [finding.values["what"] for finding in found] == what
    assert {(finding.code, finding.severity, finding.audience) for finding in found} == {
        ("attest", "note", "organizers")
    }
    assert not any(check.judges(given) for check in attests)


def test_nearly_the_same_text_of_another_sender_proposes_a_merge() -> None:
    other = replace(alike(0.97), same_sender=False, unit="榕荫社区居委会", recommender="江头街道办事处")

    (found,) = DUPLICATES.findings(revision(document(), resembles=(other,)))

    assert (found.values["unit"], found.values["recommender"]) == ("榕荫社区居委会", "江头街道办事处")
    assert describe_finding(found, load_language("zh-CN"), HULI) == (
        "与HL22-0003《小网格办大事》相似度97%，由不同单位报送，建议核对后合并为一个案例，以江头街道办事处为推荐单位。"
    )
