"""Read letters, filed one by one, oldest received first; what is done with one is `intake.filing`.

One transaction for each letter, the judgement of its case and the answer included.
Peer: the database. A bug costs one letter, which is put aside with its traceback and
answered neutrally; the next letter goes on.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping

import structlog

from intake.answers import Answers
from intake.calls import Call
from intake.deciding.by_mail import OrdersByMail
from intake.desks import CaseJudge
from intake.edges.attempts import Attempts
from intake.edges.clock import Clock
from intake.edges.records import NEVER, Readings, is_own_trouble
from intake.filing import Filing
from parsers.facts import LetterFacts
from parsers.letter import read_head
from storage.letters import LetterStore
from storage.records.correspondence import LetterRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

LETTERS_A_TURN = 50


class FileDesk:
    """Files read letters, oldest received first."""

    def __init__(
        self,
        store: Store,
        letters: LetterStore,
        readings: Readings,
        judge: CaseJudge,
        calls: Mapping[str, Call],
        *,
        answers: Answers,
        clock: Clock,
        own_addresses: frozenset[str],
        installation: str,
        test_mode: bool = False,
        orders: OrdersByMail | None = None,
        beat: Callable[[], None] = lambda: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._letters = letters
        self._clock = clock
        self._filing = Filing(
            readings,
            judge,
            answers,
            calls,
            clock=clock,
            own_addresses=own_addresses,
            installation=installation,
            test_mode=test_mode,
            orders=orders,
        )
        self._attempts = Attempts(
            store, clock, reason="登记这封来信时程序几次中断", trace="the process ended while filing it"
        )
        self._beat = beat
        self._stopped = stopped

    def turn(self) -> int:
        """File the letters that wait; return their number. Raises: StorageError.

        Attempts are counted before the work begins: a letter over which the process ended again and
        again (a pattern that never ends, memory) is put aside, so that the next ones go on.
        """
        self._attempts.forget_all()
        with self._store.read() as view:
            if view.folders.any_rematching():
                return 0  # what looks new may be old: nothing is answered until the folder is matched again
            waiting = view.letters.unfiled(limit=LETTERS_A_TURN)
            aside = view.letters.quarantined_unanswered(limit=LETTERS_A_TURN)
        self._attempts.begin([record for record in waiting if record.attempts == 0])
        for record in waiting:
            if self._stopped():
                break
            self._file_safely(record)
            self._beat()
        self._attempts.forget_all()  # those in line when the service was told to stop
        for record in aside:
            self._answer_quarantined(record)
        return len(waiting) + len(aside)

    def _file_safely(self, record: LetterRecord) -> None:
        """The one boundary per letter."""
        # It was being filed, or in line behind such a one, when the process ended.
        if record.attempts and not self._attempts.begin_again(record):
            return
        try:
            with self._store.write() as work:
                self._file(work, record)
        except Exception as error:
            if is_own_trouble(error):
                self._attempts.forget(record)
                raise
            log.exception("letter_quarantined", letter=record.sha256[:12], desk="file")
            with self._store.write() as work:
                reason = "登记来信时出现意外情况"
                work.letters.quarantine(record.sha256, reason=reason, traceback=traceback.format_exc())
        self._attempts.done(record)

    def _file(self, work: UnitOfWork, record: LetterRecord) -> None:
        # As it is now: since it was listed it may have been taken out of junk, or have been seen earlier elsewhere.
        now = work.letters.get(record.sha256)
        if now is not None and now.outcome == "collected":
            self._filing.file(work, now)

    def _answer_quarantined(self, record: LetterRecord) -> None:
        """材料已收到,正在人工核对: at once, neutrally, once, and not to machines. Never raises but StorageError."""
        try:
            with self._store.write() as work:
                told = self._filing.say_it_is_being_checked(work, record, head=lambda: self._facts_of_head(record))
                answered = "neutrally" if told else NEVER
                work.letters.change(record.sha256, answered=answered)
        except Exception as error:
            if is_own_trouble(error):
                raise
            log.exception("quarantined_letter_not_answered", letter=record.sha256[:12])
            with self._store.write() as work:
                work.letters.change(record.sha256, answered=NEVER)

    def _facts_of_head(self, record: LetterRecord) -> LetterFacts:
        with self._letters.open(record.sha256) as raw:
            return read_head(raw.read(64_000))
