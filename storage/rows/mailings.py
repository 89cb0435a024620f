"""What went to whom and when, read over many outgoing letters at once, never with their bytes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage import tables
from storage.records import MailOfCase
from storage.rows.mapping import Rows

_outgoing = tables.outgoing
_LEFT = ("sent", "unknown")


@dataclass(frozen=True, slots=True)
class Addressee:
    """What came of our letters to one address."""

    last_at: datetime | None
    """When the latest one left or, while it has not left yet, was written; None without one."""
    is_undeliverable: bool
    """The server refused the latest one for good."""


class MailingRows(Rows):
    """Outgoing letters, looked at together."""

    def of_cases(self, campaign: str, *, state: str, cases: Collection[int] | None = None) -> tuple[MailOfCase, ...]:
        """The letters that name a case of `campaign` in `state`, trial cases left out; by case, oldest letter first.

        `cases`: ids of the only ones wanted, few.
        """
        table = tables.cases
        wanted = () if cases is None else (table.c.id.in_(cases),)
        return self._mails(table.c.campaign == campaign, table.c.state == state, table.c.test.is_(False), *wanted)

    def of_kind(self, campaign: str, kind: str, *, first_at: datetime, before_at: datetime) -> tuple[MailOfCase, ...]:
        """The letters of `kind` that left from `first_at` on and before `before_at`, once for each case they name."""
        return self._mails(
            tables.cases.c.campaign == campaign,
            _outgoing.c.kind == kind,
            _outgoing.c.sent_at >= first_at,
            _outgoing.c.sent_at < before_at,
        )

    def addressees(self, address: str | None = None) -> dict[str, Addressee]:
        """What came of our letters to each address (lower case), or to `address` alone; digests left out."""
        columns = (_outgoing.c.to_address, _outgoing.c.state, _left_at().label("left_at"), _outgoing.c.created_at)
        chosen = select(*columns).where(_outgoing.c.kind != "digest", _outgoing.c.state.not_in(("held", "cancelled")))
        if address is not None:
            chosen = chosen.where(func.lower(_outgoing.c.to_address) == address.lower())
        found: dict[str, Addressee] = {}
        for to_address, state, left_at, created_at in self._connection.execute(chosen.order_by(_outgoing.c.id)):
            before = found.get(to_address.lower(), Addressee(None, is_undeliverable=False))
            if state == "failed":
                now = replace(before, is_undeliverable=True)
            else:
                last_at = max(filter(None, (before.last_at, left_at or created_at)))
                now = Addressee(last_at, is_undeliverable=before.is_undeliverable and state not in _LEFT)
            found[to_address.lower()] = now
        return found

    def count_sent(self, *, since_at: datetime) -> int:
        """How many letters left, or may have left, after `since_at`."""
        return self._count(
            select(func.count()).select_from(_outgoing).where(_outgoing.c.state.in_(_LEFT), _left_at() > since_at)
        )

    def _mails(self, *conditions: Any) -> tuple[MailOfCase, ...]:
        named = tables.outgoing_cases
        columns = (
            named.c.case_id,
            named.c.outgoing_id,
            *(
                getattr(_outgoing.c, name)
                for name in ("kind", "to_address", "message_id", "state", "created_at", "sent_at")
            ),
        )
        joined = named.join(_outgoing, _outgoing.c.id == named.c.outgoing_id).join(
            tables.cases, tables.cases.c.id == named.c.case_id
        )
        chosen = select(*columns).select_from(joined).where(*conditions)
        return self._all(MailOfCase, chosen.order_by(named.c.case_id, named.c.outgoing_id))


def _left_at() -> Any:
    return func.coalesce(_outgoing.c.sent_at, _outgoing.c.handed_at)
