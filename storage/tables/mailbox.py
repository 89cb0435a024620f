"""What folders of a mailbox show."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, UniqueConstraint, text

from storage.columns import CleanText, RowId, UtcDateTime
from storage.tables.naming import metadata

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
