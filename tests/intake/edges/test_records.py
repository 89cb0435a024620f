"""Stored rows read back as letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.edges.records import Readings, finding_from_json, finding_to_json
from intake.model import Document, Finding, Letter, Photo, Problem
from parsers.facts import (
    ArchiveFacts,
    DocumentFacts,
    LetterFacts,
    PhotoFacts,
    Reading,
)
from parsers.facts import Problem as ReadingProblem
from parsers.limits import DEFAULT_LIMITS
from storage.records.contents import NewFile
from storage.records.correspondence import LetterRecord
from storage.store import Store

AT = datetime(2022, 12, 5, 2, 0, tzinfo=UTC)
LETTER = "a" * 64
FACTS = LetterFacts(subject="报送案例", text="请查收")
PHOTO = PhotoFacts(kind="jpeg", width_px=1600, height_px=1200)


def reading(sha256: str, **facts: object) -> Reading:
    return Reading.model_validate({"reader": "test/1", "sha256": sha256, "size_bytes": 10, **facts})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(data_dir=tmp_path / "data")
    store.open()
    yield store
    store.close()


def put_letter(store: Store, readings: list[Reading], files: list[NewFile]) -> LetterRecord:
    record = LetterRecord(sha256=LETTER, size_bytes=100, received_at=AT, stored_at=AT)
    with store.write() as work:
        work.letters.add(record)
        for each in readings:
            work.readings.put(Readings(DEFAULT_LIMITS).record(each, at=AT))
        work.files.replace_for_letter(LETTER, files)
    return record


def new_file(sha256: str, name: str, **more: object) -> NewFile:
    fields = {"origin": "attachment", "format": "other", "locator": name, "size_bytes": 10, **more}
    return NewFile(sha256=sha256, name=name, **fields)  # type: ignore[arg-type]


def test_letter_with_an_archive_comes_back_with_the_files_inside_it(store: Store) -> None:
    readings = [
        reading(LETTER, format="letter", letter=FACTS),
        reading("b" * 64, format="archive", archive=ArchiveFacts(kind="zip", entries=2)),
        reading("c" * 64, format="docx", document=DocumentFacts(title="小网格")),
        reading("d" * 64, format="image", photo=PHOTO),
        reading("e" * 64, format="doc", problem=ReadingProblem(code="unsupported_format")),
    ]
    files = [
        new_file("b" * 64, "材料.zip"),
        new_file("c" * 64, "案例.docx", origin="archive", parent=0, folder="金安社区"),
        new_file("d" * 64, "图1.jpg", origin="embedded", parent=1, shown=(400, 300)),
        new_file("e" * 64, "旧稿.doc"),
    ]
    record = put_letter(store, readings, files)

    with store.read() as view:
        letter = Readings(DEFAULT_LIMITS).letter(view, record)

    assert letter == Letter(
        sha256=LETTER,
        received_at=AT,
        facts=FACTS,
        files=(
            Document(
                "案例.docx",
                "c" * 64,
                10,
                "docx",
                "attachment",
                DocumentFacts(title="小网格"),
                source="archive",
                folder="材料.zip/金安社区",
            ),
            Photo(
                "图1.jpg",
                "d" * 64,
                10,
                PHOTO,
                source="embedded",
                container="案例.docx",
                shown_px=(400, 300),
                folder="材料.zip/金安社区",
                container_sha256="c" * 64,
            ),
            Problem("旧稿.doc", "e" * 64, 10, "doc", "unsupported_format"),
        ),
    )


def test_letter_read_by_an_older_program_keeps_its_facts(store: Store) -> None:
    record = put_letter(store, [reading(LETTER, format="letter", letter=FACTS)], [])
    with store.write() as work:
        stored = work.readings.latest([LETTER])[LETTER]
        work.readings.put(replace(stored, reader="an-older-program/0", at=AT.replace(year=2021)))
    other_limits = Readings(DEFAULT_LIMITS.model_copy(update={"pages": 7}))

    with store.read() as view:
        facts = other_limits.letter(view, record).facts
        known_today = other_limits.get_many(view, [LETTER])

    assert (facts, known_today) == (FACTS, {})


def test_stored_reading_names_the_version_of_its_shape() -> None:
    stored = Readings(DEFAULT_LIMITS).record(reading(LETTER, format="letter"), at=AT)

    assert stored.facts["schema_version"] == 1


def test_finding_survives_the_way_through_json() -> None:
    finding = Finding(
        "sections", "required_sections", "section_missing", "fix", values={"section": "背景", "headings": ("一", "二")}
    )
    stored = finding_to_json(finding)

    assert finding_from_json({**stored, "values": {"section": "背景", "headings": ["一", "二"]}}) == finding
