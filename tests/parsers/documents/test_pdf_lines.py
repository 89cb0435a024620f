"""Glyphs become lines, lines paragraphs, and what belongs to the page alone is found."""

from __future__ import annotations

import pytest

from parsers.documents.pdf_furniture import find_furniture
from parsers.documents.pdf_glyphs import Glyph
from parsers.documents.pdf_lines import Line, build_lines, join_lines, without_shadows
from parsers.documents.pdf_paragraphs import build_blocks

EM = 10.0


def glyphs(text: str, *, left: float = 0.0, top: float = 0.0, gaps: dict[int, float] | None = None) -> list[Glyph]:
    """One glyph a character, Latin half as wide; spaces go with the next, `gaps` are added before an index."""
    made: list[Glyph] = []
    x, spaces = left, ""
    for index, character in enumerate(text):
        width = EM if character > "\x7f" else EM / 2
        x += (gaps or {}).get(index, 0.0)
        if character in " \0":
            spaces += character
            continue
        made.append(Glyph(character, x, top, x + width, top + EM, EM, bold=False, black=False, spaces=spaces))
        x, spaces = x + width, ""
    return made


def line(text: str, *, top: float, left: float = 0.0, page: int = 1, bold: bool = False, size_pt: float = EM) -> Line:
    width = sum(size_pt if character > "\x7f" else size_pt / 2 for character in text)
    return Line(text, page, left, top, left + width, top + size_pt, size_pt, bold, bold)


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("治理", "提质", "治理提质"),
        ("推动AI", "赋能", "推动AI赋能"),
        ("smart", "city", "smart city"),
        ("multi-", "level", "multi-level"),
        ("https://www.example.cn/", "index.html", "https://www.example.cn/index.html"),
        ("index.html?id=", "2022", "index.html?id=2022"),
        ("", "正文", "正文"),
    ],
)
def test_lines_are_joined_with_a_space_between_latin_words_only(first: str, second: str, joined: str) -> None:
    assert join_lines(first, second) == joined


@pytest.mark.parametrize(
    ("text", "gaps", "read"),
    [
        ("网\0格", {}, "网格"),
        ("网\0格", {2: 12.0}, "网 格"),
        ("网\0AI", {}, "网AI"),
        ("smart\0city", {}, "smart city"),
        ("网 格", {}, "网 格"),
    ],
    ids=["justified", "wide gap", "before latin", "latin words", "written space"],
)
def test_a_gap_is_a_space_only_where_one_is_meant(text: str, gaps: dict[int, float], read: str) -> None:
    lines = build_lines(glyphs(text, gaps=gaps), page=1)

    assert [found.text for found in lines] == [read]


def test_pieces_far_apart_on_one_row_are_two_lines() -> None:
    row = glyphs("单位金安社区") + glyphs("联系人张三", left=200.0)

    assert [found.text for found in build_lines(row, page=1)] == ["单位金安社区", "联系人张三"]


def test_radicals_that_look_like_characters_become_characters() -> None:
    assert [found.text for found in build_lines(glyphs("⼈⺠⽹格"), page=1)] == ["人民网格"]


def test_a_second_drawing_slightly_moved_is_left_out_and_double_letters_stay() -> None:
    title = glyphs("全all面")

    kept = without_shadows(title + glyphs("全all面", left=0.8, top=0.8))

    assert kept == title


def test_letters_of_a_ligature_share_a_box_and_stay() -> None:
    first = Glyph("f", 0.0, 0.0, 6.0, EM, EM, bold=False, black=False, spaces="")
    ligature = [first, first._replace(spaces=""), first._replace(text="i", left=6.0, right=9.0)]

    assert [found.text for found in build_lines(without_shadows(ligature), page=1)] == ["ffi"]


def test_a_full_line_goes_on_and_a_short_one_ends_the_paragraph() -> None:
    page = [
        line("近年来社区围绕党建引领", top=0, left=20),
        line("网格覆盖智慧支撑多元共治的", top=15),
        line("思路推动治理。", top=30),
        line("下一段从这里开始写起来", top=45, left=20),
        line("并且在这里结束。", top=60),
    ]

    blocks = build_blocks([page], [130.0])

    assert [block.text for block in blocks] == [
        "近年来社区围绕党建引领网格覆盖智慧支撑多元共治的思路推动治理。",
        "下一段从这里开始写起来并且在这里结束。",
    ]


@pytest.mark.parametrize("opening", ["一、背景与起因", "（二）主要做法", "3、成效", "第二部分主要做法", "①走访"])
def test_a_line_that_opens_a_part_starts_a_paragraph_even_after_a_full_line(opening: str) -> None:
    page = [
        line("近年来社区围绕党建引领网格", top=0),
        line(opening, top=15),
        line("网格覆盖智慧支撑多元共治的", top=30),
    ]

    assert build_blocks([page], [130.0])[1].text == opening


def test_a_decimal_number_at_the_start_of_a_line_opens_nothing() -> None:
    page = [line("近年来社区共投入资金约合计", top=0), line("3.5万元用于小区改造工程。", top=15)]

    assert [block.text for block in build_blocks([page], [130.0])] == [
        "近年来社区共投入资金约合计3.5万元用于小区改造工程。"
    ]


def test_a_bold_line_above_plain_text_stands_alone() -> None:
    page = [line("背景与起因及其历史由来详述", top=0, bold=True), line("近年来社区围绕党建引领网格", top=15)]

    assert [(block.text, block.bold) for block in build_blocks([page], [130.0])] == [
        ("背景与起因及其历史由来详述", True),
        ("近年来社区围绕党建引领网格", False),
    ]


def test_a_title_over_two_centred_lines_is_one_block() -> None:
    page = [
        line("湖里区金山街道金安社区", top=0, left=45, size_pt=20.0),
        line("网格治理案例", top=25, left=95, size_pt=20.0),
        line("金安社区位于湖里区东部辖区面积一点二平方公里现有住宅小区八个", top=60),
        line("常住人口一万六千人近年来社区围绕党建引领网格覆盖的思路。", top=75),
    ]

    blocks = build_blocks([page], [310.0])

    assert (blocks[0].text, blocks[0].centred, blocks[0].size_pt) == ("湖里区金山街道金安社区网格治理案例", True, 20.0)


def test_a_title_that_fills_its_line_goes_on_in_the_centred_rest() -> None:
    page = [
        line("湖里区金山街道金安社区网格治理", top=0, size_pt=20.0),
        line("案例", top=25, left=130, size_pt=20.0),
        line("湖里区金山街道金安社区居民委员会", top=55, left=70),
        line("金安社区位于湖里区东部辖区面积一点二平方公里现有住宅小区", top=75),
        line("八个，常住人口一万六千人。", top=90),
    ]

    blocks = build_blocks([page], [300.0])

    assert [block.text for block in blocks[:2]] == [
        "湖里区金山街道金安社区网格治理案例",
        "湖里区金山街道金安社区居民委员会",
    ]


def test_a_heading_face_counts_as_bold_unless_all_text_is_set_in_it() -> None:
    heading = Line("背景与起因", 1, 0, 0, 50, 10, 10.0, bold=False, black=True)
    body = [line("近年来社区围绕党建引领网格", top=15), line("网格覆盖智慧支撑多元共治的", top=30)]
    all_black = Line("全文黑体", 1, 0, 0, 40, 10, 10.0, bold=False, black=True)

    assert [block.bold for block in build_blocks([[heading, *body]], [130.0])] == [True, False]
    assert [block.bold for block in build_blocks([[all_black]], [130.0])] == [False]


@pytest.mark.parametrize(
    "text", ["1", "- 1 -", "— 12 —", "第1页", "第 1 页 共 5 页", "1/5", "Page 1 of 5", "第一页", "iv", "共5页第2页"]
)
def test_a_page_number_at_the_foot_is_furniture(text: str) -> None:
    foot = line(text, top=800)

    assert find_furniture([[line("正文", top=100), foot]], [842.0]) == {foot}


@pytest.mark.parametrize("text", ["2022年12月", "1、走访", "第一部分", "电话12345", "一是"])
def test_other_short_lines_at_the_foot_are_text(text: str) -> None:
    assert find_furniture([[line("正文", top=100), line(text, top=800)]], [842.0]) == frozenset()


def test_headers_that_differ_on_odd_and_even_pages_are_furniture_and_measurements_are_not() -> None:
    headers = [line(("湖里区案例征集", "金安社区")[page % 2], top=40, page=page) for page in range(1, 7)]
    figures = [line(f"办结率 {90 + page}.5%", top=800, page=page) for page in range(1, 7)]
    bodies = [line("正文" * page, top=100, page=page) for page in range(1, 7)]

    found = find_furniture([list(each) for each in zip(headers, bodies, figures, strict=True)], [842.0] * 6)

    assert found == frozenset(headers)


def test_a_header_with_a_changing_number_is_furniture() -> None:
    headers = [line(f"湖里区案例征集 {page}", top=40, page=page) for page in (1, 2, 3)]
    bodies = [line("正文" * page, top=100, page=page) for page in (1, 2, 3)]

    found = find_furniture([[head, body] for head, body in zip(headers, bodies, strict=True)], [842.0] * 3)

    assert found == frozenset(headers)
