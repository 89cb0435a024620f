"""The time, and waiting for it. The only place that asks the system clock."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Block until `event` is set or `seconds` of this clock's time have passed; True when set."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Block until `event` is set or `seconds` have passed; True when set."""
        return event.wait(seconds)


class SetClock:
    """A clock that stands where it is set until it is let go, for the demo and for tests. Thread-safe.

    `wait` sleeps real time (at most `longest_wait_seconds`), so that threads around
    it stay live; the shown time moves only by `set` and `advance`.
    """

    def __init__(self, at: datetime, *, longest_wait_seconds: float = 0.05) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock is set to an aware time")
        self._at = at.astimezone(UTC)
        self._lock = threading.Lock()
        self._runs_since: float | None = None
        self._longest_wait_seconds = longest_wait_seconds

    def now(self) -> datetime:
        """Where the clock stands, or has come to since it was let go; aware, UTC."""
        with self._lock:
            gone = 0.0 if self._runs_since is None else time.monotonic() - self._runs_since
            return self._at + timedelta(seconds=gone)

    def let_go(self) -> None:
        """From here on the clock runs as any other."""
        with self._lock:
            if self._runs_since is None:
                self._runs_since = time.monotonic()

    def set(self, at: datetime) -> None:
        """Put the clock to `at` (aware)."""
        if at.tzinfo is None:
            raise ValueError("a clock is set to an aware time")
        with self._lock:
            self._at = at.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`."""
        with self._lock:
            self._at += step

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait a moment of real time; True when `event` is set."""
        return event.wait(min(seconds, self._longest_wait_seconds))
