"""A poll with nothing new, on a folder of few letters and on one of many: it must cost the same."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.mail_server import FilledDovecot
from bench.samples import FIRST_AT, small_letters
from intake.desks.collect import CollectDesk
from intake.edges.clock import SystemClock
from intake.edges.mailboxes.imap import ImapAccount, ImapMailbox
from storage.letters import LetterStore
from storage.store import Store
from tests.servers.dovecot import PASSWORD
from tests.servers.proxy import CountingProxy

POLLS = 20
_WARM_POLLS = 3


@dataclass(frozen=True)
class IdlePoll:
    """One poll, the median of many."""

    letters: int
    round_trips: float
    to_server_bytes: float
    to_client_bytes: float
    connections: int
    """New ones during all polls; the first was opened before."""
    client_cpu_ms: float
    server_cpu_ms: float
    wall_ms: float


def measure_idle(server: FilledDovecot, work: Path, *, letters: int) -> IdlePoll:
    """All watched folders (inbox, junk, Sent) looked at again and again, after everything was recorded once."""
    user = f"idle{letters}"
    server.put_small(user, small_letters(letters))
    proxy = CountingProxy(server.imap_port)
    # Everything there arrived before the opening: recorded, but its body not fetched.
    desk, close = _desk(work / user, user=user, port=proxy.port)
    try:
        for _ in range(_WARM_POLLS):
            desk.turn()
        return _measured(desk, server, proxy, letters=letters)
    finally:
        close()
        proxy.stop()


def _measured(desk: CollectDesk, server: FilledDovecot, proxy: CountingProxy, *, letters: int) -> IdlePoll:
    proxy.take()
    seen, cpu, wall = [], [], []
    served = server.cpu_seconds()
    for _ in range(POLLS):
        started, spent = time.perf_counter(), time.thread_time()
        done = desk.turn()
        cpu.append((time.thread_time() - spent) * 1000)
        wall.append((time.perf_counter() - started) * 1000)
        seen.append(proxy.take())
        if done or done.folders_listed:
            raise RuntimeError(f"a poll with nothing new found something: {done}")
    return IdlePoll(
        letters=letters,
        round_trips=statistics.median(traffic.round_trips for traffic in seen),
        to_server_bytes=statistics.median(traffic.to_server_bytes for traffic in seen),
        to_client_bytes=statistics.median(traffic.to_client_bytes for traffic in seen),
        connections=sum(traffic.connections for traffic in seen),
        client_cpu_ms=statistics.median(cpu),
        server_cpu_ms=(server.cpu_seconds() - served) * 1000 / POLLS,
        wall_ms=statistics.median(wall),
    )


def _desk(folder: Path, *, user: str, port: int) -> tuple[CollectDesk, Callable[[], None]]:
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(data_dir=folder)
    store.open()
    account = ImapAccount(
        address=f"{user}@example.test", username=user, host="127.0.0.1", port=port, password=PASSWORD, tls="plain"
    )
    mailbox = ImapMailbox(account)
    desk = CollectDesk(
        mailbox,
        store,
        LetterStore(folder / "letters"),
        clock=SystemClock(),
        opens_at=FIRST_AT + timedelta(days=365),
        largest_letter_bytes=200_000_000,
    )

    def close() -> None:
        mailbox.close()
        store.close()

    return desk, close
