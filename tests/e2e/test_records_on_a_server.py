"""The whole trip with the records on a PostgreSQL: from the mailbox to the digest, from one machine to the next."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import load_settings
from intake.bootstrap import Records, open_records, running_service
from intake.bootstrap.tenure import sole_worker
from intake.cli.backup import restore_backup, write_backup_of
from intake.cli.preflight.records import look_at_database, look_at_worker
from intake.edges.executors.inline import InlineExecutor
from intake.errors import OperatorError
from storage.errors import LockedFolderError
from tests.e2e.material import complete, without_last_section
from tests.e2e.world import World, until
from tests.letters import Draft
from tests.servers.postgresql import PostgresServer

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"
A, B = "a@qq.example", "b@qq.example"
HOLDER = """
import sys
from pathlib import Path
from config.settings import Settings
from intake.bootstrap import open_records
from intake.bootstrap.tenure import sole_worker
settings = Settings(folder=Path(sys.argv[1]), database_url=sys.argv[2], campaigns=("huli-2022",),
                    mailbox={"address": "anli@huli.example", "kind": "eml_folder", "path": "in"})
with sole_worker(open_records(settings)):
    print("works", flush=True)
    sys.stdin.read()
"""
"""The worker of another machine, as far as taking the duty goes."""


@pytest.fixture
def server_world(one_world: World, postgres: PostgresServer) -> Iterator[World]:
    """A service whose records live on a server."""
    with postgres.emptied() as name:
        one_world.tables |= {"database_url": postgres.url(name), "digest": {"recipients": ("zuweihui@huli.example",)}}
        yield one_world
        one_world.stop()


@pytest.fixture
def other_worker(server_world: World) -> Iterator[subprocess.Popen[str]]:
    """Another process that is the worker."""
    url = server_world.settings.database_url
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(server_world.folder), url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "works\n"
    yield process
    process.kill()
    process.communicate()


def test_letters_are_answered_told_and_go_with_their_records_to_the_next_machine(
    server_world: World, postgres: PostgresServer, tmp_path: Path
) -> None:
    world = server_world
    world.arrives(Draft(subject=SUBMISSION, sender=A, files=without_last_section()))
    world.arrives(Draft(subject="请问", sender=B, text="请问案例字数有什么要求？"))
    world.work()
    (request,) = world.replies(A)
    write_backup_of(world.records, tmp_path / "backup.zip")
    world.stop()

    # From the server to a file on an empty machine, and from there to another server.
    other = tmp_path / "other"
    _write_settings(other, "")
    assert restore_backup(other, tmp_path / "backup.zip", goes_on=True, at=world.clock.now()) == 0
    moved = open_records(load_settings(other), clock=world.clock)
    write_backup_of(moved, tmp_path / "moved.zip")
    moved.close()
    with postgres.database() as name:
        world.folder = tmp_path / "third"
        world.tables["database_url"] = postgres.url(name)
        _write_settings(world.folder, postgres.url(name))
        assert restore_backup(world.folder, tmp_path / "moved.zip", goes_on=True, at=world.clock.now()) == 0
        with pytest.raises(OperatorError, match="已经有记录"):
            restore_backup(world.folder, tmp_path / "moved.zip", goes_on=True, at=world.clock.now())
        world.clock.advance(timedelta(hours=1))
        world.arrives(
            Draft(subject=f"Re: {request.subject}", sender=A, files=complete(), in_reply_to=request.message_id)
        )
        world.work(minutes=5)
        world.work(hours=24)
        cases, told, digests = world.cases(), world.told(), world.mails("sent")
        equation = [row for row in world.equation() if row[0] == "INBOX"]
        world.stop()

    assert told == [(A, "fix_request"), (A, "receipt"), (B, "answer")]
    assert [(case.number, case.state) for case in cases] == [("HL22-0001", "accepted")]
    assert equation == [("INBOX", 3, 3, 0)]
    assert "digest" in {mail.kind for mail in digests}


def test_second_worker_stands_by_and_takes_over_when_the_first_is_killed(
    server_world: World, other_worker: subprocess.Popen[str]
) -> None:
    world, asked = server_world, list[str]()

    def wait(holder: str) -> bool:
        asked.append(holder)
        if len(asked) == 2:
            other_worker.send_signal(signal.SIGKILL)
            other_worker.wait(30)
        return len(asked) < 100

    with pytest.raises(LockedFolderError) as refused, running_service(_records(world)):
        pass
    seen = look_at_worker(world.settings, look_at_database(world.settings)[0], now_at=world.clock.now())
    with running_service(_records(world), patience=wait, executor=InlineExecutor()) as service:
        superseded = service.tenure.superseded

    assert "另一个收件程序正在使用这个数据库工作" in refused.value.advice
    assert ["待命" in each.said for each in seen] == [True]
    assert (len(asked), str(other_worker.pid) in asked[0], superseded) == (2, True, False)


def test_second_worker_takes_over_at_once_when_the_first_ends_cleanly(server_world: World) -> None:
    first, second = _records(server_world), _records(server_world)

    with sole_worker(first), pytest.raises(LockedFolderError), sole_worker(second):
        pass
    with sole_worker(second) as tenure:
        superseded = tenure.superseded

    for each in (first, second):
        each.close()
    assert not superseded


def test_worker_that_was_cut_off_and_superseded_ends_without_writing_or_sending(
    server_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.bootstrap.tenure.RENEWED_EVERY_SECONDS", 0.2)
    world = server_world
    service = world.service
    successor = _records(world)

    with world.at_work():
        with successor.store.write() as work:
            last = work.leases.get("worker")
            assert last is not None
            work.leases.give_back("worker", holder=last.holder)
            work.leases.take("worker", holder="B", host="other", pid=1, lasting=timedelta(minutes=1))
        world.arrives(Draft(subject=SUBMISSION, sender=A, files=complete()))
        until(lambda: service.tenure.superseded)
        until(service.worker.stopping.is_set)

    with successor.store.read() as view:
        holder, letters = view.leases.get("worker"), view.figures.letters_by_outcome()
    successor.close()
    assert (holder is not None and holder.holder, letters, world.told()) == ("B", {}, [])


def test_worker_with_the_letters_of_another_folder_does_not_begin(server_world: World, tmp_path: Path) -> None:
    server_world.arrives(Draft(subject=SUBMISSION, sender=A, files=complete()))
    server_world.work()
    server_world.stop()
    server_world.folder = tmp_path / "another"

    with pytest.raises(OperatorError, match="原件不在数据文件夹"):
        server_world.work()


def _records(world: World) -> Records:
    return open_records(world.settings, clock=world.clock)


def _write_settings(folder: Path, url: str) -> None:
    folder.mkdir()
    (folder / "intake.toml").write_text(
        'campaigns = ["huli-2022"]\n[mailbox]\naddress = "anli@huli.example"\nkind = "eml_folder"\npath = "in"\n',
        "utf-8",
    )
    if url:
        (folder / ".env").write_text(f"INTAKE_DATABASE_URL={url}\n", "utf-8")
        (folder / ".env").chmod(0o600)
