"""The first look at a mailbox that has been in use for years: how long it takes, and how much memory.

    python -m bench.first_day [LETTERS]

Two cases: everything there is older than the campaign (recorded, not fetched), and, for a twenty-fifth of so many, all
of it is wanted (each body fetched and made durable). Each is measured in a process of its own, on a private Dovecot.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from bench.mail_server import FilledDovecot
from bench.samples import FIRST_AT, small_letters
from intake.desks.collect import CollectDesk
from intake.edges.clock import SystemClock
from intake.edges.mailboxes.imap import ImapAccount, ImapMailbox
from storage.letters import LetterStore
from storage.store import Store
from tests.servers.dovecot import PASSWORD

LETTERS = 50_000


def main(words: Sequence[str]) -> int:
    """Print one line for each case."""
    many = int(words[0]) if words else LETTERS
    spawn = multiprocessing.get_context("spawn")
    server = FilledDovecot()
    server.start()
    try:
        with tempfile.TemporaryDirectory() as name:
            for wanted, letters in ((False, many), (True, many // 25)):
                server.put_small(_user(wanted), small_letters(letters))
                here, there = spawn.Pipe()
                looking = spawn.Process(target=_look, args=(there, Path(name) / str(wanted), server.imap_port, wanted))
                looking.start()
                recorded, fetched, wall, cpu, peak_mb = here.recv()
                looking.join()
                print(
                    f"{letters:,} letters, {'all wanted' if wanted else 'all older than the campaign'}: "
                    f"{recorded:,} recorded, {fetched:,} fetched, {wall:.1f} s, {cpu:.1f} s of processor time, {peak_mb:.0f} MB"
                )
    finally:
        server.stop()
    return 0


def _user(wanted: bool) -> str:  # noqa: FBT001 - as below
    return "wanted" if wanted else "old"


def _look(tell: Connection, folder: Path, port: int, wanted: bool) -> None:  # noqa: FBT001 - a process takes plain arguments
    from bench.__main__ import silence

    silence()
    folder.mkdir(parents=True)
    store = Store(data_dir=folder)
    store.open()
    mailbox = ImapMailbox(
        ImapAccount(
            address="first@example.test",
            username=_user(wanted),
            host="127.0.0.1",
            port=port,
            password=PASSWORD,
            tls="plain",
        )
    )
    desk = CollectDesk(
        mailbox,
        store,
        LetterStore(folder / "letters"),
        clock=SystemClock(),
        opens_at=None if wanted else FIRST_AT + timedelta(days=365),
        largest_letter_bytes=200_000_000,
    )
    began, spent = time.perf_counter(), time.process_time()
    done = desk.turn()
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    tell.send((done.sightings, done.letters, wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    mailbox.close()
    store.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
