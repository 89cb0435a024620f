"""Reading a file and everything inside it, level by level.

A letter yields attachments, an archive its members, a Word file its pictures: each
becomes a node, read in a process that may be killed, so that one bad file costs
itself alone. Small files side by side go to a reader on one errand, for the way there
costs more than they do; when that reader is lost, each is read by itself.
Peers: an `Executor` and the job folder on disk.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from intake.casework.files import FoundFile
from intake.edges.executors import Executor
from intake.edges.executors.scans import read_again_if_scan, with_page_words
from intake.errors import ReaderLostError
from parsers.facts import Member, Problem, ProblemCode, Reading
from parsers.limits import Limits
from parsers.reading import read_file, read_files, read_letter_file

KnownReadings = Callable[[Iterable[str]], Mapping[str, Reading]]
"""Stored readings by file hash, for those of the hashes that have one."""

_Result = Callable[[], Reading]
"""Waits for a reading. Raises: ReaderLostError."""

READ_AGAIN: frozenset[ProblemCode] = frozenset({"timed_out", "killed", "reader_failed", "over_limit"})
"""Problems of a stored reading that may be gone the next time: they came of our machine, or of where the file lay."""

DEEPEST_LETTERS = 10
"""How many attached letters may lie inside one another: each may be nearly as large as the one around it."""

ERRAND_FILES = 8
ERRAND_BYTES = 16_000_000
"""Most files, and most bytes together, that one errand takes: a Word file and the photos beside it."""


@dataclass(slots=True)
class Node:
    """A file, what it told us, and the files inside it in their order."""

    reading: Reading
    member: Member | None
    """How it lay in its parent; None for the file the reading began with."""
    children: list[Node] = field(default_factory=list)
    fresh: bool = True
    """False when the reading was already stored."""

    def walk(self) -> Iterator[Node]:
        """This node, then all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


def found_files(root: Node) -> tuple[FoundFile, ...]:
    """Every file inside `root` as casework sees it, in document order; `root` itself is not among them."""
    found: list[FoundFile] = []

    def add(node: Node, container: FoundFile | None) -> None:
        for child in node.children:
            assert child.member is not None  # only the root has none
            file = FoundFile(
                name=child.member.name,
                origin=child.member.origin,
                reading=child.reading,
                container=container,
                shown_px=child.member.shown_px,
            )
            found.append(file)
            add(child, file)

    add(root, None)
    return tuple(found)


def nothing_known(_: Iterable[str]) -> Mapping[str, Reading]:
    """No stored readings."""
    return {}


def read_tree(
    path: Path,
    job: Path,
    *,
    executor: Executor,
    limits: Limits,
    letter: bool,
    known: KnownReadings = nothing_known,
) -> Node:
    """Everything that `path` and the files inside it tell.

    `job` is made, used for extracted members and removed again. A file that two places
    hold is read and opened once: where it stands again, it has no children. (An archive can
    hold itself: R. Cox, "Zip Files All The Way Down", 2010.) Archives or letters too deep inside one
    another, or whose members would make more than `limits.members` files in all, stay shut
    with the problem `over_limit`. A reader that was killed is tried once more by itself;
    killed again, its file has the problem `timed_out` or `killed`.
    """
    job.mkdir(parents=True, exist_ok=True)
    try:
        return _Reader(executor, limits, known, job).read(path, letter=letter)
    finally:
        shutil.rmtree(job, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A node whose members lie in `folder`, `depth` archives and `letters` letters deep."""

    node: Node
    folder: Path
    depth: int
    letters: int = 0


class _Reader:
    def __init__(self, executor: Executor, limits: Limits, known: KnownReadings, job: Path) -> None:
        self._executor = executor
        self._limits = limits
        self._known = known
        self._job = job
        self._folders = 0
        self._files = 0
        self._done: dict[str, Reading] = {}
        self._photos: list[tuple[Node, Path]] = []

    def read(self, path: Path, *, letter: bool) -> Node:
        task = _Task(path, self._new_folder(), path.stat().st_size, read_letter_file if letter else read_file)
        reading = self._recognised(self._result(task, self._start(task).result), task)
        root = Node(reading=reading, member=None)
        self._done[root.reading.sha256] = root.reading
        level = self._within_limits(_Opened(root, task.folder, 0))
        while level:
            level = self._open(level)
        self._look_for_pages(root)
        return root

    def _open(self, level: list[_Opened]) -> list[_Opened]:
        """Read the members of a whole level at once; return those that hold members themselves."""
        places = [(opened, member) for opened in level for member in opened.node.reading.members]
        stored = self._stored({member.sha256 for _, member in places} - self._done.keys())
        running = self._start_unread(places, stored)
        below: list[_Opened] = []
        for opened, member in places:
            again = self._done.get(member.sha256)
            if again is not None:
                opened.node.children.append(Node(again, member, fresh=False))
                continue
            if member.sha256 in running:
                task, result = running[member.sha256]
                reading = self._recognised(self._result(task, result), task)
                node = Node(reading, member, fresh=member.sha256 not in stored)
                if node.reading.photo is not None:
                    self._photos.append((node, task.path))
                depth = opened.depth + (node.reading.format == "archive")
                letters = opened.letters + (node.reading.format == "letter")
                below += self._within_limits(_Opened(node, task.folder, depth, letters))
            else:
                node = Node(stored[member.sha256], member, fresh=False)
            self._done[member.sha256] = node.reading
            opened.node.children.append(node)
        return below

    def _stored(self, hashes: set[str]) -> dict[str, Reading]:
        """Stored readings that may be relied on, by hash."""
        known = self._known(hashes)
        return {
            sha256: reading
            for sha256, reading in known.items()
            if reading.problem is None or reading.problem.code not in READ_AGAIN
        }

    def _start_unread(
        self, places: list[tuple[_Opened, Member]], stored: Mapping[str, Reading]
    ) -> dict[str, tuple[_Task, _Result]]:
        """Start every file not met before, each once; by hash.

        What holds members is opened again even when its reading is stored: they are needed on disk.
        """
        tasks: dict[str, _Task] = {}
        for opened, member in places:
            sha256 = member.sha256
            if sha256 in self._done or sha256 in tasks or (sha256 in stored and not stored[sha256].members):
                continue
            path = opened.folder / member.stored_as
            tasks[sha256] = _Task(path, self._new_folder(), member.size_bytes, read_file)
        running: dict[str, tuple[_Task, _Result]] = {}
        for errand in _errands(tasks):
            if len(errand) == 1:
                running[errand[0]] = (tasks[errand[0]], self._start(tasks[errand[0]]).result)
                continue
            together = self._start_together([tasks[sha256] for sha256 in errand])
            for place, sha256 in enumerate(errand):
                running[sha256] = (tasks[sha256], partial(_one_of, together, place))
        return running

    def _within_limits(self, opened: _Opened) -> list[_Opened]:
        """`opened` alone; nothing when it holds no members or may not be opened, which its reading says then."""
        reading = opened.node.reading
        if not reading.members:
            return []
        if opened.depth > self._limits.depth:
            return self._shut(opened, f"more than {self._limits.depth} archives inside one another")
        if opened.letters > DEEPEST_LETTERS:
            return self._shut(opened, f"more than {DEEPEST_LETTERS} letters inside one another")
        if self._files + len(reading.members) > self._limits.members:
            return self._shut(opened, f"more than {self._limits.members} files altogether")
        self._files += len(reading.members)
        return [opened]

    def _shut(self, opened: _Opened, why: str) -> list[_Opened]:
        problem = Problem(code="over_limit", detail=why)
        opened.node.fresh = (
            True  # to be recorded even when the archive was read elsewhere before: its files are missing here
        )
        opened.node.reading = opened.node.reading.model_copy(update={"members": (), "problem": problem})
        return []

    def _start(self, task: _Task) -> Future[Reading]:
        return self._executor.submit(task.run, task.path, task.folder, self._limits, limits=self._limits)

    def _start_together(self, tasks: list[_Task]) -> Future[tuple[Reading, ...]]:
        places = tuple((task.path, task.folder) for task in tasks)
        return self._executor.submit(read_files, places, self._limits, limits=self._limits)

    def _result(self, task: _Task, result: _Result) -> Reading:
        """What `result` gives; once more and alone when its reader was lost."""
        try:
            return result()
        except ReaderLostError:
            shutil.rmtree(task.folder, ignore_errors=True)
            task.folder.mkdir()
        try:
            return self._start(task).result()
        except ReaderLostError as lost:
            return _lost(task.path, "timed_out" if lost.timed_out else "killed", str(lost))

    def _recognised(self, reading: Reading, task: _Task) -> Reading:
        """`reading`, or what a recogniser makes of the scan it tells of."""
        return read_again_if_scan(reading, task.path, executor=self._executor, limits=self._limits)

    def _look_for_pages(self, root: Node) -> None:
        """Where no document could be read, pictures may be its pages."""
        if any(node.reading.document is not None and node.reading.problem is None for node in root.walk()):
            return
        photos = [(node.reading, path) for node, path in self._photos]
        for (node, _), reading in zip(
            self._photos,
            with_page_words(photos, executor=self._executor, limits=self._limits),
            strict=True,
        ):
            node.reading = reading

    def _new_folder(self) -> Path:
        self._folders += 1
        folder = self._job / f"{self._folders:04d}"
        folder.mkdir()
        return folder


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    folder: Path
    size_bytes: int
    run: Callable[[Path, Path, Limits], Reading]


def _errands(tasks: Mapping[str, _Task]) -> Iterator[list[str]]:
    """The keys of `tasks` in order, as many at a time as one errand takes; a larger file goes alone."""
    errand: list[str] = []
    total_bytes = 0
    for key, task in tasks.items():
        if errand and (len(errand) == ERRAND_FILES or total_bytes + task.size_bytes > ERRAND_BYTES):
            yield errand
            errand, total_bytes = [], 0
        errand.append(key)
        total_bytes += task.size_bytes
    if errand:
        yield errand


def _one_of(together: Future[tuple[Reading, ...]], place: int) -> Reading:
    return together.result()[place]


def _lost(path: Path, code: ProblemCode, detail: str) -> Reading:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Reading(
        reader="none/0",
        format="other",
        sha256=sha256,
        size_bytes=path.stat().st_size,
        problem=Problem(code=code, detail=detail),
    )
