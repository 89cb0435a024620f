"""Sheets into an Excel workbook that opens clean in Excel, WPS and LibreOffice.

Peer: the file system. What strangers wrote stays text: no formula, no markup, no control character.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from intake.figures.sheets import Cell, Column, Kind, Link, Sheet, Tone

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL_CHARACTERS = 2_000
"""Excel takes 32,767 in a cell; nobody reads more than this in one."""
MOST_ROWS = 1_000_000
"""Excel has 1,048,576 rows."""
MOST_LINKS = 65_000
"""Excel opens a sheet of more than 65,530 only after a repair."""
_LINK_CHARACTERS = 2_000
_MANY_ROWS = 50_000
"""From here on rows are written out as they come. Some previews on telephones do not show such a workbook's text, but one of
this size goes to nobody's telephone."""
_FORMULA_STARTS = frozenset("=+-@|%")
_FORMATS: Mapping[Kind, str] = {
    "text": "@",
    "number": "General",
    "moment": 'yyyy"年"m"月"d"日" hh:mm',
    "day": 'yyyy"年"m"月"d"日"',
}
_TONES: Mapping[Tone, str] = {"good": "#E2F0D9", "wait": "#FFF2CC", "look": "#FBE5D6"}
_FONT = "微软雅黑"
_LINE_POINTS = 16
_MOST_LINES = 8


def write_workbook(path: Path, sheets: Sequence[Sheet], *, zone: str, at: datetime, title: str, author: str) -> None:
    """Write `sheets` to `path` in place of an earlier file, whole or not at all. Times are shown on the clock of `zone`.

    Args:
        path: Where it goes; its folder exists.
        sheets: At least one, with different names.
        zone: IANA name.
        at: Stands in the file's properties as the time it was made.
        title: Likewise.
        author: Likewise.

    Raises: OSError.
    """
    # As long as itself: the file is open in Excel when its own name cannot be replaced, and nothing is left beside it.
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        is_large = sum(len(sheet.rows) for sheet in sheets) > _MANY_ROWS
        with _opened(part, is_large=is_large) as workbook:
            workbook.set_properties({"title": visible(title), "author": visible(author), "created": at})
            clock = ZoneInfo(zone)
            formats = _Formats(workbook)
            for sheet in sheets:
                _SheetWriter(workbook, formats, sheet, clock, is_large=is_large).write()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def visible(text: str, limit: int = CELL_CHARACTERS) -> str:
    """`text` as a cell may hold it: without control, bidirectional and unassigned characters, line ends kept, cut."""
    if text.isprintable() and len(text) <= limit:
        return text
    kept = "".join(
        character if character == "\n" or not _is_hidden(character) else " " if character.isspace() else ""
        for character in text
    )
    return kept if len(kept) <= limit else f"{kept[: limit - 1]}…"


def _is_hidden(character: str) -> bool:
    # White space of every kind but the plain one: a tab, a no-break space, a line separator.
    return unicodedata.category(character)[0] == "C" or (character.isspace() and character not in {" ", "\u3000"})


@contextmanager
def _opened(path: Path, *, is_large: bool) -> Iterator[Workbook]:
    import xlsxwriter

    options = {
        "constant_memory": is_large,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": _FONT, "font_size": 10},
    }
    workbook = xlsxwriter.Workbook(str(path), options)
    try:
        yield workbook
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(str(error)) from error
    finally:
        # Of a workbook that is not closed the parts on disk are left.
        workbook.fileclosed = True


class _Formats:
    """Every format once: a workbook knows some thousands at most."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}
        self.heading = workbook.add_format(
            {"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        )

    def of(self, kind: Kind, *, wraps: bool, quoted: bool = False, link: bool = False) -> Format:
        """The format of a column, or of a cell in it that differs."""
        key = (kind, wraps, quoted, link)
        if key not in self._made:
            properties: dict[str, Any] = {"valign": "top", "num_format": _FORMATS[kind], "text_wrap": wraps}
            if wraps:  # long text under the format of text is ##### to older Excels
                properties["num_format"] = "General"
            if kind in ("moment", "day"):
                properties["align"] = "left"
            if quoted:
                properties["quote_prefix"] = True
            if link:
                properties |= {"font_color": "#0563C1", "underline": 1}
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def ground(self, tone: Tone) -> Format:
        """The ground of a coloured word."""
        key = ("ground", tone)
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"bg_color": _TONES[tone]})
        return self._made[key]


class _SheetWriter:
    def __init__(self, workbook: Workbook, formats: _Formats, sheet: Sheet, clock: ZoneInfo, *, is_large: bool) -> None:
        from intake.edges.streamed_worksheet import StreamedWorksheet

        self._workbook = workbook
        self._formats = formats
        self._sheet = sheet
        self._clock = clock
        self._page: Worksheet = workbook.add_worksheet(sheet.name, StreamedWorksheet if is_large else None)
        self._wrapped = [(at, column.width) for at, column in enumerate(sheet.columns) if column.wraps]
        self._links = 0
        self._last_time: tuple[datetime | date | None, datetime] = (None, datetime.min)  # noqa: DTZ901 - a cell has no zone

    def write(self) -> None:
        """The heading, every row in order, then what lies over them."""
        self._lay_out()
        for row, cells in enumerate(self._sheet.rows[:MOST_ROWS], 1):
            self._make_room(row, cells)
            for at, (cell, column) in enumerate(zip(cells, self._sheet.columns, strict=True)):
                if cell is not None and cell != "":
                    self._put(row, at, cell, column)
        left_out = len(self._sheet.rows) - MOST_ROWS
        if left_out > 0:
            self._page.write_string(MOST_ROWS + 1, 0, f"（表格行数有限，另有{left_out}行没有列出）")
        self._lay_over(min(len(self._sheet.rows), MOST_ROWS))

    def _lay_out(self) -> None:
        page, sheet = self._page, self._sheet
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width, self._formats.of(column.kind, wraps=column.wraps))
        page.set_row(0, 30)
        page.freeze_panes(1, sheet.frozen)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        if sheet.printed:
            page.print_area(0, 0, min(len(sheet.rows), MOST_ROWS), sheet.printed - 1)
        page.hide_gridlines(0)
        page.set_footer("&L&A&R第&P页，共&N页")
        for at, column in enumerate(sheet.columns):
            if column.title:
                page.write_string(0, at, column.title, self._formats.heading)

    def _make_room(self, row: int, cells: Sequence[Cell]) -> None:
        """As high as its longest wrapped text needs, within bounds: LibreOffice does not do it by itself."""
        lines = max((_lines(cells[at], width) for at, width in self._wrapped), default=1)
        if lines > 1:
            self._page.set_row(row, _LINE_POINTS * min(lines, _MOST_LINES))

    def _put(self, row: int, at: int, cell: Cell, column: Column) -> None:
        match cell:
            case str():
                self._put_text(row, at, cell, column)
            case Link():
                self._put_link(row, at, cell, column)
            case datetime() | date():
                self._put_time(row, at, cell, column)
            case bool() | None:
                raise TypeError(f"no cell: {cell!r}")
            case _:
                self._page.write_number(row, at, cell)

    def _put_text(self, row: int, at: int, text: str, column: Column) -> None:
        shown = _harmless(visible(text))
        if shown[:1] in _FORMULA_STARTS:
            # A string it is in any case; with the mark it stays one when somebody edits the cell or copies it.
            self._page.write_string(row, at, shown, self._formats.of(column.kind, wraps=column.wraps, quoted=True))
        elif shown:
            self._page.write_string(row, at, shown)

    def _put_time(self, row: int, at: int, when: datetime | date, column: Column) -> None:
        shown = self._shown_time(when)
        if shown.year < 1900:  # Excel knows no such day
            self._put_text(row, at, shown.isoformat()[:10], column)
        else:
            self._page.write_datetime(row, at, shown)

    def _shown_time(self, when: datetime | date) -> datetime:
        """As a cell holds it: on our clock, without a zone. The files of a letter follow one another with the same time."""
        if when is not self._last_time[0]:
            if isinstance(when, datetime):
                shown = when.astimezone(self._clock).replace(tzinfo=None, microsecond=0)
            else:
                shown = datetime.combine(when, time.min)
            self._last_time = (when, shown)
        return self._last_time[1]

    def _put_link(self, row: int, at: int, link: Link, column: Column) -> None:
        from xlsxwriter.url import Url

        text = _harmless(visible(link.text)) or "打开"
        if self._links >= MOST_LINKS or len(link.target) > _LINK_CHARACTERS:
            self._put_text(row, at, text, column)
            return
        url = Url(f"external:{link.target}")
        url.text = text
        # As Excel itself writes a relative one: with a backslash it leads nowhere outside Windows.
        url._relationship_link = url._relationship_link.replace("\\", "/")  # noqa: SLF001 - no public way to say it
        style = self._formats.of(column.kind, wraps=column.wraps, quoted=text[:1] in _FORMULA_STARTS, link=True)
        self._page.write_url(row, at, url, style)
        self._links += 1

    def _lay_over(self, rows: int) -> None:
        page, sheet = self._page, self._sheet
        if sheet.filters:
            page.autofilter(0, 0, rows, len(sheet.columns) - 1)
        if rows:
            page.ignore_errors({"number_stored_as_text": f"A1:XFD{rows + 1}"})
            for at, word, tone in sheet.coloured:
                rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": self._formats.ground(tone)}
                page.conditional_format(1, at, rows, at, rule)
        for chart in sheet.charts:
            drawn = self._workbook.add_chart({"type": "column"})
            for column in chart.series:
                drawn.add_series(
                    {
                        "name": [sheet.name, 0, column],
                        "categories": [sheet.name, 1, chart.labels, chart.rows, chart.labels],
                        "values": [sheet.name, 1, column, chart.rows, column],
                    }
                )
            drawn.set_title({"name": chart.title})
            drawn.set_x_axis({"text_axis": True, "num_format": "m-d", "name_font": {"name": _FONT}})
            drawn.set_legend({"position": "bottom"})
            drawn.set_size({"width": 760, "height": 320})
            page.insert_chart(chart.at[0], chart.at[1], drawn)


def _lines(cell: Cell, width: int) -> int:
    """Lines a cell takes in a column of `width`; Chinese characters are twice as wide as Latin ones."""
    if not isinstance(cell, str) or (len(cell) * 2 <= width and "\n" not in cell):
        return 1
    return sum(max(1, -(-sum(1 + (ord(c) > 0x2E7F) for c in line) // width)) for line in cell.split("\n"))


def _harmless(text: str) -> str:
    """The library takes what begins and ends so for markup of its own and writes it as it is."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
