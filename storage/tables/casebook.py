"""Cases, what they were made of at each time, and what was found and decided."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from storage.columns import CleanText, JsonText, RowId, UtcDateTime
from storage.tables.naming import metadata

cases = Table(
    "cases",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("campaign", CleanText, nullable=False),
    Column("number", CleanText, nullable=False, unique=True),
    Column("title", CleanText, nullable=False),
    Column("unit", CleanText, nullable=False),
    Column("contact", CleanText, nullable=False),
    Column("phone", CleanText, nullable=False),
    Column("category", CleanText),
    Column("level", CleanText),
    Column("state", CleanText, nullable=False),
    Column("verdict", CleanText),
    Column("due_at", UtcDateTime),
    Column("closes_at", UtcDateTime),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("sender_address", CleanText, nullable=False, index=True),
    Column("test", Boolean, nullable=False),
    # No foreign key: revisions point to cases, and a circle of keys cannot be migrated on SQLite.
    Column("current_revision_id", RowId),
    Index(None, "campaign", "state"),
    Index(None, "state", "due_at"),
)

case_addresses = Table(
    "case_addresses",
    metadata,
    Column("case_id", RowId, ForeignKey("cases.id"), primary_key=True),
    Column("address", CleanText, primary_key=True, index=True),
)

case_letters = Table(
    "case_letters",
    metadata,
    Column("case_id", RowId, ForeignKey("cases.id"), primary_key=True),
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256"), primary_key=True, index=True),
    Column("joined_by", CleanText, nullable=False),
    Column("leads", JsonText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

sketch_values = Table(
    "sketch_values",
    metadata,
    Column("case_id", RowId, ForeignKey("cases.id"), primary_key=True),
    Column("value", BigInteger, primary_key=True),
    Index(None, "value"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("case_id", RowId, ForeignKey("cases.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("received_at", UtcDateTime),
    Column("content_key", CleanText, nullable=False, index=True),
    Column("summary", JsonText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("case_id", "ordinal"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("revision_id", RowId, ForeignKey("revisions.id"), nullable=False, index=True),
    Column("verdict", CleanText, nullable=False),
    Column("findings", JsonText, nullable=False),
    Column("settled", JsonText, nullable=False),
    Column("waived", JsonText, nullable=False),
    Column("rules_hash", CleanText, nullable=False),
    Column("code_version", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("case_id", RowId, ForeignKey("cases.id"), nullable=False, index=True),
    Column("revision_id", RowId, ForeignKey("revisions.id")),
    Column("rule", CleanText),
    Column("kind", CleanText, nullable=False),
    Column("who", CleanText, nullable=False),
    Column("why", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

former_numbers = Table(
    "former_numbers",
    metadata,
    Column("number", CleanText, primary_key=True),
    Column("case_id", RowId, ForeignKey("cases.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

merged_cases = Table(
    "merged_cases",
    metadata,
    Column("case_id", RowId, ForeignKey("cases.id"), primary_key=True),
    Column("into_id", RowId, ForeignKey("cases.id"), nullable=False),
    Column("letters", JsonText),
)

campaign_ends = Table(
    "campaign_ends",
    metadata,
    Column("campaign", CleanText, primary_key=True),
    Column("closes_at", UtcDateTime, nullable=False),
)
