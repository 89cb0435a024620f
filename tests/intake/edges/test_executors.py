"""Readers that hang, eat memory and die, and what is left of the pool afterwards."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import psutil
import pytest

from intake.edges.executors import Executor
from intake.edges.executors.each import Each
from intake.edges.executors.inline import InlineExecutor
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.errors import ReaderLostError
from parsers.limits import Limits
from tests.intake.edges import reader_tasks as tasks

CALM = Limits(wall_seconds=60)
SHORT = Limits(wall_seconds=0.5)


@pytest.fixture(scope="module")
def pool() -> Iterator[PebbleExecutor]:
    executor = PebbleExecutor(2)
    yield executor
    executor.close()


@pytest.fixture(params=["inline", "pebble"])
def executor(request: pytest.FixtureRequest, pool: PebbleExecutor) -> Executor:
    return InlineExecutor() if request.param == "inline" else pool


def lost(future: Future[Any]) -> ReaderLostError:
    with pytest.raises(ReaderLostError) as caught:
        future.result(60)
    return caught.value


# -- what every executor promises --------------------------------------------------------


def test_a_task_s_result_comes_back(executor: Executor) -> None:
    assert executor.submit(tasks.double, 21, limits=CALM).result(60) == 42


def test_whatever_a_task_raises_comes_back(executor: Executor) -> None:
    with pytest.raises(KeyError, match="a bug in a reader"):
        executor.submit(tasks.raise_key_error, limits=CALM).result(60)


def test_many_tasks_all_come_back_in_their_own_futures(executor: Executor) -> None:
    futures = [executor.submit(tasks.double, number, limits=CALM) for number in range(200)]

    assert [future.result(60) for future in futures] == [number * 2 for number in range(200)]


def test_what_is_done_for_each_of_several_things_comes_back_in_their_order(executor: Executor) -> None:
    assert executor.submit(Each(tasks.double), (3,), (1,), (2,), limits=CALM).result(60) == (6, 2, 4)


# -- processes --------------------------------------------------------------------------


def test_tasks_run_in_processes_of_their_own(pool: PebbleExecutor) -> None:
    assert pool.submit(tasks.process_id, limits=CALM).result(60) != os.getpid()


def test_a_reader_that_ignores_sigterm_is_killed_and_the_pool_goes_on(pool: PebbleExecutor, tmp_path: Path) -> None:
    note = tmp_path / "pid"

    error = lost(pool.submit(tasks.ignore_sigterm, note, limits=SHORT))

    assert error.timed_out
    assert not psutil.pid_exists(int(note.read_text()))
    assert pool.submit(tasks.double, 1, limits=CALM).result(60) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are handed on by the kernel of Linux alone")
def test_what_a_reader_s_program_has_started_ends_with_the_reader(pool: PebbleExecutor, tmp_path: Path) -> None:
    running, left = tmp_path / "running", tmp_path / "left"

    error = lost(pool.submit(tasks.start_and_wait, running, limits=Limits(wall_seconds=2)))
    pool.submit(tasks.leave_running, left, limits=CALM).result(60)

    assert error.timed_out
    assert [psutil.pid_exists(int(note.read_text())) for note in (running, left)] == [False, False]


def test_a_reader_that_eats_memory_is_lost_alone(pool: PebbleExecutor) -> None:
    hungry = pool.submit(tasks.eat_memory, limits=Limits(memory_bytes=500_000_000))
    modest = pool.submit(tasks.double, 4, limits=CALM)

    error = lost(hungry)

    assert (error.timed_out, "500000000 bytes" in str(error)) == (False, True)
    assert modest.result(60) == 8


def test_a_reader_that_burns_cpu_is_stopped_by_its_own_limit(pool: PebbleExecutor) -> None:
    error = lost(pool.submit(tasks.burn_cpu, limits=Limits(cpu_seconds=1)))

    assert error.timed_out
    assert "CPU" in str(error)


def test_the_cpu_limit_is_each_task_s_own(pool: PebbleExecutor) -> None:
    for number in range(20):
        assert pool.submit(tasks.double, number, limits=Limits(cpu_seconds=1)).result(60) == number * 2


@pytest.mark.parametrize("task", [tasks.exit_hard, tasks.kill_itself])
def test_a_reader_that_dies_is_lost_and_the_next_is_read(pool: PebbleExecutor, task: Callable[[], object]) -> None:
    for _ in range(3):
        assert not lost(pool.submit(task, limits=CALM)).timed_out

    assert pool.submit(tasks.double, 1, limits=CALM).result(60) == 2


def test_readers_dying_in_numbers_cost_no_other_task(pool: PebbleExecutor) -> None:
    futures = [
        pool.submit(tasks.exit_hard, limits=CALM) if number % 5 == 0 else pool.submit(tasks.double, number, limits=CALM)
        for number in range(20)
    ]

    for number, future in enumerate(futures):
        if number % 5 == 0:
            lost(future)
        else:
            assert future.result(60) == number * 2


def test_a_reader_inherits_no_descriptor(pool: PebbleExecutor) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    high = os.dup2(reading, 250, inheritable=True)
    try:
        fresh = PebbleExecutor(1)
        inherited = fresh.submit(tasks.can_read, high, limits=CALM).result(60)
        fresh.close()
    finally:
        for descriptor in (reading, writing, high):
            os.close(descriptor)

    assert inherited is False


@pytest.mark.skipif(sys.platform != "linux", reason="tasks have children of their own on Linux alone")
def test_each_of_several_things_has_a_process_of_its_own(pool: PebbleExecutor) -> None:
    together = pool.submit(Each(tasks.process_id), (), (), (), limits=CALM).result(60)

    assert len(set(together)) == 3


def test_several_things_of_which_one_kills_its_reader_are_lost_together(pool: PebbleExecutor) -> None:
    assert not lost(pool.submit(Each(tasks.kill_if), (1, False), (2, True), (3, False), limits=CALM)).timed_out


def test_limits_stand_around_a_task(pool: PebbleExecutor, tmp_path: Path) -> None:
    limits = Limits(memory_bytes=900_000_000, members_bytes=5_000_000)

    assert pool.submit(tasks.limits_in_force, limits=limits).result(60) == (900_000_000, 5_000_000, 0)
    assert pool.submit(tasks.write_too_much, tmp_path / "big", limits=limits).result(60) == "OSError"
    assert (tmp_path / "big").stat().st_size <= 5_000_000


def test_a_process_is_replaced_after_its_number_of_tasks() -> None:
    executor = PebbleExecutor(1, tasks_per_process=3)

    pids = [executor.submit(tasks.parent_id, limits=CALM).result(60) for _ in range(9)]
    executor.close()

    assert [len(set(pids[start : start + 3])) for start in (0, 3, 6)] == [1, 1, 1]
    assert len(set(pids)) == 3


def test_modules_can_be_imported_before_the_first_task() -> None:
    executor = PebbleExecutor(1, preload=("colorsys",))

    ready = executor.submit(tasks.imported, "colorsys", limits=CALM).result(60)
    executor.close()

    assert ready is True


def test_a_pool_whose_processes_cannot_start_says_so() -> None:
    executor = PebbleExecutor(1, preload=("no_such_module_anywhere",))

    errors = [lost(executor.submit(tasks.double, 1, limits=CALM)) for _ in range(2)]
    executor.close()

    assert [error.timed_out for error in errors] == [False, False]


def test_a_task_whose_process_dies_before_it_begins_is_given_to_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dies_twice.py").write_text(
        "import os, pathlib\n"
        "seen = pathlib.Path(__file__).with_suffix('.seen')\n"
        "times = len(seen.read_text()) if seen.exists() else 0\n"
        "seen.write_text('x' * (times + 1))\n"
        "if times < 2:\n"
        "    os._exit(9)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    executor = PebbleExecutor(1, preload=("dies_twice",))

    result = executor.submit(tasks.double, 21, limits=CALM).result(60)
    executor.close()

    assert result == 42


def test_closing_kills_what_runs_and_cancels_what_waits(tmp_path: Path) -> None:
    executor = PebbleExecutor(1)
    note = tmp_path / "pid"
    running = executor.submit(tasks.ignore_sigterm, note, limits=CALM)
    waiting = executor.submit(tasks.double, 1, limits=CALM)
    while not note.exists() or not note.read_text():
        time.sleep(0.02)

    executor.close()
    executor.close()

    assert (running.cancelled(), waiting.cancelled()) == (True, True)
    assert not psutil.pid_exists(int(note.read_text()))
    with pytest.raises(CancelledError):
        executor.submit(tasks.double, 1, limits=CALM).result(60)


def test_cancelling_a_running_task_kills_its_reader(tmp_path: Path) -> None:
    executor = PebbleExecutor(1)
    note = tmp_path / "pid"
    running = executor.submit(tasks.ignore_sigterm, note, limits=CALM)
    while not note.exists() or not note.read_text():
        time.sleep(0.02)

    assert running.cancel()
    after = executor.submit(tasks.double, 3, limits=CALM).result(60)
    executor.close()

    assert after == 6
    assert not psutil.pid_exists(int(note.read_text()))
