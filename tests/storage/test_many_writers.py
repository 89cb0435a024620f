"""Worker, command line and other writers together, and processes that are killed while they write."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.letters import LetterStore
from storage.store import DATABASE_NAME, Store
from tests.storage.samples import file_case, minutes, sighting

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60 if os.environ.get("INTAKE_TORTURE") == "1" else 20


class Desks:
    """The worker: several desks in threads of one process, each writing in its own rhythm."""

    def __init__(self, data_dir: Path) -> None:
        self.store = Store(data_dir=data_dir)
        self.store.open()
        self.until = time.monotonic() + SECONDS
        self.errors: list[str] = []
        self.turns: Counter[str] = Counter()

    def run(self) -> None:
        desks = [self.collect, self.file, self.post, self.watch, self.digest]
        threads = [threading.Thread(target=self._loop, args=(desk,), name=desk.__name__) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=SECONDS + 120)
        assert not any(thread.is_alive() for thread in threads)

    def _loop(self, desk: Callable[[int], None]) -> None:
        try:
            while time.monotonic() < self.until:
                desk(self.turns[desk.__name__])
                self.turns[desk.__name__] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the result of the test
            self.errors.append(f"{desk.__name__}: {error!r}")

    def collect(self, turn: int) -> None:
        with self.store.write() as work:
            work.sightings.add_many([sighting(uid) for uid in range(turn * 3 + 1, turn * 3 + 4)])
        time.sleep(0.002)

    def file(self, turn: int) -> None:
        with self.store.write() as work:
            file_case(work, f"worker-{turn}")
        time.sleep(0.002)

    def post(self, turn: int) -> None:
        with self.store.read() as view:
            due = view.outgoing.due(minutes(turn), limit=1)
        if not due:
            time.sleep(0.01)
            return
        with self.store.write() as work:
            work.outgoing.begin_handing_over(due[0].id, at=minutes(turn))
        with self.store.write() as work:
            work.outgoing.mark_sent(due[0].id, at=minutes(turn))

    def watch(self, turn: int) -> None:
        with self.store.write() as work:
            work.service.beat("post", at=minutes(turn))
        time.sleep(0.05)

    def digest(self, turn: int) -> None:
        # One moment: every case has exactly its revision, its judgement and its letter.
        with self.store.read() as view:
            cases = view.cases.list()
            mails = sum(view.outgoing.count_by_state().values())
            filed = view.figures.letters_by_outcome().get("filed", 0)
        assert (mails, filed) == (len(cases), len(cases)), f"turn {turn}: {len(cases)} cases, {mails} mails"
        time.sleep(0.2)


def _start(program: str, data_dir: Path, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.storage.other_process", program, str(data_dir), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _integrity(data_dir: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(data_dir / DATABASE_NAME)
    told = connection.execute("PRAGMA integrity_check").fetchall()
    told += connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()
    return told


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_worker_command_line_and_others_write_together_for_a_while_without_one_lock_error(data_dir: Path) -> None:
    desks = Desks(data_dir)
    others = [_start("decide", data_dir, SECONDS), _start("add", data_dir, SECONDS), _start("look", data_dir, SECONDS)]

    desks.run()
    told = [other.communicate(timeout=120) for other in others]

    assert desks.errors == []
    assert [error for _, error in told] == ["", "", ""]
    decided, added, looked = (json.loads(out) for out, _ in told)
    with desks.store.read() as view:
        numbers = [case.number for case in view.cases.list()]
        assert numbers == [f"HL22-{n:04d}" for n in range(1, len(numbers) + 1)]
        assert len(numbers) == desks.turns["file"] + added["turns"]
        assert sum(len(view.cases.decisions(case.id)) for case in view.cases.list()) == decided["turns"]
        assert view.sightings.count_live("box@example.test", "INBOX", 7) == 3 * desks.turns["collect"]
        assert sum(view.outgoing.count_by_state().values()) == len(numbers)
        assert view.outgoing.by_state("handing_over") == ()
    desks.store.close()
    assert min(desks.turns["file"], desks.turns["post"], decided["turns"], added["turns"], looked["turns"]) >= 3
    assert _integrity(data_dir) == [("ok",)]


def test_writers_that_do_not_wait_for_one_another_are_seen_to_fail(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken build: whoever finds the database taken gives up at once."""
    monkeypatch.setattr("storage.dialects.BUSY_SECONDS", 0.0)
    monkeypatch.setattr("tests.storage.test_many_writers.SECONDS", 0.3)
    desks = Desks(data_dir)
    other = sqlite3.connect(data_dir / DATABASE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    desks.run()

    other.execute("ROLLBACK")
    other.close()
    desks.store.close()
    assert len(desks.errors) >= 3


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("after_letters", [1, 2, 7, 23])
def test_process_killed_while_writing_leaves_whole_records_and_all_it_reported(
    data_dir: Path, after_letters: int
) -> None:
    Store(data_dir=data_dir).open()
    writer = _start("collect-and-file", data_dir)
    assert writer.stdout is not None
    reported = [writer.stdout.readline().split() for _ in range(after_letters)]
    os.kill(writer.pid, signal.SIGKILL)
    # Not communicate(): it would pass over lines that readline has already taken from the pipe.
    assert writer.stderr is not None
    out, err = writer.stdout.read(), writer.stderr.read()
    writer.wait(timeout=60)
    # A line cut off by the kill was not reported.
    reported += [line.split() for line in out.splitlines(keepends=True) if line.endswith("\n")]

    store, letters = Store(data_dir=data_dir), LetterStore(data_dir / "letters")
    store.open()
    with store.write() as work:
        cases = work.cases.list()
        numbers = [case.number for case in cases]
        filed = work.letters.by_outcome("filed")
        whole = [
            (len(work.cases.letters(c.id)), len(work.cases.revisions(c.id)), len(work.outgoing.of_case(c.id)))
            for c in cases
        ]
        following = work.cases.next_number("HL22")
    store.close()

    assert err == ""
    assert numbers == [f"HL22-{n:04d}" for n in range(1, len(numbers) + 1)]
    assert [number for number, _ in reported] == numbers[: len(reported)]
    assert len(reported) <= len(numbers) <= len(reported) + 1  # committed, but killed before it could say so
    assert whole == [(1, 1, 1)] * len(cases)
    assert following == len(cases) + 1
    assert {row.sha256 for row in filed} >= {sha256 for _, sha256 in reported}
    assert [row.sha256 for row in filed if not letters.verify(row.sha256)] == []
    assert _integrity(data_dir) == [("ok",)]
