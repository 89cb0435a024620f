"""Reading a file and everything inside it, level by level.

A letter yields attachments, an archive its members, a Word file its pictures: each
becomes a node, read in a process that may be killed, so that one bad file costs
itself alone. Small files side by side go to a reader process on one errand, for the way
there costs more than they do; each is read apart there, and when one of them ends its
reader, each goes by itself.
Peers: an `Executor` and the job folder on disk.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from intake.casework.files import FoundFile
from intake.edges.executors import Executor
from intake.edges.executors.claims import believed
from intake.edges.executors.each import Each
from intake.edges.executors.errands import Task, errands, one_of
from intake.edges.executors.places import Place, places_of
from intake.edges.executors.scans import read_again_if_scan, with_page_words
from intake.errors import ReaderLostError
from parsers.digests import sha256_of
from parsers.facts import LetterFacts, Member, Problem, ProblemCode, Reading
from parsers.limits import Limits
from parsers.reading import read_file, read_letter_file, read_volumes
from parsers.text.passwords import find_passwords, find_passwords_in_name

KnownReadings = Callable[[Iterable[str]], Mapping[str, Reading]]
"""Stored readings by file hash, for those of the hashes that have one."""

StatedElsewhere = Callable[[LetterFacts, Iterable[str]], Iterable[str]]
"""Passwords stated in other letters of the same sender, or of those who sent files of these hashes; most likely first."""

Look = Callable[[Member, Path], None]
"""Sees a file while it lies on disk; of a split archive the first volume."""

_Result = Callable[[], Reading]
"""Waits for a reading. Raises: ReaderLostError."""

READ_AGAIN: frozenset[ProblemCode] = frozenset({"timed_out", "killed", "reader_failed", "over_limit", "encrypted"})
"""Problems of a stored reading that may be gone the next time: they came of our machine, of where the file lay, or of a
password that nobody had stated yet."""

DEEPEST_LETTERS = 10
"""How many attached letters may lie inside one another: each may be nearly as large as the one around it."""

NOTE_CHARACTERS = 500
"""A text this short beside a locked file may be the note that tells its password."""

MOST_PASSWORDS = 40
"""Tried on one file: a 7z takes half a second for each."""


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
                folder=child.member.folder,
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


def nothing_stated(_: LetterFacts, __: Iterable[str]) -> Iterable[str]:
    """No other letters."""
    return ()


def look_at_nothing(_: Member, __: Path) -> None:
    """Nobody wants to see the files themselves."""


def passwords_stated_in(letter: LetterFacts) -> tuple[str, ...]:
    """What a letter states as passwords, most explicit first; quoted history, too, may be where it stands."""
    return find_passwords(f"{letter.subject}\n{letter.text}\n{letter.quoted}")


def read_tree(
    path: Path,
    job: Path,
    *,
    executor: Executor,
    limits: Limits,
    letter: bool,
    known: KnownReadings = nothing_known,
    stated_elsewhere: StatedElsewhere = nothing_stated,
    look: Look = look_at_nothing,
) -> Node:
    """Everything that `path` and the files inside it tell.

    `job` is made, used for extracted members and removed again. A file that two places
    hold is read and opened once: where it stands again, it has no children. (An archive can
    hold itself: R. Cox, "Zip Files All The Way Down", 2010.) Archives or letters too deep inside one
    another, or whose members would make more than `limits.members` files in all, stay shut
    with the problem `over_limit`; so do those that would bring more than `limits.members_bytes` in
    all. Volumes of a split archive are read as one file, which stands where the first of them stood.

    A locked file is tried with every password that the letter, the files' names and short notes beside
    it state; what still stays shut, with those of `stated_elsewhere`, which is asked only then. A reader that was killed is tried once more by itself;
    killed again, its file has the problem `timed_out` or `killed`. `look` is called with every file found inside,
    while it lies on disk.
    """
    job.mkdir(parents=True, exist_ok=True)
    try:
        return _Reader(executor, limits, known, job, stated_elsewhere=stated_elsewhere, look=look).read(
            path, letter=letter
        )
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
    def __init__(
        self,
        executor: Executor,
        limits: Limits,
        known: KnownReadings,
        job: Path,
        *,
        stated_elsewhere: StatedElsewhere,
        look: Look,
    ) -> None:
        self._executor = executor
        self._limits = limits
        self._known = known
        self._job = job
        self._folders = 0
        self._files = 0
        self._bytes = 0
        self._stated_elsewhere = stated_elsewhere
        self._look = look
        self._passwords: dict[str, None] = {}
        """In the order found; a secret of the sender: they go to readers and nowhere else."""
        self._letter: LetterFacts | None = None
        self._done: dict[str, Reading] = {}
        self._photos: list[tuple[Node, Path]] = []

    def read(self, path: Path, *, letter: bool) -> Node:
        self._note(find_passwords_in_name(path.name))
        run = read_letter_file if letter else read_file
        task = Task(path, self._new_folder(), path.stat().st_size, run, sha256_of(path))
        reading = self._recognised(self._result(task, self._start(task).result), task)
        root = Node(reading=reading, member=None)
        self._letter = reading.letter
        if reading.letter is not None:
            self._note(passwords_stated_in(reading.letter))
        self._done[root.reading.sha256] = root.reading
        level = self._within_limits(_Opened(root, task.folder, 0))
        while level:
            level = self._open(level)
        self._look_for_pages(root)
        return root

    def _open(self, level: list[_Opened]) -> list[_Opened]:
        """Read the members of a whole level at once; return those that hold members themselves."""
        places = [(opened, place) for opened in level for place in _places_in(opened.node)]
        for _, place in places:
            self._note(find_passwords_in_name(place.member.name))
        stored = self._stored({place.key for _, place in places} - self._done.keys())
        running = self._start_unread(places, stored)
        read = {
            key: (task, self._recognised(self._result(task, result), task)) for key, (task, result) in running.items()
        }
        self._try_again_with_new_passwords(read)
        below: list[_Opened] = []
        for opened, place in places:
            key, member = place.key, place.member
            self._look(member, opened.folder / member.stored_as)
            again = self._done.get(key)
            if again is not None:
                opened.node.children.append(Node(again, member, fresh=False))
                continue
            if key in read:
                task, reading = read[key]
                node = Node(reading, member, fresh=key not in stored or reading.problem != stored[key].problem)
                if node.reading.photo is not None:
                    self._photos.append((node, task.path))
                depth = opened.depth + (node.reading.format == "archive")
                letters = opened.letters + (node.reading.format == "letter")
                below += self._within_limits(_Opened(node, task.folder, depth, letters))
            else:
                node = Node(stored[key], member, fresh=False)
            self._done[key] = node.reading
            opened.node.children.append(node)
        return below

    def _note(self, passwords: Iterable[str]) -> bool:
        """Keep passwords, likeliest first, for all files to come; whether any is new."""
        before = len(self._passwords)
        self._passwords.update(dict.fromkeys(reversed(tuple(passwords))))  # the last one kept is tried first
        return len(self._passwords) > before

    def _try_again_with_new_passwords(self, read: dict[str, tuple[Task, Reading]]) -> None:
        """What stayed locked is read once more when a note beside it, or another letter, states a password."""
        locked = [key for key, (_, reading) in read.items() if _is_locked(reading)]
        if not locked:
            return
        has_new = self._note(password for _, reading in read.values() for password in _stated_by(reading))
        if self._letter is not None:
            has_new = self._note(self._stated_elsewhere(self._letter, locked)) or has_new
        for key in locked if has_new else ():
            task, _ = read[key]
            _empty(task.folder)
            read[key] = (task, self._recognised(self._result(task, self._start(task).result), task))

    def _stored(self, hashes: set[str]) -> dict[str, Reading]:
        """Stored readings that may be relied on, by hash."""
        return {
            sha256: reading
            for sha256, reading in self._known(hashes).items()
            if reading.problem is None or reading.problem.code not in READ_AGAIN
        }

    def _start_unread(
        self, places: list[tuple[_Opened, Place]], stored: Mapping[str, Reading]
    ) -> dict[str, tuple[Task, _Result]]:
        """Start every file not met before, each once; by hash.

        What holds members is opened again even when its reading is stored: they are needed on disk.
        """
        tasks: dict[str, Task] = {}
        for opened, place in places:
            key = place.key
            if key in self._done or key in tasks or (key in stored and not stored[key].members):
                continue
            tasks[key] = self._task(opened.folder, place)
        running: dict[str, tuple[Task, _Result]] = {}
        for errand in errands(tasks):
            if len(errand) == 1:
                running[errand[0]] = (tasks[errand[0]], self._start(tasks[errand[0]]).result)
                continue
            together = self._start_together([tasks[sha256] for sha256 in errand])
            for place_in_errand, sha256 in enumerate(errand):
                running[sha256] = (tasks[sha256], partial(one_of, together, place_in_errand))
        return running

    def _task(self, folder: Path, place: Place) -> Task:
        paths = tuple(folder / member.stored_as for member in place.members)
        if place.style is None:
            return Task(paths[0], self._new_folder(), place.size_bytes, read_file, place.key)
        read = partial(read_volumes, more=paths[1:], style=place.style, missing=place.missing)
        return Task(paths[0], self._new_folder(), place.size_bytes, read, place.key)

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
        size_bytes = sum(member.size_bytes for member in reading.members)
        if self._bytes + size_bytes > self._limits.members_bytes:
            return self._shut(opened, f"more than {self._limits.members_bytes} bytes altogether")
        self._files += len(reading.members)
        self._bytes += size_bytes
        return [opened]

    def _shut(self, opened: _Opened, why: str) -> list[_Opened]:
        problem = Problem(code="over_limit", detail=why)
        opened.node.fresh = (
            True  # to be recorded even when the archive was read elsewhere before: its files are missing here
        )
        opened.node.reading = opened.node.reading.model_copy(update={"members": (), "problem": problem})
        _empty(opened.folder)
        return []

    def _start(self, task: Task) -> Future[Reading]:
        secrets = () if task.run is read_letter_file else (self._to_try(),)
        return self._executor.submit(task.run, task.path, task.folder, self._limits, *secrets, limits=self._limits)

    def _start_together(self, tasks: list[Task]) -> Future[tuple[Reading, ...]]:
        calls = [(task.path, task.folder, self._limits, self._to_try()) for task in tasks]
        return self._executor.submit(Each(read_file), *calls, limits=self._limits)

    def _to_try(self) -> tuple[str, ...]:
        """The latest come first: a second letter states what the first one lacked."""
        return tuple(reversed(self._passwords))[:MOST_PASSWORDS]

    def _result(self, task: Task, result: _Result) -> Reading:
        """What `result` gives; once more and alone when its reader was lost."""
        try:
            return believed(result(), task)
        except ReaderLostError:
            _empty(task.folder)
        try:
            return believed(self._start(task).result(), task)
        except ReaderLostError as lost:
            return _lost(task, "timed_out" if lost.timed_out else "killed", str(lost))

    def _recognised(self, reading: Reading, task: Task) -> Reading:
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


def _places_in(node: Node) -> tuple[Place, ...]:
    return places_of(node.reading.members, container_name=node.member.name if node.member is not None else "")


def _is_locked(reading: Reading) -> bool:
    return reading.problem is not None and reading.problem.code == "encrypted"


def _stated_by(reading: Reading) -> tuple[str, ...]:
    """Passwords in a letter that was attached, or in a document short enough for a note."""
    if reading.letter is not None:
        return passwords_stated_in(reading.letter)
    text = "\n".join(block.text for block in reading.document.blocks) if reading.document is not None else ""
    return find_passwords(text) if len(text) <= NOTE_CHARACTERS else ()


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _lost(task: Task, code: ProblemCode, detail: str) -> Reading:
    """Of volumes under the hash of their set: the first of them may lie elsewhere beside others, or alone."""
    return Reading(
        reader="none/0",
        format="other",
        sha256=task.sha256,
        size_bytes=task.size_bytes,
        problem=Problem(code=code, detail=detail),
    )
