"""Word binary, RTF and Word 2003 XML files: the same case in every format says the same, with and without an office program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers.documents import doc, rtf, word_xml, works
from parsers.documents.office import OfficeProgram, find_office, reader_version
from parsers.facts import DocumentFacts, Problem, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file
from tests.parsers.documents.office_files import HEADINGS, TITLE, SavedCase
from tests.parsers.documents.ole_files import ole_file

pytestmark = pytest.mark.xdist_group("office")


@pytest.fixture
def without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without an office program."""
    for module in (doc, rtf, word_xml, works):
        monkeypatch.setattr(module, "find_office", lambda: None)


def _printed(facts: DocumentFacts) -> str:
    """Text with automatic numbers, white space left out."""
    return _squeezed("".join(block.label + block.text for block in facts.blocks))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _read(path: Path, job: Path, limits: Limits = DEFAULT_LIMITS) -> Reading:
    reading = read_file(path, job, limits)
    assert sorted(each.name for each in job.iterdir()) == sorted(member.stored_as for member in reading.members)
    return reading


@pytest.mark.parametrize(
    ("pick", "format_"),
    [
        (lambda saved: saved.doc, "doc"),
        (lambda saved: saved.rtf, "rtf"),
        (lambda saved: saved.word_xml, "doc"),
    ],
    ids=["doc", "rtf", "word 2003 xml"],
)
def test_a_case_saved_in_another_format_says_what_its_docx_says(
    saved_case: SavedCase,
    job: Path,
    tmp_path: Path,
    pick: Callable[[SavedCase], Path],
    format_: str,
    office: OfficeProgram,
) -> None:
    path = pick(saved_case)
    other_job = tmp_path / "docx"
    other_job.mkdir()

    reading = _read(path, job)

    own = read_file(saved_case.docx, other_job, DEFAULT_LIMITS)
    assert (reading.format, reading.problem, reading.converted_by) == (format_, None, office.name)
    assert reading.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert reading.size_bytes == path.stat().st_size
    assert reading.document is not None
    assert own.document is not None
    assert reading.document.title == TITLE
    assert tuple(heading.text for heading in reading.document.headings) == HEADINGS
    assert reading.document.counts == own.document.counts
    assert [member.sha256 for member in reading.members] == [hashlib.sha256(saved_case.photo).hexdigest()]


def test_a_word_binary_file_gives_every_character_of_the_office_program_s_own_export(
    saved_case: SavedCase, job: Path
) -> None:
    reading = _read(saved_case.doc, job)

    assert reading.document is not None
    assert _printed(reading.document) == _squeezed(saved_case.text)


@pytest.mark.usefixtures("without_office")
def test_a_word_binary_file_is_read_without_an_office_program_too(saved_case: SavedCase, job: Path) -> None:
    reading = _read(saved_case.doc, job)

    assert reading.converted_by.startswith("msdoc2docx ")
    assert reading.document is not None
    assert _printed(reading.document) == _squeezed(saved_case.text)
    assert tuple(heading.text for heading in reading.document.headings) == HEADINGS
    assert [member.sha256 for member in reading.members] == [hashlib.sha256(saved_case.photo).hexdigest()]


@pytest.mark.usefixtures("without_office")
def test_rtf_is_read_without_an_office_program_too(saved_case: SavedCase, job: Path) -> None:
    reading = _read(saved_case.rtf, job)

    assert (reading.format, reading.converted_by, reading.problem) == ("rtf", "", None)
    assert reading.document is not None
    assert reading.document.title == TITLE
    assert _printed(reading.document) == _squeezed(saved_case.text)
    assert tuple(heading.text for heading in reading.document.headings) == HEADINGS
    assert [member.sha256 for member in reading.members] == [hashlib.sha256(saved_case.photo).hexdigest()]


@pytest.mark.usefixtures("without_office")
def test_word_2003_xml_is_read_without_an_office_program_but_for_its_numbers(saved_case: SavedCase, job: Path) -> None:
    reading = _read(saved_case.word_xml, job)

    assert (reading.format, reading.converted_by, reading.problem) == ("doc", "", None)
    assert reading.document is not None
    assert _printed(reading.document) == _without_numbers(saved_case.text)
    assert [member.sha256 for member in reading.members] == [hashlib.sha256(saved_case.photo).hexdigest()]


def _without_numbers(text: str) -> str:
    return _squeezed(re.sub(r"(?m)^\s*\d\.\s", "", text))


@pytest.mark.usefixtures("without_office")
def test_a_works_file_without_an_office_program_is_named(tmp_path: Path, job: Path) -> None:
    path = tmp_path / "案例.wps"
    path.write_bytes(ole_file("MatOST"))

    reading = _read(path, job)

    assert (reading.format, reading.problem) == (
        "wps",
        Problem(code="unsupported_format", detail="Microsoft Works needs LibreOffice"),
    )


def test_a_container_without_a_document_in_it_is_damaged(tmp_path: Path, job: Path) -> None:
    path = tmp_path / "案例.doc"
    path.write_bytes(ole_file("WordDocument"))

    reading = _read(path, job)

    assert reading.format == "doc"
    assert reading.problem is not None
    assert reading.problem.code == "damaged"


@pytest.mark.usefixtures("without_office")
def test_what_the_library_alone_refuses_is_never_called_damaged(
    saved_case: SavedCase, tmp_path: Path, job: Path
) -> None:
    path = tmp_path / "案例.doc"
    data = bytearray(saved_case.doc.read_bytes())
    data[8] = 1  # a class identifier in the header, which Word and LibreOffice do not look at
    path.write_bytes(data)

    reading = _read(path, job)

    assert reading.problem is not None
    assert reading.problem.code == "unsupported_format"


def test_what_the_library_would_refuse_is_read_by_the_office_program(
    saved_case: SavedCase, tmp_path: Path, job: Path
) -> None:
    path = tmp_path / "案例.doc"
    data = bytearray(saved_case.doc.read_bytes())
    data[8] = 1
    path.write_bytes(data)

    reading = _read(path, job)

    assert reading.problem is None
    assert reading.document is not None
    assert _printed(reading.document) == _squeezed(saved_case.text)


def test_a_document_cut_off_in_transit_is_never_a_shorter_document(
    saved_case: SavedCase, tmp_path: Path, job: Path
) -> None:
    path = tmp_path / "案例.doc"
    whole = saved_case.doc.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    reading = _read(path, job)

    assert reading.problem is not None


def test_versions_of_readers_tell_what_they_read_through(monkeypatch: pytest.MonkeyPatch) -> None:
    from parsers.documents.office import program

    monkeypatch.setattr(program, "find_office", lambda: OfficeProgram(Path("x"), Path("y"), "7.4.7.2"))
    with_office = reader_version("doc/1")
    monkeypatch.setattr(program, "find_office", lambda: None)
    without = reader_version("doc/1")

    assert (with_office, without) == ("doc/1+LibreOffice-7.4", "doc/1+plain")


def test_the_office_program_is_named_with_its_version(office: OfficeProgram) -> None:
    assert re.fullmatch(r"LibreOffice \d+(\.\d+)+", office.name)
    assert find_office() is find_office()
