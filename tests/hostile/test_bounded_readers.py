"""What a file that has taken its reader over can use up: no more than its ceilings, and no more processes than it may need."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from intake.edges.executors import starts, walls
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.executors.tree import read_tree
from intake.edges.executors.worker_process import confinement
from intake.errors import ReaderLostError
from parsers.archives.programs import find_bsdtar
from parsers.limits import Limits
from parsers.reading import read_file
from tests.conftest import RequireServer
from tests.hostile import over_ceilings
from tests.kernel import kernel_has_asking_filters, kernel_has_landlock
from tests.parsers.cage.processes import running_with, wait_until

CALM = Limits(wall_seconds=60)
TO_OPEN_FILES = 0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
KEPT = ("ValueError",) * len(over_ceilings.CEILINGS)
RTF = b"{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 One case.\\par}"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tasks have children of their own on Linux alone")

Build = Callable[[Callable[..., object]], PebbleExecutor]


@pytest.fixture(scope="module")
def pool(require_server: RequireServer) -> Iterator[PebbleExecutor]:
    """A reader process of a machine whose kernel has all this; in CI it must let us use it."""
    if not (kernel_has_landlock() and kernel_has_asking_filters()):
        pytest.skip("this kernel has no Landlock, or no filters that ask")
    executor = PebbleExecutor(1)
    told = executor.submit(confinement, limits=CALM).result(60)
    try:
        require_server("seccomp's asking", told.starts)
        require_server("Landlock", told.files)
        yield executor
    finally:
        executor.close()


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, pool: PebbleExecutor) -> Iterator[Build]:
    """A reader process of a broken build."""
    executors: list[PebbleExecutor] = []

    def make(broken: Callable[..., object]) -> PebbleExecutor:
        monkeypatch.setattr("intake.edges.executors.pebble_pool.run_limited", broken)
        executors.append(PebbleExecutor(1))
        return executors[0]

    yield make
    for executor in executors:
        executor.close()


def lost(future: Future[Any]) -> ReaderLostError:
    with pytest.raises(ReaderLostError) as caught:
        future.result(60)
    return caught.value


def living(processes: tuple[int, ...]) -> list[int]:
    """Those of `processes` that still run."""
    return [each for each in processes if psutil.pid_exists(each)]


# -- ceilings ------------------------------------------------------------------------------------


def test_a_reader_cannot_lift_its_ceilings(pool: PebbleExecutor) -> None:
    assert pool.submit(over_ceilings.lift_ceilings, limits=CALM).result(60) == KEPT


def test_a_reader_that_tries_has_its_memory_and_no_more(pool: PebbleExecutor) -> None:
    limits = Limits(memory_bytes=700_000_000)

    held_bytes = pool.submit(over_ceilings.hoard_after_lifting, limits=limits).result(60)

    assert 0 < held_bytes < limits.memory_bytes


def test_a_build_with_ceilings_that_can_be_lifted_is_found_out(build: Build) -> None:
    executor = build(over_ceilings.with_passing_ceilings)

    lifted = executor.submit(over_ceilings.lift_ceilings, limits=CALM).result(60)
    told = executor.submit(confinement, limits=CALM).result(60)

    assert (lifted[:3], told.for_good) == (("lifted",) * 3, False)


def test_a_reader_of_root_has_no_right_of_root_but_to_open_files(pool: PebbleExecutor) -> None:
    """With another (CAP_SYS_RESOURCE, which containers often take from root) it could lift its ceilings."""
    assert pool.submit(over_ceilings.rights, limits=CALM).result(60) & ~TO_OPEN_FILES == 0


def test_a_build_that_leaves_root_its_rights_is_found_out(build: Build) -> None:
    if over_ceilings.rights() & ~TO_OPEN_FILES == 0:
        pytest.skip("this account has no rights that could be kept")
    executor = build(over_ceilings.with_rights_of_root)

    assert executor.submit(over_ceilings.rights, limits=CALM).result(60) & ~TO_OPEN_FILES != 0


# -- processes -----------------------------------------------------------------------------------


def test_a_reader_that_forks_has_a_few_children_and_none_is_left(pool: PebbleExecutor) -> None:
    children = pool.submit(over_ceilings.fork_until_refused, 50, limits=CALM).result(60)

    assert len(children) == starts.MOST_AT_ONCE
    assert living(children) == []


@pytest.mark.parametrize(("stays", "most"), [(True, starts.MOST_AT_ONCE), (False, starts.MOST_IN_ALL)])
def test_a_reader_that_forks_everywhere_meets_its_ceiling_and_nothing_is_left(
    pool: PebbleExecutor, tmp_path: Path, *, stays: bool, most: int
) -> None:
    file, job = tmp_path / "file", tmp_path / "job"
    file.touch()
    job.mkdir()
    bomb = partial(over_ceilings.fork_everywhere, stays=stays)

    error = lost(pool.submit(bomb, file, job, limits=Limits(wall_seconds=1.2)))
    started = tuple(int(each.name) for each in job.iterdir())

    assert error.timed_out
    assert 0 < len(started) <= most
    assert living(started) == []


def test_a_build_that_does_not_count_is_found_out(build: Build) -> None:
    executor = build(over_ceilings.with_free_starts)

    children = executor.submit(over_ceilings.fork_until_refused, 50, limits=CALM).result(60)
    told = executor.submit(confinement, limits=CALM).result(60)

    assert (len(children), told.starts, living(children)) == (50, False, [])


def test_a_reader_that_has_given_up_programs_starts_none_in_any_way(pool: PebbleExecutor) -> None:
    told = pool.submit(over_ceilings.start_after_giving_up, limits=CALM).result(60)

    assert told == ("PermissionError", "PermissionError", "ENOSYS", *("PermissionError",) * 3, "thread")


@pytest.mark.parametrize(
    ("content", "kind", "outcome"),
    [(b"a case", "txt", "PermissionError"), (RTF, "rtf", "PermissionError"), (b"Rar!\x1a\x07\x01\x00", "rar", "done")],
)
def test_only_readers_of_archives_may_start_a_program(
    pool: PebbleExecutor, tmp_path: Path, content: bytes, kind: str, outcome: str
) -> None:
    file, job = tmp_path / "file", tmp_path / "job"
    file.write_bytes(content)
    job.mkdir()
    task = partial(over_ceilings.read_taken_over, kind=kind)

    assert pool.submit(task, file, job, CALM, limits=CALM).result(60) == outcome


@pytest.mark.parametrize("has_landlock", [True, False])
def test_an_archive_that_takes_a_program_is_opened_within_the_bounds(
    pool: PebbleExecutor,
    has_landlock: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    require_server: RequireServer,
) -> None:
    """bsdtar below Landlock, or in bubblewrap where that may be used: its own processes are counted too."""
    require_server("bsdtar", find_bsdtar())
    file = tmp_path / "cut.zip"
    file.write_bytes(cut_off_zip(("case.txt", b"One case.")))
    if not has_landlock:
        monkeypatch.setattr("intake.edges.executors.pebble_pool.prepare", over_ceilings.without_landlock)
    executor = pool if has_landlock else PebbleExecutor(1)

    try:
        told = executor.submit(confinement, limits=CALM).result(60)
        root = read_tree(file, tmp_path / "job", executor=executor, limits=CALM, letter=False)
    finally:
        if not has_landlock:
            executor.close()

    assert (told.files, told.for_good, told.starts) == (has_landlock, True, True)
    assert (
        root.reading.problem and root.reading.problem.code
    ) == "reader_failed"  # a person looks whether all is there
    assert [node.member.name for node in root.walk() if node.member] == ["case.txt"]


def cut_off_zip(*files: tuple[str, bytes]) -> bytes:
    """A zip that ends within its directory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()[:-30]


# -- what cannot be had is told, what fails is not read with ----------------------------------------


@pytest.mark.parametrize("broken", [over_ceilings.with_ways_that_do_not_close, over_ceilings.with_asking_that_fails])
def test_a_reader_that_cannot_be_shut_in_as_this_machine_can_does_not_read(
    build: Build, broken: Callable[..., object]
) -> None:
    error = lost(build(broken).submit(confinement, limits=CALM))

    assert (error.timed_out, str(error)) == (False, "reader ended with status 78")


def test_a_machine_that_cannot_close_the_ways_round_says_so(build: Build, pool: PebbleExecutor) -> None:
    can = pool.submit(confinement, limits=CALM).result(60)
    cannot = build(over_ceilings.with_ways_unclosed).submit(confinement, limits=CALM).result(60)

    assert (cannot.files, cannot.local, can.files, can.local) == (True, True, True, False)


@pytest.mark.parametrize("status", [255, -31])  # 31: SIGSYS
def test_a_trial_that_dies_tells_of_a_machine_that_forbids_or_of_nothing_at_all(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may end whoever calls what it does not allow. Any other end is no knowledge to read on."""

    def die(_: object) -> int:
        if status < 0:
            os.kill(os.getpid(), -status)
        raise RuntimeError

    monkeypatch.setattr(walls, "_tried", die)
    monkeypatch.setattr(walls, "_possible", walls._possible)

    if status < 0:
        walls.try_walls()
        assert walls._possible == (False, False, False, False)
    else:
        with pytest.raises(OSError, match="status 255"):
            walls.try_walls()


# -- the office program ------------------------------------------------------------------------


@pytest.fixture
def hanging(build: Build, tmp_path: Path) -> PebbleExecutor:
    """A reader process whose office program, in `tmp_path`, starts another and comes to no end."""
    script = tmp_path / "office" / "program" / "soffice.bin"
    script.parent.mkdir(parents=True)
    script.write_text("#!/bin/sh\nsleep 62.75 & sleep 62.75\n", encoding="utf-8")
    script.chmod(0o755)
    return build(over_ceilings.with_an_office_program_that_hangs)


def test_a_conversion_ends_with_the_reader_that_asked_for_it(hanging: PebbleExecutor, tmp_path: Path) -> None:
    file, job = tmp_path / "case.rtf", tmp_path / "jobs" / "1"
    file.write_bytes(RTF)
    job.mkdir(parents=True)
    reading = hanging.submit(read_file, file, job, CALM, limits=CALM)
    started = wait_until(lambda: bool(running_with("sleep 62.75")))

    reading.cancel()

    assert started
    assert wait_until(lambda: not running_with("sleep 62.75"))


def test_a_conversion_that_takes_too_long_leaves_time_to_read_without(hanging: PebbleExecutor, tmp_path: Path) -> None:
    file, job = tmp_path / "case.rtf", tmp_path / "jobs" / "1"
    file.write_bytes(RTF)

    read = read_tree(file, job.parent, executor=hanging, limits=Limits(wall_seconds=4), letter=False).reading

    assert (read.format, read.problem, read.converted_by) == ("rtf", None, "")
    assert wait_until(lambda: not running_with("sleep 62.75"))
    assert not job.parent.exists()
