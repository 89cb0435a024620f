"""What the service knows of itself, and who is signed in on its page."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from storage.columns import CleanText, JsonText, RowId, UtcDateTime
from storage.tables.naming import metadata

counters = Table(
    "counters",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("desk", CleanText, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("busy_since", UtcDateTime),
    Column("note", CleanText, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("holder", CleanText, nullable=False),
    Column("host", CleanText, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("value", JsonText),
)

events = Table(
    "events",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("desk", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("secret_sha256", CleanText, primary_key=True),
    Column("purpose", CleanText, nullable=False),
    Column("who", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "address", "created_at"),
)
