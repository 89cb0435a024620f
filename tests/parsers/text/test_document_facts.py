"""From blocks to facts: title, parts and counts of a document."""

from __future__ import annotations

import pytest

from parsers.facts import Block, DocumentFacts, Measure
from parsers.text.document_facts import build_document_facts
from parsers.text.document_title import find_title

PROSE = "近年来，社区党委坚持以居民需求为导向，围绕老旧小区停车难、环境差等突出问题，推动多元共治，居民议事渐成习惯。"


def title_of(*blocks: Block | str) -> tuple[str, int] | None:
    return find_title([one if isinstance(one, Block) else Block(text=one) for one in blocks])


@pytest.mark.parametrize(
    ("blocks", "title"),
    [
        (("小网格托起大民生", "一、背景", PROSE), ("小网格托起大民生", 0)),
        (("《小网格托起大民生》", PROSE), ("小网格托起大民生", 0)),
        ((f"小网格托起大民生\n一、背景\n{PROSE}",), ("小网格托起大民生", 0)),
        (("《社区》里的《治理》", PROSE), ("《社区》里的《治理》", 0)),
        (("案例名称：小网格托起大民生", "一、背景", PROSE), ("小网格托起大民生", 0)),
        (
            (
                Block(text="附件2"),
                Block(text="小网格托起大民生", centred=True, size_pt=22),
                Block(text=PROSE, size_pt=16),
            ),
            ("小网格托起大民生", 1),
        ),
        (
            (
                Block(text="湖里区金安社区", centred=True, size_pt=16),
                Block(text="打造群众身边的服务中心", centred=True, size_pt=22),
                Block(text=PROSE, size_pt=16),
            ),
            ("打造群众身边的服务中心", 1),
        ),
        (
            (Block(text="红色议事厅", style="Title"), "——湖里区金安社区治理案例", PROSE),
            ("红色议事厅——湖里区金安社区治理案例", 0),
        ),
        ((Block(text="报名表", part="form"), "小网格托起大民生", PROSE), ("小网格托起大民生", 1)),
    ],
)
def test_title_is_the_line_that_stands_out(blocks: tuple[Block | str, ...], title: tuple[str, int]) -> None:
    assert title_of(*blocks) == title


def test_title_before_headings_of_one_level_is_the_plain_first_line() -> None:
    parts = [
        Block(text=text, outline_level=1, style="heading 1") for text in ("背景与起因", "做法与经过", "成效与反响")
    ]

    assert title_of("小网格托起大民生", "湖里区金安社区", *parts) == ("小网格托起大民生", 0)


def test_first_of_several_equal_headings_is_no_title_when_text_follows_it() -> None:
    parts = [
        block
        for text in ("背景与起因", "做法与经过", "成效与反响", "探讨与评论")
        for block in (Block(text=text, outline_level=1, style="heading 1"), Block(text=PROSE))
    ]

    facts = build_document_facts(parts)

    assert facts.title is None
    assert [heading.title for heading in facts.headings] == ["背景与起因", "做法与经过", "成效与反响", "探讨与评论"]


@pytest.mark.parametrize(
    "blocks",
    [
        (),
        (PROSE, PROSE),
        ("一、背景与起因", PROSE),
        ("报送单位：金安社区", PROSE),
        ("2022年12月20日", PROSE),
        ("各位领导，", PROSE),
        ("只有一行",),
    ],
)
def test_document_whose_lines_do_not_stand_out_has_no_title(blocks: tuple[str, ...]) -> None:
    assert title_of(*blocks) is None


def test_counts_are_kept_apart_by_part_and_main_is_always_there() -> None:
    blocks = [
        Block(text="框里", part="text_box"),
        Block(text="注", part="footnote"),
        Block(text="尾注", part="endnote"),
    ]

    facts = build_document_facts(blocks)

    assert {part: counts.words for part, counts in facts.counts.items()} == {
        "main": Measure.exact(0),
        "text_box": Measure.exact(2),
        "footnote": Measure.exact(1),
        "endnote": Measure.exact(2),
    }


def test_endnote_marks_add_words_to_every_bound_and_no_characters() -> None:
    counts = build_document_facts([Block(text="甲……乙")], endnote_references=2).counts["main"]

    assert counts.words == Measure(value=6, low=5, high=6, reason="ambiguous_marks")
    assert counts.characters == Measure.exact(4)


def test_what_the_reader_saw_is_handed_through_and_survives_json() -> None:
    facts = build_document_facts(
        [Block(text="小网格托起大民生"), Block(text="一、背景"), Block(text=PROSE)],
        pictures=5, pages=3, pages_without_text=1, comments=2, tracked_changes=4, macros=True,
    )  # fmt: skip

    assert (facts.title, facts.title_block) == ("小网格托起大民生", 0)
    assert (facts.pictures, facts.pages, facts.pages_without_text) == (5, 3, 1)
    assert (facts.comments, facts.tracked_changes, facts.macros) == (2, 4, True)
    assert DocumentFacts.model_validate_json(facts.model_dump_json()) == facts
