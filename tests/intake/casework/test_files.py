"""From stored readings to the files casework reasons about."""

from __future__ import annotations

import pytest

from intake.casework.files import FoundFile, read_files
from intake.model import Document, Photo, Problem, Source
from parsers.facts import ArchiveFacts, DocumentFacts, Format, LetterFacts, Origin, PhotoFacts, ProblemCode, Reading
from parsers.facts import Problem as ReadingProblem

TEXT = DocumentFacts(title="小网格办成大事情")
PICTURE = PhotoFacts(kind="heic", width_px=4032, height_px=3024)


def reading(format: Format, *, code: ProblemCode | None = None, **facts: object) -> Reading:  # noqa: A002 - the field's name
    problem = ReadingProblem(code=code) if code else None
    return Reading.model_validate(
        {"reader": "x/1", "format": format, "sha256": "a" * 64, "size_bytes": 7, "problem": problem, **facts}
    )


def found(name: str, reading: Reading, origin: Origin = "attachment", container: FoundFile | None = None) -> FoundFile:
    return FoundFile(name, origin, reading, container)


ZIP = found("材料.zip", reading("archive", archive=ArchiveFacts(kind="zip", entries=1)))
DOCX = found("案例.docx", reading("docx", document=TEXT))
DOCX_IN_ZIP = found("案例.docx", reading("docx", document=TEXT), "archive", ZIP)
FORWARDED = found("转发.eml", reading("letter", letter=LetterFacts()))


def test_document_comes_without_a_role() -> None:
    assert read_files([DOCX]) == (Document("案例.docx", "a" * 64, 7, "docx", "attachment", TEXT),)


def test_photo_knows_what_it_lay_in_and_how_large_it_is_shown() -> None:
    file = FoundFile("图1.jpg", "embedded", reading("image", photo=PICTURE), DOCX, shown_px=(300, 200))

    assert read_files([file]) == (
        Photo(
            "图1.jpg",
            "a" * 64,
            7,
            PICTURE,
            source="embedded",
            container="案例.docx",
            shown_px=(300, 200),
            container_sha256="a" * 64,
        ),
    )


def test_file_with_a_problem_is_one_even_beside_facts() -> None:
    file = found("案例.pdf", reading("pdf", code="over_limit", document=TEXT))

    assert read_files([file]) == (Problem("案例.pdf", "a" * 64, 7, "pdf", "over_limit"),)


@pytest.mark.parametrize("container", [ZIP, FORWARDED], ids=["archive", "forwarded letter"])
def test_container_that_opened_is_no_file_of_the_submission(container: FoundFile) -> None:
    assert read_files([container]) == ()


def test_archive_that_did_not_open_is_a_problem() -> None:
    locked = found("材料.zip", reading("archive", code="encrypted"))

    assert read_files([locked]) == (Problem("材料.zip", "a" * 64, 7, "archive", "encrypted"),)


@pytest.mark.parametrize(
    ("origin", "container", "source"),
    [
        ("attachment", None, "attachment"),
        ("inline", None, "inline"),
        ("embedded", DOCX, "embedded"),
        ("embedded", DOCX_IN_ZIP, "embedded"),
        ("archive", ZIP, "archive"),
        ("attachment", FORWARDED, "attachment"),
        ("archive", found("旧.zip", ZIP.reading, "attachment", FORWARDED), "archive"),
        ("attachment", found("转发.eml", FORWARDED.reading, "archive", ZIP), "archive"),
    ],
    ids=[
        "attachment",
        "in the text of the letter",
        "in a document",
        "in a document in an archive",
        "in an archive",
        "in a forwarded letter",
        "in an archive of a forwarded letter",
        "in a forwarded letter of an archive",
    ],
)
def test_source_tells_the_way_a_file_came(origin: Origin, container: FoundFile | None, source: Source) -> None:
    (file,) = read_files([found("图.heic", reading("image", photo=PICTURE), origin, container)])

    assert file.source == source


@pytest.mark.parametrize(
    ("nameless", "name"),
    [
        (reading("image", photo=PICTURE), "(无文件名).heic"),
        (reading("docx", document=TEXT), "(无文件名).docx"),
        (reading("other", code="unsupported_format"), "(无文件名)"),
        (reading("archive", code="encrypted"), "(无文件名)"),
    ],
)
def test_file_without_a_name_gets_one_to_speak_of(nameless: Reading, name: str) -> None:
    (file,) = read_files([found("", nameless)])

    assert file.name == name


def test_files_come_in_the_order_found() -> None:
    files = read_files([DOCX, ZIP, found("1.heic", reading("image", photo=PICTURE), "archive", ZIP)])

    assert [file.name for file in files] == ["案例.docx", "1.heic"]


def test_folder_of_a_file_names_all_that_it_lay_in() -> None:
    outer = FoundFile("转发.eml", "attachment", FORWARDED.reading)
    inner = FoundFile("材料.zip", "attachment", ZIP.reading, outer)
    text = FoundFile("案例.docx", "archive", DOCX.reading, inner, folder="金安社区/文字")
    picture = FoundFile("图1.jpg", "embedded", reading("image", photo=PICTURE), text)

    assert [file.folder for file in read_files([outer, inner, text, picture])] == [
        "转发.eml/材料.zip/金安社区/文字"
    ] * 2


def test_archives_of_one_name_are_two_folders() -> None:
    first, second = (FoundFile("案例.zip", "attachment", ZIP.reading) for _ in range(2))
    texts = [FoundFile("案例.docx", "archive", DOCX.reading, archive) for archive in (first, second, second)]

    assert [file.folder for file in read_files(texts)] == ["案例.zip", "案例.zip (2)", "案例.zip (2)"]
