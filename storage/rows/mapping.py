"""Rows into records and records into rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, insert

R = TypeVar("R")
T = TypeVar("T")

CHUNK = 500
"""Most values in one IN list, far below every database's limit of parameters."""


_NAMES: dict[type[Any], tuple[str, ...]] = {}
"""Fields of each kind of record, asked for with every row."""
_LISTED: dict[type[Any], tuple[str, ...]] = {}
"""Those of them that JSON may fill with a list."""
_PLAIN = frozenset({"str", "int", "float", "bool", "bytes", "datetime"})


class Rows:
    """The rows of one noun inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _all(self, record: type[R], statement: Any) -> tuple[R, ...]:
        result = self._connection.execute(statement)
        names, listed, columns = _names(record), _listed(record), list(result.keys())
        pick = itemgetter(*(columns.index(name) for name in names))  # a record has several fields
        # Hundreds of thousands of rows go through here at once: nothing is asked of a row that its kind tells, and
        # they are fetched together, which costs half of fetching one by one.
        return tuple(_filled(record, dict(zip(names, pick(row), strict=True)), listed) for row in result.all())

    def _first(self, record: type[R], statement: Any) -> R | None:
        row = self._connection.execute(statement).first()
        return None if row is None else as_record(record, row)

    def _insert(self, table: Table, values: Mapping[str, Any]) -> int:
        key = self._connection.execute(insert(table).values(**values)).inserted_primary_key
        assert key is not None  # one row was inserted
        return int(key[0])

    def _count(self, statement: Any) -> int:
        return int(self._connection.execute(statement).scalar_one() or 0)


def as_record(record: type[R], row: Row[Any]) -> R:
    """The frozen record of one whole row; JSON lists become tuples."""
    values = row._mapping  # noqa: SLF001 - its public name
    return _filled(record, {name: values[name] for name in _names(record)}, _listed(record))


def as_row(record: Any) -> dict[str, Any]:
    """Column values of a record."""
    return {name: getattr(record, name) for name in _names(type(record))}


def chunks(values: Iterable[T]) -> Iterator[Sequence[T]]:
    """`values` in lists of at most CHUNK, in order; none when there are none."""
    waiting = list(values)
    for start in range(0, len(waiting), CHUNK):
        yield waiting[start : start + CHUNK]


def _names(record: type[Any]) -> tuple[str, ...]:
    names = _NAMES.get(record)
    if names is None:
        names = _NAMES[record] = tuple(f.name for f in fields(record))
    return names


def _listed(record: type[Any]) -> tuple[str, ...]:
    names = _LISTED.get(record)
    if names is None:
        kinds = {f.name: str(f.type).removesuffix(" | None") for f in fields(record)}
        names = _LISTED[record] = tuple(name for name, kind in kinds.items() if kind not in _PLAIN)
    return names


def _filled(record: type[R], values: dict[str, Any], listed: Iterable[str]) -> R:
    for name in listed:
        if isinstance(values[name], list):
            values[name] = tuple(values[name])
    return record(**values)
