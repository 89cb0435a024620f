"""What a file cannot do that has taken its reader over: everything but read itself and write to its own job folder."""

from __future__ import annotations

import os
import pickle
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from intake.edges.executors import answers
from intake.edges.executors.claims import believed
from intake.edges.executors.each import Each
from intake.edges.executors.errands import Task
from intake.edges.executors.inline import InlineExecutor
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.executors.tree import read_tree
from intake.edges.executors.walls import handed_in
from intake.edges.executors.worker_process import confinement
from intake.errors import ReaderLostError
from parsers.cage import landlock
from parsers.digests import sha256_of
from parsers.documents.office import find_office
from parsers.limits import Limits
from parsers.reading import read_file
from tests.conftest import RequireServer
from tests.hostile import break_ins
from tests.intake.edges import reader_tasks
from tests.kernel import kernel_has_landlock

CALM = Limits(wall_seconds=60)
T = TypeVar("T")


@pytest.fixture(scope="module")
def pool(require_server: RequireServer) -> Iterator[PebbleExecutor]:
    """Reader processes of a service that runs on a kernel with Landlock; in CI a kernel that has it must let us use it."""
    if not kernel_has_landlock():
        pytest.skip("this kernel has no Landlock")
    require_server("Landlock", landlock.abi() >= landlock.OLDEST_ABI)
    executor = PebbleExecutor(1)
    yield executor
    executor.close()


class Place:
    """A working folder with two letters in work, and the home of whoever runs the service."""

    def __init__(self, folder: Path) -> None:
        self.env = folder / "work" / ".env"
        self.settings = folder / "work" / "intake.toml"
        self.data = folder / "work" / "data"
        self.database = self.data / "intake.sqlite3"
        self.job = self.data / "jobs" / "ours" / "0001"
        self.file = self.data / "jobs" / "ours" / "case.txt"
        self.other = self.data / "jobs" / "theirs" / "0001" / "secret.docx"
        self.key = folder / "home" / ".ssh" / "id_ed25519"
        for path in (self.env, self.settings, self.database, self.file, self.other, self.key):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"planted in {path.name}", encoding="utf-8")
        self.job.mkdir()

    @property
    def forbidden(self) -> tuple[str, ...]:
        """What no reader of `file` has any business with."""
        files = (self.env, self.settings, self.database, self.other, self.key)
        folders = (self.data, self.data / "jobs", self.other.parent, Path("/tmp"), Path("/root"), Path("/home"))
        return tuple(map(str, (*files, *folders, "/", "/etc/shadow", "/etc/hostname", f"/proc/{os.getppid()}/environ")))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_nothing_but_the_file_itself_can_be_read(pool: PebbleExecutor, place: Place) -> None:
    told = pool.submit(break_ins.read_all, place.file, place.job, place.forbidden, limits=CALM).result(60)

    assert told == ("EACCES",) * len(place.forbidden)
    assert break_ins.read_all(place.file, place.job, (str(place.env),)) == ("read",)  # the same attempt outside


def test_nothing_can_be_written_but_in_the_job_folder(pool: PebbleExecutor, place: Place, tmp_path: Path) -> None:
    wanted = [
        *place.forbidden[:5],
        *(f"{folder}/new" for folder in (place.data, tmp_path, "/tmp", "/var/tmp", "/dev/shm")),
    ]
    wanted.append(str(place.file))

    told = pool.submit(break_ins.write_all, place.file, place.job, tuple(wanted), limits=CALM).result(60)

    assert told == ("EACCES",) * len(wanted)
    assert not (place.data / "new").exists()


def test_a_reader_has_what_reading_takes(pool: PebbleExecutor, place: Place) -> None:
    told = pool.submit(break_ins.write_where_it_may, place.file, place.job, limits=CALM).result(60)

    assert told == ("planted in case.txt", "a", "below", "True")


def test_no_link_is_left_for_the_service_to_follow(pool: PebbleExecutor, place: Place) -> None:
    told = pool.submit(break_ins.make_links, place.file, place.job, str(place.env), limits=CALM).result(60)

    assert set(told) <= {"EACCES", "EXDEV"}
    assert list(place.job.iterdir()) == []


def test_rights_of_files_stay_as_they_were(pool: PebbleExecutor, place: Place) -> None:
    place.env.chmod(0o600)

    pool.submit(break_ins.open_up, place.job, str(place.env), limits=CALM).result(60)

    assert place.env.stat().st_mode & 0o777 == 0o600


def test_neither_local_sockets_nor_the_service_itself_can_be_reached(
    pool: PebbleExecutor, place: Place, tmp_path: Path
) -> None:
    address = str(tmp_path / "bus")
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(address)
        bus.listen()

        told = pool.submit(break_ins.reach_others, place.job, address, os.getpid(), limits=CALM).result(60)

    signal_sent = "EPERM" if landlock.abi() >= 6 else "done"
    assert told == ("EACCES", signal_sent, "EACCES", "EACCES", "EACCES")


def test_programs_a_reader_starts_are_shut_in_with_it(pool: PebbleExecutor, place: Place) -> None:
    told = pool.submit(break_ins.let_a_program_read, place.file, place.job, place.forbidden, limits=CALM).result(60)

    assert "planted" not in told
    assert [path.name for path in place.data.rglob("new") if path.parent != place.job] == []
    assert place.env.read_text(encoding="utf-8") == "planted in .env"


def test_a_reader_says_itself_that_it_is_shut_in(pool: PebbleExecutor) -> None:
    told = pool.submit(confinement, limits=CALM).result(60)

    assert (told.files, told.walls, told.no_network) == (True, "landlock", True)


def test_a_file_that_is_handed_over_is_read_as_ever(pool: PebbleExecutor, place: Place) -> None:
    reading = pool.submit(read_file, place.file, place.job, CALM, limits=CALM).result(60)

    assert (reading.problem, reading.document is not None) == (None, True)


def test_the_next_task_is_shut_in_to_its_own_files(pool: PebbleExecutor, place: Place) -> None:
    """Walls fall with the child: the process that forks is not shut in by what it handed over before."""
    first = pool.submit(break_ins.read_all, place.file, place.job, (str(place.other),), limits=CALM).result(60)
    second = pool.submit(break_ins.read_all, place.other, place.job, (str(place.other), str(place.file)), limits=CALM)

    assert (first, second.result(60)) == (("EACCES",), ("read", "EACCES"))


def test_a_build_that_forgets_the_walls_is_found_out(
    monkeypatch: pytest.MonkeyPatch, place: Place, require_server: RequireServer
) -> None:
    """A broken build: the process is not made ready, so its children stand open."""
    monkeypatch.setattr("intake.edges.executors.pebble_pool.prepare", reader_tasks.leave_unready)
    executor = PebbleExecutor(1)

    try:
        told = executor.submit(break_ins.read_all, place.file, place.job, (str(place.env),), limits=CALM).result(60)
        confined = executor.submit(confinement, limits=CALM).result(60)
    finally:
        executor.close()

    assert (told, confined.files) == (("read",), False)


@pytest.mark.parametrize(
    "false", ["sha256", "../../.env", "/etc/passwd", "..", "", "not-there", "folder", "link", "plain"]
)
def test_a_reader_that_tells_of_another_file_is_not_believed(place: Place, false: str) -> None:
    (place.job / "folder").mkdir()
    (place.job / "plain").write_text("not what the hash says", encoding="utf-8")
    (place.job / "link").symlink_to(place.env)
    task = Task(place.file, place.job, 1, partial(break_ins.claim, false=false), sha256_of(place.file))
    reading = task.run(task.path, task.folder, CALM)

    with pytest.raises(ReaderLostError):
        believed(reading, task)
    assert believed(read_file(place.file, place.job, CALM), task).problem is None


class Forging(InlineExecutor):
    """Every reading is told as a reader tells it that was taken over."""

    def __init__(self, false: str) -> None:
        self.false = false

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        """As the executor's own, but for what comes back."""
        forged: Callable[..., Any] = partial(break_ins.claim, false=self.false)
        return super().submit(forged, *args, limits=limits)


@pytest.mark.parametrize("false", ["sha256", "../../../../.env"])
def test_what_is_not_believed_is_left_to_a_person(place: Place, false: str) -> None:
    root = read_tree(place.file, place.job, executor=Forging(false), limits=CALM, letter=False)

    assert [node.reading.problem and node.reading.problem.code for node in root.walk()] == ["killed"]
    assert root.reading.sha256 == sha256_of(place.file)


# -- the way back -----------------------------------------------------------------------


class Runs:
    """Unpickled, it makes a file."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[object, tuple[Path, ...]]:
        return Path.touch, (self.made,)


@pytest.mark.skipif(sys.platform != "linux", reason="tasks have children of their own on Linux alone")
def test_what_a_reader_answers_runs_nothing_in_the_service(tmp_path: Path) -> None:
    executor = PebbleExecutor(1)
    hostile = pickle.dumps(Runs(tmp_path / "ran"))

    try:
        task = executor.submit(break_ins.answer_with, hostile, limits=CALM)
        with pytest.raises(ReaderLostError, match="no answer"):
            task.result(60)
        after = executor.submit(reader_tasks.double, 21, limits=CALM).result(60)
        descriptors = executor.submit(break_ins.open_descriptors, limits=CALM).result(60)
    finally:
        executor.close()

    assert not (tmp_path / "ran").exists()
    assert (after, descriptors) == (42, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="tasks have children of their own on Linux alone")
def test_a_reader_cannot_stop_the_service_by_telling_of_a_full_disk() -> None:
    executor = PebbleExecutor(1)
    full = b'{"raised": ["OSError", ["28", "No space left on device"], "at line 1"]}'

    try:
        with pytest.raises(ReaderLostError, match="No space left on device"):
            executor.submit(break_ins.answer_with, full, limits=CALM).result(60)
    finally:
        executor.close()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x80\x04.",
        b"[]",
        b"{}",
        b'{"gave": {"shape": "Popen", "facts": "{}"}}',
        b'{"gave": {"shape": "Reading", "facts": "{}"}}',
        b'{"gave": {"shape": "Confinement", "facts": "{\\"ceilings\\": \\"perhaps\\"}"}}',
        b'{"gave": {"tuple": 3}}',
        b'{"gave": {}}',
        b'{"gave": 1, "more": 2}',
        b'{"raised": "KeyError"}',
        b"[" * 100_000,
        b'{"gave": ' + b"9" * 5_000 + b"}",
        pytest.param(b'{"gave": [' + b"[]," * (answers.MOST_PARTS // 2) + b"[]]}", id="millions of lists"),
    ],
)
def test_an_answer_of_any_other_shape_is_none(said: bytes) -> None:
    with pytest.raises(answers.UnusableAnswerError):
        answers.opened(answers.Answer(said))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("KeyError", KeyError), ("SystemExit", RuntimeError), ("exec", RuntimeError), ("x", RuntimeError)],
)
def test_an_error_comes_back_as_one_of_the_language_or_as_words(name: str, kind: type[Exception]) -> None:
    said = f'{{"raised": ["{name}", ["a bug"], "at line 1"]}}'.encode()

    with pytest.raises(kind, match="a bug") as caught:
        answers.opened(answers.Answer(said))

    assert (type(caught.value), caught.value.__notes__) == (kind, ["at line 1"])


@pytest.mark.parametrize("value", [None, True, 3, 2.5, "字\ud800", ("a", ("b",)), ["a", None]])
def test_values_come_back_as_they_were(value: object) -> None:
    assert answers.opened(answers.Answer(answers.packed(lambda: value))) == value


def test_a_reader_of_an_old_document_is_shut_in_and_has_it_converted(
    pool: PebbleExecutor, require_server: RequireServer, place: Place
) -> None:
    """LibreOffice listens at a socket, which no walls of Landlock let a reader do; somebody else starts it."""
    require_server("LibreOffice", find_office() is not None)
    place.file.write_bytes(b"{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 One case.\\par}")
    beside = str(place.job.parent)  # where the file is converted

    told = pool.submit(
        break_ins.read_and_look, place.file, place.job, (*place.forbidden, beside), CALM, limits=CALM
    ).result(60)

    assert told[0][:11] == "LibreOffice"
    assert told[1:] == ("EACCES",) * (len(place.forbidden) + 1)
    assert sorted(each.name for each in place.job.parent.iterdir()) == ["0001", "case.txt"]


@pytest.mark.parametrize(("folders", "beside"), [(("jobs/1",), "jobs"), (("jobs/1", "jobs"), None), ((), None)])
def test_nothing_is_converted_where_the_reader_could_reach_it(
    folders: tuple[str, ...], beside: str | None, tmp_path: Path
) -> None:
    (tmp_path / "jobs" / "1").mkdir(parents=True)

    handed = handed_in(tuple(tmp_path / folder for folder in folders))

    assert handed.beside == (tmp_path / beside if beside else None)


def test_files_of_one_errand_are_shut_in_each_by_itself(pool: PebbleExecutor, place: Place) -> None:
    """Else one that has taken its reader over could tell what it likes of the others."""
    calls = [
        (own, place.job, (str(own), str(other)))
        for own, other in ((place.file, place.other), (place.other, place.file))
    ]

    told = pool.submit(Each(break_ins.read_all), *calls, limits=CALM).result(60)

    assert told == (("read", "EACCES"), ("read", "EACCES"))
