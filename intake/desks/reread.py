"""Stored letters read anew, as after a change of readers: what would be found and judged otherwise; kept when asked.

Peers: the letter store, an executor, the database. A case's letters and its judgement are put down in one unit of work,
so that a process which ends anywhere leaves each case wholly as it was or wholly as it is now; what is done is known by
its readings, and the next run goes on with the rest. Whoever is to be told is told by the caller's means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from intake.desks import CaseJudge, Change
from intake.edges.clock import Clock
from intake.edges.executors import Executor
from intake.edges.executors.tree import Node, read_tree
from intake.edges.letters_to_reread import READ_BEFORE, by_case, named_letters, outdated_letters
from intake.edges.reading_rows import put_letter
from intake.edges.records import Readings, is_own_trouble
from intake.lookups import OnRecord
from parsers.facts import OUR_TROUBLE, Reading
from parsers.limits import Limits
from storage.letters import LetterStore
from storage.lock import private_folder
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord
from storage.store import Store
from storage.unit_of_work import UnitOfWork, View

log = structlog.get_logger(__name__)

T = TypeVar("T")

MAY_BE_MORE = frozenset({"unrelated", "no_campaign", "nothing_attached", "encrypted", "question", "courtesy"})
"""Why a letter was no submission, where another reading of its files may say otherwise."""
FARTHEST_AT = datetime.max.replace(tzinfo=UTC)
ALL_SINCE = "reread_all_since"
"""Mark: every letter is being read anew since then, and that is not finished."""


@dataclass(slots=True)
class Reread:
    """What reading letters anew came to."""

    letters: int = 0
    changes: list[Change] = field(default_factory=list)
    """Cases that are judged otherwise, each once."""
    new: list[str] = field(default_factory=list)
    """Hashes of letters filed nowhere that can be filed now."""
    left: list[str] = field(default_factory=list)
    """Hashes of letters that could not be read this time; what was known of them stays."""


class _OnlyLookedError(Exception):
    """Ends a unit of work of which nothing is to stay."""


def _end(*, keep: bool) -> None:
    if not keep:
        raise _OnlyLookedError


class RereadDesk:
    """Reads letters anew."""

    def __init__(
        self,
        store: Store,
        letters: LetterStore,
        readings: Readings,
        judge: CaseJudge,
        executor: Executor,
        *,
        file: Callable[[UnitOfWork, LetterRecord], None],
        clock: Clock,
        limits: Limits,
        jobs: Path,
        own_hosts: frozenset[str],
    ) -> None:
        """`file`: how a letter is filed, tried on those that are filed nowhere. `jobs`: a folder for files being read."""
        self._store = store
        self._letters = letters
        self._readings = readings
        self._on_record = OnRecord(store, readings)
        self._judge = judge
        self._executor = executor
        self._file = file
        self._clock = clock
        self._limits = limits
        self._jobs = jobs
        self._own_hosts = own_hosts

    # --- which letters

    def outdated(self) -> tuple[str, ...]:
        """Letters of which something was read by other readers, or under other limits, than today's; by hash."""
        return outdated_letters(self._store, self._readings)

    def all(self, *, apply: bool) -> tuple[str, ...]:
        """Every letter that was read; with `apply` without those done already by a run that did not come to its end."""
        if not apply:
            return outdated_letters(self._store, self._readings, since_at=FARTHEST_AT)
        with self._store.write() as work:
            since = work.service.put_mark_once(ALL_SINCE, self._clock.now().isoformat())
        return outdated_letters(self._store, self._readings, since_at=datetime.fromisoformat(since))

    def all_done(self) -> None:
        """Every letter has been read anew."""
        with self._store.write() as work:
            work.service.put_mark(ALL_SINCE, None)

    def named(self, targets: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The letters of these cases, and these letters; and what is neither."""
        return named_letters(self._store, targets)

    # --- what becomes of them

    def read(
        self,
        wanted: Sequence[str],
        *,
        apply: bool,
        afresh: bool = False,
        bring_back: bool = False,
        tell: Callable[[UnitOfWork, str], object] | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Reread:
        """Read the letters `wanted` anew, case by case, and judge what they belong to. Raises: StorageError, OSError.

        `apply`: readings and judgements go on record, else nothing does. `afresh`: also what today's readers have read
        already. `bring_back`: letters that can be filed now go back to the worker, which files and answers them; else
        nothing of them goes on record.
        `tell` is called for each case judged otherwise, in the unit of work that puts it down.
        """
        done = Reread()
        self._jobs.mkdir(parents=True, exist_ok=True)
        with private_folder(self._jobs, prefix="job-", at=self._clock.now()) as job:
            self._read_all(
                wanted, done, job=job, apply=apply, afresh=afresh, bring_back=bring_back, tell=tell, progress=progress
            )
        done.changes.sort(key=lambda change: change.number)
        return done

    def _read_all(
        self,
        wanted: Sequence[str],
        done: Reread,
        *,
        job: Path,
        apply: bool,
        afresh: bool,
        bring_back: bool,
        tell: Callable[[UnitOfWork, str], object] | None,
        progress: Callable[[int, int], None],
    ) -> None:
        for group in by_case(self._store, wanted):
            read = [
                (record, tree)
                for record in group
                if (tree := self._read(record, job / record.sha256[:16], afresh=afresh)) is not None
            ]
            new = [record.sha256 for record, tree in read if self._can_be_filed(record, tree)]
            back = new if bring_back else []
            # Else a letter that can be filed stays one read by earlier readers: who looks again finds it again.
            kept = read if bring_back else [(record, tree) for record, tree in read if record.sha256 not in new]
            try:
                changes = self._in_one_go(partial(self._put_down, read=kept, back=back, tell=tell), keep=apply)
            except Exception as error:
                if is_own_trouble(error):
                    raise
                log.exception("case_not_judged_anew", letters=[record.sha256[:12] for record in group])
                read, new, changes = [], [], []
            done.changes += changes
            done.new += new
            done.letters += len(read)
            taken = {record.sha256 for record, _ in read}
            done.left += [record.sha256 for record in group if record.sha256 not in taken]
            progress(done.letters + len(done.left), len(wanted))

    def _read(self, record: LetterRecord, job: Path, *, afresh: bool) -> Node | None:
        """The letter and its files; None when it could not be read as well as before."""
        if not self._letters.holds(record.sha256):
            log.warning("letter_missing", letter=record.sha256[:12])
            return None
        try:
            tree = read_tree(
                self._letters.path(record.sha256),
                job,
                executor=self._executor,
                limits=self._limits,
                letter=True,
                known=_nothing if afresh else self._on_record.known,
                stated_elsewhere=self._on_record.stated_elsewhere,
            )
        except Exception as error:
            if is_own_trouble(error):
                raise
            log.exception("letter_not_read_anew", letter=record.sha256[:12])
            return None
        with self._store.read() as view:
            return None if _is_worse(view, tree) else tree

    def _in_one_go(self, do: Callable[[UnitOfWork], T], *, keep: bool) -> T:
        """What `do` finds in a unit of work; nothing of it stays unless it is to be kept."""
        found: list[T] = []
        with suppress(_OnlyLookedError), self._store.write() as work:
            found.append(do(work))
            _end(keep=keep)
        return found[0]

    def _put_down(
        self,
        work: UnitOfWork,
        *,
        read: Sequence[tuple[LetterRecord, Node]],
        back: Sequence[str],
        tell: Callable[[UnitOfWork, str], object] | None,
    ) -> list[Change]:
        """Everything that follows from reading these letters; the cases judged otherwise."""
        self._put(work, read)
        self._bring_back(work, back)
        cases: dict[int, CaseRecord] = {
            case.id: case for record, _ in read for case in work.cases.of_letter(record.sha256)
        }
        changes = []
        for case in cases.values():
            after, differs = self._judge.judge_read_anew(work, case)
            if differs:
                changes.append(Change(case.number, case.verdict, after))
            if differs and tell is not None:
                tell(work, case.number)
        return changes

    def _put(self, work: UnitOfWork, read: Sequence[tuple[LetterRecord, Node]]) -> None:
        for record, tree in read:
            now = work.letters.get(record.sha256)
            if now is not None and now.outcome in READ_BEFORE:  # it was not purged meanwhile
                put_letter(work, self._readings, now, tree, own_hosts=self._own_hosts, at=self._clock.now())

    def _can_be_filed(self, record: LetterRecord, tree: Node) -> bool:
        """Whether a letter that is filed nowhere would be; a letter put aside, whether it is not put aside again."""
        if tree.reading.letter is None or tree.reading.problem is not None:
            return False
        is_aside = record.outcome == "quarantined"
        if not is_aside and (record.outcome, record.ignored) not in {("not_a_submission", why) for why in MAY_BE_MORE}:
            return False

        def try_it(work: UnitOfWork) -> str:
            self._put(work, [(record, tree)])
            self._bring_back(work, [record.sha256])
            collected = work.letters.get(record.sha256)
            if collected is None or collected.outcome != "collected":
                return ""
            self._file(work, collected)
            filed = work.letters.get(record.sha256)
            return filed.outcome if filed is not None else ""

        try:
            outcome = self._in_one_go(try_it, keep=False)
        except Exception as error:
            if is_own_trouble(error):
                raise
            log.exception("letter_not_filed_anew", letter=record.sha256[:12])
            return False
        return outcome == "filed" or (is_aside and outcome == "not_a_submission")

    def _bring_back(self, work: UnitOfWork, letters: Sequence[str]) -> None:
        """To be filed as it is read now."""
        for sha256 in letters:
            now = work.letters.get(sha256)
            if now is not None and now.outcome in {"quarantined", "not_a_submission"}:
                work.letters.set_outcome(sha256, "collected")
                work.letters.change(sha256, read_at=self._clock.now(), answered=None)


def _nothing(_: Iterable[str]) -> Mapping[str, Reading]:
    return {}


def _is_worse(view: View, tree: Node) -> bool:
    """Whether of a file less is known than before through no fault of its own, or the letter could be read once."""
    lost = {
        node.reading.sha256
        for node in tree.walk()
        if node.reading.problem is not None and node.reading.problem.code in OUR_TROUBLE
    }
    if any(kept.problem not in OUR_TROUBLE for kept in view.readings.latest(lost).values()):
        return True
    before = view.readings.latest({tree.reading.sha256}) if tree.reading.letter is None else {}
    return any(kept.problem is None for kept in before.values())
