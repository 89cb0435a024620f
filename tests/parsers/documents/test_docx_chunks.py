"""Parts of a .docx in other formats: web editors export a whole text as one web page inside an empty document."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.documents.docx import read_docx
from parsers.facts import Problem, Reading
from parsers.limits import DEFAULT_LIMITS
from tests.parsers.documents.docx_files import paragraph, png, write_docx

CHUNK = '<w:altChunk r:id="part"/>'
TEXT = "一、背景与起因 金安社区停车难由来已久。"


def _read(tmp_path: Path, job: Path, name: str, data: bytes, *, body: tuple[str, ...] = (CHUNK,)) -> Reading:
    path = write_docx(tmp_path / "case.docx", *body, parts={name: data}, relations={"part": ("aFChunk", name)})
    return read_docx(path, job, DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("afchunk.html", f"<html><meta charset='utf-8'><body><p>{TEXT}</p></body></html>".encode()),
        (
            "afchunk.mht",
            b'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\n'
            b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nContent-Location: file:///a.htm"
            + f"\r\n\r\n<html><body><p>{TEXT}</p></body></html>\r\n--x--\r\n".encode(),
        ),
        ("afchunk.txt", TEXT.encode("gb18030")),
    ],
    ids=["html", "mht", "txt"],
)
def test_part_in_another_format_is_read_where_it_stands(tmp_path: Path, job: Path, name: str, data: bytes) -> None:
    body = (paragraph("前"), CHUNK, paragraph("后"))

    reading = _read(tmp_path, job, name, data, body=body)

    assert reading.problem is None
    assert reading.document is not None
    assert [block.text for block in reading.document.blocks] == ["前", TEXT, "后"]


def test_word_document_inside_is_read_with_its_table_and_picture(tmp_path: Path, job: Path) -> None:
    from docx import Document

    inner = tmp_path / "inner.docx"
    (tmp_path / "photo.png").write_bytes(png())
    document = Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "里表"
    document.add_picture(str(tmp_path / "photo.png"))
    document.save(str(inner))
    outer_table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>外表</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"

    reading = _read(tmp_path, job, "afchunk.docx", inner.read_bytes(), body=(outer_table, CHUNK))

    assert reading.document is not None
    assert [(block.text, block.table) for block in reading.document.blocks if block.text] == [("外表", 0), ("里表", 1)]
    assert reading.document.pictures == 1
    assert [(member.stored_as, member.origin) for member in reading.members] == [
        ("chunk001-docx-picture-0001", "embedded")
    ]
    assert [file.name for file in job.iterdir()] == ["chunk001-docx-picture-0001"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("afchunk.bin", b"\x00\x01\x02" * 50), ("afchunk.docx", b"PK\x03\x04 cut off")],
    ids=["unknown format", "damaged"],
)
def test_part_that_cannot_be_read_is_said_beside_what_could(tmp_path: Path, job: Path, name: str, data: bytes) -> None:
    reading = _read(tmp_path, job, name, data, body=(paragraph("前"), CHUNK))

    assert reading.problem == Problem(code="unsupported_format", detail="parts in another format (altChunk)")
    assert reading.document is not None
    assert [block.text for block in reading.document.blocks] == ["前"]
    assert list(job.iterdir()) == []


def test_document_that_holds_itself_is_opened_once(tmp_path: Path, job: Path) -> None:
    innermost = write_docx(tmp_path / "1.docx", paragraph("最里"))
    parts = {"afchunk.docx": innermost.read_bytes()}
    middle = write_docx(
        tmp_path / "2.docx", paragraph("中间"), CHUNK, parts=parts, relations={"part": ("aFChunk", "afchunk.docx")}
    )

    reading = _read(tmp_path, job, "afchunk.docx", middle.read_bytes(), body=(paragraph("外"), CHUNK))

    assert reading.problem == Problem(code="unsupported_format", detail="parts in another format (altChunk)")
