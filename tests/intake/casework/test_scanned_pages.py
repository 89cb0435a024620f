"""Pages of a scan are no photos."""

from __future__ import annotations

import pytest

from intake.casework.files import FoundFile, read_files
from intake.model import Photo, Problem
from parsers.facts import PhotoFacts, Reading
from parsers.facts import Problem as ReadingProblem

PAGE = PhotoFacts(kind="jpeg", width_px=1654, height_px=2339)


def scan(format_: str, name: str) -> FoundFile:
    reading = Reading.model_validate(
        {
            "reader": "test/1",
            "format": format_,
            "sha256": "a" * 64,
            "size_bytes": 10,
            "problem": ReadingProblem(code="no_text"),
        }
    )
    return FoundFile(name=name, origin="attachment", reading=reading)


def picture_in(container: FoundFile) -> FoundFile:
    reading = Reading(reader="test/1", format="image", sha256="b" * 64, size_bytes=10, photo=PAGE)
    return FoundFile(name="image1.jpeg", origin="embedded", reading=reading, container=container)


@pytest.mark.parametrize(("format_", "name", "photos"), [("pdf", "扫描件.pdf", 0), ("docx", "照片.docx", 1)])
def test_pictures_of_a_file_without_text_are_pages_in_a_pdf_and_photos_in_a_word_file(
    format_: str, name: str, photos: int
) -> None:
    container = scan(format_, name)

    files = read_files([container, picture_in(container)])

    assert [type(file) for file in files] == [Problem, *[Photo] * photos]
