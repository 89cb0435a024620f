"""字数 is the number the submitter sees in Word or WPS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.facts import Measure
from parsers.text.counting import count_text, count_words

CHECKED_IN_WORD = [
    ("Hello World", 2, 10),
    ("こんにちは", 5, 5),
    ("日本語", 3, 3),
    ("안녕하세요", 5, 5),
    ("中文测试", 4, 4),
    ("Hello 世界", 3, 7),
    ("This is テスト", 5, 9),
    ("東京2024オリンピック", 9, 12),
    ("👍👎👏", 1, 3),
    ("hello 🙂 world", 3, 11),
    ("\ufeffHello", 1, 5),
    ("foo\u200dbar", 1, 7),
    ("㈱テスト㈲", 5, 5),
    ("㍻㍼㍽㍾", 4, 4),
    ("①②③④⑤", 1, 5),
    ("ＡＢＣＤＥ", 5, 5),
    ("１２３４５", 5, 5),
    ("⼀⼆⼃", 3, 3),
    ("「こんにちは」", 7, 7),
    ("Hello、World。", 4, 12),
    ("〽々〆", 3, 3),
    ("こんにちは👋", 6, 6),
    ("foo\u200bbar", 1, 6),
    ("1️⃣2️⃣3️⃣", 1, 6),
]
MARKS = "“”‘’—…·◇◆□■○●★×°"


@pytest.mark.parametrize(("text", "words", "characters"), CHECKED_IN_WORD)
def test_string_checked_in_word_counts_as_there(text: str, words: int, characters: int) -> None:
    counts = count_text([text])

    assert (counts.words, counts.characters) == (Measure.exact(words), Measure.exact(characters))


@pytest.mark.parametrize(
    ("text", "characters", "with_spaces"),
    [
        ("中 文\t测\u3000试", 4, 7),
        ("中文\n测试", 4, 4),
        ("a\u00a0b", 2, 3),
        ("", 0, 0),
        (" \u3000", 0, 2),
    ],
)
def test_spaces_count_only_with_spaces_and_line_marks_never(text: str, characters: int, with_spaces: int) -> None:
    counts = count_text([text])

    assert (counts.characters.value, counts.characters_with_spaces.value) == (characters, with_spaces)


def test_paragraph_mark_ends_a_run_and_counts_nothing() -> None:
    assert count_text(["ab", "cd"]).words == Measure.exact(2)


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("等等……", 4, 3, 4),
        ("这就是——我们", 7, 6, 7),
        ("“网格”赋能", 6, 6, 6),
        ("“AI”赋能", 4, 3, 5),
        ("面积20×30米", 3 + 1, 4, 6),
        ("约5°左右", 5, 4, 5),
    ],
)
def test_ambiguous_marks_next_to_chinese_count_and_give_the_range(text: str, value: int, low: int, high: int) -> None:
    words = count_text([text]).words

    assert (words.value, words.low, words.high) == (value, low, high)


def test_marks_in_a_paragraph_without_chinese_are_not_in_doubt() -> None:
    assert count_text(["it’s a “plain” text — really", "中文"]).words == Measure.exact(8)


def test_count_words_is_the_value_of_count_text() -> None:
    assert count_words("“AI”赋能") == 4


@given(st.lists(st.text(max_size=40), max_size=6))
def test_range_holds_the_value_and_counts_add_up_over_paragraphs(texts: list[str]) -> None:
    together = count_text(texts)
    apart = [count_text([text]) for text in texts]

    assert together.words.low <= together.words.value <= together.words.high
    assert together.words.value == sum(one.words.value for one in apart)
    assert together.words.high <= together.characters.value
    assert together.characters.value <= together.characters_with_spaces.value


@given(st.text(st.sampled_from("中文，。a1 \t" + MARKS), max_size=30))
def test_line_break_counts_as_a_paragraph_mark_does_for_characters(text: str) -> None:
    joined, apart = count_text([text + "\n" + text]), count_text([text, text])

    assert joined.characters == apart.characters
    assert joined.characters_with_spaces == apart.characters_with_spaces


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=50))
def test_every_han_character_counts_one(text: str) -> None:
    assert count_text([text]).words == Measure.exact(len(text))
