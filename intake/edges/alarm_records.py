"""What the database keeps of alarms: which are open, their events, and the letters that tell of them.

Peer: the database. One unit of work for all that is new; a commit whose answer was lost is made good, not made twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.edges.alarms import ALARMS, LAST_POLL, OVER, WATCHDOG, alarms_from_json
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox, new_token
from intake.figures.alarm import ALARM_KINDS, Alarm, AlarmKind
from intake.figures.matter import DigestDraft
from storage.errors import ConflictError
from storage.store import Store
from storage.unit_of_work import UnitOfWork

BY_MAIL: frozenset[AlarmKind] = frozenset(ALARM_KINDS) - {"sending_refused"}
"""Told by mail, too: sending may well work while these last. Refused sending cannot be told by sending."""


@dataclass(slots=True)
class AlarmEntry:
    """An alarm under way, or one that is over and not yet wholly told."""

    alarm: Alarm
    polls_before: int
    """Signs of life of the mailbox by the time it began."""
    looks_before: int = 0
    """Whole looks at the mailbox that had succeeded when one last failed."""
    over_at: datetime | None = None
    told: bool = False
    tries: int = 0
    next_try: float = 0.0
    """By the monotonic clock."""
    noted_at: datetime | None = None
    """Under which time its event is put down, however often that is tried."""
    on_record: bool = False
    """The database has it as it is now, and the letter is queued."""
    mails: tuple[int, ...] = ()
    """The letters that told of its beginning."""
    heard_at: float | None = None
    """When the mailbox was heard of again first; by the monotonic clock."""


@dataclass(frozen=True, slots=True)
class Left:
    """What an earlier process left."""

    entries: tuple[AlarmEntry, ...]
    """Alarms that are open, in the order of their kinds."""
    polled_at: datetime | None
    """When the mailbox last answered."""
    watched_at: datetime | None
    """When any desk last gave a sign of life."""


class AlarmRecords:
    """Puts alarms and their ends down, and mails them to the organizers."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        clock: Clock,
        *,
        recipients: Sequence[str],
        sender_name: str,
        draft: Callable[[AlarmEntry], DigestDraft],
        dry_run: bool = False,
    ) -> None:
        """`draft` writes the letter of an alarm, or of its end. With `dry_run` none is queued."""
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._recipients = tuple(recipients)
        self._sender_name = sender_name
        self._draft = draft
        self._dry_run = dry_run

    def left(self) -> Left:
        """What an earlier process left. Raises: StorageError."""
        with self._store.read() as view:
            kept = view.service.get_mark(ALARMS) or []
            last_poll = view.service.get_mark(LAST_POLL)
            last_watch = max((beat.at for beat in view.service.heartbeats()), default=None)
        polled_at = datetime.fromisoformat(last_poll) if last_poll else None
        return Left(tuple(map(_from_json, kept)), polled_at, last_watch)

    def put(self, fresh: Sequence[AlarmEntry], still_open: Iterable[AlarmEntry], *, polled: bool) -> None:
        """Put down what is new of `fresh`, which alarms are open now, and that the mailbox answered when it has.

        Raises: StorageError; nothing is on record then, as far as anybody knows, and the same call makes it good.
        """
        queued: dict[int, tuple[int, ...]] = {}
        with self._store.write() as work:
            if polled:
                work.service.put_mark(LAST_POLL, self._clock.now().isoformat())
            for entry in fresh:
                entry.noted_at = entry.noted_at or self._clock.now()
                queued[id(entry)] = self._note(work, entry, entry.noted_at)
            if fresh:
                kept = [_as_json(entry, queued.get(id(entry), entry.mails)) for entry in still_open]
                work.service.put_mark(ALARMS, kept or None)
        for entry in fresh:
            entry.on_record, entry.mails = True, queued[id(entry)]

    def _note(self, work: UnitOfWork, entry: AlarmEntry, at: datetime) -> tuple[int, ...]:
        """Event and letters; ids of the letters. What is there came through unheard, and is not made a second time."""
        kind = entry.alarm.kind + (OVER if entry.over_at is not None else "")
        if any(
            (event.desk, event.kind, event.at) == (WATCHDOG, kind, at) for event in work.service.events(since_at=at)
        ):
            return _mails_on_record(work, entry)
        work.service.add_event(WATCHDOG, kind, entry.alarm.detail, at=at)
        if entry.over_at is not None:
            _withdraw(work, entry.mails or _mails_on_record(work, entry))
        return self._mail(work, entry)

    def _mail(self, work: UnitOfWork, entry: AlarmEntry) -> tuple[int, ...]:
        """Queue the letter to each organizer; ids of what was queued."""
        if self._dry_run or entry.alarm.kind not in BY_MAIL:
            return ()
        draft = self._draft(entry)
        put = (
            self._outbox.put(
                work,
                draft,
                kind="alarm",
                token=new_token(),
                recipient=recipient,
                sender_name=self._sender_name,
                at=entry.over_at or self._clock.now(),
            )
            for recipient in self._recipients
        )
        return tuple(mail.id for mail in put if mail is not None)


def _mails_on_record(work: UnitOfWork, entry: AlarmEntry) -> tuple[int, ...]:
    """The letters that told of the beginning of `entry`, as far as the database knows it as open."""
    kept = map(_from_json, work.service.get_mark(ALARMS) or [])
    return next((each.mails for each in kept if each.alarm == entry.alarm), ())


def _withdraw(work: UnitOfWork, mails: tuple[int, ...]) -> None:
    """A letter that tells of trouble and has not left is overtaken by the one that tells of its end."""
    for outgoing_id in mails:
        mail = work.outgoing.get(outgoing_id)
        # One that may have been handed over once must not be taken back.
        if mail is not None and mail.state in {"queued", "retry_at"} and not mail.unknown_events:
            try:
                work.outgoing.cancel(outgoing_id)
            except ConflictError:
                continue


def _as_json(entry: AlarmEntry, mails: tuple[int, ...]) -> dict[str, Any]:
    alarm = entry.alarm
    return {
        "kind": alarm.kind,
        "since_at": alarm.since_at.isoformat(),
        "detail": alarm.detail,
        "mails": list(mails),
        "told": entry.told,
    }


def _from_json(kept: dict[str, Any]) -> AlarmEntry:
    (alarm,) = alarms_from_json([kept])
    # Of another process: any success of this one ends it.
    return AlarmEntry(alarm, 0, told=kept["told"], on_record=True, mails=tuple(kept["mails"]))
