from __future__ import annotations

from dataclasses import replace

import pytest

from storage.errors import ConflictError
from storage.records.contents import FileRecord, ReadingKey, ReadingRecord
from storage.store import Store
from tests.storage.samples import NOON, file, letter, minutes, sha


def test_files_replaced_keep_order_and_parents(store: Store) -> None:
    archive = file("案例.zip", format="archive")
    inner = file("1.jpg", format="image", origin="archive", parent=0, folder="照片", shown=(400, 300), repeats=2)
    with store.write() as work:
        work.letters.add(letter())
        work.files.replace_for_letter(sha(1), [file("old.docx"), replace(inner, locator="old")])

        stored = work.files.replace_for_letter(sha(1), [archive, inner])

    first, second = stored
    assert first == FileRecord(
        id=first.id,
        letter_sha256=sha(1),
        sha256=sha("案例.zip"),
        size_bytes=10,
        locator="2",
        name="案例.zip",
        origin="attachment",
        format="archive",
        folder="",
        parent_id=None,
        content_id=None,
        shown=None,
        media_type="",
        repeats=1,
    )
    assert (second.parent_id, second.folder, second.shown, second.repeats) == (first.id, "照片", (400, 300), 2)
    with store.read() as view:
        assert view.files.of_letter(sha(1)) == stored
        assert view.files.with_content(sha("1.jpg")) == (second,)
        assert view.files.with_content(sha("old.docx")) == ()


def test_files_of_one_letter_leave_those_of_another_alone(store: Store) -> None:
    with store.write() as work:
        for word in ("a", "b"):
            work.letters.add(letter(word))
            work.files.replace_for_letter(sha(word), [file()])

        emptied = work.files.replace_for_letter(sha("a"), [])

        assert emptied == ()
        assert [f.letter_sha256 for f in work.files.with_content(sha("案例.docx"))] == [sha("b")]


def test_file_naming_a_later_one_as_its_parent_is_a_bug(store: Store) -> None:
    with store.write() as work:
        work.letters.add(letter())

        with pytest.raises(ValueError, match="does not come before"):
            work.files.replace_for_letter(sha(1), [file(parent=0)])


def test_files_of_an_unknown_letter_are_refused(store: Store) -> None:
    with pytest.raises(ConflictError), store.write() as work:
        work.files.replace_for_letter(sha("never"), [file()])


def test_reading_is_found_by_file_reader_and_limits_together(store: Store) -> None:
    reading = ReadingRecord(
        file_sha256=sha("f"),
        reader="docx/1",
        limits_key="l",
        facts={"text": "一、背景\ud83d 与\0起因", "words": 3, "low": 0.5, "pages": None},
        problem="no_text",
        seconds=0.25,
        at=NOON,
    )
    # A server would refuse every question to what no UTF-8 can say.
    storable = {**reading.facts, "text": "一、背景\ufffd 与起因"}
    kept = reading if store.file is not None else replace(reading, facts=storable)
    newer = replace(reading, facts={}, problem=None, at=minutes(1))
    with store.write() as work:
        work.readings.put(reading)
        work.readings.put(replace(reading, reader="docx/2"))
        work.readings.put(replace(reading, limits_key="m"))
        before = work.readings.get(reading.key)
        work.readings.put(newer)

    other_file = ReadingKey(sha("g"), "docx/1", "l")
    with store.read() as view:
        assert before == kept
        assert view.readings.get_many([reading.key, other_file]) == {reading.key: newer}
        assert view.readings.get(other_file) is None


def test_endless_number_in_one_reading_keeps_no_list_of_all_from_being_made(store: Store) -> None:
    counted = {"document": {"counts": {"main": {"words": {"value": 3000}}}}}
    hostile = {"document": {"blocks": [{"text": "案例", "size_pt": float("inf")}], "sizes": (float("nan"), 12.5)}}
    with store.write() as work:
        work.letters.add(letter())
        work.files.replace_for_letter(sha(1), [file("a", sha256=sha("a")), file("b", sha256=sha("b"))])
        for word, facts in (("a", counted), ("b", hostile)):
            work.readings.put(
                ReadingRecord(
                    file_sha256=sha(word), reader="html/1", limits_key="l", facts=facts, problem=None, at=NOON
                )
            )

    with store.read() as view:
        measures = view.ledger.measures()
        (kept,) = view.readings.latest([sha("b")]).values()

    assert (measures[sha("a")].words, measures[sha("b")].words) == (3000, None)
    assert kept.facts == {"document": {"blocks": [{"text": "案例", "size_pt": None}], "sizes": [None, 12.5]}}
