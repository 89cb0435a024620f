"""At once by mail, not with the next digest: what may cost a submitter the deadline. Each thing is told once.

Peer: the database, where it stands what was told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from config.settings import Settings
from intake.briefing.people import pressing_items
from intake.calls import Call
from intake.deciding.access import answerable, is_organizer
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox, new_token
from intake.figures.matter import HumanItem
from intake.figures.urgent import write_urgent
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

AHEAD = timedelta(hours=48)
"""How long before a close, or the end of a link, nothing waits for the next digest."""
TOLD = "told_at_once"
"""Mark: what was told and is still open, by key."""


class UrgeDesk:
    """Writes to the readers of the digest when something cannot wait for it."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        calls: Mapping[str, Call],
        *,
        settings: Settings,
        clock: Clock,
        dry_run: bool,
    ) -> None:
        """`dry_run`: the mails are held as all others are."""
        self._store = store
        self._outbox = outbox
        self._calls = calls
        self._settings = settings
        self._clock = clock
        self._dry_run = dry_run

    def turn(self) -> int:
        """Queue one mail for each reader about all that is new; how many things it tells. Raises: StorageError."""
        if not (self._settings.digest.at_once and self._settings.digest.recipients):
            return 0
        now = self._clock.now()
        with self._store.read() as view:
            if self._look(view, now)[1] == tuple(view.service.get_mark(TOLD) or ()):
                return 0
        with self._store.write() as work:
            items, keys = self._look(work, now)
            told = frozenset(work.service.get_mark(TOLD) or ())
            fresh = [item for item, key in zip(items, keys, strict=True) if key not in told]
            work.service.put_mark(TOLD, list(keys) or None)
            if fresh:
                self._write(work, fresh, now)
        return len(fresh)

    def _look(self, view: View, now: datetime) -> tuple[tuple[HumanItem, ...], tuple[str, ...]]:
        """What presses now, and a key of each."""
        items = pressing_items(view, self._calls, now_at=now, ahead=AHEAD, zone=self._settings.zone)
        return items, tuple(_key(item) for item in items)

    def _write(self, work: UnitOfWork, items: list[HumanItem], now: datetime) -> None:
        call = next(iter(self._calls.values()))
        ahead = [c.campaign.closes_at for c in self._calls.values() if c.campaign.closes_at is not None]
        for recipient in self._settings.digest.recipients:
            token = new_token()
            draft = write_urgent(
                items,
                subject_tag=call.campaign.tag,
                written_at=now,
                closes_at=min((at for at in ahead if at > now), default=None),
                zone=self._settings.timezone,
                answerable=is_organizer(self._calls, recipient),
            )
            self._outbox.put(
                work,
                answerable(draft, self._calls, recipient=recipient, token=token),
                kind="case_notice",
                token=token,
                recipient=recipient,
                sender_name=call.campaign.from_name,
                at=now,
                held=self._dry_run,
            )
        log.info("urgent_told", things=len(items))


def _key(item: HumanItem) -> str:
    """The same for the same thing, whatever is counted or dated in its words."""
    return hashlib.sha256(f"{item.what}\n{item.how}".encode()).hexdigest()[:16]
