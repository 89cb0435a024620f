"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out, to the microsecond. A naive time raises ValueError.

    SQLite keeps no zone and hands back naive times, so the zone is added here; its text
    form sorts in time order.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC, as the database keeps it."""
        del dialect
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a record keeps aware times only, not {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored instant, aware, UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text every database can hold: half surrogate pairs become U+FFFD, NUL characters vanish.

    Both come in with hostile headers. Look-ups pass through the same door, so they still match. PostgreSQL sorts it
    by code points, as SQLite and Python do, in whichever country the server stands; and an index made under one
    version of the system's sorting rules is still sound under the next.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text, on PostgreSQL with the collation "C"."""
        return Text(collation="C" if dialect.name == "postgresql" else None)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """`value` without what UTF-8 or PostgreSQL cannot store."""
        del dialect
        return None if value is None else clean_text(value)

    def process_literal_param(self, value: str | None, dialect: Dialect) -> str:
        """`value` as it stands in a printed statement."""
        return self.process_bind_param(value, dialect) or ""


def clean_text(text: str) -> str:
    """`text` without NUL characters, half surrogate pairs replaced by U+FFFD. Pure."""
    if text.isascii() and "\0" not in text:
        return text
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text if c != "\0")


def dump_json(value: Any) -> str:
    """JSON text of `value`, compact, Chinese readable; half surrogate pairs stay escaped, endless numbers are null. Pure.

    JSON has no word for those (RFC 8259, 6), and no database takes Python's: SQLite would refuse every question to all
    rows because of one.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:
        value = _finite(value)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def dump_strict_json(value: Any) -> str:
    """As `dump_json`, all texts in it clean, keys too. Pure.

    PostgreSQL stores what cannot be said in UTF-8 as it came, escaped, and refuses every question to that value
    afterwards: one hostile document would keep the whole ledger from being written. Source: manual, 8.14.
    """
    text = dump_json(value)
    if "\\u0000" in text or "\\ud" in text:
        return dump_json(_clean(value))
    return text


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, (list, tuple)) else value


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, (list, tuple)) else value


RowId = BigInteger().with_variant(Integer, "sqlite")
"""A row's own number. SQLite counts up by itself only in a column of type INTEGER."""

# none_as_null: a missing fact is SQL NULL, findable with IS NULL, not the JSON word null.
JsonText = JSON(none_as_null=True)
