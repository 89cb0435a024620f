"""Rows of sign-ins to the page: one-time links and the sessions they open. Only hashes of secrets are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, func, insert, select, update

from storage import tables
from storage.rows.mapping import Rows, as_row

_table = tables.sign_ins

Purpose = Literal["link", "session"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A secret that somebody was given."""

    secret_sha256: str
    purpose: str
    who: str
    """An organizer's name."""
    address: str
    """Lower case."""
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    """When a link was used, or a session was left."""


class SignInRows(Rows):
    """Secrets by their hash, each good until it expires or is ended."""

    def add(self, sign_in: SignIn) -> None:
        """Record a fresh secret."""
        self._connection.execute(insert(_table).values(**as_row(sign_in)))

    def get(self, secret_sha256: str, *, purpose: Purpose, now: datetime) -> SignIn | None:
        """What a secret stands for; None when there is none, or it has expired or was ended."""
        good = (_table.c.purpose == purpose, _table.c.expires_at > now, _table.c.ended_at.is_(None))
        return self._first(SignIn, select(_table).where(_table.c.secret_sha256 == secret_sha256, *good))

    def end(self, secret_sha256: str, *, at: datetime) -> bool:
        """Let a secret be good no more; True when it was until now, so that of two users of a link one alone wins."""
        ended = update(_table).where(_table.c.secret_sha256 == secret_sha256, _table.c.ended_at.is_(None))
        return self._connection.execute(ended.values(ended_at=at)).rowcount == 1

    def count_links(self, address: str, *, since_at: datetime) -> int:
        """How many links were made for an address since then."""
        mine = (_table.c.address == address.lower(), _table.c.purpose == "link", _table.c.created_at >= since_at)
        return self._count(select(func.count()).where(*mine))

    def forget(self, *, before_at: datetime) -> None:
        """Delete secrets that expired before then."""
        self._connection.execute(delete(_table).where(_table.c.expires_at < before_at))
