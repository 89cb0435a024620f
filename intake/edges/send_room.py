"""How many letters may leave yet today, told when they become few. Peer: the database."""

from __future__ import annotations

from datetime import timedelta

from intake.edges.clock import Clock
from intake.edges.outbox import runs_short
from storage.errors import StorageError
from storage.store import Store

DAY = timedelta(hours=24)
"""Providers count a day each in their own way; none lets more through in any 24 hours than in a day."""

ROOM_AGAIN_SHARE = 0.7
"""Below this share of a day's letters there is room again: not at every letter that leaves the count."""


class SendRoom:
    """Says when the letters a provider takes in a day are nearly used up."""

    def __init__(self, store: Store, clock: Clock, *, daily_sends: int | None) -> None:
        """`daily_sends`: how many letters the provider takes in 24 hours; None when nobody counts."""
        self._store = store
        self._clock = clock
        self._daily_sends = daily_sends
        self._is_short = False

    def nearly_used_up(self) -> str | None:
        """How many have left, of how many, and how many wait; empty while there is room, None when nobody could ask."""
        if self._daily_sends is None:
            return ""
        try:
            with self._store.read() as view:
                sent = view.mailings.count_sent(since_at=self._clock.now() - DAY)
                states = view.outgoing.count_by_state()
        except StorageError:
            return None
        stays_short = self._is_short and sent >= ROOM_AGAIN_SHARE * self._daily_sends
        self._is_short = runs_short(sent, self._daily_sends) or stays_short
        if not self._is_short:
            return ""
        waiting = states.get("queued", 0) + states.get("retry_at", 0)
        return f"近24小时已发{sent}封，邮箱一天约可发{self._daily_sends}封" + (
            f"，尚有{waiting}封待发" if waiting else ""
        )
