"""Automatic numbers as Word prints them: 一, （一）'s 一, ①, IV, b. Pure."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL_SIMPLIFIED = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_UNITS = ("", "十", "百", "千")
_LEGAL_UNITS = ("", "拾", "佰", "仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def format_number(number: int, number_format: str) -> str:
    """`number` in a numbering format; decimal digits for a format or a number outside its range.

    Args:
        number: What the counter stands at; 0 and negative numbers are printed as digits.
        number_format: ST_NumberFormat value ("chineseCounting"); "none" and "bullet" give "".

    Source: ECMA-376 Part 1 §17.18.59.
    """
    if number_format in ("none", "bullet"):
        return ""
    write = _WRITERS.get(number_format)
    return write(number) if write and 0 < number < 10_000 else str(number)


def _counting(number: int, *, digits: str = _DIGITS, units: tuple[str, ...] = _UNITS) -> str:
    """Spoken numerals: 十, 十一, 二十, 一百零五."""
    written, gap = "", False
    places = str(number)
    for place, digit in enumerate(map(int, places)):
        unit = units[len(places) - 1 - place]
        if not digit:
            gap = True
            continue
        written += ("零" if gap and written else "") + digits[digit] + unit
        gap = False
    return written[1:] if written.startswith("一十") else written


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _letters(number: int) -> str:
    """Letters a to z, then aa, bb: Word repeats the letter."""
    repeats, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (repeats + 1) if repeats < 10 else str(number)


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        written += sign * count
    return written


def _from_row(start: str, count: int) -> Callable[[int], str]:
    """Ready-made signs that follow one another in Unicode, the first being 1."""
    return lambda number: chr(ord(start) + number - 1) if number <= count else str(number)


def _circled(number: int) -> str:
    if number <= 20:
        return chr(0x2460 + number - 1)
    return chr(0x3251 + number - 21) if number <= 35 else str(number)


def _cycle(row: str) -> Callable[[int], str]:
    return lambda number: row[(number - 1) % len(row)]


def _legal(digits: str) -> Callable[[int], str]:
    return lambda number: _counting(number, digits=digits, units=_LEGAL_UNITS)


_WRITERS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
    "decimalFullWidth2": lambda number: str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from_row("⑴", 20),
    "decimalEnclosedFullstop": _from_row("⒈", 20),
    "ideographEnclosedCircle": _from_row("㊀", 10),
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "numberInDash": lambda number: f"- {number} -",
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "koreanCounting": _counting,
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "chineseLegalSimplified": _legal(_LEGAL_SIMPLIFIED),
    "ideographLegalTraditional": _legal(_LEGAL_TRADITIONAL),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
}
