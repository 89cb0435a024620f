"""The tables, as SQLAlchemy Core sees them. Migrations make them; a test holds both equal.

Words of closed lists (outcomes, states, kinds) are plain text here: storage knows no
rule of a campaign. Addresses that are looked up are stored in lower case.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import CleanText, JsonText, RowId, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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

_WAITS_FOR_BODY = text("letter_sha256 IS NULL AND outcome IS NULL AND gone_at IS NULL")

sightings = Table(
    "sightings",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("account", CleanText, nullable=False),
    Column("folder", CleanText, nullable=False),
    Column("folder_role", CleanText, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("gone_at", UtcDateTime),
    Column("internal_at", UtcDateTime),
    Column("size_bytes", BigInteger, nullable=False),
    Column("fingerprint", CleanText, nullable=False),
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256")),
    Column("outcome", CleanText),
    UniqueConstraint("account", "folder", "uidvalidity", "uid"),
    # An idle poll counts 50,000 of these: the index alone answers.
    Index("ix_sightings_live", "account", "folder", "uidvalidity", "gone_at", "uid"),
    # Asked at every poll and before every fix request, and nearly always empty. Its columns repeat those of
    # ix_sightings_live: with fewer SQLite would prefer that one and walk through the whole folder.
    Index(
        "ix_sightings_uncollected",
        "account",
        "folder",
        "uidvalidity",
        "gone_at",
        "uid",
        sqlite_where=_WAITS_FOR_BODY,
        postgresql_where=_WAITS_FOR_BODY,
    ),
    Index(None, "account", "fingerprint"),
)

folders = Table(
    "folders",
    metadata,
    Column("account", CleanText, primary_key=True),
    Column("folder", CleanText, primary_key=True),
    Column("role", CleanText, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uidnext", BigInteger),
    Column("messages", BigInteger, nullable=False),
    Column("modseq", BigInteger),
    Column("state", CleanText, nullable=False),
    Column("looked_at", UtcDateTime, nullable=False),
    Column("listed_at", UtcDateTime),
)

out_of_window = Table(
    "out_of_window",
    metadata,
    # Gone because the server shows only the last so many days, not because somebody took the letter away.
    Column("sighting_id", RowId, ForeignKey("sightings.id"), primary_key=True),
)

files = Table(
    "files",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("sha256", CleanText, nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256"), nullable=False, index=True),
    Column("parent_id", RowId, ForeignKey("files.id"), index=True),
    Column("locator", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("folder", CleanText, nullable=False),
    Column("origin", CleanText, nullable=False),
    Column("format", CleanText, nullable=False),
    Column("content_id", CleanText),
    Column("shown", JsonText),
    Column("media_type", CleanText, nullable=False),
    Column("repeats", Integer, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("file_sha256", CleanText, primary_key=True),
    Column("reader", CleanText, primary_key=True),
    Column("limits_key", CleanText, primary_key=True),
    Column("facts", JsonText, nullable=False),
    Column("problem", CleanText),
    Column("seconds", Float),
    Column("at", UtcDateTime, nullable=False),
)

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

authentications = Table(
    "authentications",
    metadata,
    Column("letter_sha256", CleanText, ForeignKey("letters.sha256"), primary_key=True),
    Column("host", CleanText, nullable=False),
    Column("spf", CleanText, nullable=False),
    Column("dkim", CleanText, nullable=False),
    Column("dmarc", CleanText, nullable=False),
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

campaign_ends = Table(
    "campaign_ends",
    metadata,
    Column("campaign", CleanText, primary_key=True),
    Column("closes_at", UtcDateTime, nullable=False),
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

hand_answers = Table(
    "hand_answers",
    metadata,
    Column("message_id", CleanText, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

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
