"""Letters to us and from us, and what became of them on the way."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint

from storage.columns import CleanText, JsonText, RowId, UtcDateTime
from storage.tables.naming import metadata

letters = Table(
    "letters",
    metadata,
    Column("sha256", CleanText, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("internal_at", UtcDateTime),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("outcome", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("ignored", CleanText),
    Column("message_id", CleanText),
    Column("from_address", CleanText),
    Column("from_name", CleanText, nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("folder_role", CleanText, nullable=False),
    Column("campaign", CleanText),
    Column("case_id", RowId, ForeignKey("cases.id")),
    Column("answered", CleanText),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", UtcDateTime),
    Column("traceback", CleanText),
    Column("evidence", JsonText),
    Column("test", Boolean, nullable=False),
    Column("read_at", UtcDateTime),
    Index(None, "outcome", "received_at"),
    Index("ix_letters_received", "received_at", "sha256"),
    Index(None, "message_id"),
    Index(None, "from_address"),
    Index(None, "case_id"),
    Index(None, "campaign"),
)

authentications = Table(
    "authentications",
    metadata,
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256"), primary_key=True),
    Column("host", CleanText, nullable=False),
    Column("spf", CleanText, nullable=False),
    Column("dkim", CleanText, nullable=False),
    Column("dmarc", CleanText, nullable=False),
)

deferrals = Table(
    "deferrals",
    metadata,
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256"), primary_key=True),
    Column("campaign", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outgoing_id", RowId, ForeignKey("outgoing.id")),
    Index(None, "outgoing_id", "address"),
)

hand_answers = Table(
    "hand_answers",
    metadata,
    Column("message_id", CleanText, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("kind", CleanText, nullable=False),
    Column("campaign", CleanText),
    Column("to_address", CleanText, nullable=False),
    Column("sender_address", CleanText, nullable=False),
    Column("message_id", CleanText, nullable=False, unique=True),
    Column("token", CleanText, nullable=False, unique=True),
    Column("subject", CleanText, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("unknown_events", Integer, nullable=False),
    Column("next_at", UtcDateTime),
    Column("last_error", CleanText, nullable=False),
    Column("last_code", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("handed_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Index("ix_outgoing_due", "state", "priority", "created_at", "id"),
    Index(None, "campaign", "kind", "created_at"),
)

outgoing_letters = Table(
    "outgoing_letters",
    metadata,
    Column("outgoing_id", RowId, ForeignKey("outgoing.id"), primary_key=True),
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256"), primary_key=True),
    Column("kind", CleanText, nullable=False),
    UniqueConstraint("letter_sha256", "kind"),
)

outgoing_cases = Table(
    "outgoing_cases",
    metadata,
    Column("outgoing_id", RowId, ForeignKey("outgoing.id"), primary_key=True),
    Column("case_id", RowId, ForeignKey("cases.id"), primary_key=True, index=True),
)

bounces = Table(
    "bounces",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256"), nullable=False),
    Column("address", CleanText, nullable=False, index=True),
    Column("outgoing_id", RowId, ForeignKey("outgoing.id")),
    Column("permanent", Boolean, nullable=False),
    Column("status", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
    Column("lifted_by", CleanText, nullable=False),
    UniqueConstraint("letter_sha256", "address"),
)
