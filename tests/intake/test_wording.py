"""Strangers' words, sizes and numbers as we repeat them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.wording import CHINESE_DATES, clean_sender, clean_text, clean_title, write_size, write_test_number


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("金安社区案例.docx", "金安社区案例.docx"),
        ("  多\t行\r\n文字\u2028 ", "多 行 文字"),
        ("\u202egpj.exe\u2066x\u200b\ufeff", "gpj．exex"),
        ("a\x00b\x1bc", "abc"),
        ("cafe\u0301", "café"),
        ("http://evil.example.com/x", "http：／／evil．example．com/x"),
        ("WWW.evil.CN 获奖", "WWW．evil．CN 获奖"),
        ("a@b.org", "a＠b．org"),
        ("报告.compact.docx", "报告．compact.docx"),
        ("", ""),
    ],
)
def test_strangers_words_are_kept_readable_and_become_no_link(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@pytest.mark.parametrize(
    ("text", "limit", "shortened"),
    [
        ("一二三四五", 5, "一二三四五"),
        ("一二三四五六", 5, "一二三四…"),
        ("一二三四五六七八.docx", 9, "一二三….docx"),
        ("一二 四五六", 4, "一二…"),
    ],
)
def test_long_words_keep_their_start_and_a_file_name_its_ending(text: str, limit: int, shortened: str) -> None:
    assert clean_text(text, limit) == shortened


@given(st.text(max_size=300))
def test_cleaned_words_are_one_short_visible_line(text: str) -> None:
    cleaned = clean_text(text)

    assert len(cleaned) <= 80
    assert not [char for char in cleaned if unicodedata.category(char)[0] == "C" or char in "\u2028\u2029"]
    assert not re.search(r"://|@|www\.", cleaned)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("老旧小区的新生", "《老旧小区的新生》"),
        ("《老旧小区的新生》", "《老旧小区的新生》"),
        ("读《红楼梦》有感", "《读〈红楼梦〉有感》"),
        ("《甲》与《乙》", "《〈甲〉与〈乙〉》"),
        ("《》", ""),
        ("  ", ""),
    ],
)
def test_title_stands_in_title_marks_and_inner_ones_become_single(title: str, written: str) -> None:
    assert clean_title(title) == written


@pytest.mark.parametrize(
    ("sender", "written"),
    [
        ("office@example.com", "office@example.com"),
        ("王敏 <w@example.com>", "王敏 <w@example.com>"),
        ("http://a.cn <w@example.com>", "http：／／a．cn <w@example.com>"),
        ("没有地址", "没有地址"),
        ("a@b.com c@d.com", "a＠b．com <c@d.com>"),
    ],
)
def test_sender_keeps_an_address_an_organizer_can_copy(sender: str, written: str) -> None:
    assert clean_sender(sender) == written


@pytest.mark.parametrize(
    ("size_bytes", "written"),
    [(0, "1KB"), (1, "1KB"), (364_544, "356KB"), (1_024_000, "1.0MB"), (1_258_291, "1.2MB"), (31_457_280, "30.0MB")],
)
def test_size_is_written_as_people_read_it(size_bytes: int, written: str) -> None:
    assert write_size(size_bytes) == written


def test_test_number_begins_with_its_mark_once() -> None:
    assert write_test_number("HL22-0001", test=True) == "测试-HL22-0001"
    assert write_test_number("测试-HL22-0001", test=True) == "测试-HL22-0001"
    assert write_test_number("HL22-0001", test=False) == "HL22-0001"


def test_moment_just_after_midnight_belongs_to_the_new_day_and_the_close_to_the_old_one() -> None:
    midnight = datetime(2022, 12, 20, 16, tzinfo=UTC)

    assert CHINESE_DATES.write_moment(midnight, "Asia/Shanghai") == "2022年12月21日（星期三）00:00"
    assert CHINESE_DATES.write_close(midnight, "Asia/Shanghai") == "2022年12月20日（星期二）24时"
    assert CHINESE_DATES.write_plain_day(midnight, "Asia/Shanghai") == "2022年12月21日"
