"""What went to whom and when, read over many outgoing letters at once, never with their bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage import tables
from storage.records import MailOfCase
from storage.rows.mapping import Rows

_outgoing = tables.outgoing
_NEVER_LEFT = ("held", "cancelled", "failed")
_LEFT = ("sent", "unknown")


class MailingRows(Rows):
    """Outgoing letters, looked at together."""

    def of_cases(self, campaign: str, *, state: str) -> tuple[MailOfCase, ...]:
        """The letters that name a case of `campaign` in `state`, trial cases left out; by case, oldest letter first."""
        return self._mails(
            tables.cases.c.campaign == campaign, tables.cases.c.state == state, tables.cases.c.test.is_(False)
        )

    def of_kind(self, campaign: str, kind: str, *, first_at: datetime, before_at: datetime) -> tuple[MailOfCase, ...]:
        """The letters of `kind` that left from `first_at` on and before `before_at`, once for each case they name."""
        return self._mails(
            tables.cases.c.campaign == campaign,
            _outgoing.c.kind == kind,
            _outgoing.c.sent_at >= first_at,
            _outgoing.c.sent_at < before_at,
        )

    def last_to(self, address: str) -> datetime | None:
        """When the latest letter to `address`, any case of letters, left or was queued to leave; None without one."""
        left_at = func.max(func.coalesce(_outgoing.c.sent_at, _outgoing.c.created_at)).label("at")
        return self._at(
            select(left_at).where(_is_to(address), _outgoing.c.state.not_in(_NEVER_LEFT), _outgoing.c.kind != "digest")
        )

    def is_undeliverable(self, address: str) -> bool:
        """Whether the server refused the latest letter to `address` for good."""
        latest = select(_outgoing.c.state).where(_is_to(address), _outgoing.c.state.in_((*_LEFT, "failed")))
        return self._connection.execute(latest.order_by(_outgoing.c.id.desc()).limit(1)).scalar() == "failed"

    def count_sent(self, *, since_at: datetime) -> int:
        """How many letters left, or may have left, after `since_at`."""
        return self._count(
            select(func.count()).select_from(_outgoing).where(_outgoing.c.state.in_(_LEFT), _left_at() > since_at)
        )

    def first_sent(self, *, since_at: datetime) -> datetime | None:
        """When the first of those left; None without one."""
        return self._at(
            select(func.min(_left_at()).label("at")).where(_outgoing.c.state.in_(_LEFT), _left_at() > since_at)
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

    def _at(self, statement: Any) -> datetime | None:
        at: datetime | None = self._connection.execute(statement).scalar()
        return at


def _is_to(address: str) -> Any:
    return func.lower(_outgoing.c.to_address) == address.lower()


def _left_at() -> Any:
    return func.coalesce(_outgoing.c.sent_at, _outgoing.c.handed_at)
