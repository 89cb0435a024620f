"""What organizers ordered, and what it did."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table

from storage.columns import CleanText, JsonText, RowId, UtcDateTime
from storage.tables.naming import metadata

orders = Table(
    "orders",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("campaign", CleanText, nullable=False),
    Column("action", CleanText, nullable=False),
    Column("who", CleanText, nullable=False),
    Column("why", CleanText, nullable=False),
    Column("said", CleanText, nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256")),
    Column("at", UtcDateTime, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("terms", JsonText),
    Column("before", JsonText),
    Column("answer_id", RowId, ForeignKey("outgoing.id")),
    Index(None, "answer_id"),
    Index(None, "letter_sha256"),
)

order_cases = Table(
    "order_cases",
    metadata,
    Column("order_id", RowId, ForeignKey("orders.id"), primary_key=True),
    Column("case_id", RowId, ForeignKey("cases.id"), primary_key=True, index=True),
    Column("decision_id", RowId, ForeignKey("decisions.id"), index=True),
)

undone_orders = Table(
    "undone_orders",
    metadata,
    Column("order_id", RowId, ForeignKey("orders.id"), primary_key=True),
    Column("who", CleanText, nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256")),
    Column("at", UtcDateTime, nullable=False),
)
