"""Telephone and ID numbers made unreadable for what leaves the house by mail. Pure."""

from __future__ import annotations

import re

_DASH = r"[-\s\u2010-\u2015—－]?"
_COUNTRY = rf"(?:86{_DASH})?"
_MOBILE = rf"{_COUNTRY}1[3-9]\d(?:{_DASH}\d{{4}}{_DASH}\d{{4}}|{_DASH}\d{{3}}{_DASH}\d{{5}})"
_LANDLINE = rf"(?:\(0\d{{2,3}}\)|（0\d{{2,3}}）|0\d{{2,3}}{_DASH})\d{{7,8}}"
_ID_CARD = r"[1-9]\d{5} ?(?:19|20)\d{2} ?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?\d{3}[\dXx]"
_OLD_ID_CARD = r"[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
_NUMBER = re.compile(rf"(?<!\d)(?:{_ID_CARD}|{_OLD_ID_CARD}|{_MOBILE}|{_LANDLINE})(?!\d)")
_LOCAL = re.compile(r"(?<![\d*])\d{7,}(?![\d*])")
"""A number without its area code, or any longer one."""
_DIGIT = re.compile(r"\d")
_FEWEST_DIGITS = 7
"""Of any number that is masked: nearly all cells of a ledger have fewer."""
_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")


def mask_numbers(text: str) -> str:
    """`text` with all but the first three and last two characters of each telephone and ID number as asterisks.

    Found are mainland mobile numbers (also with 86, spaces or dashes, in full-width digits, inside an address), numbers
    with an area code, and ID numbers of 18 or 15 characters; an ID number is masked whether or not its check character is
    right. Source: GB 11643-1999 for ID numbers; 电信网编号计划 (2017) for lengths.
    """
    return _masked(_NUMBER, text)


def mask_phone(text: str) -> str:
    """A cell that holds telephone numbers and nothing else: also local numbers without area code are masked."""
    return _masked(_LOCAL, mask_numbers(text))


def _masked(pattern: re.Pattern[str], text: str) -> str:
    if len(_DIGIT.findall(text)) < _FEWEST_DIGITS:
        return text
    shown = list(text)
    for match in pattern.finditer(text.translate(_PLAIN)):
        for at in range(match.start() + 3, match.end() - 2):
            shown[at] = "*"
    return "".join(shown)
