"""登记编号 as people write them: HL22-0017, hl22－17, 17号, 17、18、20号, 17至20号. Pure."""

from __future__ import annotations

import re

MOST_CASES = 60
"""Cases one order may name; longer lists are a slip or an attack."""

FULL = r"(?:测试-)?[A-Za-z0-9]{1,8}-{1,2}\d{1,6}"
_TITLE = r"(?:\s*《[^》]{0,80}》)?"
_TAIL = r"(?:\s?号)?(?:\s?案例)?"
# Each blank belongs to one place, and what was taken for a number is not tried another way (the atomic groups):
# a list that ends in something else would be read in exponentially many ways before it is given up.
ONE = rf"(?>(?:案例\s?)?(?:第\s?)?(?:{FULL}|\d{{1,4}}){_TAIL}{_TITLE})"
_RANGE = rf"(?:第\s?)?\d{{1,4}}(?:\s?号)?\s?[-~～至到]\s?\d{{1,4}}{_TAIL}"
AND = r"(?:\s?(?:[、,]|以及|和|及|与)\s?|\s)"
SEVERAL = rf"(?>{_RANGE}|{ONE})(?:{AND}(?>{_RANGE}|{ONE}))*"
"""One or more numbers, ranges among them."""
ONES = rf"{ONE}(?:{AND}{ONE})*"
"""As `SEVERAL` without ranges, where 到 means something else."""

ONE_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), 0x2D),
}
"""Full-width forms of ASCII, the wide space, and dashes that phones put in: character for character."""
_PIECE = re.compile(
    rf"(?P<first>\d{{1,4}})\s?号?\s?[-~～至到]\s?(?P<last>\d{{1,4}})|(?P<full>{FULL})|(?P<short>\d{{1,4}})"
)


class NumberError(Exception):
    """A list of numbers that cannot be meant; its text is the hint for the writer."""


def numbers_in(written: str, prefix: str) -> tuple[str, ...]:
    """The 登记编号 in `written`, in full, in order, once each. A short one takes the prefix, or that of the one before it.

    Raises: NumberError when a short number has no prefix, a range runs backwards, or there are too many.
    """
    numbers: list[str] = []
    for piece in _PIECE.finditer(re.sub(r"《[^》]{0,400}》", "", written)):
        if piece["full"]:
            head, _, digits = piece["full"].rpartition("-")
            prefix = head.rstrip("-").upper()
            numbers.append(_full(prefix, int(digits)))
            continue
        if not prefix:
            raise NumberError("请写完整的登记编号，如 HL22-0017")
        first, last = int(piece["short"] or piece["first"]), int(piece["short"] or piece["last"])
        if last < first or last - first >= MOST_CASES:
            raise NumberError("编号的范围不对")
        numbers += (_full(prefix, number) for number in range(first, last + 1))
    if len(numbers) > MOST_CASES:
        raise NumberError(f"一次最多写{MOST_CASES}个编号")
    return tuple(dict.fromkeys(numbers))


def _full(prefix: str, number: int) -> str:
    return f"{prefix}-{number:04d}"


def case_number(written: str, prefix: str = "") -> str:
    """The one 登记编号 that `written` is, in full; what cannot be one comes back in capitals, else as it is."""
    plain = written.translate(ONE_WIDTH).strip()
    if re.fullmatch(ONE, plain) and (prefix or "-" in plain):
        return numbers_in(plain, prefix)[0]
    return plain.upper()
