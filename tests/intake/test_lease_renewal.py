"""The thread that renews the worker's lease: whatever ends it, the worker hears of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from config.settings import Settings
from intake.bootstrap import Records, open_records
from intake.bootstrap.tenure import WORKER, Tenure, _renewing
from storage.errors import StorageError
from storage.rows.leases import LeaseRecord, LeaseRows

SOON = 20.0


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    """Records whose worker renews its lease at every moment."""
    monkeypatch.setattr("intake.bootstrap.tenure.RENEWED_EVERY_SECONDS", 0.001)
    monkeypatch.setattr("intake.bootstrap.tenure.LASTING", timedelta(seconds=0.2))
    settings = Settings(
        folder=tmp_path,
        campaigns=("huli-2022",),
        mailbox={"address": "anli@huli.example", "kind": "eml_folder", "path": "in"},
    )
    found = open_records(settings)
    yield found
    found.close()


def _failing(monkeypatch: pytest.MonkeyPatch, fails: Callable[[int], BaseException | None]) -> threading.Event:
    """Let the nth renewal fail as `fails` says; set when one has succeeded."""
    renewed, asked, take = threading.Event(), [0], LeaseRows.take

    def taken(self: LeaseRows, name: str, *, holder: str, host: str, pid: int, lasting: timedelta) -> LeaseRecord:
        asked[0] += 1
        error = fails(asked[0])
        if error is not None:
            raise error
        lease = take(self, name, holder=holder, host=host, pid=pid, lasting=lasting)
        renewed.set()
        return lease

    monkeypatch.setattr(LeaseRows, "take", taken)
    return renewed


@pytest.mark.parametrize("error", [RuntimeError("a fault of ours"), StorageError("gone", temporary=True)])
def test_renewal_that_fails_once_is_made_again(
    records: Records, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    renewed, tenure = _failing(monkeypatch, lambda time: error if time == 1 else None), Tenure()

    with capture_logs() as logged, _renewing(records, tenure, holder="A"):
        heard = renewed.wait(SOON)

    with records.store.read() as view:
        lease = view.leases.get(WORKER)
    assert (heard, tenure.superseded, lease is not None and lease.holder) == (True, False, "A")
    assert [each["event"] for each in logged] == ["lease_not_renewed"]


def test_worker_stops_when_its_lease_has_run_out_unrenewed(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, lambda _: RuntimeError("a fault of ours"))
    tenure, stopped = Tenure(), threading.Event()
    tenure.when_superseded = stopped.set

    with capture_logs() as logged, _renewing(records, tenure, holder="A"):
        heard = stopped.wait(SOON)

    assert (heard, tenure.superseded, tenure.unrenewed) == (True, True, True)
    assert {each["event"] for each in logged} == {"lease_not_renewed", "lease_renewal_ended"}
    assert [each["log_level"] for each in logged][-1] == "critical"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_worker_stops_when_the_thread_that_renews_ends_at_once(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing(monkeypatch, lambda _: GeneratorExit("the thread is taken down"))
    tenure, stopped = Tenure(), threading.Event()
    tenure.when_superseded = stopped.set

    with capture_logs() as logged, _renewing(records, tenure, holder="A"):
        heard = stopped.wait(SOON)

    assert (heard, tenure.unrenewed) == (True, True)
    assert [each["event"] for each in logged] == ["lease_renewal_failed", "lease_renewal_ended"]


def test_lease_given_back_in_time_ends_nothing(records: Records) -> None:
    tenure = Tenure()

    with capture_logs() as logged, _renewing(records, tenure, holder="A"):
        pass

    assert (tenure.superseded, logged) == (False, [])
