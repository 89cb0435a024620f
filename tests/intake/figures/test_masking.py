"""Telephone and ID numbers in what leaves by mail."""

from __future__ import annotations

import pytest

from intake.figures.masking import mask_numbers, mask_phone


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13800138000", "138******00"),
        ("请打 138-0013-8000 或 138 0013 8000", "请打 138********00 或 138********00"),
        ("138-001-38000", "138********00"),
        ("+8613800138000", "+861********00"),
        ("13800138000@163.com", "138******00@163.com"),
        ("１３８００１３８０００", "１３８******００"),
        ("0592-5550101", "059*******01"),
        ("（0592）5550101", "（05********01"),
        ("059225550101", "059*******01"),
        ("350206199001011234", "350*************34"),
        ("35020619900101123X。", "350*************3X。"),
        ("350206 19900101 1234", "350***************34"),
        ("+86 138 0013 8000", "+86 ***********00"),
        ("350206900101123", "350**********23"),
        ("张三13800138000，李四13900139000", "张三138******00，李四139******00"),
    ],
)  # fmt: skip
def test_a_number_keeps_three_and_two_characters(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "正文3128字，超出128字。",
        "HL22-0017",
        "2022年12月20日24时前",
        "20221205093000",
        "IMG_20221011_092429.jpg",
        "微信图片_20221011092429.jpg",
        "12345",
        "投入资金1380万元",
    ],
)
def test_what_is_no_such_number_stays(text: str) -> None:
    assert mask_numbers(text) == text


def test_a_cell_of_telephone_numbers_hides_local_ones_too() -> None:
    assert mask_phone("5550101、13800138000、分机 203") == "555**01、138******00、分机 203"
