"""However a section's name is written it is recognised, and a sentence of prose never is. Property tests."""

from __future__ import annotations

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from bench.section_labels import calls
from parsers.facts import Block
from parsers.text.headings import find_headings
from parsers.text.script import to_traditional
from parsers.text.titles import normalise_title, title_matches

CLEARLY = 0.9
SECTIONS = tuple(
    section
    for name, call in calls().items()
    if name not in {"unaids-bestpractice", "acere-abstract"}
    for section in call.sections
)
"""The Chinese sections of published calls."""
PROSE = "近年来，社区党委坚持以居民需求为导向，围绕老旧小区停车难、环境差等突出问题，推动多元共治，居民议事渐成习惯。"
NUMBERS = (
    "", "一、", "（二）", "(3) ", "4.", "５．", "6、", "第七部分 ", "第八章　", "⑨", "Ⅳ．", "壹、", "1.2 ", "（四）、", "三 ",
)  # fmt: skip
ENDS = ("", "：", ":", "。", " ", "　", "（约500字）", "——老小区的新故事", "：从一张桌子说起")
BRACKETS = (("", ""), ("【", "】"), ("［", "］"), ("〖", "〗"))
WORDS = (
    "社区", "居民", "网格", "楼栋", "党员", "志愿者", "协商", "议事", "物业", "电梯", "停车", "垃圾", "分类", "老人", "孩子", "食堂", "花园",
    "广场", "道路", "路灯", "背景墙", "背景音乐", "做法", "成效", "评论区", "起因", "经过", "小区", "一起", "每天", "去年", "今年", "大家",
)  # fmt: skip
VERBS = ("来到了", "讨论了", "修好了", "改变了", "记录着", "经过了", "看见了", "坚持做好", "一遍遍说起")


def spaced(text: str, spaces: list[bool]) -> str:
    return "".join(
        c + (" " if space else "") for c, space in itertools.zip_longest(text, spaces[: len(text)], fillvalue="")
    )


@st.composite
def written(draw: st.DrawFn, section: str) -> str:
    """A section's name as some writer might put it down."""
    connective = draw(st.sampled_from(["与", "和", "及", "以及", "、", "&", "／", "與"]))
    name = re.sub("(?<!参)[与及與]", connective, section)
    if draw(st.booleans()):
        name = to_traditional(name)
    if draw(st.booleans()):
        name = spaced(name, draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name))))
    opening, closing = draw(st.sampled_from(BRACKETS))
    if opening:
        return f"{opening}{name}{closing}"
    return draw(st.sampled_from(NUMBERS)) + name + draw(st.sampled_from(ENDS))


@given(st.data(), st.sampled_from(SECTIONS))
def test_section_is_recognised_in_any_number_script_spacing_and_punctuation(data: st.DataObject, section: str) -> None:
    heading = data.draw(written(section))

    assert title_matches(heading, section) == 1.0


@given(st.data())
def test_section_is_never_taken_for_another_of_its_call(data: st.DataObject) -> None:
    sections = data.draw(st.sampled_from([call.sections for call in calls().values()]))
    section, other = data.draw(st.permutations(sections).map(lambda order: order[:2]))

    assert title_matches(data.draw(written(section)), other) < CLEARLY


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """A sentence about daily life in a community, with words of section names in it."""
    some = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join)
    clauses = draw(st.lists(st.tuples(some, st.sampled_from(VERBS), some).map("".join), min_size=2, max_size=5))
    return "，".join(clauses) + "。"


@given(sentences(), st.sampled_from(SECTIONS))
def test_sentence_is_no_section(sentence: str, section: str) -> None:
    assert title_matches(sentence, section) < CLEARLY


@given(st.lists(sentences(), min_size=1, max_size=8))
def test_prose_has_no_headings(paragraphs: list[str]) -> None:
    blocks = [Block(text=text + PROSE) for text in paragraphs]

    assert find_headings(blocks) == ()


@given(st.data(), st.sampled_from([calls()["huli-2022"].sections, ("背景", "主要做法", "工作成效", "启示")]))
def test_section_on_a_line_of_its_own_is_found_with_the_text_under_it(
    data: st.DataObject, sections: tuple[str, ...]
) -> None:
    headings = [data.draw(written(section)) for section in sections]
    blocks = [Block(text=text) for heading in headings for text in (heading, PROSE)]

    found = find_headings(blocks)

    assert [normalise_title(one.title) for one in found if one.words] == [normalise_title(one.title) for one in found]
    assert [max(title_matches(one.title, section) for one in found) for section in sections] == [1.0] * len(sections)


@given(st.text(max_size=40), st.text(max_size=20))
def test_likeness_is_a_share_whatever_is_compared(heading: str, wanted: str) -> None:
    assert 0.0 <= title_matches(heading, wanted) <= 1.0


LINES = st.text(
    st.sampled_from("一二（）(1）.①ai、附件：目录\t【】“”背景做法与经过，。；—— \u3000\n2022年A"), max_size=30
)
BLOCKS = st.builds(
    Block,
    text=st.one_of(LINES, LINES.map(lambda line: line + PROSE), st.just(PROSE)),
    label=st.sampled_from(["", "", "一、", "1.", "a)", "•"]),
    outline_level=st.sampled_from([None, None, None, 1, 9]),
    bold=st.booleans(),
    bold_lead=st.integers(0, 12),
    centred=st.booleans(),
    size_pt=st.sampled_from([None, 10.5, 16.0]),
)


@given(st.lists(BLOCKS, max_size=12))
def test_headings_of_any_blocks_stand_in_order_inside_their_block(blocks: list[Block]) -> None:
    found = find_headings(blocks)

    assert [one.block for one in found] == sorted(one.block for one in found)
    assert all(
        "".join(one.text.removeprefix(blocks[one.block].label).split()) in "".join(blocks[one.block].text.split())
        for one in found
    )
    assert all(one.words >= 0 and one.level >= 1 and one.title == one.title.strip() for one in found)
