"""The rows of a list as a spreadsheet saved it: text in any usual encoding, or the workbook itself. Pure."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable

from config.characters import without_unseen

MOST_LINES = 20_000
_MOST_COLUMNS = 100
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""Excel's “Unicode 文本”."""


class UnreadableRosterError(Exception):
    """The bytes are no list that can be cut into cells."""

    def __init__(self, problem: str, advice: str = "", line: int | None = None) -> None:
        """`problem` and `advice`: in Chinese, without full stop."""
        super().__init__(problem)
        self.problem = problem
        self.advice = advice
        self.line = line


def roster_cells(raw: bytes) -> list[tuple[int, list[str]]]:
    """Line (1-based) and cells of each row that holds anything, in order. Raises: UnreadableRosterError."""
    rows = _of_workbook(raw) if raw.startswith(_WORKBOOKS) else _of_text(_decoded(raw))
    found = []
    for line, row in rows:
        if line > MOST_LINES:
            raise UnreadableRosterError(f"超过{MOST_LINES}行", line=line)
        cells = [_clean(cell) for cell in row[:_MOST_COLUMNS]]
        if any(cells):
            found.append((line, cells))
    return found


def _of_text(text: str) -> Iterable[tuple[int, list[str]]]:
    lines = [line for line in text.splitlines() if line.strip()][:5]
    delimiter = max(",\t;，", key="\n".join(lines).count)  # a title above the names of the columns has none
    if delimiter == "，":  # the module knows no such one
        text, delimiter = text.replace("，", ","), ","
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        advice = "请在表格软件里重新存成 CSV"
        raise UnreadableRosterError("有一格过长或引号不成对", advice, rows.line_num) from error


def _of_workbook(raw: bytes) -> Iterable[tuple[int, list[str]]]:
    """Its first sheet that holds anything."""
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = (workbook.get_sheet_by_name(name) for name in workbook.sheet_names)
        sheet = next((each for each in sheets if each.total_height), None)
        rows = sheet.to_python(skip_empty_area=False, nrows=MOST_LINES + 1) if sheet is not None else []
    except (calamine.CalamineError, OSError) as error:
        raise UnreadableRosterError("是 Excel 工作簿，但没有读成", "请用“另存为”存成 CSV") from error
    return [(line, [_written(cell) for cell in row]) for line, row in enumerate(rows, 1)]


def _written(cell: object) -> str:
    """A telephone number or a quota that Excel took for a number, without a decimal point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _decoded(raw: bytes) -> str:
    encodings = ("utf-16",) if raw.startswith(_UTF16) and len(raw) % 2 == 0 else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnreadableRosterError("文字编码认不出", "请存成“CSV UTF-8”")


def _clean(cell: str) -> str:
    return " ".join(without_unseen(unicodedata.normalize("NFKC", cell)).split())
