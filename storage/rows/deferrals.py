"""Rows of letters whose answers wait to be told together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from storage import tables
from storage.dialects import insert_missing
from storage.records.correspondence import DeferralRecord
from storage.rows.mapping import Rows, chunks

_deferrals = tables.deferrals


class DeferralRows(Rows):
    """Letters beyond what one address is answered in a day."""

    def add(self, letter_sha256: str, *, campaign: str, address: str, at: datetime) -> None:
        """Let the answer to a letter wait for the next summary to `address`; nothing when it waits already."""
        row = {"letter_sha256": letter_sha256, "campaign": campaign, "address": address, "at": at, "outgoing_id": None}
        insert_missing(self._connection, _deferrals, [row])

    def waiting(self, address: str | None = None) -> tuple[DeferralRecord, ...]:
        """Those not told yet, oldest first, of `address` alone when it is given; empty when none."""
        chosen = select(_deferrals).where(_deferrals.c.outgoing_id.is_(None))
        if address is not None:
            chosen = chosen.where(_deferrals.c.address == address)
        return self._all(DeferralRecord, chosen.order_by(_deferrals.c.at, _deferrals.c.letter_sha256))

    def count_waiting(self) -> int:
        """How many letters wait for a summary."""
        return self._count(select(func.count()).select_from(_deferrals).where(_deferrals.c.outgoing_id.is_(None)))

    def drop(self, letters: Sequence[str]) -> None:
        """Nothing need be said of `letters` any more."""
        for some in chunks(letters):
            self._connection.execute(delete(_deferrals).where(_deferrals.c.letter_sha256.in_(some)))

    def settle(self, letters: Sequence[str], *, outgoing_id: int) -> None:
        """The summary `outgoing_id` tells of `letters`."""
        self._connection.execute(
            update(_deferrals).where(_deferrals.c.letter_sha256.in_(letters)).values(outgoing_id=outgoing_id)
        )
