"""A section is found under every way to write its title, and under no false friend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.heading_numbers import leading_number, without_number
from parsers.text.script import to_simplified, to_traditional
from parsers.text.titles import names_usual_part, normalise_title, title_matches

WANTED = ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")


@pytest.mark.parametrize(
    "heading",
    [
        "背景与起因", "背景和起因", "背景及起因", "背景、起因", "背景以及起因", "背景起因", "一、背景与起因：", "（一）背景 与 起因",
        "(1) 背景与起因", "1.背景与起因", "1．背景与起因。", "1.1 背景与起因", "第一部分 背景与起因", "第一章　背景与起因", "①背景与起因",
        "【背景与起因】", "［背景与起因］", "背景與起因", "一 背景与起因", "Ⅰ．背景与起因", "背景与起因（约500字）", "背景与起因——停车难从何而来",
    ],
)  # fmt: skip
def test_same_words_match_wholly(heading: str) -> None:
    assert title_matches(heading, "背景与起因") == 1.0


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("案例背景与起因", "背景与起因"),
        ("一、背景与起因情况", "背景与起因"),
        ("起因与背景", "背景与起因"),
        ("背景、起因与意义", "背景与起因"),
        ("（二）主要做法与具体经过", "做法与经过"),
        ("背景与缘起", "背景与起因"),
        ("治理成效", "成效"),
        ("育人成效", "成效"),
        ("案例背景", "辅导背景"),
        ("组织实施过程", "组织实施（处理处置）过程"),
        ("反思与启示", "辅导反思与启示"),
        ("亮点与创新", "创新亮点"),
    ],
)
def test_same_words_with_others_around_them_match_clearly(heading: str, wanted: str) -> None:
    assert title_matches(heading, wanted) == 0.9


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [("主要做法", "做法与经过"), ("背景", "背景与起因"), ("三、工作成效", "成效与反响"), ("成效与启示", "成效与反响")],
)
def test_half_of_a_title_matches_half(heading: str, wanted: str) -> None:
    assert title_matches(heading, wanted) == 0.5


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("问题由来", "背景与起因"), ("社区基本情况", "背景与起因"), ("具体举措", "做法与经过"), ("实践探索", "做法与经过"),
        ("社会效益", "成效与反响"), ("经验启示", "探讨与评论"), ("几点思考", "探讨与评论"), ("專家點評", "探讨与评论"), ("心得体会", "探讨"),
    ],
)  # fmt: skip
def test_other_usual_word_for_a_part_matches_half(heading: str, wanted: str) -> None:
    assert title_matches(heading, wanted) == 0.5


@pytest.mark.parametrize(("heading", "wanted"), [("结语", "探讨与评论"), ("前言", "背景"), ("文獻探討", "討論")])
def test_word_that_may_mean_a_part_matches_a_quarter(heading: str, wanted: str) -> None:
    assert title_matches(heading, wanted) == 0.25


def test_one_word_does_not_stand_for_two_elements() -> None:
    assert title_matches("主要做法", "做法与经过") == 0.5


@pytest.mark.parametrize(
    ("title", "usual"),
    [
        ("一、案例背景", True),
        ("主要做法和成效", True),
        ("背景：老小区遇上新难题", True),
        ("背景音乐", False),
        ("红色管家聚人心", False),
    ],
)
def test_usual_part_is_told_from_a_slogan(title: str, usual: object) -> None:
    assert names_usual_part(title) is usual


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("解决问题", "问题"),
        ("共治见成效", "成效"),
        ("成效评估表填写须知", "成效与反响"),
        ("思考题", "探讨与评论"),
        ("探讨与评论", "成效与反响"),
        ("背景音乐", "背景与起因"),
        ("做法新颖经过群众认可", "做法与经过"),
        ("打造和谐社区", "背景与起因"),
        ("", "背景与起因"),
        ("一、", "背景与起因"),
    ],
)
def test_false_friend_does_not_match(heading: str, wanted: str) -> None:
    assert title_matches(heading, wanted) == 0.0


def test_no_section_of_a_call_is_taken_for_another() -> None:
    assert [[title_matches(one, other) for other in WANTED] for one in WANTED] == [
        [1.0 if one == other else 0.0 for other in WANTED] for one in WANTED
    ]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("一、背景 和 起因：", "背景与起因"),
        ("和谐社区", "谐社区"),
        ("ＡＩ與治理", "ai与治理"),
        ("、、", ""),
        ("3.5万人", "35万人"),
        ("The Future", "future"),
        ("Quotes and Standards", "quotes与standards"),
        ("背 景 以 及 起 因", "背景与起因"),
    ],
)
def test_normalised_title_keeps_words_only(text: str, normal: str) -> None:
    assert normalise_title(text) == normal


@given(st.text(st.sampled_from("背景起因与和及、一二（）：. 12"), max_size=14))
def test_normalising_twice_changes_no_comparison(text: str) -> None:
    assert 0.0 <= title_matches(text, text) <= 1.0
    assert title_matches(text, text) == (1.0 if normalise_title(text) else 0.0)


@pytest.mark.parametrize(
    ("line", "rank", "rest"),
    [
        ("第一部分 概述", 10, "概述"), ("第十二章总则", 10, "总则"), ("第2节 组织", 15, "组织"), ("一、背景", 20, "背景"),
        ("十二、背景", 20, "背景"), ("一 背景", 20, "背景"), ("IV. 背景", 20, "背景"), ("（三）背景", 30, "背景"), ("㈠背景", 30, "背景"),
        ("1、背景", 40, "背景"), ("1. 背景", 40, "背景"), ("１．背景", 40, "背景"), ("1.2 背景", 42, "背景"), ("1.2背景", 42, "背景"),
        ("1.2.3 背景", 45, "背景"), ("（4）背景", 50, "背景"), ("4）背景", 50, "背景"), ("①背景", 60, "背景"), ("A.背景", 60, "背景"),
    ],
)  # fmt: skip
def test_number_is_told_from_the_words_after_it(line: str, rank: int, rest: str) -> None:
    number = leading_number(line)

    assert number is not None
    assert (number.rank, without_number(line)) == (rank, rest)


@pytest.mark.parametrize(
    "line",
    [
        "一是加强领导",
        "一方面",
        "一线工作",
        "三社联动",
        "3.5万平方米",
        "1.2亿元",
        "12.5%",
        "2022年12月",
        "5G治理",
        "十佳社区",
        "A组",
        "12345热线",
        "",
    ],
)
def test_words_that_begin_like_a_number_have_none(line: str) -> None:
    assert leading_number(line) is None


def test_script_is_changed_and_other_text_kept() -> None:
    assert (to_simplified("頭髮與發展 abc"), to_traditional("头发与发展")) == ("头发与发展 abc", "頭髮與發展")
