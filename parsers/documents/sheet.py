"""Reads spreadsheets as tables of cells: .xlsx, .xls and Kingsoft's .et, .ods, and .csv.

A sheet is a list or a form (汇总表, 报名表), never counted as the text of a case. Values
are those stored in the file: no formula is computed, no macro run, no link followed.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from parsers.digests import sha256_of
from parsers.documents.docx_package import Package
from parsers.documents.odt import refuse_encrypted
from parsers.documents.odt_lists import Lists
from parsers.documents.odt_names import OFFICE
from parsers.documents.odt_story import Story
from parsers.documents.odt_styles import Stylesheet
from parsers.documents.sheet_bounds import SheetBounds
from parsers.documents.shown_pictures import ShownPictures
from parsers.documents.zip_parts import ZipParts
from parsers.errors import LimitError, ParserError
from parsers.facts import Block, Problem, Reading
from parsers.limits import Limits
from parsers.text.decoding import decode_text
from parsers.text.delimited import delimiter_of
from parsers.text.document_facts import build_document_facts

READER = "sheet/1"
ODS_READER = "ods/1"
CSV_READER = "csv/1"

_MOST_KEPT = 20_000
"""Cells with a value that are kept of a workbook; a list of cases has hundreds."""
_DRAWINGS = ("xl/drawings/", "xl/cellimages")
"""Parts that show pictures; the second is how WPS puts them into cells."""


def read_sheet(path: Path, job: Path, limits: Limits) -> Reading:
    """The cells of a workbook (.xlsx .xls .et) that hold a value, sheet by sheet and row by row.

    Hidden sheets are left out; the pictures of an .xlsx become members in `job`. A block's
    `table` is the sheet's number among those shown, `row` and `column` its place there.

    Args:
        path: The file, any name.
        job: Existing folder that receives the members.
        limits: Ceilings for sizes and counts.

    Returns:
        A reading of format "sheet". Beside its facts stands the problem `empty` when no cell
        has a value, `over_limit` when there are more cells than are kept.

    Raises:
        ParserError: `damaged`, `encrypted`.
        LimitError: The workbook asks for more than any list has.
    """
    pictures = ShownPictures(job, limits, "sheet-picture")
    with path.open("rb") as file:
        packed = file.read(2) == b"PK"
    if packed:
        with Package(path, limits) as package:
            bounds = SheetBounds()
            for name in package.names():
                bounds.look_at(package.pieces(name) if not name.endswith("/") else ())
            _show_pictures(package, pictures)
    return _reading(path, _workbook_blocks(path), reader=READER, pictures=pictures, limits=limits)


def read_ods(path: Path, job: Path, limits: Limits) -> Reading:
    """As `read_sheet`, for OpenDocument spreadsheets. Source: OASIS ODF 1.3 part 3, chapter 9."""
    with ZipParts(path, limits) as package:
        refuse_encrypted(package)
        content = package.xml("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    if body is None:
        raise ParserError("damaged", "no spreadsheet")
    story = Story(Stylesheet([content]), Lists([content]), limits.text_characters)
    try:
        story.read(body, "main")
    except RecursionError as error:
        raise LimitError("nested too deeply") from error
    cells = (block for block in story.blocks if block.table is not None)
    return _reading(path, cells, reader=ODS_READER, pictures=ShownPictures(job, limits, "sheet-picture"), limits=limits)


def read_csv(path: Path, job: Path, limits: Limits) -> Reading:
    """As `read_sheet`, for a text whose lines are rows. Source: RFC 4180; charset and separator are found out."""
    if (size_bytes := path.stat().st_size) > limits.file_bytes:
        raise LimitError(f"{size_bytes} bytes")
    text, _ = decode_text(path.read_bytes())
    if len(text) > limits.text_characters:
        raise LimitError(f"{len(text)} characters of text")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text) or ",")
    pictures = ShownPictures(job, limits, "sheet-picture")
    return _reading(path, _row_blocks(rows, 0), reader=CSV_READER, pictures=pictures, limits=limits)


def _reading(path: Path, blocks: Iterable[Block], *, reader: str, pictures: ShownPictures, limits: Limits) -> Reading:
    kept: list[Block] = []
    characters = 0
    problem = None
    try:
        for block in blocks:
            characters += len(block.text)
            if len(kept) == _MOST_KEPT or characters > limits.text_characters:
                problem = Problem(code="over_limit", detail=f"more than {len(kept)} cells")
                break
            kept.append(block)
    except csv.Error as error:
        raise ParserError("damaged", f"table: {error}") from error
    if not kept and not pictures.count:
        problem = Problem(code="empty")
    return Reading(
        reader=reader,
        format="sheet",
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        document=build_document_facts(kept, pictures=pictures.count),
        problem=problem,
        members=pictures.members(),
    )


def _workbook_blocks(path: Path) -> Iterator[Block]:
    """The cells with a value of all sheets that are shown.

    Raises:
        ParserError: `damaged`, `encrypted`.
    """
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(path)
        for number, name in enumerate(_shown_sheets(workbook)):
            sheet = workbook.get_sheet_by_name(name)
            # Rows come from the top of the sheet, each from its first used column.
            yield from _row_blocks(sheet.iter_rows(), number, first_column=sheet.start[1] if sheet.start else 0)
    except calamine.PasswordError as error:
        raise ParserError("encrypted", "workbook asks for a password") from error
    except calamine.CalamineError as error:
        raise ParserError("damaged", f"{type(error).__name__}") from error
    except BaseException as error:
        # A panic of the library comes as a BaseException of its own making.
        if type(error).__name__ != "PanicException":
            raise
        raise ParserError("damaged", "workbook breaks its reader") from error


def _shown_sheets(workbook: Any) -> list[str]:
    """Names of the sheets a reader of the workbook sees, in order.

    Raises:
        ParserError: `damaged`: there is no sheet at all.
    """
    import python_calamine as calamine

    if not workbook.sheets_metadata:
        raise ParserError("damaged", "a workbook without sheets")
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]


def _row_blocks(rows: Iterable[Iterable[Any]], table: int, *, first_column: int = 0) -> Iterator[Block]:
    for row_number, row in enumerate(rows):
        for column, value in enumerate(row, first_column):
            if text := _shown(value):
                yield Block(text=text, table=table, row=row_number, column=column)


def _shown(value: object) -> str:
    """A value as a cell shows it in general format: whole numbers without fraction, dates by the calendar."""
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)


def _show_pictures(package: Package, pictures: ShownPictures) -> None:
    """Each picture once for every relationship that leads to it; where on the sheet it stands does not matter."""
    for name in package.names():
        if not name.lower().startswith(_DRAWINGS) or not name.lower().endswith(".xml"):
            continue
        for relation in package.relations(name).values():
            if relation.kind == "image" and not relation.external and package.has(relation.target):
                pictures.show(
                    relation.target.lower(),
                    functools.partial(package.pieces, relation.target),
                    name=posixpath.basename(relation.target),
                    media_type=package.content_type(relation.target),
                )
