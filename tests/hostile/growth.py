"""How the time of a piece of work grows with the length of its text.

Time is of the processor, counted by a timer that interrupts the work, so that a busy machine changes little and nothing
runs for ever. Work that is quick at the length it is screened at cannot be worse than linear there and is not measured.
"""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NamedTuple, NoReturn

Work = Callable[[], object]

SHORT = 40
"""Characters. What explodes does so here."""
LENGTHS = (500, 1_000, 2_000, 4_000)
"""The longest, by which all are screened, is more than the length of a case, in one line."""
TOO_STEEP = 1.5
"""The power of the length: 1 is linear, about 1.1 is n log n, 2 is quadratic."""
_CEILING_SECONDS = 1.0
_SOON_SECONDS = 0.5
_TRIES = 3


class TooSlowError(BaseException):
    """The timer ran out. No `Exception`: the work may catch those, and would go on."""


class Growth(NamedTuple):
    """What the work took at lengths that double; infinite where it did not end in a second."""

    seconds: tuple[float, ...]

    @property
    def power(self) -> float:
        """By which power of the length it grew over the last two doublings that ended; infinite when not even one did."""
        ended = [second for second in self.seconds if math.isfinite(second)][-3:]
        if len(ended) < 2:
            return math.inf
        return math.log2(max(ended[-1], 1e-6) / max(ended[0], 1e-6)) / (len(ended) - 1)

    def __str__(self) -> str:
        told = " ".join("-" if math.isinf(second) else f"{1000 * second:.0f}" for second in self.seconds)
        return f"{told} ms, power {self.power:.1f}"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TooSlowError when the block takes more processor time."""

    def stop(_: int, __: FrameType | None) -> NoReturn:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def too_steep(
    make: Callable[[int], Work], *, quick_seconds: float, lengths: tuple[int, ...] = LENGTHS
) -> Growth | None:
    """What the work took that `make` prepares for a length, when that grows too fast; else None."""
    if math.isinf(cost(make(SHORT), tries=1)):
        return Growth((math.inf,))
    if cost(make(lengths[-1]), tries=1) < quick_seconds:
        return None
    found = Growth(tuple(cost(make(length), tries=1) for length in lengths))
    if found.power <= TOO_STEEP:
        return None
    # Once more with care, for what else the machine did only adds; and longer, for a bounded repeat is linear beyond its bound.
    longer = 4 if found.seconds[-1] * 4**found.power < _SOON_SECONDS else 1
    found = Growth(tuple(cost(make(longer * length), tries=_TRIES) for length in lengths))
    return found if found.power > TOO_STEEP else None


def cost(work: Work, *, tries: int) -> float:
    """The least processor time of several tries, in seconds; infinite when one does not end."""
    # Of the thread: beside a running timer the clock of the process may stand still for milliseconds.
    least = math.inf
    for _ in range(tries):
        began = time.thread_time()
        try:
            with within(_CEILING_SECONDS):
                work()
        except TooSlowError:
            return math.inf
        least = min(least, time.thread_time() - began)
    return least
