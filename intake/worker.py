"""The worker: wakes the desks, watches them, ends the process when one hangs.

APScheduler only wakes; what is due is read from the database. Every desk gives a sign of
life while it works; when one stays silent beyond its limit, the main thread ends the
process (exit 70) for the supervisor to start it anew: a thread that hangs in a system
call cannot be stopped from inside, and durability lives in the database alone.
"""

from __future__ import annotations

import logging
import math
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from intake.errors import LoginRefusedError, MailboxError
from storage.errors import StorageError
from storage.store import Store

log = structlog.get_logger(__name__)

EXIT_HUNG = 70
"""EX_SOFTWARE of sysexits.h: a desk hung; start again."""

FIRST_BACK_OFF_SECONDS = 15.0
LONGEST_BACK_OFF_SECONDS = 600.0
"""On the last evening a mailbox that is back must not be waited for much longer than that."""
LOGINS_REFUSED_AT_MOST = 3
"""After as many refused logins in a row the desk rests until the service is started anew: more lock the account."""

TROUBLE = "trouble:"
"""Mark, with the desk's name behind it: its failure is on record and its recovery is not."""

HEARTBEAT_EVERY_SECONDS = 20.0
"""How often signs of life are written to the database, for `intake status`."""

TELLING_SECONDS = 5.0
"""How long a clean end waits for the last of them."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One desk's work as the worker sees it."""

    name: str
    turn: Callable[[], object]
    """A bounded piece of work; what it returns tells, by its truth, whether there may be more at once."""
    every_seconds: float
    """Pause between turns."""
    silence_seconds: float
    """Longest time a turn may go without a sign of life."""
    rest: Callable[[float, threading.Event], object] | None = None
    """How the desk waits between turns when it can be told of news (IDLE); it returns early then, and when stopped."""
    paced: bool = False
    """It rests after every turn, however much there may be left: a mail provider limits how often it is asked."""


class Bell:
    """Wakes a resting desk when another one has done something for it. Thread-safe.

    What is due is still read from the database, and looked for at every interval: a ring only saves the wait.
    """

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """There may be work."""
        self._rung.set()

    def rest(self, seconds: float, stop: threading.Event) -> None:
        """Wait until rung, at most `seconds`; rings since the last rest count. For intervals short enough to stop in."""
        if not stop.is_set():
            self._rung.wait(seconds)
        self._rung.clear()


class Heartbeats:
    """Signs of life, by desk. Thread-safe; times are of the monotonic clock."""

    def __init__(self, silence_seconds: dict[str, float], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._silence_seconds = silence_seconds
        self._monotonic = monotonic
        self._busy: dict[str, float] = {}
        self._since: dict[str, float] = {}
        self._lock = threading.Lock()

    def begin(self, desk: str) -> None:
        """`desk` begins a turn."""
        with self._lock:
            self._busy[desk] = self._since[desk] = self._monotonic()

    def beat(self, desk: str) -> None:
        """`desk` is alive and working."""
        with self._lock:
            self._busy[desk] = self._monotonic()

    def end(self, desk: str) -> None:
        """`desk` rests."""
        with self._lock:
            self._busy.pop(desk, None)
            self._since.pop(desk, None)

    def silent(self) -> tuple[str, ...]:
        """Desks that work but gave no sign for longer than they may; empty when all is well."""
        now = self._monotonic()
        with self._lock:
            return tuple(d for d, at in self._busy.items() if now - at > self._silence_seconds.get(d, math.inf))

    def busy_seconds(self) -> dict[str, float]:
        """Desks in a turn now, with how long it has lasted."""
        now = self._monotonic()
        with self._lock:
            return {desk: now - since for desk, since in self._since.items()}


class Worker:
    """Runs duties, each in a thread of its own, until told to stop."""

    def __init__(
        self,
        duties: Sequence[Duty],
        store: Store,
        heartbeats: Heartbeats,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        hung: Callable[[tuple[str, ...]], None] | None = None,
        stopping: threading.Event | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`hung` is called with the silent desks; by default it ends the process at once with status 70.

        `stopping`: the event `stop` sets, for desks that look at it between two letters. `monotonic`: by
        which a desk backs off, in seconds.
        """
        self._duties = duties
        self._store = store
        self._heartbeats = heartbeats
        self._now = now
        self._hung = hung or _end_process
        self._stop = stopping or threading.Event()
        self._monotonic = monotonic
        self._failures: dict[str, int] = {}
        self._logins_refused: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._troubles: dict[str, str] = {}
        self._failing_since: dict[str, float] = {}
        self._last_errors: dict[str, Exception] = {}
        self._asked: set[str] = set()
        """Desks of which is known whether an earlier process left them in trouble."""

    @property
    def stopping(self) -> threading.Event:
        """Set when the worker shall end; desks that wait for news watch it."""
        return self._stop

    def stop(self) -> None:
        """Ask for a clean end: turns under way finish their letter, then `run` returns."""
        self._stop.set()

    def has_given_up(self, desk: str) -> bool:
        """Whether `desk` rests for good because its logins were refused."""
        return self._logins_refused.get(desk, 0) >= LOGINS_REFUSED_AT_MOST

    def trouble_of(self, desk: str) -> str:
        """What `desk` last stumbled over, for people; empty while all is well."""
        return self._troubles.get(desk, "")

    def failing(self, *, for_seconds: float, over_records: bool) -> dict[str, str]:
        """Desks whose every turn has failed for so long, with what they last stumbled over; empty when all is well.

        `over_records`: those that last failed over the records; else those that did over anything but records and
        mailbox, which is a bug.
        """
        now = self._monotonic()
        lasting = [desk for desk, since in self._failing_since.copy().items() if now - since >= for_seconds]
        told = {desk: self._last_errors.get(desk) for desk in lasting}
        return {
            desk: self.trouble_of(desk)
            for desk, error in told.items()
            if isinstance(error, StorageError) == over_records and not isinstance(error, MailboxError)
        }

    def run(self) -> int:
        """Wake the desks until `stop`; exit status 0 after a clean end."""
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        # A wake that finds its desk at work is no news.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(self._duties))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for duty in self._duties:
            # The first turn now, not one interval from now: an organizer who starts the service looks at it.
            scheduler.add_job(
                self._wake,
                "interval",
                args=[duty],
                seconds=duty.every_seconds,
                id=duty.name,
                next_run_time=datetime.now(UTC),
            )
        scheduler.start()
        # Not by the thread that watches: a desk that hangs while it writes would hold it up as well.
        telling = threading.Thread(target=self._tell_heartbeats, name="heartbeats", daemon=True)
        telling.start()
        try:
            self._watch()
        finally:
            self._end(scheduler)
            telling.join(TELLING_SECONDS)
        return 0

    def once(self) -> int:
        """Every duty in order, round and round until none has more to do; exit status 0.

        Raises: what a duty raises, for the person who waits at the keyboard; what was done until then is kept.
        """
        more = True
        while more and not self._stop.is_set():
            more = False
            for duty in self._duties:
                self._heartbeats.begin(duty.name)
                try:
                    more |= bool(duty.turn())
                finally:
                    self._heartbeats.end(duty.name)
        self._write_heartbeats()
        return 0

    def _watch(self) -> None:
        """Nothing here may wait for a desk or for the database."""
        while not self._stop.wait(0.5):
            silent = self._heartbeats.silent()
            if silent:
                log.critical("desk_hung", desks=silent)
                self._hung(silent)
                return

    def _tell_heartbeats(self) -> None:
        self._write_heartbeats()
        while not self._stop.wait(HEARTBEAT_EVERY_SECONDS):
            self._write_heartbeats()

    def _write_heartbeats(self) -> None:
        try:
            with self._store.write() as work:
                now, busy = self._now(), self._heartbeats.busy_seconds()
                for duty in self._duties:
                    since = now - timedelta(seconds=busy[duty.name]) if duty.name in busy else None
                    work.service.beat(duty.name, at=now, busy_since=since)
        except StorageError as error:
            log.warning("heartbeat_not_written", error=str(error))

    def _end(self, scheduler: object) -> None:
        """Wait for turns under way, but not for one that has gone silent."""
        self._stop.set()
        scheduler.shutdown(wait=False)  # type: ignore[attr-defined]  # apscheduler ships no types
        while self._heartbeats.busy_seconds():
            silent = self._heartbeats.silent()
            if silent:
                log.critical("desk_hung_while_stopping", desks=silent)
                self._hung(silent)
                return
            time.sleep(0.05)

    def _wake(self, duty: Duty) -> None:
        if self._monotonic() < self._not_before.get(duty.name, -math.inf):
            return
        ok = again = True
        while ok and (again or duty.rest is not None) and not self._stop.is_set():
            ok, again = self._turn(duty)
            if ok and (duty.paced or not again):
                ok = self._rest(duty)

    def _rest(self, duty: Duty) -> bool:
        """Wait for news where the desk can; whether that went well.

        Not counted as work: a quiet mailbox is no hung desk. The wait has its own end.
        """
        if duty.rest is None:
            return True
        try:
            duty.rest(duty.every_seconds, self._stop)
        except Exception as error:  # the boundary of the turn, for what waits between two
            log.exception("desk_failed_while_resting", desk=duty.name)
            self._failed(duty, error)
            return False
        return True

    def _turn(self, duty: Duty) -> tuple[bool, bool]:
        """One turn within the one boundary per desk: (it went well, there may be more to do)."""
        self._heartbeats.begin(duty.name)
        try:
            more = bool(duty.turn())
        except (MailboxError, StorageError) as error:
            self._failed(duty, error)
            return False, False
        except Exception as error:  # a bug: this desk backs off, the others go on
            log.exception("desk_failed", desk=duty.name)
            self._failed(duty, error)
            return False, False
        finally:
            self._heartbeats.end(duty.name)
        self._recovered(duty)
        return True, more

    def _failed(self, duty: Duty, error: Exception) -> None:
        count = self._failures.get(duty.name, 0) + 1
        self._failures[duty.name] = count
        self._failing_since.setdefault(duty.name, self._monotonic())
        self._last_errors[duty.name] = error
        # In a row: two broken links and one refusal are no reason to give up.
        refused = self._logins_refused.get(duty.name, 0) + 1 if isinstance(error, LoginRefusedError) else 0
        self._logins_refused[duty.name] = refused
        wait = min(FIRST_BACK_OFF_SECONDS * 2 ** (count - 1), LONGEST_BACK_OFF_SECONDS) * random.uniform(0.8, 1.2)  # noqa: S311  # jitter, not a secret
        if refused >= LOGINS_REFUSED_AT_MOST:
            wait = math.inf
        self._not_before[duty.name] = self._monotonic() + wait
        text = self._troubles[duty.name] = getattr(error, "advice", "") or f"{type(error).__name__}: {error}"
        log.warning("desk_backs_off", desk=duty.name, failures=count, seconds=round(wait, 1), error=str(error))
        if count == 1 or wait == math.inf:
            self._note(duty, "failed" if wait != math.inf else "login_refused", text)

    def _recovered(self, duty: Duty) -> None:
        self._logins_refused.pop(duty.name, None)
        self._troubles.pop(duty.name, None)
        self._failing_since.pop(duty.name, None)
        if isinstance(self._last_errors.pop(duty.name, None), StorageError):
            self._let_others_try()
        if self._failures.pop(duty.name, 0) or self._was_in_trouble(duty):
            self._not_before.pop(duty.name, None)
            log.info("desk_recovered", desk=duty.name)
            self._note(duty, "recovered", "")

    def _let_others_try(self) -> None:
        """The records are back: desks that back off over them need not sit out their time, nor be told as failing."""
        for desk, error in self._last_errors.copy().items():
            if isinstance(error, StorageError):
                self._not_before.pop(desk, None)

    def _was_in_trouble(self, duty: Duty) -> bool:
        """Whether an earlier process ended while this desk failed; asked once."""
        if duty.name in self._asked:
            return False
        try:
            with self._store.read() as view:
                left = bool(view.service.get_mark(f"{TROUBLE}{duty.name}"))
        except StorageError:
            return False
        self._asked.add(duty.name)
        return left

    def _note(self, duty: Duty, kind: str, text: str) -> None:
        try:
            with self._store.write() as work:
                work.service.add_event(duty.name, kind, text, at=self._now())
                work.service.put_mark(f"{TROUBLE}{duty.name}", None if kind == "recovered" else kind)
        except StorageError as error:
            log.warning("event_not_written", desk=duty.name, error=str(error))


def _end_process(_: tuple[str, ...]) -> None:
    os._exit(EXIT_HUNG)
