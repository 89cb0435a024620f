"""Raw letters to stored facts: every file of a letter read once, in processes that may be killed.

Peers: the letter store, the database, an executor. What a reader cannot do becomes a
problem in its reading; what goes wrong here leaves the letter where it was.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import structlog

from intake.edges.attempts import Attempts
from intake.edges.clock import Clock
from intake.edges.executors import Executor
from intake.edges.executors.tree import Node, passwords_stated_in, read_tree
from intake.edges.reading_rows import put_letter
from intake.edges.records import Readings, is_own_trouble
from intake.lookups import OnRecord, locked_letters
from parsers.facts import LetterFacts
from parsers.limits import Limits
from storage.letters import LetterStore
from storage.records.correspondence import LetterRecord
from storage.rows.purging import PURGED
from storage.store import Store

log = structlog.get_logger(__name__)

IN_FLIGHT = 4
"""Letters read at the same time: enough to keep two reader processes busy while a third letter is being stored."""

T = TypeVar("T")


class ReadDesk:
    """Reads collected letters, oldest first."""

    def __init__(
        self,
        store: Store,
        letters: LetterStore,
        executor: Executor,
        *,
        clock: Clock,
        limits: Limits,
        jobs: Path,
        own_hosts: frozenset[str],
        beat: Callable[[], None] = lambda: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`own_hosts`: the provider's own servers, whose Received times count. `jobs`: a folder for files being read.

        `beat` is called after every file: a letter may hold many that each take their whole time.
        When `stopped`, letters not yet begun are left for the next start.
        """
        self._store = store
        self._letters = letters
        self._executor = _Beating(executor, beat)
        self._clock = clock
        self._limits = limits
        self._readings = Readings(limits)
        self._on_record = OnRecord(store, self._readings)
        self._jobs = jobs
        self._own_hosts = own_hosts
        self._beat = beat
        self._stopped = stopped
        self._stating: deque[tuple[str, LetterFacts]] = deque()
        """Letters of this turn that state a password: those read beside them may be what it opens."""
        self._attempts = Attempts(
            store, clock, reason="读取这封来信时程序几次中断", trace="the process ended while reading it"
        )
        self._threads = ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="read")

    def turn(self, *, most: int = 50) -> int:
        """Read up to `most` letters that wait; return their number. Raises: StorageError, OSError.

        Every letter's attempt is counted before it begins. One that was in work when the process ended
        is read by itself the next time, so that it becomes clear whether it was the cause.
        """
        self._attempts.forget_all()
        with self._store.read() as view:
            waiting = view.letters.unread(limit=most)
        fresh = [letter for letter in waiting if letter.attempts == 0]
        self._attempts.begin(fresh)
        self._read_all(fresh)
        for letter in waiting:
            if letter.attempts and not self._stopped() and self._attempts.begin_again(letter):
                self._read(letter)
        while self._stating:
            self._open_what_was_locked(*self._stating.popleft())
        return len(waiting)

    def _read_all(self, letters: Sequence[LetterRecord]) -> None:
        """A few at a time. When one cannot be read for our own trouble no other is begun, and those in work are finished:
        between turns nothing is in work, or the next one would begin with them once more beside it.
        """
        begun = [self._threads.submit(self._read, letter) for letter in letters]
        try:
            for reading in begun:
                reading.result()
        finally:
            for reading in reversed(begun):  # those in line first
                if not reading.cancel():
                    reading.exception()  # waits

    def close(self) -> None:
        """End the threads; letters in work stay unread."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _read(self, letter: LetterRecord) -> None:
        """The one boundary per letter: a bug costs this letter, never the next one."""
        if self._stopped():
            self._attempts.forget(letter)
            return
        try:
            if not self._letters.holds(letter.sha256):
                self._quarantine(letter, "来信原件不在数据文件夹里", "the raw letter is missing")
                self._attempts.done(letter)
                return
            tree = self._tree(letter)
            facts = tree.reading.letter
            if facts is not None and passwords_stated_in(facts):
                self._open_what_was_locked(letter.sha256, facts)
                self._stating.append((letter.sha256, facts))
            self._record(letter, tree)
        except Exception as error:
            if is_own_trouble(error):
                self._attempts.forget(letter)
                raise  # the letter stays where it is
            self._quarantine(letter, "读取来信时出现意外情况", traceback.format_exc())
        self._attempts.done(letter)
        self._beat()

    def _tree(self, letter: LetterRecord, passwords: tuple[str, ...] = ()) -> Node:
        def stated_elsewhere(facts: LetterFacts, hashes: Iterable[str]) -> tuple[str, ...]:
            return (*passwords, *self._on_record.stated_elsewhere(facts, hashes))

        return read_tree(
            self._letters.path(letter.sha256),
            self._jobs / letter.sha256[:16],
            executor=self._executor,
            limits=self._limits,
            letter=True,
            known=self._on_record.known,
            stated_elsewhere=stated_elsewhere,
        )

    def _open_what_was_locked(self, sha256: str, facts: LetterFacts) -> None:
        """Read the sender's earlier letters again whose files asked for a password, now that `facts` states one.

        Cases they belong to are judged anew. It comes before the letter itself is recorded, so that an end of the
        process in between is made good when that is read again. Raises: StorageError, OSError.
        """
        with self._store.read() as view:
            earlier = [each for each in locked_letters(view, self._readings, facts) if each.sha256 != sha256]
        for letter in earlier:
            if not self._letters.holds(letter.sha256):
                continue
            tree = self._tree(letter, passwords_stated_in(facts))
            if not any(node.fresh and node.reading.problem is None for node in tree.walk() if node.member is not None):
                continue
            self._record(letter, tree, opened=True)
            log.info("locked_files_opened", letter=letter.sha256[:12], by=sha256[:12])

    def _quarantine(self, letter: LetterRecord, reason: str, trace: str) -> None:
        log.error("letter_quarantined", letter=letter.sha256[:12], desk="read", traceback=trace)
        with self._store.write() as work:
            work.letters.quarantine(letter.sha256, reason=reason, traceback=trace)

    def _record(self, letter: LetterRecord, tree: Node, *, opened: bool = False) -> None:
        """Put the facts down. `opened`: files came open that were locked, so its cases are judged again."""
        facts, problem, now = tree.reading.letter, tree.reading.problem, self._clock.now()
        with self._store.write() as work:
            known = work.letters.get(letter.sha256)
            if known is None or known.outcome == PURGED:  # while it was read; nothing of it is to come back
                return
            if facts is None or problem is not None:
                reason = f"这封来信未能完整读取（{problem.code if problem else '没有内容'}）"
                work.letters.quarantine(letter.sha256, reason=reason, traceback=problem.detail if problem else "")
            put_letter(work, self._readings, letter, tree, own_hosts=self._own_hosts, at=now)
            if facts is not None:
                work.letters.change(letter.sha256, read_at=now, attempts=0)
            # With the readings, or the next start would find nothing newly opened and leave the cases as they are.
            for case in work.cases.of_letter(letter.sha256) if opened else ():
                work.cases.change(case.id, at=now, state="waiting", due_at=now)
        log.info("letter_read", letter=letter.sha256[:12], files=sum(1 for _ in tree.walk()) - 1)


class _Beating:
    """An executor that gives a sign of life with every file it is done with."""

    def __init__(self, executor: Executor, beat: Callable[[], None]) -> None:
        self._executor = executor
        self._beat = beat

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        """As the executor's own."""
        future = self._executor.submit(task, *args, limits=limits)
        future.add_done_callback(lambda _: self._beat())
        return future

    def close(self) -> None:
        """As the executor's own."""
        self._executor.close()
