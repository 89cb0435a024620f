"""Documents that hold themselves many times, sheets of millions of cells, compound files that go in circles.

Source: ECMA-376 part 1, 17.17.2 (altChunk) and 18 (SpreadsheetML); [MS-CFB] 2.2 to 2.6; RFC 5545.
"""

from __future__ import annotations

import struct

from tests.hostile.bombs.markup import DECLARATIONS, docx
from tests.hostile.bombs.sizes import zipped

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def docx_of_documents(levels: int = 3, copies: int = 1_000) -> bytes:
    """A Word file that shows a Word file a thousand times, which does the same: a thousand million in the end."""
    inner = docx("<w:p><w:r><w:t>甲</w:t></w:r></w:p>")
    for _ in range(levels):
        chunk = f'<w:altChunk xmlns:r="{_R}" r:id="c"/>' * copies
        body = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{chunk}</w:body></w:document>'
        inner = zipped({
            "[Content_Types].xml": f'<Types xmlns="{_P}/content-types"><Default Extension="docx" ContentType="application/octet-stream"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_WORD}"/></Types>'.encode(),
            "_rels/.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="r" Target="word/document.xml" '
            f'Type="{_R}/officeDocument"/></Relationships>'.encode(),
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="c" Target="../in.docx" '
            f'Type="{_R}/aFChunk"/></Relationships>'.encode(),
            "word/document.xml": body.encode(),
            "in.docx": inner,
        })  # fmt: skip
    return inner


def _xlsx(sheet: bytes, strings: bytes = b"") -> bytes:
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_P}/content-types"><Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{main}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{main}.sharedStrings+xml"/></Types>'.encode(),
        "_rels/.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="r" Target="xl/workbook.xml" '
        f'Type="{_R}/officeDocument"/></Relationships>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="s" Target="worksheets/sheet1.xml" '
        f'Type="{_R}/worksheet"/><Relationship Id="t" Target="sharedStrings.xml" Type="{_R}/sharedStrings"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook {_S} xmlns:r="{_R}"><sheets><sheet name="汇总" sheetId="1" r:id="s"/></sheets></workbook>'.encode(),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": strings or f"<sst {_S}/>".encode(),
    }  # fmt: skip
    return zipped(files)


def xlsx_of_rows() -> bytes:
    """A million rows, in a few hundred kilobytes."""
    return _xlsx(
        f"<worksheet {_S}><sheetData>{'<row><c><v>1</v></c><c><v>2</v></c></row>' * 1_000_000}</sheetData></worksheet>".encode()
    )


def xlsx_of_strings() -> bytes:
    """Two million shared strings, of which one is used."""
    strings = f"<sst {_S}>{'<si><t>甲</t></si>' * 2_000_000}</sst>".encode()
    return _xlsx(
        f'<worksheet {_S}><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>'.encode(), strings
    )


def xlsx_far_out() -> bytes:
    """One cell in the last row and the last column there can be, and one beyond; a range of all of them is one cell."""
    cells = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="4000000000"><c r="ZZZZZZ4000000000"><v>1</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return _xlsx(f"<worksheet {_S}><sheetData>{cells}</sheetData>{merged}</worksheet>".encode())


def xlsx_of_laughs() -> bytes:
    """Entities of entities in the shared strings."""
    strings = f"{DECLARATIONS['laughs']}<sst {_S}><si><t>&l9;</t></si></sst>".encode()
    return _xlsx(
        f'<worksheet {_S}><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>'.encode(), strings
    )


def _compound(stream: str, *, fat: list[int], entries: int = 4) -> bytes:
    """An OLE file whose directory names `stream`, and whose table of sectors is `fat`."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    names = ["Root Entry", *[stream] * (entries - 1)]
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBBIII", 2 * len(name) + 2, 5 if at == 0 else 2, 1, at, at, 1)
        + bytes(36) + struct.pack("<IQ", 2, 2**31 - 1)
        for at, name in enumerate(names)
    )  # fmt: skip
    table = b"".join(struct.pack("<I", each) for each in fat).ljust(512, b"\xff")
    return head + table + directory.ljust(512, b"\0") + bytes(512)


def doc_of_circles() -> bytes:
    """A Word 97 file whose sectors follow themselves, and whose directory is its own child."""
    return _compound("WordDocument", fat=[0xFFFFFFFD, 1, 2, 3])


def msg_of_circles() -> bytes:
    """An Outlook message of the same make."""
    return _compound("__properties_version1.0", fat=[0xFFFFFFFD, 1, 2, 3])


def xls_of_circles() -> bytes:
    """An Excel 97 file of the same make."""
    return _compound("Workbook", fat=[0xFFFFFFFD, 1, 2, 3])


def tnef_of_attributes() -> bytes:
    """A winmail.dat of 200,000 empty attributes, then one of four thousand million bytes."""
    attribute = struct.pack("<BII", 2, 0x0006800F, 0) + bytes(2)
    return struct.pack("<IH", 0x223E9F78, 1) + attribute * 200_000 + struct.pack("<BII", 1, 0x00069003, 0xFFFFFFFF)


def html_of_depth() -> bytes:
    """100,000 elements inside one another, and as many attributes on one."""
    attributes = " ".join(f"a{number}=1" for number in range(100_000))
    return f"<!DOCTYPE html><html><body {attributes}>{'<div><b>' * 50_000}字".encode()


def rtf_of_groups() -> bytes:
    """200,000 groups inside one another, and a picture of ten thousand million bytes."""
    return rb"{\rtf1\ansi " + rb"{\b " * 200_000 + rb"{\pict\bin9999999999 x" + b"\\'d6\\'d0" * 1_000


def csv_of_columns() -> bytes:
    """A million columns in the first row, and quotation marks without end in the second."""
    return ("单位,标题,联系人" + ",x" * 1_000_000 + "\r\n" + '"' * 1_000_001 + "\r\n").encode("utf-8-sig")


def calendar_of_repeats() -> bytes:
    """A meeting every second for ten thousand years, with a time zone that changes as often."""
    rule = (
        b"RRULE:FREQ=SECONDLY;COUNT=999999999;BYSECOND=" + b",".join(b"%d" % (n % 60) for n in range(50_000)) + b"\r\n"
    )
    return (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:00010101T000000Z\r\n"
        + rule * 20
        + b"END:VEVENT\r\n"
    )
