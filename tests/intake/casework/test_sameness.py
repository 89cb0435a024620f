from __future__ import annotations

from dataclasses import replace

import pytest

from intake.casework.photos import count_photos
from intake.casework.roles import assign_roles
from intake.casework.sameness import (
    SAME_TEXT,
    SAME_WORK,
    case_shingles,
    content_key,
    same_again,
    shingles,
    similarity,
    version_similarity,
)
from intake.model import ReadFile
from tests.intake.casework.samples import case_lines, document, photo, photos, problem, prose


def ready(*files: ReadFile) -> tuple[ReadFile, ...]:
    return count_photos(assign_roles(files))


def test_shingles_ignore_script_width_spaces_and_punctuation() -> None:
    assert shingles("社區治理，從 小事 做起。ＡＢＣ") == shingles("社区治理从小事做起 abc!")


def test_blank_text_is_like_nothing() -> None:
    assert shingles(" \n。") == frozenset()
    assert similarity(frozenset(), shingles("社区")) == 0.0
    assert version_similarity(frozenset(), frozenset()) == 0.0


def test_endless_text_is_compared_by_its_beginning() -> None:
    text = prose(1, 260_000)

    assert shingles(text) == shingles(text + prose(2, 100_000))
    assert len(shingles(text)) <= 100_000


def test_short_text_is_one_shingle() -> None:
    assert len(shingles("社区")) == 1
    assert similarity(shingles("社区"), shingles("社区")) == 1.0


def test_other_case_of_the_same_kind_shares_next_to_nothing() -> None:
    assert similarity(shingles(prose(1, 2500)), shingles(prose(2, 2500))) < 0.3


@pytest.mark.parametrize(
    ("lengths", "alike", "version"),
    [
        ((3600, 2900), "different text", "same work"),  # shortened as asked
        ((2900, 2880), "same text", "same work"),
        ((2800, 1000), "different text", "another work"),  # a chapter of it
    ],
)
def test_shortened_text_is_still_a_version(lengths: tuple[int, int], alike: str, version: str) -> None:
    long, short = (shingles(prose(3, length)) for length in lengths)

    assert ("same text" if similarity(long, short) >= SAME_TEXT else "different text") == alike
    assert ("same work" if version_similarity(long, short) >= SAME_WORK else "another work") == version


def test_only_case_documents_make_the_shingles_of_a_case() -> None:
    files = ready(document("案例.docx"), document("关于报送案例的函.docx", ["关于报送案例的函", "请审阅"]))

    assert case_shingles(files) == shingles("\n".join(case_lines()))


def test_content_key_ignores_names_order_and_layout_of_text() -> None:
    one = ready(document("案例.docx"), *photos(1, 2))
    other = ready(photo(2, "b.jpg"), photo(1, "a.jpg"), document("金安社区.pdf", format="pdf"))

    assert content_key(one) == content_key(other)


@pytest.mark.parametrize(
    "other",
    [
        (document("案例.docx", case_lines(2)), *photos(1, 2)),
        (document("案例.docx"), *photos(1, 3)),
        (document("案例.docx"), *photos(1)),
        (document("案例.docx"), *photos(1, 2), problem("汇总表.xlsx", format="other")),
    ],
)
def test_content_key_tells_other_content(other: tuple[ReadFile, ...]) -> None:
    assert content_key(ready(document("案例.docx"), *photos(1, 2))) != content_key(ready(*other))


KNOWN = ready(document("案例.docx"), *photos(1, 2, 3), problem("盖章.pdf", "no_text", format="pdf"))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (KNOWN, True),
        (ready(document("换个名字.docx")), True),
        (ready(document("案例.pdf", format="pdf")), True),
        (ready(photo(2, width_px=1000, height_px=750)), True),
        (ready(document("案例.docx"), *photos(1, 2, 3)), True),
        (ready(problem("盖章.pdf", "no_text", format="pdf")), True),
        (ready(document("案例.docx"), *photos(1, 4)), False),
        (ready(document("案例.docx", [*case_lines()[:-1], "补充一段。"])), False),
        (ready(problem("其他.pdf", "no_text", format="pdf")), False),
        ((), False),
    ],
)
def test_same_again_means_nothing_new(new: tuple[ReadFile, ...], expected: bool) -> None:
    assert same_again(new, KNOWN) is expected


def test_documents_without_text_are_the_same_only_by_their_bytes() -> None:
    first = document("照片.docx", [""], pictures=3)
    second = replace(first, sha256="e" * 64)

    assert same_again((first,), (first,)) is True
    assert same_again((second,), (first,)) is False
