"""A worker over the desks of a test, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.worker import Duty, Heartbeats, Worker
from storage.store import Store
from tests.intake.worker.desks_at_work import NOW, AtWork, Desk, Office, Seconds, duty


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(data_dir=tmp_path / "data")
    store.open()
    yield store
    store.close()


@pytest.fixture
def at_work(store: Store) -> AtWork:
    """Run a worker over `duties` until the block ends; its exit status is 0."""

    @contextmanager
    def run(*duties: Duty) -> Iterator[Office]:
        seconds, pulse = Seconds(), Desk()
        hung: list[tuple[str, ...]] = []
        beats = Heartbeats({each.name: each.silence_seconds for each in duties}, monotonic=seconds)
        worker = Worker(
            [*duties, duty("pulse", pulse.turn)], store, beats, now=lambda: NOW, hung=hung.append, monotonic=seconds
        )
        status: list[int] = []
        thread = threading.Thread(target=lambda: status.append(worker.run()), daemon=True)
        thread.start()
        try:
            yield Office(worker, pulse, seconds, store, hung)
        finally:
            worker.stop()
            thread.join(30)
        assert status == [0]

    return run
