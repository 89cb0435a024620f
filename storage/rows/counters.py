"""Numbers that are given once: a row counts, so the number and its use commit together."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage import tables
from storage.dialects import insert_missing

_counters = tables.counters


def next_value(connection: Connection, name: str) -> int:
    """Count `name` up by one and return it: 1, 2, 3 … Other writers of the same name wait for the commit."""
    insert_missing(connection, _counters, [{"name": name, "value": 0}])
    connection.execute(update(_counters).where(_counters.c.name == name).values(value=_counters.c.value + 1))
    return int(connection.execute(select(_counters.c.value).where(_counters.c.name == name)).scalar_one())
