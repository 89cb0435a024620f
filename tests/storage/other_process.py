"""What other processes do with the same data folder while a test runs; prints what came of it as JSON."""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from storage.letters import LetterStore
from storage.records.casebook import NewDecision
from storage.store import Store
from tests.storage.samples import NOON, case, file_case, judgement, letter, mail


def decide(store: Store, turn: int) -> bool:
    """As `intake cases` does: look, then overrule a case in one transaction."""
    with store.read() as view:
        cases = view.cases.list()
    if not cases:
        return False
    chosen = cases[turn % len(cases)]
    with store.write() as work:
        work.cases.add_decision(NewDecision(case_id=chosen.id, kind="pass", who="李主任", why="现场核实", at=NOON))
        work.cases.change(chosen.id, at=NOON, verdict="accepted")
    return True


def add(store: Store, turn: int) -> bool:
    """As `intake add` does: a delivery made on site."""
    with store.write() as work:
        file_case(work, f"onsite-{turn}")
    return True


def look(store: Store, _turn: int) -> bool:
    """As `intake status` does, each time anew."""
    with store.read() as view:
        cases = view.cases.list()
        mails = sum(view.outgoing.count_by_state().values())
        view.figures.folders()
    if mails != len(cases):
        raise AssertionError(f"{len(cases)} cases but {mails} mails in one view")
    return True


def _for_seconds(deed: Callable[[Store, int], bool], data_dir: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    turns = 0
    longest = 0.0
    while time.monotonic() < until:
        began = time.monotonic()
        store = Store(data_dir=data_dir)  # every command opens the store anew
        store.open()
        turns += deed(store, turns)
        store.close()
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.01)
    print(json.dumps({"turns": turns, "longest_seconds": round(longest, 3)}))  # noqa: T201


def collect_and_file(data_dir: Path) -> None:
    """The worker's way of one letter after another, told as soon as it is committed; ends only by being killed."""
    store, letters = Store(data_dir=data_dir), LetterStore(data_dir / "letters")
    store.open()
    for turn in itertools.count():
        with letters.receive() as incoming:
            incoming.write(f"letter {turn}".encode() * 1000)
            stored = incoming.commit()
        with store.write() as work:
            work.letters.add(letter(sha256=stored.sha256, size_bytes=stored.size_bytes))
        with store.write() as work:
            number = f"HL22-{work.cases.next_number('HL22'):04d}"
            opened = work.cases.open(case(number))
            work.cases.join(opened.id, stored.sha256, joined_by="opened", at=NOON)
            revision = work.cases.add_revision(
                opened.id, received_at=NOON, content_key=stored.sha256, summary={}, at=NOON
            )
            work.cases.add_judgement(judgement(revision.id))
            work.outgoing.enqueue(mail(work.outgoing.reserve_id()), letters=[stored.sha256], cases=[opened.id])
            work.letters.set_outcome(stored.sha256, "filed")
        print(number, stored.sha256, flush=True)  # noqa: T201


if __name__ == "__main__":
    program, folder = sys.argv[1], Path(sys.argv[2])
    if program == "collect-and-file":
        collect_and_file(folder)
    else:
        _for_seconds({"decide": decide, "add": add, "look": look}[program], folder, float(sys.argv[3]))
