"""The numbers headings begin with: 第一部分, 一、, （一）, 1., 1.1, ①. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

MAIN_RANK = 30
"""一、 （一） 第一部分: numbers that mark parts rather than items of a list."""

_HAN = "一二三四五六七八九十百〇零两壹贰叁肆伍陆柒捌玖拾貳參陸兩"
_KINDS: tuple[tuple[int, str], ...] = (
    (10, rf"第[{_HAN}\d]{{1,4}}(?:部分|章|篇|编|編|单元)(?:[、.．：:]|(?=\s|\S))"),
    (15, rf"第[{_HAN}\d]{{1,4}}(?:节|節|点|點)(?:[、.．：:]|(?=\s|\S))"),
    (20, rf"[{_HAN}]{{1,4}}[、.．，,：:]|[一二三四五六七八九十]{{1,3}}(?=[ \t\u3000])"),
    (20, r"[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,4}[、.．]?|[IVX]{1,4}[、.．]"),
    (30, rf"[（(]\s*[{_HAN}]{{1,4}}\s*[）)][、.．]?|[㈠-㈩][、.．]?"),
    # 1.1 before 1.: but 3.5万 and 2.0版 are quantities.
    (45, r"\d{1,2}[.．]\d{1,2}[.．]\d{1,2}[.．]?(?![\d.．%％])"),
    (42, r"\d{1,2}[.．]\d{1,2}[.．、]?(?![\d.．%％\-万亿元个米平公里倍人户年月日次级版件亩岁天小时分])"),
    (40, r"\d{1,2}\s*(?:[、．]|\.(?!\d))"),
    (40, r"[０-９]{1,2}\s*[、．.]|[⒈-⒛]"),
    (50, r"[（(]\s*\d{1,2}\s*[）)][、.．]?|\d{1,2}[）)]|[⑴-⒇]"),
    (
        60,
        r"[①-⑳㉑-㉟]|(?:[A-Za-z]|[ivx]{2,4})[、.．)）](?![A-Za-z.])|[（(](?:[a-z]|[ivx]{2,4})[）)]|[Ａ-Ｚ](?:[、．.]|(?=\u3000))",
    ),
)
_PATTERNS = tuple((rank, re.compile(rf"\A[ \t\u3000]*+(?:{pattern})[ \t\u3000]*")) for rank, pattern in _KINDS)


class Number(NamedTuple):
    """A number at the start of a line."""

    rank: int
    """Its usual place in the hierarchy; smaller is higher: 第一部分 10, 一、 20, （一） 30, 1. 40, 1.1 42, （1） 50, ① 60."""
    length: int
    """Characters it takes, spaces around it included."""


def leading_number(text: str) -> Number | None:
    """The number `text` begins with, None when it begins with none; 一是, 一方面, 2022年 and 3.5万 are none."""
    for rank, pattern in _PATTERNS:
        if (found := pattern.match(text)) and found.end() > 0:
            return Number(rank, found.end())
    return None


def without_number(text: str) -> str:
    """`text` without the number it begins with and without spaces at its ends."""
    number = leading_number(text)
    return (text[number.length :] if number else text).strip()
