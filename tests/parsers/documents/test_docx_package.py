"""Packages as Word forgives them are read; packages that attack or lie end in a named problem."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from parsers.errors import ParserError
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file
from tests.parsers.documents.docx_files import MAIN_TYPE, NAMESPACES, paragraph, read, texts, write_docx

STRICT = (
    (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
    ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/"),
)


def rewritten(source: Path, change: dict[str, bytes | None]) -> Path:
    """The same package with some parts replaced, added, or (None) taken out."""
    target = source.with_name("changed.docx")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {info.filename: old.read(info) for info in old.infolist()} | change
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return target


def main_texts(path: Path, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    document = read(path, limits).document
    assert document is not None
    return texts(document)


def code_of(path: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(ParserError) as caught:
        read(path, limits)
    return caught.value.code


def test_strict_package_is_read_like_a_transitional_one(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("严格", properties='<w:outlineLvl w:val="0"/>'))
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    for old, new in STRICT:
        parts = {name: content.replace(old.encode(), new.encode()) for name, content in parts.items()}

    assert main_texts(rewritten(path, dict(parts))) == ["严格"]


@pytest.mark.parametrize(
    ("main", "main_type"),
    [
        ("word/document2.xml", MAIN_TYPE),
        ("文档/正文.xml", MAIN_TYPE),
        ("word/document.xml", MAIN_TYPE.replace("document.main", "template.main")),
        ("word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"),
    ],
)
def test_main_part_is_found_under_any_name_and_type(tmp_path: Path, main: str, main_type: str) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("正文"), main=main, main_type=main_type)

    reading = read(path)

    assert reading.document is not None
    assert texts(reading.document) == ["正文"]
    assert reading.document.macros is ("macroEnabled" in main_type)


def test_package_without_relationships_or_content_types_is_read_by_its_usual_name(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("正文"))
    bare = rewritten(
        path, {"_rels/.rels": None, "[Content_Types].xml": None, "word/_rels/document.xml.rels": b"not xml"}
    )

    assert main_texts(bare) == ["正文"]


def test_relations_to_null_and_other_missing_parts_are_forgiven(tmp_path: Path) -> None:
    path = write_docx(
        tmp_path / "a.docx",
        paragraph("正文"),
        relations={
            "r1": ("image", "../NULL"), "r2": ("styles", "NULL"), "r3": ("numbering", "gone.xml"),
            "r4": ("footnotes", "https://example.org/notes.xml"),
        },
    )  # fmt: skip

    assert main_texts(path) == ["正文"]


def test_names_with_backslashes_and_other_case_are_found(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("正文"))
    with zipfile.ZipFile(path) as package:
        content = package.read("word/document.xml")

    assert main_texts(rewritten(path, {"word/document.xml": None, "Word\\Document.xml": content})) == ["正文"]


def test_broken_optional_part_costs_only_itself(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("正文"), parts={"styles": "", "numbering": ""})

    assert main_texts(rewritten(path, {"word/styles.xml": b"<w:styles", "word/numbering.xml": b"\x00"})) == ["正文"]


def test_external_entity_is_never_fetched_and_internal_ones_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")
    path = write_docx(tmp_path / "a.docx", paragraph("正文"))
    attack = (
        f'<!DOCTYPE x [<!ENTITY file SYSTEM "{secret.as_uri()}"><!ENTITY a "哈哈">]>'
        f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>前&file;&a;</w:t></w:r></w:p></w:body></w:document>"
    )

    (text,) = main_texts(rewritten(path, {"word/document.xml": attack.encode()}))

    assert text == "前"


@pytest.mark.parametrize(
    "content",
    [
        b"<w:document",
        b"",
        b"PK not xml",
    ],
)
def test_main_part_that_is_no_xml_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("正文"))

    assert code_of(rewritten(path, {"word/document.xml": content})) == "damaged"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_file_cut_off_is_damaged(tmp_path: Path, share: float) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("正文" * 500))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])

    assert code_of(path) == "damaged"


def test_flipped_bytes_in_the_main_part_are_damage(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("正文" * 500))
    with zipfile.ZipFile(path) as package:
        info = package.getinfo("word/document.xml")
    data = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(info.filename) + 10
    data[start : start + 20] = b"\xff" * 20
    path.write_bytes(data)

    assert code_of(path) == "damaged"


def test_package_of_another_kind_is_unsupported(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")

    assert code_of(tmp_path / "a.docx") == "unsupported_format"


def test_entry_that_needs_a_password_is_encrypted(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("正文"))
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 0x1
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)

    assert code_of(path) == "encrypted"


def test_densely_packed_part_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("零" * 3_000_000))

    assert code_of(path) == "over_limit"


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        (paragraph("字" * 101), Limits(text_characters=100)),
        (paragraph("字" * 60) * 2, Limits(text_characters=100)),
        (paragraph("字" * 5000), Limits(file_bytes=10_000)),
        ("<w:sdt>" * 400 + "</w:sdt>" * 400, Limits()),
        (paragraph("字"), Limits(members=0)),
    ],
    ids=["one paragraph", "two paragraphs", "part", "depth", "parts"],
)
def test_document_beyond_its_limits_is_refused(tmp_path: Path, body: str, limits: Limits) -> None:
    assert code_of(write_docx(tmp_path / "a.docx", body), limits) == "over_limit"


def test_dispatch_reaches_the_reader_and_gives_its_facts(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "named.txt", paragraph("正文"))
    (tmp_path / "job").mkdir()

    reading = read_file(path, tmp_path / "job", DEFAULT_LIMITS)

    assert (reading.format, reading.reader, reading.problem) == ("docx", "docx/3", None)
    assert reading.document is not None
    assert texts(reading.document) == ["正文"]
