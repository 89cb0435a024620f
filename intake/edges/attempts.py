"""How often the process ended over a letter: counted before the work begins, forgotten by the process that lives on.

Peer: the database. A letter that ends the process each time is put aside, so that the next ones go on. What a process
lives through is no letter's doing, however often it happens: a database that is away, a commit whose answer was lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from intake.edges.clock import Clock
from storage.records.correspondence import LetterRecord
from storage.store import Store

ATTEMPTS_AT_MOST = 3
"""A letter that was being worked on as often when the process ended is put aside: it may be what ended it."""

ENDS_TOGETHER = timedelta(minutes=1)
"""Ends of the process that follow each other so closely count once: a machine that is switched off and on, or a
supervisor that restarts too eagerly, says nothing of the letter in hand. Shorter than any silence for which a
desk is given up, so that a letter which hangs a desk is counted every time."""


class Attempts:
    """The attempts of one desk. `forget_all` comes first in a turn; the other methods may be called from several threads."""

    def __init__(self, store: Store, clock: Clock, *, reason: str, trace: str) -> None:
        """`reason`, `trace`: why a letter was put aside, for people and for whoever looks into it."""
        self._store = store
        self._clock = clock
        self._reason = reason
        self._trace = trace
        self._begun: set[str] = set()
        """Letters whose attempt the database may have, and of which it does not yet know that they are done."""

    def begin(self, letters: Sequence[LetterRecord]) -> None:
        """Count an attempt for each of `letters`, in one unit of work. Raises: StorageError."""
        if not letters:
            return
        self._begun.update(letter.sha256 for letter in letters)
        with self._store.write() as work:
            for letter in letters:
                work.letters.begin_attempt(letter.sha256, at=self._clock.now(), together=ENDS_TOGETHER)

    def begin_again(self, letter: LetterRecord) -> bool:
        """Count one more for a letter in work when a process ended; False when it was put aside. Raises: StorageError."""
        self._begun.add(letter.sha256)
        with self._store.write() as work:
            counted = work.letters.begin_attempt(letter.sha256, at=self._clock.now(), together=ENDS_TOGETHER)
            if counted > ATTEMPTS_AT_MOST:
                work.letters.quarantine(letter.sha256, reason=self._reason, traceback=self._trace)
        if counted > ATTEMPTS_AT_MOST:
            self.done(letter)
        return counted <= ATTEMPTS_AT_MOST

    def done(self, letter: LetterRecord) -> None:
        """The database has what became of the letter, and its attempts with it."""
        self._begun.discard(letter.sha256)

    def forget(self, letter: LetterRecord) -> None:
        """The work was given up and the process lives. Raises: StorageError; `forget_all` makes it good then."""
        self._forget((letter.sha256,))

    def forget_all(self) -> None:
        """Between turns nothing is in work: what was begun and is not done was lived through. Raises: StorageError."""
        self._forget(tuple(self._begun))

    def _forget(self, keys: Iterable[str]) -> None:
        begun = [key for key in keys if key in self._begun]
        if not begun:
            return
        with self._store.write() as work:
            for key in begun:
                work.letters.change(key, attempts=0)
        self._begun.difference_update(begun)
