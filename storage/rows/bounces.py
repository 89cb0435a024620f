"""Rows of letters of ours that did not arrive, and of what a trusted host says of a letter's origin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, update

from storage import tables
from storage.dialects import insert_missing, insert_or_update
from storage.records.correspondence import AuthenticationRecord, BounceRecord, NewBounce
from storage.rows.mapping import Rows, as_row, chunks

_bounces = tables.bounces
_authentications = tables.authentications


def blocked_addresses() -> Select[str]:
    """The addresses nothing more is sent to, for a query on outgoing letters."""
    return select(_bounces.c.address).where(_bounces.c.permanent.is_(True), _bounces.c.lifted_at.is_(None))


class BounceRows(Rows):
    """Whom our letters do not reach, and whose letters are not from whom they say."""

    def add(self, bounces: Sequence[NewBounce]) -> None:
        """Record what one letter says, once for each address however often it is filed."""
        insert_missing(
            self._connection, _bounces, [as_row(each) | {"lifted_at": None, "lifted_by": ""} for each in bounces]
        )

    def open(self) -> tuple[BounceRecord, ...]:
        """The bounces for which an address is not written to, oldest first; empty when none."""
        chosen = select(_bounces).where(_bounces.c.permanent.is_(True), _bounces.c.lifted_at.is_(None))
        return self._all(BounceRecord, chosen.order_by(_bounces.c.at, _bounces.c.id))

    def doubtful(self, ending: str) -> tuple[BounceRecord, ...]:
        """The bounces that stop nothing, whose reason ends so, oldest first; empty when none, or all were lifted."""
        mine = (_bounces.c.permanent.is_(False), _bounces.c.lifted_at.is_(None))
        told = _bounces.c.reason.endswith(ending, autoescape=True)
        return self._all(BounceRecord, select(_bounces).where(*mine, told).order_by(_bounces.c.at, _bounces.c.id))

    def of_address(self, address: str) -> tuple[BounceRecord, ...]:
        """All bounces of an address, in any case of letters, lifted and passing ones too, oldest first."""
        chosen = select(_bounces).where(_bounces.c.address == address.lower())
        return self._all(BounceRecord, chosen.order_by(_bounces.c.at, _bounces.c.id))

    def lift(self, address: str, *, at: datetime, by: str = "", before_at: datetime | None = None) -> int:
        """Write to `address` again; how many bounces that settles. `by`: the organizer who says so.

        `before_at`: only what came back before; a letter that is older than its bounce lifts nothing.
        """
        mine = (_bounces.c.address == address.lower(), _bounces.c.lifted_at.is_(None))
        lifted = update(_bounces).where(*mine).values(lifted_at=at, lifted_by=by)
        if before_at is not None:
            lifted = lifted.where(_bounces.c.at < before_at)
        return self._connection.execute(lifted).rowcount

    def put_authentication(self, record: AuthenticationRecord) -> None:
        """Record what a trusted host says of a letter; the latest word stands."""
        insert_or_update(self._connection, _authentications, as_row(record))

    def authentications(self, letters: Sequence[str]) -> dict[str, AuthenticationRecord]:
        """What is on record of those of `letters` (SHA-256) of which a trusted host said anything."""
        found: dict[str, AuthenticationRecord] = {}
        for some in chunks(letters):
            chosen = select(_authentications).where(_authentications.c.letter_sha256.in_(some))
            found |= {each.letter_sha256: each for each in self._all(AuthenticationRecord, chosen)}
        return found
