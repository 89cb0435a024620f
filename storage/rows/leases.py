"""Rows of duties that one process at a time has, of all that share a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select

from storage import tables
from storage.dialects import insert_or_update
from storage.rows.mapping import Rows, as_row

_leases = tables.leases


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRecord:
    """Who has a duty, and until when unless it is renewed."""

    name: str
    holder: str
    """Different for every process that ever held it."""
    host: str
    pid: int
    taken_at: datetime
    until_at: datetime


class LeaseRows(Rows):
    """Duties by name. Times are of the database's clock: machines need not agree on theirs."""

    def take(self, name: str, *, holder: str, host: str, pid: int, lasting: timedelta) -> LeaseRecord:
        """Give the duty to `holder` unless another one has it now; whoever has it afterwards.

        Asking again is renewing: it lasts from now on. One that ran out may be renewed as long as nobody else took it.
        """
        now, found = self._now(), self.get(name)
        if found is not None and found.holder != holder and found.until_at > now:
            return found
        taken_at = found.taken_at if found is not None and found.holder == holder else now
        lease = LeaseRecord(name=name, holder=holder, host=host, pid=pid, taken_at=taken_at, until_at=now + lasting)
        insert_or_update(self._connection, _leases, as_row(lease))
        return lease

    def give_back(self, name: str, *, holder: str) -> None:
        """Let others have the duty; nothing when `holder` has it no more."""
        self._connection.execute(delete(_leases).where(_leases.c.name == name, _leases.c.holder == holder))

    def get(self, name: str) -> LeaseRecord | None:
        """The last that took the duty and did not give it back; None when there is none."""
        return self._first(LeaseRecord, select(_leases).where(_leases.c.name == name))

    def current(self, name: str) -> LeaseRecord | None:
        """Who has the duty now; None when nobody has."""
        found = self.get(name)
        return found if found is not None and found.until_at > self._now() else None

    def _now(self) -> datetime:
        if self._connection.dialect.name != "postgresql":
            return datetime.now(UTC)  # a file: the database's machine is this one
        now: datetime = self._connection.execute(select(func.clock_timestamp())).scalar_one()
        return now
