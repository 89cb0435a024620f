"""Telephone and ID numbers made unreadable for what leaves the house by mail. Pure."""

from __future__ import annotations

import re

_DASH = r"[-\s\u2010-\u2015—－]?"
_MOBILE = rf"1[3-9]\d{_DASH}\d{{4}}{_DASH}\d{{4}}"
_MOBILE_344 = rf"1[3-9]\d{_DASH}\d{{3}}{_DASH}\d{{5}}"
_LANDLINE = r"(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3}[-\s\u2010-\u2015—－]?)\d{7,8}"
_ID_CARD = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXxＸｘ]"
_OLD_ID_CARD = r"[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
_NUMBER = re.compile(rf"(?<!\d)(?:{_ID_CARD}|{_OLD_ID_CARD}|{_MOBILE}|{_MOBILE_344}|{_LANDLINE})(?!\d)")
_SPACED_ID_CARD = re.compile(r"(?<!\d)[1-9]\d{5}[ -]\d{4}[ -]?\d{4}[ -]\d{3}[\dXx](?!\d)")
_PLAIN = 7
"""Digits of a local number without area code."""


def mask_numbers(text: str) -> str:
    """`text` with all but the first three and last two characters of each telephone and ID number as asterisks.

    Found are mainland mobile numbers (also with +86, spaces or dashes, full-width digits, inside an address), numbers with
    an area code, and ID numbers of 18 or 15 characters; an ID number is masked whether or not its check character is right.
    Source: GB 11643-1999; 电信网编号计划 (2017) for lengths.
    """
    if not any(character.isdigit() for character in text):
        return text
    return _SPACED_ID_CARD.sub(_masked, _NUMBER.sub(_masked, text))


def mask_phone(text: str) -> str:
    """A cell that holds telephone numbers and nothing else: also local numbers without area code are masked."""
    masked = mask_numbers(text)
    return re.sub(rf"(?<![\d*])\d{{{_PLAIN},}}(?![\d*])", _masked, masked)


def _masked(match: re.Match[str]) -> str:
    number = match.group()
    return number[:3] + "*" * (len(number) - 5) + number[-2:]
