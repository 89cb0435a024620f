"""Whether a plain text is a table whose lines are rows, and what parts its columns. Pure."""

from __future__ import annotations

import csv
import itertools

_LINES_LOOKED_AT = 30
_FEWEST_LINES = 3
_FEWEST_COLUMNS = 3
_LONGEST_HEADER = 20
_LONGEST_CELL = 200
_SEPARATORS = (",", "\t", ";")


def delimiter_of(text: str) -> str | None:
    """The separator of a table written as text (CSV): comma, tab or semicolon; None for any other text.

    Sure only when the first line is a row of different short headings and every line
    has as many cells: prose has commas too, and a case must never be taken for a list.
    """
    lines = [line for line in itertools.islice(text.splitlines(), 4 * _LINES_LOOKED_AT) if line.strip()]
    for separator in _SEPARATORS:
        if lines and lines[0].count(separator) >= _FEWEST_COLUMNS - 1 and _is_table(lines, separator):
            return separator
    return None


def _is_table(lines: list[str], separator: str) -> bool:
    try:
        rows = list(itertools.islice(csv.reader(lines, delimiter=separator), _LINES_LOOKED_AT))
    except csv.Error:
        return False
    header = [cell.strip() for cell in rows[0]]
    # Who writes a sentence leaves a space after its commas, a program leaves none.
    if separator == "," and any(cell.startswith(" ") for cell in rows[0][1:]):
        return False
    if len(rows) < _FEWEST_LINES or len(header) < _FEWEST_COLUMNS:
        return False
    plain = all(cell and len(cell) <= _LONGEST_HEADER and not cell.isdecimal() for cell in header)
    if not plain or len(set(header)) < len(header):
        return False
    # The last row looked at may be cut in the middle of a quoted cell.
    return all(len(row) == len(header) and all(len(cell) <= _LONGEST_CELL for cell in row) for row in rows[:-1])
