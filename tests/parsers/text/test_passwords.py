"""What people state as passwords, and what only sounds like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.passwords import (
    MOST,
    find_passwords,
    find_passwords_in_name,
    typed_passwords,
    without_passwords,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("附件已压缩，解压密码：1234", ("1234",)),
        ("压缩包密码是abc@123，请查收", ("abc@123", "abc@123，")),
        ("密码为“湖里2022”。", ("湖里2022",)),
        ("密码：湖里区委政法委", ("湖里区委政法委",)),
        ("解压密码统一为 hlq2022", ("hlq2022",)),
        ("解压密码：１２３４", ("１２３４", "1234")),
        ("The password is Hello-1.", ("Hello-1", "Hello-1.")),
        ("pwd=xyz9", ("xyz9",)),
        ("密码1234", ("1234",)),
        ("1234（解压密码）", ("1234",)),
        ("密码是6个8", ("6", "888888")),
        ("請用密碼：88888888 解壓", ("88888888",)),
        ("文件口令：a.b.c。谢谢", ("a.b.c",)),
        ("第一个密码：aa11\n第二个密码：bb22", ("aa11", "bb22")),
        ("密码是多少？", ()),
        ("密码不对，打不开", ()),
        ("无密码", ()),
        ("忘记密码请联系我", ()),
        ("网盘提取码: ab12", ()),
        ("", ()),
    ],
)
def test_a_stated_password_is_found(text: str, found: tuple[str, ...]) -> None:
    assert find_passwords(text) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("案例(密码1234).zip", ("1234",)),
        ("金安社区_密码abc.rar", ("abc",)),
        ("材料【解压密码hl2022】.7z", ("hl2022",)),
        ("案例.zip", ()),
        ("", ()),
    ],
)
def test_a_name_may_state_it(name: str, found: tuple[str, ...]) -> None:
    assert find_passwords_in_name(name) == found


@given(st.from_regex(r"[A-Za-z0-9][!-~]{2,30}", fullmatch=True))
def test_any_password_after_a_plain_label_is_among_those_found(password: str) -> None:
    assert password in find_passwords(f"解压密码：{password}")


@given(st.text(max_size=400))
def test_no_text_gives_more_than_may_be_tried(text: str) -> None:
    found = find_passwords("密码：" + text)

    assert len(found) <= MOST
    assert all(0 < len(each) <= 64 for each in found)


@pytest.mark.parametrize(
    ("typed", "tried"),
    [
        ("HL-2022", ("HL-2022",)),
        ("  １２３４ ", ("１２３４", "1234")),
        ("密码：abc1", ("密码：abc1", "密码:abc1", "abc1")),
        ("aa11、bb22", ("aa11、bb22", "aa11", "bb22")),
        ("两个 空格", ("两个 空格", "两个", "空格")),
        ("a\x00b", ()),
        ("x9" * 50, ("x9" * 50,)),
        ("", ()),
    ],
)
def test_what_is_typed_as_a_password_is_tried_as_it_stands_and_as_it_may_be_meant(
    typed: str, tried: tuple[str, ...]
) -> None:
    assert typed_passwords(typed) == tried


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("解压密码：1234，周三前还U盘", "解压密码：（已隐去），周三前还U盘"),
        ("密码是6个8。", "密码是（已隐去）。"),
        ("密码为“湖里2022”。", "密码为“（已隐去）”。"),
        ("1234（解压密码）", "（已隐去）（解压密码）"),
        ("密码：无", "密码：无"),
        ("第一个密码：aa11\n第二个密码：bb22", "第一个密码：（已隐去）\n第二个密码：（已隐去）"),
        ("和李主任来电时说的一样", "和李主任来电时说的一样"),
    ],
)
def test_a_stated_password_can_be_left_out_of_what_is_printed(text: str, left: str) -> None:
    assert without_passwords(text) == left
