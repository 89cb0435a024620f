"""Bytes from Chinese mailboxes become the text their writer saw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.decoding import decode_text

SIMPLIFIED = "社区治理创新案例：湖里区金安社区“小网格”服务大民生，居民协商议事。\n"
TRADITIONAL = "社區治理創新案例，臺北市里民協商議事，服務民眾。\n"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_simplified_text_without_label_or_mark_is_read(charset: str) -> None:
    assert decode_text(SIMPLIFIED.encode(charset)) == (SIMPLIFIED, charset)


@pytest.mark.parametrize(
    ("charset", "named"),
    [("big5", "big5hkscs"), ("gbk", "gb18030"), ("utf-8", "utf-8"), ("utf-16-le", "utf-16-le")],
)
def test_traditional_text_is_told_apart_in_big5_and_gbk(charset: str, named: str) -> None:
    assert decode_text(TRADITIONAL.encode(charset)) == (TRADITIONAL, named)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_decides_and_is_taken_out(charset: str) -> None:
    text, _ = decode_text(SIMPLIFIED.encode(charset), "gbk")

    assert text == SIMPLIFIED


@pytest.mark.parametrize("label", ["gb2312", "GBK", "x-gbk", "cp936", "GB18030", " gb2312 "])
def test_gb_labels_stand_for_gb18030(label: str) -> None:
    data = "镕喆㙓𠮷".encode("gb18030")

    assert decode_text(data, label) == ("镕喆㙓𠮷", "gb18030")


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "us-ascii", "windows-1252", "utf-8", "unknown-8bit", "x\x00y", "base64", ""]
)
def test_wrong_or_odd_label_never_gives_mojibake(label: str) -> None:
    data = "案例征集报送".encode("gbk")

    assert decode_text(data, label) == ("案例征集报送", "gb18030")


@pytest.mark.parametrize("word", ["一", "联通", "姓名", "案例"])
def test_short_gbk_word_that_could_be_utf_8_is_read_as_chinese(word: str) -> None:
    assert decode_text(word.encode("gbk")) == (word, "gb18030")


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        (b"caf\xe9 r\xe9sum\xe9", "iso-8859-1", ("café résumé", "cp1252")),
        ("café".encode(), None, ("café", "utf-8")),
        (b"~{<:Ky2;~}", "hz-gb-2312", ("己所不", "hz")),
        ("日本語".encode("iso-2022-jp"), "iso-2022-jp", ("日本語", "iso2022_jp")),
        (b"hello", None, ("hello", "utf-8")),
        (b"", None, ("", "utf-8")),
        (b"a\x00b", None, ("ab", "utf-8")),
        (b"a+2AA-b", "utf-7", ("ab", "utf-7")),
    ],
)
def test_other_text_is_read_with_its_label(data: bytes, label: str | None, expected: tuple[str, str]) -> None:
    assert decode_text(data, label) == expected


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_long_text_cut_inside_a_character_keeps_its_charset(charset: str) -> None:
    data = ("案例" * 50).encode(charset)[:-1]

    assert decode_text(data) == ("案例" * 49 + "案", charset)


def test_unreadable_byte_costs_one_replacement_not_the_text() -> None:
    data = SIMPLIFIED.encode() + b"\xff\xff" + SIMPLIFIED.encode()

    text, charset = decode_text(data, "utf-8")

    assert (text.count("\ufffd"), charset) == (2, "utf-8")


@given(data=st.binary(max_size=300), label=st.sampled_from([None, "gbk", "utf-8", "iso-8859-1", "utf-16", "utf-7"]))
def test_any_bytes_give_storable_text_without_nul(data: bytes, label: str | None) -> None:
    text, _ = decode_text(data, label)

    assert "\x00" not in text
    assert text.encode("utf-8").decode() == text


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=60))
def test_any_han_text_declared_gb2312_comes_back_whole(text: str) -> None:
    assert decode_text(text.encode("gb18030"), "gb2312") == (text, "gb18030")
