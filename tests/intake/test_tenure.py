"""Who is the worker of a database that several machines share."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from intake.bootstrap import Records, open_records, who_works
from intake.bootstrap.tenure import WORKER, sole_worker
from storage.errors import LockedFolderError
from storage.lock import hold_folder
from tests.servers.postgresql import PostgresServer

pytestmark = pytest.mark.server

LASTING = timedelta(minutes=1)


@pytest.fixture
def records(postgres: PostgresServer, tmp_path: Path) -> Iterator[Records]:
    """Empty records on a server."""
    with postgres.emptied() as name:
        settings = Settings(
            folder=tmp_path,
            database_url=postgres.url(name),
            campaigns=("huli-2022",),
            mailbox={"address": "anli@huli.example", "kind": "eml_folder", "path": "in"},
        )
        found = open_records(settings)
        yield found
        found.close()


def test_worker_of_another_machine_that_bears_our_name_is_left_at_work(records: Records) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(30)
    _work_elsewhere(records, host=socket.gethostname(), pid=ended.pid)

    with pytest.raises(LockedFolderError, match=f", {ended.pid}"), sole_worker(records):
        pass

    assert _holder(records) == "B"


def test_who_stands_by_goes_on_while_the_server_is_away(records: Records, postgres: PostgresServer) -> None:
    told = list[str]()

    def wait(holder: str) -> bool:
        told.append(holder)
        if len(told) == 1:
            postgres.down()
        if len(told) == 2:
            postgres.up()
            with records.store.write() as work:
                work.leases.give_back(WORKER, holder="B")
        return len(told) < 5

    _work_elsewhere(records, host="pc-2", pid=7)
    with sole_worker(records, patience=wait):
        mine = _holder(records)

    assert (told, mine == "B", _holder(records)) == (["pc-2, 7", "pc-2, 7"], False, None)


def test_lease_is_given_back_while_one_that_was_superseded_still_holds_the_folder(records: Records) -> None:
    folder = records.settings.data_dir

    with (
        hold_folder(folder, at=records.clock.now()),
        pytest.raises(LockedFolderError, match=f": {folder}$"),
        sole_worker(records),
    ):
        pass

    assert _holder(records) is None


def test_worker_of_another_machine_is_named_though_its_folder_is_ours_too(records: Records) -> None:
    with hold_folder(records.settings.data_dir, at=records.clock.now()), records.store.read() as view:
        alone = who_works(records, view)
    _work_elsewhere(records, host="pc-2", pid=7)
    with hold_folder(records.settings.data_dir, at=records.clock.now()), records.store.read() as view:
        shared = who_works(records, view)
    _work_elsewhere(records, host=socket.gethostname(), pid=os.getpid())
    with records.store.read() as view:
        here = who_works(records, view)

    assert (alone, shared, here) == ("", "pc-2", "")


def _work_elsewhere(records: Records, *, host: str, pid: int) -> None:
    with records.store.write() as work:
        work.leases.take(WORKER, holder="B", host=host, pid=pid, lasting=LASTING)


def _holder(records: Records) -> str | None:
    with records.store.read() as view:
        lease = view.leases.get(WORKER)
    return None if lease is None else lease.holder
