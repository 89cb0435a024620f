"""The watchdog: tells people by a second channel when the service itself is in trouble, once, and when it is over.

Peers: the other desks' standing (asked, in memory), the disk, the alarm channels, the
database. The database may be the trouble: what it cannot take down is told all the same.
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from config.settings import Settings
from intake.edges.alarm_records import AlarmEntry, AlarmRecords
from intake.edges.alarms import AlarmChannels
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox
from intake.figures.alarm import ALARM_KINDS, Alarm, AlarmKind, write_alarm, write_all_clear
from intake.figures.matter import DigestDraft
from storage.errors import StorageError
from storage.store import Store

log = structlog.get_logger(__name__)

POLLS_MISSED = 3
"""A mailbox polled hourly is not silent after a quarter of an hour: so many polls must be missed at least."""
GOOD_LOOKS = 2
"""So many looks at the mailbox must succeed in a row before it is said to be back."""
TELL_AGAIN_SECONDS = 300.0
"""Pause between attempts to reach people by a channel that failed."""
TELL_AT_MOST = 12
ROOM_AGAIN = 1.2
"""The disk has room again beyond this many times the limit: not at every file that comes and goes."""
OVER_SHOWN = 10
"""Most ended alarms the alarm file shows, latest last."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the watchdog asks of others; each answers at once."""

    logins_refused: Callable[[], bool]
    """Whether the collecting desk has given up."""
    trouble: Callable[[], str]
    """What it last stumbled over, one sentence for people; may be empty."""
    sending_refused: Callable[[], bool | None]
    """True: again and again. False: letters go out. None: nothing was tried yet."""
    sending_trouble: Callable[[], str] = lambda: ""
    """What sending last stumbled over; may be empty."""
    answers_stopped: Callable[[], str | None] = lambda: ""
    """Why the breaker holds all answers; empty while it does not, None when the database could not be asked."""
    unwritable: Callable[[float], str] = lambda _seconds: ""
    """Which other desks have failed over the records at every turn for so long, and why; empty when none has."""
    failing: Callable[[float], str] = lambda _seconds: ""
    """The same over something else than records and mailbox."""
    mailbox: Mapping[AlarmKind, Callable[[], str | None]] = field(default_factory=dict)
    """What is wrong with the mailbox itself, or what it lets leave, by alarm: empty when nothing is, None when it could not be asked."""
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free


class WatchDesk:
    """Looks at the service's health at every turn; each trouble is told when it begins and when it ends."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        channels: AlarmChannels,
        standing: Standing,
        *,
        settings: Settings,
        clock: Clock,
        sender_name: str,
        tag: str,
        dry_run: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`monotonic`: by which silence is measured, in seconds; a machine that slept was not silent."""
        self._records = AlarmRecords(
            store,
            outbox,
            clock,
            recipients=settings.digest.recipients,
            sender_name=sender_name,
            draft=self._draft,
            dry_run=dry_run,
        )
        self._channels = channels
        self._standing = standing
        self._settings = settings
        self._clock = clock
        self._tag = tag
        self._monotonic = monotonic
        self._silent_seconds = max(settings.alarm.silent_minutes * 60.0, POLLS_MISSED * settings.mailbox.poll_seconds)
        self._last_sign = monotonic()
        self._polls = self._looks = 0
        self._polls_on_record = 0
        self._open: dict[AlarmKind, AlarmEntry] = {}
        self._ended: list[AlarmEntry] = []
        self._over: list[str] = []
        self._begun = False
        self._unwritten_since: float | None = None
        self._one_of_two_over_at = -math.inf
        """When silence or unwritable records ended last: whichever is told, the other was part of it until then."""
        self._unwritten = ""
        """Why the database took nothing down when last asked; with the time of the first such answer."""

    def polled(self) -> None:
        """The mailbox answered: a look at it succeeded, or a letter came in. Called from the collecting desk's thread."""
        self._last_sign = self._monotonic()
        self._polls += 1

    def over(self, look: Callable[[], object]) -> Callable[[], object]:
        """`look` at the mailbox, noticed when it succeeds."""

        def watched() -> object:
            found = look()
            self._looks += 1
            self.polled()
            return found

        return watched

    def turn(self) -> bool:
        """Look, tell what is new, put it on record. False: there is never more to do at once."""
        try:
            if not self._begun:
                self._go_on()
                self._begun = True
        except StorageError as error:
            log.warning("alarms_not_read", error=str(error))
        if self._look():
            self._write_file()
        for entry in (*self._open.values(), *self._ended):
            self._tell(entry)
        fresh = [entry for entry in (*self._open.values(), *self._ended) if not entry.on_record]
        polls = self._polls
        try:
            if fresh or polls != self._polls_on_record:  # nothing is written while nothing is new
                self._records.put(fresh, self._open.values(), polled=polls != self._polls_on_record)
                self._polls_on_record, self._unwritten_since = polls, None
        except StorageError as error:
            log.warning("alarms_not_on_record", error=str(error))
            self._unwritten = error.advice
            self._unwritten_since = self._monotonic() if self._unwritten_since is None else self._unwritten_since
        self._ended = [e for e in self._ended if not (e.on_record and (e.told or e.tries >= TELL_AT_MOST))]
        return False

    # --- what is so

    def _go_on(self) -> None:
        """Take over what an earlier process left: its open alarms, and how long the mailbox has been silent."""
        now, left = self._clock.now(), self._records.left()
        for entry in left.entries:
            self._open.setdefault(entry.alarm.kind, entry)
        # After a night switched off nobody was silent; a process that is started again and again is.
        going_on = left.watched_at is not None and (now - left.watched_at).total_seconds() < self._silent_seconds
        if going_on and left.polled_at is not None and not self._polls:
            silent = (now - left.polled_at).total_seconds()
            self._last_sign = min(self._last_sign, self._monotonic() - max(0.0, silent))

    def _look(self) -> bool:
        """Find what begins and what is over; whether anything did."""
        polls, changed = self._polls, False
        for kind in ALARM_KINDS:
            entry = self._open.get(kind)
            if entry is not None and self._is_over(entry, polls):
                self._end(entry)
                changed = True
            elif entry is None and (detail := self._detail(kind)) is not None:
                self._open[kind] = AlarmEntry(Alarm(kind, self._since(kind), detail), polls, self._looks)
                log.error("alarm", kind=kind, detail=detail)
                changed = True
        return changed

    def _detail(self, kind: AlarmKind) -> str | None:
        """What the machine says of the trouble there is now, perhaps nothing; None when there is none."""
        match kind:
            case "login_refused":
                return self._standing.trouble() if self._standing.logins_refused() else None
            case "mailbox_silent":
                # Refused logins are silence as well, and so are records nobody can write: told once, as what they are.
                silent = self._lasts(self._last_sign) and self._unwritten_since is None
                told = self._open.keys() & {"login_refused", "records_unwritable"}
                return self._standing.trouble() if silent and not told else None
            case "records_unwritable":
                if "mailbox_silent" in self._open or not self._lasts(self._one_of_two_over_at):
                    return None
                since = self._unwritten_since
                lasts = since is not None and self._lasts(since)
                return (self._unwritten if lasts else self._standing.unwritable(self._silent_seconds)) or None
            case "desk_failing":
                told = self._open.keys() & {"records_unwritable", "mailbox_silent"}
                return None if told else self._standing.failing(self._silent_seconds) or None
            case "sending_refused":
                return self._standing.sending_trouble() if self._standing.sending_refused() else None
            case "answers_stopped":
                return self._standing.answers_stopped() or None
            case "mailbox_full" | "incomplete" | "other_intake" | "sends_short":
                return self._standing.mailbox[kind]() or None if kind in self._standing.mailbox else None
            case "disk_low":
                free = self._free_bytes()
                low = free is not None and free < self._settings.alarm.free_bytes
                return f"剩余 {(free or 0) / 1e9:.1f} GB" if low else None

    def _is_over(self, entry: AlarmEntry, polls: int) -> bool:
        kind = entry.alarm.kind
        match kind:
            case "login_refused":
                return polls > entry.polls_before
            case "mailbox_silent":
                return polls > entry.polls_before and self._is_heard_well(entry)
            case "records_unwritable":
                return self._unwritten_since is None and not self._standing.unwritable(0)
            case "desk_failing":
                return not self._standing.failing(0)
            case "sending_refused":
                return self._standing.sending_refused() is False
            case "answers_stopped":
                return self._standing.answers_stopped() == ""
            case "mailbox_full" | "incomplete" | "other_intake" | "sends_short":
                return kind not in self._standing.mailbox or self._standing.mailbox[kind]() == ""
            case "disk_low":
                free = self._free_bytes()
                return free is not None and free >= self._settings.alarm.free_bytes * ROOM_AGAIN

    def _lasts(self, since: float) -> bool:
        """Whether trouble since then is worth telling; what silence and unwritable records share counts once."""
        return self._monotonic() - max(since, self._one_of_two_over_at) >= self._silent_seconds

    def _is_heard_well(self, entry: AlarmEntry) -> bool:
        """Whether looks succeed whole again, one after the other, or letters have come in for a while although each breaks off.

        One that succeeds among many that fail is no end of the trouble: it would be told again a little later.
        """
        if self._standing.trouble():
            entry.looks_before = self._looks
        if self._looks - entry.looks_before >= GOOD_LOOKS:
            return True
        if self._lasts(self._last_sign):
            entry.heard_at = None
            return False
        entry.heard_at = self._last_sign if entry.heard_at is None else entry.heard_at
        return self._last_sign - entry.heard_at >= self._silent_seconds

    def _since(self, kind: AlarmKind) -> datetime:
        begun = {"mailbox_silent": self._last_sign, "records_unwritable": self._unwritten_since}.get(kind)
        lasted = self._monotonic() - begun if begun is not None else 0.0
        return self._clock.now() - timedelta(seconds=lasted)

    def _end(self, entry: AlarmEntry) -> None:
        log.info("alarm_over", kind=entry.alarm.kind)
        if entry.alarm.kind in {"mailbox_silent", "records_unwritable"}:
            self._one_of_two_over_at = self._monotonic()
        del self._open[entry.alarm.kind]
        entry.over_at = self._clock.now()
        entry.noted_at = entry.over_at
        entry.told, entry.tries, entry.next_try, entry.on_record = False, 0, 0.0, False
        self._ended.append(entry)
        self._over = [*self._over, self._draft(entry).text][-OVER_SHOWN:]

    def _free_bytes(self) -> int | None:
        try:
            return self._standing.free_bytes(self._settings.data_dir)
        except OSError:
            return None

    # --- telling it

    def _write_file(self) -> None:
        self._channels.write_file([self._draft(entry).text for entry in self._open.values()], self._over)

    def _tell(self, entry: AlarmEntry) -> None:
        now = self._monotonic()
        if entry.told or entry.tries >= TELL_AT_MOST or now < entry.next_try:
            return
        entry.tries += 1
        entry.next_try = now + TELL_AGAIN_SECONDS
        entry.told = self._channels.tell(self._draft(entry).text, kind=entry.alarm.kind, over=entry.over_at is not None)

    def _draft(self, entry: AlarmEntry) -> DigestDraft:
        words = {"mailbox": self._settings.mailbox.address, "zone": self._settings.timezone, "tag": self._tag}
        if entry.over_at is None:
            return write_alarm(entry.alarm, **words)
        return write_all_clear(entry.alarm, over_at=entry.over_at, **words)
