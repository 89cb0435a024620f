"""Files are told apart by their bytes; their names say nothing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from parsers.documents.sniff import Sniffed, sniff
from tests.parsers.documents.ole_files import ole_file


def zip_of(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def image_of(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, kind)
    return buffer.getvalue()


def content_types(main: str) -> bytes:
    return f'<Types><Override PartName="/doc/main.xml" ContentType="application/{main}"/></Types>'.encode()


ODT = b"application/vnd.oasis.opendocument.text"
DOCX = zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
RELATED = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x"
FLAT_ODT = (
    b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' office:mimetype="application/vnd.oasis.opendocument.text">'
)

ROWS: list[tuple[str, bytes, Sniffed]] = [
    ("nothing", b"", Sniffed("other", "", "empty")),
    ("raw photo of Fujifilm", b"FUJIFILMCCD-RAW 0201FF" + bytes(64), Sniffed("image", "raw")),
    ("raw photo of Olympus", b"IIRO\x08\0\0\0" + bytes(64), Sniffed("image", "raw")),
    ("raw photo of Panasonic", b"IIU\0\x18\0\0\0" + bytes(64), Sniffed("image", "raw")),
    ("raw photo of Canon", b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(64), Sniffed("image", "raw")),
    ("JPEG XL", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(64), Sniffed("image", "jxl")),
    ("JPEG 2000", image_of("JPEG2000"), Sniffed("image", "jpx")),
    ("icon", image_of("ICO"), Sniffed("image", "ico")),
    ("docx", DOCX, Sniffed("docx", "docx")),
    ("docx cut off before its directory", DOCX[: len(DOCX) // 2], Sniffed("docx", "docx")),
    (
        "docx with an unusual main part",
        zip_of(
            {
                "[Content_Types].xml": content_types(
                    "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
                )
            }
        ),
        Sniffed("docx", "docx"),
    ),
    (
        "docm",
        zip_of({"[Content_Types].xml": content_types("vnd.ms-word.document.macroEnabled.main+xml")}),
        Sniffed("docx", "docx"),
    ),
    ("xlsx", zip_of({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), Sniffed("sheet", "xlsx")),
    ("pptx", zip_of({"ppt/presentation.xml": b""}), Sniffed("other", "pptx")),
    ("ofd", zip_of({"OFD.xml": b"", "Doc_0/Document.xml": b""}), Sniffed("ofd", "ofd")),
    ("odt", zip_of({"mimetype": ODT, "content.xml": b""}, zipfile.ZIP_STORED), Sniffed("odt", "odt")),
    ("zip", zip_of({"金安社区/案例.docx": DOCX}), Sniffed("archive", "zip")),
    ("empty zip", zip_of({}), Sniffed("archive", "zip")),
    ("zip behind other bytes", b"\0\1\2\3" * 50 + zip_of({"a.txt": b"x"}), Sniffed("archive", "zip")),
    ("doc", ole_file("WordDocument", "1Table"), Sniffed("doc", "doc")),
    (
        "doc with an embedded sheet",
        ole_file("WordDocument", storage="ObjectPool", inner=("Workbook",)),
        Sniffed("doc", "doc"),
    ),
    (
        "xls with an embedded text",
        ole_file("Workbook", storage="MBD1", inner=("WordDocument",)),
        Sniffed("sheet", "xls"),
    ),
    ("locked docx", ole_file("EncryptionInfo", "EncryptedPackage"), Sniffed("docx", "docx", "encrypted")),
    ("works", ole_file("MatOST", "CONTENTS"), Sniffed("wps", "wps")),
    ("outlook letter", ole_file("__properties_version1.0"), Sniffed("letter", "msg")),
    ("ole of unknown kind", ole_file("Something"), Sniffed("other", "ole")),
    ("ole cut off", ole_file("WordDocument")[:600], Sniffed("other", "ole")),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3", Sniffed("pdf", "pdf")),
    ("pdf behind other bytes", b"\n" * 900 + b"%PDF-1.4\n", Sniffed("pdf", "pdf")),
    ("text about pdf", "请提交%PDF格式".encode() * 20, Sniffed("txt", "txt")),
    ("rtf", b"{\\rtf1\\ansi\\ansicpg936 \\'d6\\'d0}", Sniffed("rtf", "rtf")),
    ("html", b"\xef\xbb\xbf<!-- Word -->\n<HTML xmlns:o='x'><body>", Sniffed("html", "html")),
    ("mhtml", b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x", Sniffed("html", "mht")),
    (
        "mhtml of a browser",
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.cn\r\n" + RELATED,
        Sniffed("html", "mht"),
    ),
    (
        "mhtml of one part",
        b"MIME-Version: 1.0\r\nContent-Location: a.htm\r\nContent-Type: text/html\r\n\r\n<p>",
        Sniffed("html", "mht"),
    ),
    ("letter with pictures", b"From: a@b.cn\r\nSubject: x\r\nDate: x\r\n" + RELATED, Sniffed("letter", "eml")),
    ("html in utf-16", "<html><body>".encode("utf-16"), Sniffed("html", "html")),
    ("html in utf-16 without mark", "<html><body>".encode("utf-16-be"), Sniffed("html", "html")),
    ("csv", "序号,名称,单位\n1,甲,乙\n2,丙,丁\n".encode("gbk"), Sniffed("sheet", "csv")),
    ("flat odt", FLAT_ODT, Sniffed("odt", "fodt")),
    ("ods", zip_of({"mimetype": ODS, "content.xml": b""}, zipfile.ZIP_STORED), Sniffed("sheet", "ods")),
    ("locked ofd", zip_of({"Encryptions.xml": b"", "a.dat": b""}), Sniffed("ofd", "ofd")),
    ("letter", b"From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\n\r\nhello", Sniffed("letter", "eml")),
    ("svg", b'<?xml version="1.0"?><!-- x --><svg width="10">', Sniffed("image", "svg")),
    ("jpeg", image_of("JPEG"), Sniffed("image", "jpeg")),
    ("png", image_of("PNG"), Sniffed("image", "png")),
    ("webp", image_of("WEBP"), Sniffed("image", "webp")),
    ("avif", image_of("AVIF"), Sniffed("image", "avif")),
    ("tiff", image_of("TIFF"), Sniffed("image", "tiff")),
    ("bmp", image_of("BMP"), Sniffed("image", "bmp")),
    ("gif", image_of("GIF"), Sniffed("image", "gif")),
    ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Sniffed("image", "heic")),
    ("heif with an av1 picture", b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Sniffed("image", "avif")),
    ("mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 40, Sniffed("other", "mp4")),
    ("rar", b"Rar!\x1a\x07\x01\x00" + b"\x9f" * 40, Sniffed("archive", "rar")),
    ("7z", b"7z\xbc\xaf\x27\x1c\0\4" + b"\x9f" * 40, Sniffed("archive", "7z")),
    ("gz", b"\x1f\x8b\x08\0\0\0\0\0" + b"\x9f" * 40, Sniffed("archive", "gz")),
    ("winmail.dat", b"\x78\x9f\x3e\x22\1\0\1", Sniffed("letter", "tnef")),
    ("text in utf-8", "金安社区网格治理".encode(), Sniffed("txt", "txt")),
    ("text in gbk", "金安社区网格治理案例，请审阅。".encode("gbk"), Sniffed("txt", "txt")),
    ("text in utf-16", "金安社区网格治理".encode("utf-16"), Sniffed("txt", "txt")),
    ("text that begins like a bitmap", b"BMW and others\n", Sniffed("txt", "txt")),
    ("long utf-8 text cut inside a character", "治".encode() * 5_000, Sniffed("txt", "txt")),
    ("noise", bytes(range(256)) * 4, Sniffed("other", "")),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_file_is_what_its_bytes_are(data: bytes, expected: Sniffed, tmp_path: Path) -> None:
    path = tmp_path / "案例.doc"
    path.write_bytes(data)

    assert sniff(path) == expected


def test_a_page_of_comments_is_not_tried_in_every_grouping(tmp_path: Path) -> None:
    path = tmp_path / "comments.html"
    path.write_bytes(b"<!-- -->" * 2_000 + b"text")

    assert sniff(path).kind == "txt"


def test_a_zip_directory_of_many_entries_is_looked_at_in_part(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    entry = b"PK\x01\x02" + b"\0" * 24 + (1).to_bytes(2, "little") + b"\0" * 16 + b"a"
    last = b"PK\x01\x02" + b"\0" * 24 + (17).to_bytes(2, "little") + b"\0" * 16 + b"word/document.xml"
    directory = entry * 10_000 + last
    end = b"PK\x05\x06" + b"\0" * 8 + len(directory).to_bytes(4, "little") + (4).to_bytes(4, "little") + b"\0\0"
    path.write_bytes(b"PK\x03\x04" + directory + end)

    assert sniff(path) == Sniffed("archive", "zip")
