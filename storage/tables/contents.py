"""Files inside letters, and what readers found in them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, Table

from storage.columns import CleanText, JsonText, RowId, UtcDateTime
from storage.tables.naming import metadata

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
