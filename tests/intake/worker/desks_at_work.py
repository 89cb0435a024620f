"""Desks that do what a test tells them, a clock that stands until it is moved, and the office they work in."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from intake.errors import LoginRefusedError, MailboxError
from intake.worker import LONGEST_BACK_OFF_SECONDS, Duty, Worker
from storage.store import Store

NOW = datetime(2022, 12, 5, 1, tzinfo=UTC)
BROKEN = MailboxError("connection reset", temporary=True, advice="邮箱服务器暂时连不上。")
REFUSED = LoginRefusedError("535", advice="授权码不正确。")


class Seconds:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Desk:
    """A desk that does what it is told, turn by turn: raises an error, or returns whether there is more."""

    script: list[object] = field(default_factory=list)
    turns: int = 0

    def turn(self) -> bool:
        self.turns += 1
        step = self.script.pop(0) if self.script else False
        if isinstance(step, Exception):
            raise step
        return bool(step)


def duty(name: str, turn: Callable[[], object], **more: object) -> Duty:
    return replace(Duty(name, turn, every_seconds=0.01, silence_seconds=60), **more)  # type: ignore[arg-type]  # named as they are


def wait_until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end, "not so after 30 s"
        time.sleep(0.002)


@dataclass
class Office:
    """A worker in its own thread."""

    worker: Worker
    pulse: Desk
    """A desk beside the others that nothing ails."""
    seconds: Seconds
    store: Store
    hung: list[tuple[str, ...]]

    def some_time_passes(self) -> None:
        """The other desk is woken a few times more."""
        seen = self.pulse.turns
        wait_until(lambda: self.pulse.turns >= seen + 5)

    def waits_are_over(self, is_so: Callable[[], object]) -> None:
        """However long desks back off, until `is_so`."""

        def later() -> object:
            self.seconds.at += LONGEST_BACK_OFF_SECONDS * 1.2
            return is_so()

        wait_until(later)

    def events(self) -> list[tuple[str, str, str]]:
        with self.store.read() as view:
            return [(event.desk, event.kind, event.text) for event in view.service.events()]


AtWork = Callable[..., AbstractContextManager[Office]]
