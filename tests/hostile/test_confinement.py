"""What a reader process cannot do, whatever a file makes of it; and what the doctor says of it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from intake.cli.preflight.item import Item
from intake.cli.preflight.machine import look_at_confinement
from intake.edges.executors import no_network
from intake.edges.executors.answers import Confinement
from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.edges.executors.worker_process import confinement
from parsers.cage import Walls
from parsers.limits import Limits
from tests.intake.edges import reader_tasks as tasks
from tests.parsers.cage.knocks import counting_server
from tests.parsers.cage.processes import wait_until

CALM = Limits(wall_seconds=60)

linux = pytest.mark.skipif(
    sys.platform != "linux" or not no_network._MACHINES.get(platform.machine()),
    reason="the filter is Linux's, on the machines it knows",
)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[PebbleExecutor]:
    """A reader process started by a service whose environment holds a password."""
    monkeypatch.setenv("INTAKE_MAILBOX__PASSWORD", "planted-secret")
    executor = PebbleExecutor(1)
    yield executor
    executor.close()


@linux
def test_a_reader_reaches_nobody_and_neither_does_what_it_starts(pool: PebbleExecutor) -> None:
    with counting_server() as (port, knocks):
        directly = pool.submit(tasks.try_to_connect, port, limits=CALM).result(60)
        through_a_program = pool.submit(tasks.connect_from_a_program, port, limits=CALM).result(60)
        outside = tasks.try_to_connect(port)  # the same attempt where nothing is taken away
        has_knocked = wait_until(lambda: bool(knocks))

    assert (directly, through_a_program, outside) == ("PermissionError", "PermissionError", "connected")
    assert (has_knocked, len(knocks)) == (True, 1)


@linux
def test_a_reader_finds_out_itself_what_holds_it_in(pool: PebbleExecutor) -> None:
    told = pool.submit(confinement, limits=CALM).result(60)

    assert (told.ceilings, told.no_network) == (True, True)


def test_a_reader_sees_no_setting_of_the_service(pool: PebbleExecutor) -> None:
    assert tasks.settings_seen() == ["INTAKE_MAILBOX__PASSWORD"]
    assert pool.submit(tasks.settings_seen, limits=CALM).result(60) == []


@linux
def test_a_reader_that_was_not_made_ready_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken build: nobody takes the network away."""
    monkeypatch.setattr("intake.edges.executors.pebble_pool.prepare", tasks.leave_unready)
    executor = PebbleExecutor(1)

    try:
        told = executor.submit(confinement, limits=CALM).result(60)
    finally:
        executor.close()

    assert not told.no_network


LACK = "；没有 Landlock（Linux 5.19 起），读取的进程打得开运行账号能打开的文件，宜用单独的账号运行"


LIFTED = "；读取的进程可以自行放宽限额；读取的进程另起程序的数量没有限制"
ALL: dict[str, Any] = {"ceilings": True, "no_network": True, "for_good": True, "starts": True, "local": False}
HELD = "读取来件：单独的进程、限时、限内存、处理器和文件大小、不能联网、不能自行放宽、不能另起程序（解压和识别除外，同时最多8个）"
OFFICE = "unar 等外部程序同样；旧格式（.doc、.rtf）另起 LibreOffice 转换，由 {by} 隔离，看不到本机的文件"


@pytest.mark.parametrize(
    ("confined", "programs", "told"),
    [
        (
            Confinement(**ALL, walls="landlock", files=True),
            "sandbox",
            Item("fine", "隔离", f"{HELD}、只打得开正在读的那一份文件；{OFFICE.format(by='bwrap')}"),
        ),
        (
            Confinement(**ALL, walls="landlock", files=True),
            "no_sandbox",
            Item("fine", "隔离", f"{HELD}、只打得开正在读的那一份文件；{OFFICE.format(by='Landlock')}"),
        ),
        (
            Confinement(**ALL | {"local": True}, walls="landlock", files=True),
            "sandbox",
            Item("fine", "隔离", f"{HELD}、只打得开正在读的那一份文件；{OFFICE.format(by='bwrap')}；没有封住本机的套接字"),
        ),
        (
            Confinement(ceilings=True, no_network=True, walls="sandbox"),
            "sandbox",
            Item("fine", "隔离", "读取来件：单独的进程、限时、限内存、处理器和文件大小、不能联网；"
                 f"外部程序（LibreOffice、unar 等）另由 bwrap 隔离，看不到本机的文件{LACK}{LIFTED}"),
        ),
        (
            Confinement(ceilings=True, no_network=True, walls="no_sandbox"),
            "no_sandbox",
            Item("fine", "隔离", "读取来件：单独的进程、限时、限内存、处理器和文件大小、不能联网；"
                 f"没有 bwrap，外部程序看得到本机的文件{LACK}{LIFTED}"),
        ),
        (
            Confinement(ceilings=False, no_network=False, walls="time_alone"),
            "time_alone",
            Item("notice", "隔离", f"读取来件：单独的进程、限时；外部程序只限时{LACK}；本系统不能限制内存和处理器、不能禁止联网",
                 "可以照常使用；收件量大时宜改用 Linux。"),
        ),
    ],
)  # fmt: skip
def test_the_doctor_says_what_is_in_force(confined: Confinement, programs: Walls, told: Item) -> None:
    assert look_at_confinement(confined, programs=programs) == told


def test_a_system_without_the_filter_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    assert not no_network.give_up_network()
    assert no_network.has_network()
