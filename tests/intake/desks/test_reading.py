"""Letters that are being read while something else happens: a purge, trouble with our own disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from intake.edges.executors.inline import InlineExecutor
from parsers.limits import Limits
from tests.e2e.material import complete
from tests.intake.desks.conftest import Open
from tests.intake.desks.test_locked_files import PASSWORD, letter, locked
from tests.letters import File

T = TypeVar("T")
FINISHED_AFTER_SECONDS = 0.2


class Interrupted(InlineExecutor):
    """Reads in place, after `before` was told which task of which arguments is next."""

    def __init__(self, before: Callable[[int, str], None]) -> None:
        self._before = before
        self._tasks = 0

    def submit(self, task: Callable[..., T], /, *args: object, limits: Limits) -> Future[T]:
        self._tasks += 1
        self._before(self._tasks, str(args[0]))
        return super().submit(task, *args, limits=limits)


def test_files_known_from_a_letter_that_is_purged_while_the_next_is_read_stay_known(open_at: Open) -> None:
    office = open_at()
    earlier = office.arrives(letter("现报送案例。", *complete()))
    office.work()
    note = File("说明.txt", "补充说明一份。".encode(), "text/plain")
    later = office.arrives(letter("现再次报送。", *complete(), note), stored_at=office.clock.now())

    def purge(task: int, _: str) -> None:
        if task == 2:  # the letter is read, and what is on record of its files was looked up
            with office.records.store.write() as work:
                work.purging.purge_letter(earlier.sha256)

    office.service.read._executor = Interrupted(purge)  # type: ignore[assignment]  # as the desk wraps its own
    office.service.read.turn()

    with office.records.store.read() as view:
        read = office.records.readings.letter(view, office.letter(later))
    assert sorted(file.name for file in read.files) == sorted(file.name for file in (*complete(), note))


def test_of_a_locked_letter_purged_while_its_password_is_tried_nothing_comes_back(open_at: Open) -> None:
    office = open_at()
    shut = office.arrives(letter("现报送案例，请查收。", locked(complete())))
    office.work()
    office.arrives(letter(f"解压密码：{PASSWORD}"), stored_at=office.clock.now())

    def purge(_: int, path: str) -> None:
        if shut.sha256[2:] in path:
            with office.records.store.write() as work:
                work.purging.purge_letter(shut.sha256)

    office.service.read._executor = Interrupted(purge)  # type: ignore[assignment]  # as the desk wraps its own
    office.service.read.turn()

    left = office.letter(shut)
    with office.records.store.read() as view:
        files = view.files.of_letter(shut.sha256)
    assert (left.outcome, left.subject, left.from_address, files) == ("purged", "", None, ())


def test_what_is_being_read_when_our_disk_fails_over_another_letter_is_read_once(open_at: Open) -> None:
    office = open_at()
    failing = office.arrives(letter("现报送案例。"))
    office.clock.advance(timedelta(minutes=1))
    office.arrives(replace(letter("请查收。"), sender="huli@qq.example"))
    begun, failed, at_work = threading.Event(), threading.Event(), threading.Event()

    def fill_disk(_: int, path: str) -> None:
        if failing.sha256[2:] in path:
            begun.wait(10)
            failed.set()
            raise OSError(28, "No space left on device")
        at_work.set()
        begun.set()
        failed.wait(10)
        threading.Event().wait(FINISHED_AFTER_SECONDS)
        at_work.clear()

    office.service.read._executor = Interrupted(fill_disk)  # type: ignore[assignment]  # as the desk wraps its own
    with pytest.raises(OSError, match="No space"):
        office.service.read.turn()

    assert not at_work.is_set()  # or the next turn would begin with it once more beside it
