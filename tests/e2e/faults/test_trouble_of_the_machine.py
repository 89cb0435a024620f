"""Disk, database, name server, certificate, clock, a process that stands still: they pass, and nothing was lost."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e import worker_process
from tests.e2e.faults import troubles
from tests.e2e.faults.counts import counted
from tests.e2e.faults.trial import Servers, Trial, no_fault, trial
from tests.e2e.faults.troubles import Trouble
from tests.e2e.working_folder import write_settings
from tests.e2e.world import World, until
from tests.letters import Draft
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.fault_proxy import Fault
from tests.servers.tls_front import TlsFront

pytestmark = [pytest.mark.server, pytest.mark.slow]

TROUBLE_MINUTES = 40
BACK_AT_WORK_MINUTES = 60


def _lives_through(day: Trial, trouble: Trouble, *, begins_after: int) -> list[str]:
    """The alarms told by then; the day ends well."""
    day.minutes_pass(begins_after)
    with trouble(day):
        day.minutes_pass(TROUBLE_MINUTES)
    day.minutes_pass(BACK_AT_WORK_MINUTES, until=day.is_done)
    with counted("trouble of the machine") as counts:
        wrong = day.losses()
        counts.add(day, wrong)
    assert wrong == []
    return sorted(day.alarms_begun())


@contextmanager
def _expired(front: TlsFront, expired: Certificate) -> Iterator[None]:
    valid = front.certificate
    front.change(expired)
    yield
    front.change(valid)


@pytest.mark.parametrize("begins_after", [0, 1])
@pytest.mark.parametrize(
    "trouble",
    [troubles.database_locked, troubles.database_full, troubles.database_read_only, troubles.names_unknown],
)
def test_trouble_of_forty_minutes_is_told_once_passes_and_costs_nothing(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Trouble, begins_after: int
) -> None:
    monkeypatch.setattr("storage.dialects.BUSY_SECONDS", 0.05)
    by_name = {"host": "localhost"}

    with trial(servers, tmp_path, tables={"mailbox": by_name, "smtp": by_name}) as day:
        told = _lives_through(day, trouble, begins_after=begins_after)

    # Sending, too, may be told; the trouble itself is told as one of two things, and never as both.
    assert len([alarm for alarm in told if alarm != "sending_refused"]) == 1, told


def test_raw_letters_that_find_no_room_are_fetched_again_when_there_is_some(servers: Servers, tmp_path: Path) -> None:
    with trial(servers, tmp_path) as day:
        told = _lives_through(day, troubles.letters_full, begins_after=0)

    assert told == ["mailbox_silent"]


@pytest.mark.parametrize("begins_after", [0, 1])
def test_disk_that_fills_up_to_the_last_byte_costs_nothing(servers: Servers, tmp_path: Path, begins_after: int) -> None:
    with troubles.small_disk(tmp_path / "disk") as mounted:
        if not mounted:
            pytest.skip("no right to mount a small disk")
        with trial(servers, tmp_path / "disk", tables={"alarm": {"free_bytes": 100_000}}) as day:
            told = _lives_through(day, troubles.disk_full, begins_after=begins_after)

    assert "disk_low" in told


@pytest.mark.parametrize(("server", "alarm"), [("mailbox", "mailbox_silent"), ("smtp", "sending_refused")])
def test_certificate_that_expires_is_told_as_such_and_the_renewed_one_is_trusted(
    servers: Servers, tmp_path: Path, server: str, alarm: str
) -> None:
    valid = make_certificate(tmp_path / "valid")
    expired = make_certificate(tmp_path / "expired", valid_from=datetime.now(UTC) - timedelta(days=400), days=90)
    trusted = tmp_path / "authorities.pem"
    trusted.write_bytes(valid.authority.read_bytes() + expired.authority.read_bytes())

    with trial(servers, tmp_path / "w", tables={server: {"tls": "tls", "ca_file": trusted}}) as day:
        front = TlsFront((day.imap if server == "mailbox" else day.smtp).port, valid)
        if server == "mailbox":
            day.world.imap_port = front.port
        else:
            day.world.smtp_port = front.port
        day.restart()
        told = _lives_through(day, lambda _: _expired(front, expired), begins_after=1 if server == "mailbox" else 0)
        advice = [event.text for event in day.world.look(lambda view: view.service.events())]
        front.stop()

    assert told == [alarm]
    assert [text for text in advice if "证书已过期" in text]


def test_process_that_stood_still_in_the_middle_of_its_work_goes_on(dovecot_world: World, tmp_path: Path) -> None:
    world = dovecot_world
    senders = [f"s{number}@qq.example" for number in range(6)]
    for sender in senders:
        world.arrives(Draft(subject="请问", text="请问案例字数有什么要求？", sender=sender))
    write_settings(world, mailbox={"timeout_seconds": 1})
    process = worker_process.start(tmp_path, "run")
    until(lambda: "letter_collected" in (tmp_path / "output.txt").read_text())

    process.send_signal(signal.SIGSTOP)
    time.sleep(1.5)
    process.send_signal(signal.SIGCONT)

    until(lambda: len(world.smtp.letters) == len(senders))
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0, (tmp_path / "output.txt").read_text()
    assert world.told() == [(sender, "answer") for sender in senders]


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)], ids=["ahead", "behind"])
def test_clock_that_is_wrong_for_forty_minutes_costs_nothing(servers: Servers, tmp_path: Path, jump: timedelta) -> None:
    @contextmanager
    def wrong_clock(day: Trial) -> Iterator[None]:
        # What is put off meanwhile is put off by a clock that is wrong.
        day.smtp.plan = lambda exchange: (
            Fault("refused", "451 4.7.1 greylisted") if exchange.command == "DATA" else None
        )
        day.world.clock.advance(jump)
        yield
        day.world.clock.advance(-jump)
        assert day.smtp.struck
        day.smtp.plan = no_fault

    with trial(servers, tmp_path) as day:
        told = _lives_through(day, wrong_clock, begins_after=0)

    assert told == []
