"""Locked Word documents open with a password that was stated, and stay locked with any other."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import msoffcrypto.format.ooxml
import olefile
import pytest
from doc2docx.msdoc.encryption import xor_password_verifier, xor_transform

from parsers.facts import Problem, Reading
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file
from tests.parsers.documents.docx_files import paragraph, write_docx
from tests.parsers.documents.office_files import HEADINGS, SavedCase

pytestmark = pytest.mark.xdist_group("office")
PASSWORD = "案例2022"
ASCII_PASSWORD = "hl2022"
_CLEAR_BYTES = 68
"""Of the WordDocument stream. Source: [MS-DOC] 2.2.6.1."""


@pytest.fixture
def locked_docx(tmp_path: Path) -> Path:
    # The library that locks it here writes packages below 4 KB wrongly; real ones are larger.
    noise = {"noise.bin": random.Random(1).randbytes(9_000)}
    plain = write_docx(tmp_path / "plain.docx", paragraph("金安社区议事会"), parts=noise)
    locked = tmp_path / "locked.docx"
    with plain.open("rb") as source, locked.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt(PASSWORD, target)
    return locked


@pytest.fixture
def locked_doc(saved_case: SavedCase, tmp_path: Path) -> Path:
    """The saved case under Word's oldest lock, XOR obfuscation. Source: [MS-DOC] 2.2.6.1, [MS-OFFCRYPTO] 2.3.7."""
    path = tmp_path / "locked.doc"
    path.write_bytes(saved_case.doc.read_bytes())
    with olefile.OleFileIO(path, write_mode=True) as container:
        for name in ("WordDocument", "1Table", "Data"):
            if not container.exists(name):
                continue
            data = bytearray(container.openstream(name).read())
            clear = _CLEAR_BYTES if name == "WordDocument" else 0
            if clear:
                flags = struct.unpack_from("<H", data, 10)[0] | 0x8100
                struct.pack_into("<H", data, 10, flags)
                struct.pack_into("<I", data, 14, xor_password_verifier(ASCII_PASSWORD))
            container.write_stream(name, xor_transform(bytes(data), ASCII_PASSWORD, clear_prefix=clear))
    return path


def _read(path: Path, job: Path, *passwords: str) -> Reading:
    reading = read_file(path, job, DEFAULT_LIMITS, passwords)
    assert sorted(each.name for each in job.iterdir()) == sorted(member.stored_as for member in reading.members)
    return reading


def test_locked_package_opens_with_the_password_that_fits(locked_docx: Path, job: Path) -> None:
    reading = _read(locked_docx, job, "123456", PASSWORD)

    assert (reading.format, reading.problem, reading.size_bytes) == ("docx", None, locked_docx.stat().st_size)
    assert reading.document is not None
    assert [block.text for block in reading.document.blocks] == ["金安社区议事会"]


@pytest.mark.parametrize("passwords", [(), ("123456",), ("123456", "案例2023")], ids=["none", "one", "two"])
def test_locked_package_stays_locked_without_it(locked_docx: Path, job: Path, passwords: tuple[str, ...]) -> None:
    reading = _read(locked_docx, job, *passwords)

    assert reading.document is None
    assert reading.problem is not None
    assert reading.problem.code == "encrypted"
    assert all(password not in reading.model_dump_json() for password in passwords)


def test_locked_binary_document_opens_with_the_password_that_fits(locked_doc: Path, job: Path) -> None:
    reading = _read(locked_doc, job, "wrong", ASCII_PASSWORD)

    assert (reading.format, reading.problem) == ("doc", None)
    assert reading.document is not None
    assert tuple(heading.text for heading in reading.document.headings) == HEADINGS


@pytest.mark.parametrize("passwords", [(), ("wrong", "密码")], ids=["none", "others"])
def test_locked_binary_document_stays_locked_without_it(
    locked_doc: Path, job: Path, passwords: tuple[str, ...]
) -> None:
    reading = _read(locked_doc, job, *passwords)

    assert (reading.format, reading.document) == ("doc", None)
    assert reading.problem is not None
    assert reading.problem.code == "encrypted"


def test_passwords_change_nothing_for_a_document_without_lock(tmp_path: Path, job: Path) -> None:
    path = write_docx(tmp_path / "plain.docx", paragraph("金安社区议事会"))

    assert _read(path, job, PASSWORD) == read_file(path, job, DEFAULT_LIMITS)


def test_something_else_under_the_lock_is_named(tmp_path: Path, job: Path) -> None:
    import openpyxl

    plain, locked = tmp_path / "plain.xlsx", tmp_path / "locked.xlsx"
    openpyxl.Workbook().save(plain)
    with plain.open("rb") as source, locked.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt(PASSWORD, target)

    reading = _read(locked, job, PASSWORD)

    assert reading.problem == Problem(code="unsupported_format", detail="xlsx")
