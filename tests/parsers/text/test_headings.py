"""Headings are found however their writer made them, with their level and the words under them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from parsers.facts import Block, Heading
from parsers.text.counting import count_words
from parsers.text.headings import find_headings
from tests.parsers.text.lines import PROSE, SECTIONS, WORDS, between, cell, found


@pytest.mark.parametrize(
    ("blocks", "signal", "first"),
    [
        (between([Block(text=s, style="heading 1", outline_level=1) for s in SECTIONS]), "style", "背景与起因"),
        (between([Block(text=s, outline_level=2) for s in SECTIONS]), "outline", "背景与起因"),
        (between([f"{n}、{s}" for n, s in zip("一二三四", SECTIONS, strict=True)]), "numbered", "一、背景与起因"),
        (between([f"（{n}）{s}。" for n, s in zip("一二三四", SECTIONS, strict=True)]), "numbered", "（一）背景与起因。"),
        (between([f"{n}.{s}" for n, s in enumerate(SECTIONS, 1)]), "numbered", "1.背景与起因"),
        (between([f"（{n}）坚持高位推动。区里成立专班。" for n in "一二三四"]), "numbered", "（一）坚持高位推动。区里成立专班。"),
        (between([f"第{n}部分 {s}" for n, s in zip("一二三四", SECTIONS, strict=True)]), "numbered", "第一部分 背景与起因"),
        (
            between([Block(text=s, label=f"{n}、") for n, s in zip("一二三四", SECTIONS, strict=True)]),
            "auto_numbered",
            "一、背景与起因",
        ),
        (between([Block(text=s, bold=True) for s in SECTIONS]), "bold", "背景与起因"),
        (between([Block(text=s, bold=True, label="•") for s in SECTIONS]), "bold", "背景与起因"),
        ([Block(text=s, size_pt=16) if s in SECTIONS else Block(text=PROSE, size_pt=12) for s in
          [line for one in SECTIONS for line in (one, "")]], "larger", "背景与起因"),
        (between([f"【{s}】" for s in SECTIONS]), "bracketed", "【背景与起因】"),
        ([f"【{s}】{PROSE}" for s in SECTIONS], "bracketed", "【背景与起因】"),
        ([f"{s}：{PROSE}" for s in SECTIONS], "run_in", "背景与起因"),
        ([Block(text=f"{s} {PROSE}", bold_lead=5) for s in SECTIONS], "run_in", "背景与起因"),
        ([f"（{n}）{s}。{PROSE}" for n, s in zip("一二三四", SECTIONS, strict=True)], "run_in", "（一）背景与起因"),
        ([f"一、{s}\n{PROSE}" for s in SECTIONS], "numbered", "一、背景与起因"),
        (between(SECTIONS), "bare", "背景与起因"),
        (between([f"{s}：" for s in SECTIONS]), "bare", "背景与起因："),
        ([b for row, s in enumerate(SECTIONS) for b in (cell(s, row, 0), cell(PROSE, row, 1))], "cell", "背景与起因"),
        ([b for row, s in enumerate(SECTIONS) for b in (cell(s, 2 * row, 0), cell(PROSE, 2 * row + 1, 0))], "cell",
         "背景与起因"),
    ],
)  # fmt: skip
def test_section_is_found_by_every_sign_with_the_words_under_it(
    blocks: list[Block | str], signal: str, first: str
) -> None:
    headings = found(*blocks)

    assert [level for level, *_ in headings] == [1, 1, 1, 1]
    assert {one for _, one, *_ in headings} == {signal}
    assert headings[0][2] == first
    assert [words for *_, words in headings] == [WORDS] * 4


def test_line_breaks_instead_of_paragraphs_hide_no_heading() -> None:
    headings = find_headings([Block(text=f"一、背景\n{PROSE}\n二、做法\n{PROSE}"), Block(text=f"三、成效\n{PROSE}")])

    assert [(one.block, one.title, one.words) for one in headings] == [
        (0, "背景", WORDS),
        (0, "做法", WORDS),
        (1, "成效", WORDS),
    ]


def test_title_has_neither_number_nor_punctuation_nor_brackets() -> None:
    headings = find_headings([Block(text="（一）背景与起因："), Block(text=PROSE), Block(text="【做法】" + PROSE)])

    assert [heading.title for heading in headings] == ["背景与起因", "做法"]


def test_traditional_script_is_found_as_well() -> None:
    assert found("一、背景與起因", PROSE) == [(1, "numbered", "一、背景與起因", WORDS)]


def test_sub_headings_nest_and_their_words_count_above() -> None:
    blocks = ("一、做法", "（一）抓组织", PROSE, "1.建专班", PROSE, "（二）抓协商", PROSE, "二、成效", PROSE)

    assert found(*blocks) == [
        (1, "numbered", "一、做法", 3 * WORDS + 6 + 4 + 6),
        (2, "numbered", "（一）抓组织", 2 * WORDS + 4),
        (3, "numbered", "1.建专班", WORDS),
        (2, "numbered", "（二）抓协商", WORDS),
        (1, "numbered", "二、成效", WORDS),
    ]


def test_heading_with_nothing_under_it_has_no_words() -> None:
    assert found("一、背景", "二、做法", PROSE, "三、成效") == [
        (1, "numbered", "一、背景", 0),
        (1, "numbered", "二、做法", WORDS),
        (1, "numbered", "三、成效", 0),
    ]


@pytest.mark.parametrize(
    "points",
    [
        ("1.开展巡逻", "2.设立岗亭"),
        ("（1）巡逻", "（2）设岗", "（3）回访"),
        ("主要做了两件事：", "①巡逻", "②设岗"),
        ("a) patrol", "b) box"),
    ],
)
def test_points_of_a_list_are_text_of_their_part(points: Sequence[str]) -> None:
    headings = found("一、背景与起因", PROSE, "二、做法与经过", PROSE, *points, "三、成效与反响", PROSE)

    assert [text for _, _, text, _ in headings] == ["一、背景与起因", "二、做法与经过", "三、成效与反响"]
    assert headings[1][3] == WORDS + sum(map(count_words, points))


@pytest.mark.parametrize(
    "points", [("1.开展巡逻", "2.设立岗亭"), ("①开展巡逻", "②设立岗亭"), ("Ａ　开展巡逻", "Ｂ　设立岗亭")]
)
def test_points_with_text_under_each_are_headings(points: Sequence[str]) -> None:
    headings = found("一、做法与经过", *between(points), "二、成效与反响", PROSE)

    assert [(level, text) for level, _, text, _ in headings] == [
        (1, "一、做法与经过"),
        (2, points[0]),
        (2, points[1]),
        (1, "二、成效与反响"),
    ]


def test_parts_of_a_case_are_headings_even_when_nothing_stands_under_any() -> None:
    headings = found("1.背景与起因", "2.做法与经过", "3.成效与反响")

    assert [text for _, _, text, _ in headings] == ["1.背景与起因", "2.做法与经过", "3.成效与反响"]


def test_bold_lines_inside_numbered_parts_stand_below_them() -> None:
    blocks = (
        Block(text="摘要", bold=True),
        PROSE,
        "一、背景",
        Block(text="停车难", bold=True),
        PROSE,
        "二、做法",
        PROSE,
    )

    assert [(level, text) for level, _, text, _ in found(*blocks)] == [
        (2, "摘要"),
        (1, "一、背景"),
        (2, "停车难"),
        (1, "二、做法"),
    ]


def test_bold_parts_with_numbered_points_stand_above_them() -> None:
    first, second = (Block(text=section, bold=True) for section in SECTIONS[:2])
    headings = found(first, "一、停车难", PROSE, "二、环境差", PROSE, second, "一、建组织", PROSE)

    assert [level for level, *_ in headings] == [1, 2, 2, 1, 2]


def test_bold_lines_between_styled_parts_and_their_points_stand_between_them() -> None:
    part = Block(text="案例", style="heading 1", outline_level=1)
    blocks = (
        part,
        PROSE,
        Block(text="背景", bold=True),
        "一、停车",
        PROSE,
        Block(text="做法", bold=True),
        "一、共治",
        PROSE,
    )

    assert [level for level, *_ in found(*blocks)] == [1, 2, 3, 2, 3]


def test_number_typed_without_the_style_of_its_siblings_is_their_equal() -> None:
    styled = Block(text="一、背景与起因", style="heading 1", outline_level=1)

    assert [level for level, *_ in found(styled, PROSE, "二、做法与经过", PROSE)] == [1, 1]


def test_numbered_leads_are_headings_when_most_of_their_kind_have_one() -> None:
    leads = [f"{n}.{lead}。{PROSE}" for n, lead in enumerate(("清晨巡查", "午间入户", "傍晚议事"), 1)]

    assert [text for _, _, text, _ in found(*leads)] == ["1.清晨巡查", "2.午间入户", "3.傍晚议事"]
    assert found(leads[0], f"2.{PROSE}", f"3.{PROSE}") == []


def test_unnumbered_leads_are_headings_when_there_are_several_and_no_speakers() -> None:
    parts = [f"{lead}：{PROSE}" for lead in ("阵地定位", "活动内容", "特色品牌")]
    talk = [f"{speaker}：{PROSE}" for speaker in ("记者", "老支书", "记者", "老支书")]

    assert [text for _, _, text, _ in found(*parts)] == ["阵地定位", "活动内容", "特色品牌"]
    assert found(*talk) == []


def test_lead_that_names_a_part_of_a_case_needs_no_fellows() -> None:
    assert [text for _, _, text, _ in found(PROSE, f"主要做法：{PROSE}")] == ["主要做法"]


@pytest.mark.parametrize(
    "slogan",
    ["党建引领聚合力，居民议事解民忧", "“五个一”工作法：小切口撬动大治理", "第一阶段：调查摸底（2021年3月—5月）"],
)
def test_slogan_on_a_line_between_paragraphs_is_a_heading(slogan: str) -> None:
    assert found(PROSE, slogan, PROSE) == [(1, "bare", slogan, WORDS)]


def test_styled_cell_alone_in_its_row_is_a_heading() -> None:
    styled = Block(text="背景", style="heading 2", outline_level=2, table=0, row=0, column=0)

    assert [text for _, _, text, _ in found(styled, cell(PROSE, 1, 0))] == ["背景"]


@pytest.mark.parametrize("mark", ["", "。", "：", "！"])
def test_part_of_a_case_before_text_is_a_heading_whatever_mark_it_ends_with(mark: str) -> None:
    assert [text for _, _, text, _ in found(PROSE, f"主要做法{mark}", PROSE)] == [f"主要做法{mark}"]


def test_long_heading_in_latin_letters_is_measured_by_its_width() -> None:
    title = "Tip #1: make sure you are not in design mode before you map anything to a table row!"

    assert [text for _, _, text, _ in found(Block(text=title, outline_level=2), PROSE)] == [title]


def test_case_written_into_one_cell_has_headings_of_its_own() -> None:
    blocks = [cell(text, 0, 0) for text in ("一、背景", PROSE * 3, "二、做法", PROSE * 3)]

    assert [text for _, _, text, _ in found(*blocks)] == ["一、背景", "二、做法"]


def test_label_cell_of_two_lines_is_one_heading() -> None:
    headings = find_headings([cell("背景与", 0, 0), cell("起因", 0, 0), cell(PROSE, 0, 1)])

    assert headings == (Heading(block=0, text="背景与起因", title="背景与起因", level=1, signal="cell", words=WORDS),)
