"""A spreadsheet is read as cells, bounded before a library takes memory for it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image

from parsers.documents.sheet import read_csv, read_sheet
from parsers.documents.sheet_bounds import SheetBounds
from parsers.errors import LimitError, ParserError
from parsers.facts import Block, DocumentFacts, Problem, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file
from parsers.text.case_lists import listed_titles
from parsers.text.delimited import delimiter_of
from tests.parsers.documents.odt_files import write_ods

HEADER: list[str] = ["序号", "案例名称", "报送单位"]
ROWS: list[list[str | int]] = [[1, "网格里的小喇叭", "金安社区"], [2, "老楼装上新电梯", "湖里社区"]]
MOMENT = dt.datetime(2022, 12, 20, 9, 30)  # noqa: DTZ001 - cells know no zone
TABLE: list[list[str | int]] = [[*HEADER], *ROWS]
CELLS = [
    (text, row, column)
    for row, texts in enumerate(TABLE)
    for column, text in enumerate(map(str, texts))
]  # fmt: skip


def facts_of(reading: Reading) -> DocumentFacts:
    assert reading.document is not None, reading.problem
    return reading.document


def cells(reading: Reading) -> list[tuple[str, int | None, int | None]]:
    return [(block.text, block.row, block.column) for block in facts_of(reading).blocks]


def workbook(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in TABLE:
        sheet.append(row)
    book.save(path)
    return path


def xls(path: Path) -> Path:
    """A BIFF8 workbook in an OLE file, written by hand. Source: [MS-XLS] 2.4 and [MS-CFB] 2."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def label(row: int, column: int, text: str) -> bytes:
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))

    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 0x0600))
    codepage = record(0x0042, struct.pack("<H", 1200))
    name = "汇总".encode("utf-16-le")
    end = record(0x000A, b"")
    place = len(begin) + len(codepage) + 4 + 8 + len(name) + len(end)
    globals_ = begin + codepage + record(0x0085, struct.pack("<IBBBB", place, 0, 0, 2, 1) + name) + end
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0x0600))
    sheet += b"".join(label(row, column, text) for text, row, column in CELLS) + end
    stream = (globals_ + sheet).ljust(4096, b"\0")
    sectors = len(stream) // 512
    entries = [("Root Entry", 5, 1, 0xFFFFFFFE, 0), ("Workbook", 2, 0xFFFFFFFF, 2, len(stream))]
    directory = b"".join(
        (title.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(title) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
        for title, kind, child, start, size in entries
    ).ljust(512, b"\0")
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    path.write_bytes(header.ljust(512, b"\xff") + table + directory + stream)
    return path


def ods(path: Path) -> Path:
    rows = "".join(
        "<table:table-row>" + "".join(f"<table:table-cell><text:p>{v}</text:p></table:table-cell>" for v in row) + "</table:table-row>"
        for row in TABLE
    )  # fmt: skip
    filler = (
        "<table:table-row table:number-rows-repeated='1048573'><table:table-cell table:number-columns-repeated='16384'/>"
        "</table:table-row>"
    )
    return write_ods(path, f"<table:table>{rows}{filler}</table:table>")


def separated(path: Path) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(TABLE)
    path.write_bytes(text.getvalue().encode("gb18030"))
    return path


@pytest.mark.parametrize(
    ("write", "reader"),
    [(workbook, "sheet/1"), (xls, "sheet/1"), (ods, "ods/1"), (separated, "csv/1")],
    ids=["xlsx", "xls", "ods", "csv"],
)
def test_a_list_of_cases_is_read_in_every_format(write: Callable[[Path], Path], reader: str, tmp_path: Path) -> None:
    reading = read_file(write(tmp_path / "汇总表.dat"), tmp_path, DEFAULT_LIMITS)

    assert (reading.format, reading.reader, reading.problem) == ("sheet", reader, None)
    assert cells(reading) == CELLS
    assert listed_titles(facts_of(reading).blocks) == ("网格里的小喇叭", "老楼装上新电梯")


def test_values_are_shown_as_cells_show_them(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"], sheet["C2"], sheet["D2"] = 3128, 98.5, dt.date(2022, 12, 20)
    sheet["E2"], sheet["F2"], sheet["G2"], sheet["H2"] = True, " 文 ", "=1+1", MOMENT
    second = book.create_sheet("第二")
    second["C3"] = "x"
    hidden = book.create_sheet("隐藏")
    hidden["A1"], hidden.sheet_state = "看不见", "hidden"
    book.save(tmp_path / "a.xlsx")

    reading = read_sheet(tmp_path / "a.xlsx", tmp_path, DEFAULT_LIMITS)

    assert facts_of(reading).blocks == (
        Block(text="3128", table=0, row=1, column=1),
        Block(text="98.5", table=0, row=1, column=2),
        Block(text="2022-12-20", table=0, row=1, column=3),
        Block(text="TRUE", table=0, row=1, column=4),
        Block(text="文", table=0, row=1, column=5),
        Block(text="2022-12-20 09:30:00", table=0, row=1, column=7),
        Block(text="x", table=1, row=2, column=2),
    )


def test_pictures_of_a_sheet_are_members(tmp_path: Path) -> None:
    photo = tmp_path / "a.png"
    Image.new("RGB", (40, 30), "red").save(photo)
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "照片"
    book.active.add_image(SheetImage(photo), "B2")
    book.save(tmp_path / "a.xlsx")

    reading = read_sheet(tmp_path / "a.xlsx", tmp_path, DEFAULT_LIMITS)

    assert (facts_of(reading).pictures, [(m.name, m.media_type) for m in reading.members]) == (
        1,
        [("image1.png", "image/png")],
    )


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ9000"])
def test_one_cell_far_away_is_refused_before_memory_is_taken(cell: str, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"], book.active[cell] = "x", "y"
    book.save(tmp_path / "a.xlsx")

    with pytest.raises(LimitError, match="a sheet of"):
        read_sheet(tmp_path / "a.xlsx", tmp_path, DEFAULT_LIMITS)


def test_empty_cells_far_away_cost_nothing(tmp_path: Path) -> None:
    bounds = SheetBounds()
    bounds.look_at([b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'])

    assert bounds.cells == 1


def test_places_are_followed_over_the_ends_of_pieces() -> None:
    text = (
        b'<x:row r="5"><x:c><v>1</v></x:c><x:c t="s"><v>2</v></x:c></x:row>' + b"<x:row><x:c><v>3</v></x:c></x:row>" * 9
    )

    for size in (1, 7, 64):
        bounds = SheetBounds()
        bounds.look_at(text[at : at + size] for at in range(0, len(text), size))

        assert bounds.cells == 11


def test_many_cells_of_one_long_string_are_refused() -> None:
    bounds = SheetBounds()
    bounds.look_at([b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"])

    with pytest.raises(LimitError, match="strings"):
        bounds.look_at([b'<row r="1">' + b'<c t="s"><v>0</v></c>' * 15_000 + b"</row>"])


def test_a_sheet_of_more_cells_than_are_kept_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("甲,乙,丙\n" + "1,2,3\n" * 7_000, encoding="utf-8")

    reading = read_csv(path, tmp_path, DEFAULT_LIMITS)

    assert reading.problem == Problem(code="over_limit", detail="more than 20000 cells")
    assert len(facts_of(reading).blocks) == 20_000


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/workbook.xml": b"<broken"}, "damaged"),
        ({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<Types/>"}, "damaged"),
    ],
)
def test_a_broken_workbook_is_damaged(parts: dict[str, bytes], code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)

    with pytest.raises(ParserError) as raised:
        read_sheet(path, tmp_path, DEFAULT_LIMITS)

    assert raised.value.code == code


def test_an_empty_workbook_is_empty(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")

    assert read_sheet(tmp_path / "a.xlsx", tmp_path, DEFAULT_LIMITS).problem == Problem(code="empty")


def test_a_table_of_text_longer_than_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        read_csv(separated(tmp_path / "a.csv"), tmp_path, Limits(text_characters=5))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("序号,名称,单位\n1,甲,乙\n2,丙,丁\n", ","),
        ("序号\t名称\t单位\n1\t甲\t乙\n2\t丙\t丁\n", "\t"),
        ('序号;名称;单位\n1;"甲;一";乙\n2;丙;丁\n', ";"),
        ("序号,名称,单位\n1,甲\n2,丙,丁\n", None),
        ("名称,单位\n甲,乙\n丙,丁\n", None),
        ("1,2,3\n4,5,6\n7,8,9\n", None),
        ("一、背景与起因\n金安社区，外来人口多，矛盾多。\n停车难，环境差，噪声大。\n", None),
        ("We met, talked, agreed\nWe built, tested, opened\nWe cleaned, painted, closed\n", None),
        ("", None),
    ],
)  # fmt: skip
def test_prose_is_never_taken_for_a_table(text: str, delimiter: str | None) -> None:
    assert delimiter_of(text) == delimiter
