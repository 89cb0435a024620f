"""A file and everything inside it, each file read once: real files and readers; only the loss of a reader is played."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pytest

from intake.edges.executors.each import Each
from intake.edges.executors.errands import ERRAND_BYTES, ERRAND_FILES
from intake.edges.executors.inline import InlineExecutor
from intake.edges.executors.tree import Node, found_files, read_tree
from intake.errors import ReaderLostError
from parsers.facts import ArchiveFacts, Member, Problem, ProblemCode, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file
from tests.letters import Draft, File, plain_letter

T = TypeVar("T")

TEXT = "背景与起因\n小区治理。\n".encode()


class CountingExecutor(InlineExecutor):
    """Notes what was read, in order, and how many files each errand took."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.errands: list[int] = []
        self.tasks: list[object] = []

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        self.errands.append(len(places(args)))
        self.tasks.append(task)
        self.read += [digest(path.read_bytes()) for path, _ in places(args)]
        return super().submit(task, *args, limits=limits)


class LosingExecutor(InlineExecutor):
    """Loses the reader of the file `sha256` the first `times`, after it has left something behind."""

    def __init__(self, sha256: str, *, times: int, timed_out: bool = True) -> None:
        super().__init__()
        self._sha256 = sha256
        self._left = times
        self._timed_out = timed_out

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        folder = next((job for path, job in places(args) if digest(path.read_bytes()) == self._sha256), None)
        if self._left == 0 or folder is None:
            return super().submit(task, *args, limits=limits)
        self._left -= 1
        (folder / "half-written").write_bytes(b"x")
        lost: Future[T] = Future()
        lost.set_exception(ReaderLostError("stopped after 60 s", timed_out=self._timed_out))
        return lost


class QuineExecutor(InlineExecutor):
    """Finds inside every file the file itself, as an archive built for that does."""

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        path, folder = Path(str(args[0])), Path(str(args[1]))
        raw = path.read_bytes()
        (folder / "0").write_bytes(raw)
        inside = Member(
            locator="0", name="again.zip", stored_as="0", size_bytes=len(raw), sha256=digest(raw), origin="archive"
        )
        done: Future[T] = Future()
        done.set_result(archive(digest(raw), inside))  # type: ignore[arg-type]  # the readers' own result
        return done


def places(args: tuple[object, ...]) -> tuple[tuple[Path, Path], ...]:
    """Path and job folder of every file a reader is sent for."""
    if isinstance(args[0], tuple):
        return tuple((call[0], call[1]) for call in args if isinstance(call, tuple))
    return ((Path(str(args[0])), Path(str(args[1]))),)


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def archive(sha256: str, *members: Member, problem: ProblemCode | None = None) -> Reading:
    return Reading(
        reader="zip/1",
        format="archive",
        sha256=sha256,
        size_bytes=10,
        archive=ArchiveFacts(kind="zip", entries=len(members)),
        members=members,
        problem=Problem(code=problem) if problem else None,
    )


def zipped(*files: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, raw in files:
            packed.writestr(zipfile.ZipInfo(name, (2022, 12, 5, 9, 0, 0)), raw)
    return held.getvalue()


def names(root: Node) -> list[str]:
    return [node.member.name for node in root.walk() if node.member is not None]


def problems(root: Node) -> dict[str, str]:
    return {
        node.member.name if node.member else "": node.reading.problem.code
        for node in root.walk()
        if node.reading.problem is not None
    }


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., Node]:
    """Read `raw` and what is inside it."""

    def read(raw: bytes, *, letter: bool = False, limits: Limits = DEFAULT_LIMITS, **more: object) -> Node:
        path = tmp_path / "given"
        path.write_bytes(raw)
        edges = {"executor": InlineExecutor(), **more}
        return read_tree(path, tmp_path / "jobs" / "1", limits=limits, letter=letter, **edges)  # type: ignore[arg-type]

    return read


def test_letter_with_a_zip_gives_its_files_in_document_order(look: Callable[..., Node]) -> None:
    inner = zipped(("b.txt", TEXT + b"2"), ("c.txt", TEXT + b"3"))
    files = (File("a.zip", inner, "application/zip"), File("d.txt", TEXT + b"4", "text/plain"))

    root = look(plain_letter(Draft(subject="报送案例", files=files)), letter=True)

    assert (root.member, root.reading.letter is not None) == (None, True)
    assert names(root) == ["a.zip", "b.txt", "c.txt", "d.txt"]


def test_found_files_know_what_they_lay_in(look: Callable[..., Node]) -> None:
    found = found_files(look(zipped(("b.txt", TEXT), ("in.zip", zipped(("c.txt", TEXT + b"3"))))))

    assert [(file.name, file.container.name if file.container else None) for file in found] == [
        ("b.txt", None),
        ("in.zip", None),
        ("c.txt", "in.zip"),
    ]


def test_job_folder_is_gone_when_all_is_read(look: Callable[..., Node], tmp_path: Path) -> None:
    look(zipped(("b.txt", TEXT)))

    assert list((tmp_path / "jobs").iterdir()) == []


def test_job_folder_is_gone_when_reading_breaks(look: Callable[..., Node], tmp_path: Path) -> None:
    def broken(_: Iterable[str]) -> Mapping[str, Reading]:
        raise OSError("no database")

    with pytest.raises(OSError, match="no database"):
        look(zipped(("b.txt", TEXT)), known=broken)

    assert list((tmp_path / "jobs").iterdir()) == []


# --- nothing is read twice


def test_file_in_two_places_is_read_once_and_stands_in_both(look: Callable[..., Node]) -> None:
    executor = CountingExecutor()

    root = look(zipped(("a.txt", TEXT), ("b.txt", TEXT)), executor=executor)

    first, second = root.children
    assert Counter(executor.read)[digest(TEXT)] == 1
    assert (names(root), first.reading, (first.fresh, second.fresh)) == (
        ["a.txt", "b.txt"],
        second.reading,
        (True, False),
    )


def test_archive_in_two_places_is_opened_in_the_first(look: Callable[..., Node]) -> None:
    inner = zipped(("c.txt", TEXT))

    root = look(zipped(("a.zip", inner), ("b.zip", inner)))

    assert names(root) == ["a.zip", "c.txt", "b.zip"]


def test_file_whose_reading_is_stored_is_not_read_again(look: Callable[..., Node]) -> None:
    executor = CountingExecutor()
    stored = Reading(reader="text/1", format="txt", sha256=digest(TEXT), size_bytes=len(TEXT))

    root = look(zipped(("a.txt", TEXT)), executor=executor, known=lambda _: {digest(TEXT): stored})

    assert (digest(TEXT) in executor.read, root.children[0].reading, root.children[0].fresh) == (False, stored, False)


def test_archive_whose_reading_is_stored_is_opened_for_its_members(look: Callable[..., Node]) -> None:
    inner = zipped(("c.txt", TEXT))
    stored = look(inner).reading

    root = look(zipped(("a.zip", inner)), known=lambda _: {digest(inner): stored})

    assert (names(root), [node.fresh for node in root.walk()]) == (["a.zip", "c.txt"], [True, False, True])


@pytest.mark.parametrize("code", ["timed_out", "killed", "reader_failed", "over_limit"])
def test_file_our_machine_could_not_read_before_is_read_again(look: Callable[..., Node], code: ProblemCode) -> None:
    stored = Reading(
        reader="none/0", format="other", sha256=digest(TEXT), size_bytes=len(TEXT), problem=Problem(code=code)
    )

    root = look(zipped(("a.txt", TEXT)), known=lambda _: {digest(TEXT): stored})

    assert (problems(root), root.children[0].fresh) == ({}, True)


# --- bounds


def test_archives_inside_one_another_are_opened_down_to_the_limit(look: Callable[..., Node]) -> None:
    limits = DEFAULT_LIMITS.model_copy(update={"depth": 2})
    third = zipped(("deep.txt", TEXT))
    second = zipped(("b.txt", b"2"), ("3.zip", third))
    first = zipped(("a.txt", b"1"), ("2.zip", second))
    letter = Draft(files=(File("1.zip", first, "application/zip"),))

    root = look(plain_letter(letter), letter=True, limits=limits)

    assert names(root) == ["1.zip", "a.txt", "2.zip", "b.txt", "3.zip"]
    assert problems(root) == {"3.zip": "over_limit"}


def test_archives_that_make_too_many_files_altogether_stay_shut(look: Callable[..., Node]) -> None:
    limits = DEFAULT_LIMITS.model_copy(update={"members": 6})
    inner = [zipped(*((f"{n}{m}.txt", f"{n}{m}".encode()) for m in range(3))) for n in range(3)]

    root = look(zipped(("a.zip", inner[0]), ("b.zip", inner[1]), ("c.zip", inner[2])), limits=limits)

    assert names(root) == ["a.zip", "00.txt", "01.txt", "02.txt", "b.zip", "c.zip"]
    assert problems(root) == {"b.zip": "over_limit", "c.zip": "over_limit"}


def test_archive_shut_here_is_recorded_though_its_reading_is_stored(look: Callable[..., Node]) -> None:
    limits = DEFAULT_LIMITS.model_copy(update={"members": 2})
    inner = zipped(("a.txt", b"1"), ("b.txt", b"2"))
    stored = look(inner).reading

    root = look(zipped(("a.zip", inner)), limits=limits, known=lambda _: {digest(inner): stored})

    assert (problems(root), root.children[0].fresh) == ({"a.zip": "over_limit"}, True)


def test_archive_that_holds_itself_is_opened_once(look: Callable[..., Node]) -> None:
    root = look(b"quine", executor=QuineExecutor())

    assert names(root) == ["again.zip"]


# --- readers that are lost


def test_file_whose_reader_was_lost_once_is_read_by_the_second(look: Callable[..., Node]) -> None:
    root = look(zipped(("a.txt", TEXT), ("b.txt", b"2")), executor=LosingExecutor(digest(TEXT), times=1))

    assert (names(root), problems(root)) == (["a.txt", "b.txt"], {})


@pytest.mark.parametrize(("timed_out", "code"), [(True, "timed_out"), (False, "killed")])
def test_file_whose_reader_was_lost_twice_has_a_problem_and_costs_no_other(
    look: Callable[..., Node], timed_out: bool, code: str
) -> None:
    executor = LosingExecutor(digest(TEXT), times=2, timed_out=timed_out)

    root = look(zipped(("a.txt", TEXT), ("b.txt", b"2")), executor=executor)

    lost = root.children[0].reading
    assert (names(root), problems(root)) == (["a.txt", "b.txt"], {"a.txt": code})
    assert (lost.sha256, lost.size_bytes) == (digest(TEXT), len(TEXT))


# --- files on one errand


def test_files_that_share_an_errand_with_a_lost_one_are_read_by_themselves(look: Callable[..., Node]) -> None:
    files = [(f"{n}.txt", f"{n}".encode()) for n in range(3)]
    executor = LosingExecutor(digest(b"1"), times=2)

    root = look(zipped(*files), executor=executor)

    assert [node.reading.problem.code if node.reading.problem else None for node in root.children] == [
        None,
        "timed_out",
        None,
    ]
    assert [node.reading.sha256 for node in root.children] == [digest(raw) for _, raw in files]


def test_files_that_share_an_errand_are_read_apart(look: Callable[..., Node]) -> None:
    """In one process, a file that takes it over could have false facts of another stored under that one's hash."""
    executor = CountingExecutor()

    look(zipped(("1.txt", b"1"), ("2.txt", b"2")), executor=executor)

    assert executor.tasks == [read_file, Each(read_file)]


@pytest.mark.parametrize(
    ("sizes", "errands"),
    [
        ([10] * ERRAND_FILES, [ERRAND_FILES]),
        ([10] * (ERRAND_FILES + 1), [ERRAND_FILES, 1]),
        ([ERRAND_BYTES // 2, ERRAND_BYTES // 2], [2]),
        ([ERRAND_BYTES // 2, ERRAND_BYTES // 2 + 1], [1, 1]),
        ([10, ERRAND_BYTES + 1, 10], [1, 1, 1]),
    ],
)
def test_errand_takes_so_many_files_and_bytes(look: Callable[..., Node], sizes: list[int], errands: list[int]) -> None:
    executor = CountingExecutor()
    files = [(f"{n}.bin", bytes([n]) * size) for n, size in enumerate(sizes)]

    look(zipped(*files), executor=executor)

    assert executor.errands == [1, *errands]
