from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import make_url
from sqlalchemy.schema import CreateTable

from storage.columns import clean_text, dump_json
from storage.store import Store
from storage.tables import metadata
from tests.storage.samples import letter, sha


def test_time_of_any_zone_comes_back_as_the_same_instant_in_utc(store: Store) -> None:
    shanghai = datetime(2022, 12, 20, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=8)))

    with store.write() as work:
        work.letters.add(letter(received_at=shanghai))
    with store.read() as view:
        stored = view.letters.get(sha(1))

    assert stored is not None
    assert (stored.received_at, stored.received_at.tzinfo) == (shanghai, UTC)


def test_times_sort_as_instants_whatever_their_zone(store: Store) -> None:
    midday_utc = datetime(2022, 12, 1, 12, 0, tzinfo=UTC)
    earlier_with_a_later_clock = datetime(2022, 12, 1, 19, 59, 59, tzinfo=timezone(timedelta(hours=8)))

    with store.write() as work:
        work.letters.add(letter("later", received_at=midday_utc))
        work.letters.add(letter("earlier", received_at=earlier_with_a_later_clock))

        assert [row.sha256 for row in work.letters.by_outcome("collected")] == [sha("earlier"), sha("later")]


def test_naive_time_is_refused_as_a_bug(store: Store) -> None:
    with pytest.raises(ValueError, match="aware times only"), store.write() as work:
        work.letters.add(letter(received_at=datetime(2022, 12, 1, 12, 0)))  # noqa: DTZ001 - the mistake under test


@pytest.mark.parametrize(
    ("hostile", "stored"),
    [
        ("案例\0报送", "案例报送"),
        ("半个\ud83d字", "半个\ufffd字"),
        ("surrogate\udce4escape", "surrogate\ufffdescape"),
        ("'; DROP TABLE letters; --", "'; DROP TABLE letters; --"),
        ("整个😀字", "整个😀字"),
        ("", ""),
    ],
)
def test_hostile_text_is_stored_as_something_every_database_holds(store: Store, hostile: str, stored: str) -> None:
    with store.write() as work:
        work.letters.add(letter(subject=hostile, message_id=f"{hostile}@x"))
    with store.read() as view:
        found = view.letters.by_message_id(f"{hostile}@x")

    assert [row.subject for row in found] == [stored]
    assert clean_text(hostile) == stored


@pytest.mark.parametrize(
    ("value", "text"),
    [({"题": ["一", 1]}, '{"题":["一",1]}'), ({"x": "\ud83d"}, '{"x":"\\ud83d"}'), (None, "null")],
)
def test_json_is_compact_readable_and_always_encodable(value: object, text: str) -> None:
    written = dump_json(value)

    assert (written, written.encode().decode()) == (text, text)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_table_can_be_said_in_each_dialect(dialect: str) -> None:
    said = [
        str(CreateTable(table).compile(dialect=make_url(f"{dialect}://").get_dialect()()))
        for table in metadata.sorted_tables
    ]

    assert [text.split()[2] for text in said] == [table.name for table in metadata.sorted_tables]
