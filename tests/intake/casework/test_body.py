from __future__ import annotations

import pytest

from intake.casework.body import BODY_NAME, body_as_document, body_document
from intake.casework.package import holds_material, package_of
from intake.model import Document
from tests.intake.casework.samples import HULI, SECTIONS, case_lines, document, facts, letter, photo, problem, prose

CASE_IN_BODY = "\n".join(["各位老师好，案例如下：", *case_lines()])


def test_case_pasted_into_the_letter_is_a_document() -> None:
    body = body_as_document(facts("投稿", CASE_IN_BODY), sections=SECTIONS)

    assert body is not None
    assert [heading.title for heading in body.headings][-4:] == list(SECTIONS)


def test_case_in_the_body_under_usual_headings_of_its_own_is_a_document() -> None:
    lines = case_lines(sections=("案例背景", "主要做法", "取得成效", "经验启示"))

    assert body_as_document(facts("投稿", "\n".join(lines)), sections=()) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "请查收附件，谢谢。",
        "各位老师好：\n" + prose(1, 900),  # long, but no case
        "a b c " * 100 + "\n背景\n" + "word" * 200,  # many characters, few 字
        "\n".join(case_lines(words=300)),  # built like a case, but short
        "\n".join(["本周工作", "一、走访", prose(1, 400), "二、会议", prose(2, 400)]),
    ],
)
def test_ordinary_letter_text_is_no_document(text: str) -> None:
    assert body_as_document(facts("来信", text), sections=SECTIONS) is None


def test_case_pasted_as_a_table_has_its_sections_in_the_first_column() -> None:
    rows = (f"{title}\t{prose(place, 300)}" for place, title in enumerate(SECTIONS))

    body = body_as_document(facts("投稿", "\n".join(["各位老师好，案例如下：", *rows])), sections=SECTIONS)

    assert body is not None
    assert [(heading.title, heading.signal) for heading in body.headings] == [(title, "cell") for title in SECTIONS]
    assert [(block.table, block.row, block.column) for block in body.blocks[:3]] == [
        (None, None, None),
        (0, 0, 0),
        (0, 0, 1),
    ]


def test_a_tab_after_a_number_begins_no_table() -> None:
    text = "\n".join(line.replace("、", "、\t", 1) for line in case_lines())

    body = body_as_document(facts("投稿", text), sections=SECTIONS)

    assert body is not None
    assert [heading.title for heading in body.headings][-4:] == list(SECTIONS)
    assert {block.table for block in body.blocks} == {None}


def test_body_document_is_named_and_stable() -> None:
    body = body_document(facts("投稿", CASE_IN_BODY), sections=SECTIONS)
    again = body_document(facts("另一主题", CASE_IN_BODY), sections=SECTIONS)

    assert body is not None
    assert (body.name, body.role, body.source, body.size_bytes) == (
        BODY_NAME,
        "case",
        "inline",
        len(CASE_IN_BODY.encode()),
    )
    assert body == again


def test_body_is_the_case_only_when_no_file_is() -> None:
    alone = package_of(letter("投稿", CASE_IN_BODY, photo(1)), HULI)
    beside_a_case = package_of(letter("投稿", CASE_IN_BODY, document("案例.docx", case_lines(2))), HULI)
    beside_an_unreadable = package_of(letter("投稿", CASE_IN_BODY, problem("案例.doc")), HULI)

    assert [(file.name, file.role) for file in alone if isinstance(file, Document)] == [(BODY_NAME, "case")]
    assert [file.name for file in beside_a_case] == ["案例.docx"]
    assert [file.name for file in beside_an_unreadable] == ["案例.doc", BODY_NAME]


def test_icon_of_a_signature_is_no_material() -> None:
    icon = photo(1, "logo.png", width_px=90, height_px=40, source="inline")

    assert holds_material(package_of(letter("案例", "见附件", icon), HULI)) is False
    assert holds_material(package_of(letter("案例", "见附件", icon, photo(2)), HULI)) is True
