"""The day in one letter to the organizers.

Peer: the database. When a digest is due is read from the database, so one that could
not be written in time is written later, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from config.settings import Settings
from intake.briefing import Briefings
from intake.briefing.schedule import next_digest_at
from intake.calls import Call
from intake.deciding.access import answerable, is_organizer
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox, new_token
from intake.figures import DigestDraft, write_digest
from intake.ledger import LedgerCopy
from storage.errors import StorageError
from storage.store import Store

log = structlog.get_logger(__name__)

LAST_DIGEST = "last_digest_at"
"""Mark: up to when the last digest that was queued told."""


class DigestDesk:
    """Writes the digest when its time has come, and whenever it is asked for."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        calls: Mapping[str, Call],
        *,
        settings: Settings,
        clock: Clock,
        dry_run: bool = False,
        demo: bool = False,
        enclose: Callable[[datetime], LedgerCopy | None] = lambda _at: None,
    ) -> None:
        """`enclose`: the masked ledger that goes with a digest written at a time; None when none goes."""
        self._enclose = enclose
        self._store = store
        self._outbox = outbox
        self._calls = calls
        self._settings = settings
        self._clock = clock
        self._dry_run = dry_run
        self._briefings = Briefings(calls, settings=settings, dry_run=dry_run, demo=demo)

    def turn(self) -> bool:
        """Queue the digest when it is due; True when one was queued. Raises: StorageError."""
        now = self._clock.now()
        with self._store.read() as view:
            last = view.service.get_mark(LAST_DIGEST)
            first_run = view.service.get_mark("first_run_at")
        since = datetime.fromisoformat(last or first_run)
        if since > now:  # the clock was ahead: go on from now, or there would be none until then
            with self._store.write() as work:
                work.service.put_mark(LAST_DIGEST, now.isoformat())
            return False
        due = self._due_at(since)
        if due is None or now < due:
            return False
        return self.queue(since_at=datetime.fromisoformat(last) if last else None, until_at=now)

    def queue(self, *, since_at: datetime | None, until_at: datetime, scheduled: bool = True) -> bool:
        """Queue the digest for every recipient; False when there are none, or another process was quicker.

        What it tells, the letters and the mark are one transaction: nothing recorded meanwhile falls between
        this digest and the next. One that is not `scheduled` leaves the daily one to tell the same again.
        """
        call = next(iter(self._calls.values()))
        readers = self._settings.digest.recipients
        # Before the transaction: a workbook of thousands of cases takes seconds.
        enclosed = self._enclosed(until_at)
        with self._store.write() as work:
            if scheduled and work.service.get_mark(LAST_DIGEST) != (since_at.isoformat() if since_at else None):
                return False
            matter = self._briefings.matter(work, since_at=since_at, until_at=until_at)
            if enclosed:
                matter = replace(matter, notes=(*matter.notes, enclosed.note))
            drafts = {may: write_digest(replace(matter, answerable=may)) for may in {*map(self._may_answer, readers)}}
            for recipient in readers:
                token = new_token()
                self._outbox.put(
                    work,
                    answerable(drafts[self._may_answer(recipient)], self._calls, recipient=recipient, token=token),
                    kind="digest",
                    token=token,
                    recipient=recipient,
                    sender_name=call.campaign.from_name,
                    at=until_at,
                    attachments=(enclosed.attachment,) if enclosed and enclosed.attachment else (),
                    held=self._dry_run,
                )
            if scheduled:
                work.service.put_mark(LAST_DIGEST, until_at.isoformat())
        log.info("digest_queued", recipients=len(readers))
        return bool(readers)

    def _may_answer(self, reader: str) -> bool:
        return is_organizer(self._calls, reader)

    def _enclosed(self, at: datetime) -> LedgerCopy | None:
        """The ledger, or why there is none. Raises: StorageError."""
        if not self._settings.digest.ledger or not self._settings.digest.recipients:
            return None
        try:
            return self._enclose(at)
        except StorageError:
            raise
        except Exception:
            # Nobody goes without the digest for the ledger's sake.
            log.exception("ledger_not_written")
            return LedgerCopy("台账这次没有写成，请在工作文件夹运行 intake ledger 台账.xlsx。")

    def write(self, *, since_at: datetime | None, until_at: datetime) -> DigestDraft:
        """The digest of what happened from `since_at` (None: the beginning) to `until_at`; nothing is queued."""
        with self._store.read() as view:
            matter = self._briefings.matter(view, since_at=since_at, until_at=until_at)
        return write_digest(matter)

    def _due_at(self, since: datetime) -> datetime | None:
        ends = (call.campaign.closes_at for call in self._calls.values())
        return next_digest_at(
            since, self._settings.digest, zone=self._settings.zone, closes=[at for at in ends if at is not None]
        )
