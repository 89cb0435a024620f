"""Automatic numbers come out as Word prints them, though they stand in no paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.text.number_formats import format_number
from tests.parsers.documents.docx_files import facts, paragraph


def level(depth: int, text: str, number_format: str = "decimal", extra: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbered(text: str, instance: int = 1, depth: int | None = 0, style: str = "") -> str:
    at = "" if depth is None else f'<w:ilvl w:val="{depth}"/>'
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return paragraph(text, properties=f'{named}<w:numPr>{at}<w:numId w:val="{instance}"/></w:numPr>')


def instance(number: int, abstract: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def labels(path: Path, *body: str, numbering: str, styles: str = "") -> list[str]:
    return [block.label for block in facts(path, *body, parts={"numbering": numbering, "styles": styles}).blocks]


CASE = abstract(
    0,
    level(0, "%1、", "chineseCounting"),
    level(1, "（%2）", "chineseCounting"),
    level(2, "%3."),
    level(3, "%1.%3.%4", extra="<w:isLgl/>"),
) + instance(1, 0)


def test_levels_count_on_and_restart_below_a_higher_one(tmp_path: Path) -> None:
    body = [numbered("字", depth=depth) for depth in (0, 1, 1, 0, 1, 2, 2, 0)]

    assert labels(tmp_path, *body, numbering=CASE) == ["一、", "（一）", "（二）", "二、", "（一）", "1.", "2.", "三、"]


def test_level_without_its_parents_shows_where_they_would_start(tmp_path: Path) -> None:
    assert labels(tmp_path, numbered("字", depth=3), numbered("字", depth=3), numbering=CASE) == ["1.1.1", "1.1.2"]


def test_instances_share_a_count_until_one_asks_for_a_restart(tmp_path: Path) -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = abstract(0, level(0, "%1.")) + instance(1, 0) + instance(2, 0) + instance(3, 0, restart)
    body = [numbered("字", instance=number) for number in (1, 2, 3, 3, 1)]

    assert labels(tmp_path, *body, numbering=numbering) == ["1.", "2.", "1.", "2.", "3."]


def test_override_replaces_a_level(tmp_path: Path) -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "第%1部分", "chineseCounting")}</w:lvlOverride>'
    numbering = abstract(0, level(0, "%1.")) + instance(1, 0, override)

    assert labels(tmp_path, numbered("字"), numbering=numbering) == ["第一部分"]


def test_level_may_go_on_through_higher_ones(tmp_path: Path) -> None:
    numbering = abstract(0, level(0, "%1、"), level(1, "%2）", extra='<w:lvlRestart w:val="0"/>')) + instance(1, 0)
    body = [numbered("字", depth=depth) for depth in (0, 1, 0, 1)]

    assert labels(tmp_path, *body, numbering=numbering) == ["1、", "1）", "2、", "2）"]


def test_style_brings_its_number_and_level(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbering = abstract(
        0,
        level(0, "%1、", "chineseCounting", '<w:pStyle w:val="1"/>'),
        level(1, "%1.%2", extra='<w:isLgl/><w:pStyle w:val="2"/>'),
    ) + instance(1, 0)
    body = [paragraph("字", properties=f'<w:pStyle w:val="{style}"/>') for style in "1221"]
    plain = paragraph("字", properties='<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>')

    assert labels(tmp_path, *body, plain, numbering=numbering, styles=styles) == ["一、", "1.1", "1.2", "二、", ""]


def test_legal_level_turns_other_numerals_arabic_and_keeps_leading_zeros(tmp_path: Path) -> None:
    numbering = abstract(
        0,
        level(0, "Article %1.", "upperRoman"),
        level(1, "Section %1.%2", "decimalZero", "<w:isLgl/>"),
    ) + instance(1, 0)

    found = labels(tmp_path, numbered("字"), numbered("字", depth=1), numbering=numbering)

    assert found == ["Article I.", "Section 1.01"]


def test_list_defined_by_a_numbering_style_is_followed(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:name w:val="L"/>'
        '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
        + abstract(1, level(0, "%1、", "chineseCounting"))
        + instance(1, 0)
        + instance(2, 1)
    )

    assert labels(tmp_path, numbered("字"), numbering=numbering, styles=styles) == ["一、"]


@pytest.mark.parametrize(
    ("levels", "label"),
    [
        (level(0, "\uf0b7", "bullet"), "•"),
        (level(0, "", "none"), ""),
        (level(0, "%1.", "decimal", start=5), "5."),
        ("", ""),
    ],
)
def test_list_that_does_not_count_shows_a_bullet_or_nothing(tmp_path: Path, levels: str, label: str) -> None:
    numbering = abstract(0, levels) + instance(1, 0)

    assert labels(tmp_path, numbered("字"), numbering=numbering) == [label]


def test_empty_numbered_paragraph_uses_up_its_number(tmp_path: Path) -> None:
    assert labels(tmp_path, numbered("字"), numbered(""), numbered("字"), numbering=CASE) == ["一、", "三、"]


@pytest.mark.parametrize(
    ("number_format", "printed"),
    [
        ("decimal", "1 10 12 20 105"),
        ("chineseCounting", "一 十 十二 二十 一百零五"),
        ("chineseCountingThousand", "一 十 十二 二十 一百零五"),
        ("chineseLegalSimplified", "壹 壹拾 壹拾贰 贰拾 壹佰零伍"),
        ("ideographDigital", "一 一〇 一二 二〇 一〇五"),
        ("ideographTraditional", "甲 癸 乙 癸 戊"),
        ("decimalEnclosedCircle", "① ⑩ ⑫ ⑳ 105"),
        ("decimalEnclosedParen", "⑴ ⑽ ⑿ ⒇ 105"),
        ("upperRoman", "I X XII XX CV"),
        ("lowerLetter", "a j l t aaaaa"),
        ("decimalFullWidth", "１ １０ １２ ２０ １０５"),
        ("decimalZero", "01 10 12 20 105"),
        ("numberInDash", "- 1 - - 10 - - 12 - - 20 - - 105 -"),
        ("none", "    "),
        ("nobodyKnows", "1 10 12 20 105"),
    ],
)
def test_number_format_prints_as_word_does(number_format: str, printed: str) -> None:
    assert " ".join(format_number(number, number_format) for number in (1, 10, 12, 20, 105)) == printed


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_number_outside_a_formats_range_is_printed_in_digits(number: int) -> None:
    assert format_number(number, "chineseCounting") == str(number)
