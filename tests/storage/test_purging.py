"""What a purge leaves, column by column, in a database with something in each of them."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.records.ordering import NewOrder
from storage.schema import HEAD_REVISION
from storage.store import Store
from tests.storage.filled_database import Rows, released_database, rows_of

LATER = datetime(2030, 1, 1, tzinfo=UTC)
KEPT = {
    "campaign_ends": {"campaign"},
    "case_letters": {"leads", "letter_sha256"},
    "cases": {"campaign", "category", "level", "number", "verdict"},
    "counters": {"name"},
    "decisions": {"kind", "rule", "who"},
    "folders": {"account", "folder", "role", "state"},
    "former_numbers": {"number"},
    "heartbeats": {"desk", "note"},
    "judgements": {"code_version", "rules_hash", "verdict"},
    "leases": {"holder", "host", "name"},
    "letters": {"answered", "campaign", "folder_role", "ignored", "sha256"},
    "marks": {"key", "value"},
    "merged_cases": {"letters"},
    "orders": {"action", "campaign", "channel", "letter_sha256", "state", "who"},
    "outgoing": {"campaign", "kind", "message_id", "sender_address", "token"},
    "outgoing_letters": {"kind", "letter_sha256"},
    "revisions": {"content_key"},
    "sightings": {"account", "fingerprint", "folder", "folder_role", "letter_sha256", "outcome"},
    "undone_orders": {"channel", "letter_sha256", "who"},
}
"""Numbers, hashes, closed lists of words, the service's own address and standing; and which organizer decided what."""


def test_only_what_says_nothing_of_a_person_is_kept_by_a_purge(data_dir: Path) -> None:
    file = released_database(data_dir, HEAD_REVISION)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM order_cases WHERE order_id = 2")
    before = rows_of(file)
    store = Store(data_dir=data_dir)
    store.open()

    with store.write() as work:
        work.purging.begin()
        for row in before["letters"]:
            work.purging.purge_letter(str(row["sha256"]))
        for row in before["cases"]:
            work.purging.purge_case(int(str(row["id"])))
        work.purging.purge_service_before(LATER, campaigns={str(row["campaign"]) for row in before["orders"]})
    store.compact()
    store.close()

    assert _kept(before, rows_of(file)) == KEPT


def test_an_order_on_a_campaign_that_is_not_purged_keeps_its_words_and_can_be_confirmed(data_dir: Path) -> None:
    store = Store(data_dir=data_dir)
    store.open()
    with store.write() as work:
        for campaign in ("closed", "running"):
            work.orders.add(
                NewOrder(
                    campaign=campaign,
                    action="extend",
                    who="李老师",
                    why="街道来电",
                    said="延期到12月31日",
                    channel="mail",
                    at=datetime(2022, 12, 1, tzinfo=UTC),
                    state="asked",
                    terms={"action": "extend"},
                )
            )

    with store.write() as work:
        work.purging.begin()
        work.purging.purge_service_before(LATER, campaigns=["closed"])

    with store.read() as view:
        left = {each.campaign: (each.why, each.said, each.terms) for each in view.orders.latest(2)}
    store.close()
    assert left == {"closed": ("", "", None), "running": ("街道来电", "延期到12月31日", {"action": "extend"})}


def _kept(before: Rows, after: Rows) -> dict[str, set[str]]:
    """Columns in which a text, JSON or bytes are as they were, by table."""
    kept: dict[str, set[str]] = {}
    for table, rows in after.items():
        for column, value in itertools.chain.from_iterable(row.items() for row in rows):
            if _says_something(value) and value in [each[column] for each in before[table]]:
                kept.setdefault(table, set()).add(column)
    return kept


def _says_something(value: object) -> bool:
    return isinstance(value, bytes) or (isinstance(value, str) and "甲" in value)
