"""Measures the organizers' page: `python -m bench.pages [CASES]`. Each page asked several times without a socket; the median counts."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from bench.many_cases import make_folder
from intake.bootstrap import Records, open_records
from intake.cli.folder import settings_of
from intake.web.app import make_app
from intake.web.site import COOKIE, site_of_app
from storage.rows.browsing import CaseSearch

OUT = Path(__file__).resolve().parent / "out"
SECONDS_AT_MOST = 0.2
TIMES = 7
HOST = "http://127.0.0.1"
ORGANIZER = "wang@example.org"


def main() -> int:
    """Exit status 0 when every page was there within the time."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    folder = make_folder(OUT / f"many-{cases}", cases)
    records = open_records(settings_of(folder), begins=False)
    app = make_app(records, url=HOST)
    door = site_of_app(app).door
    link = door.make_link(ORGANIZER)
    assert link is not None
    session = door.enter(link[2].rpartition("/")[2])
    assert session is not None
    slow = 0
    with TestClient(app, base_url=HOST, cookies={COOKIE: session}) as client:
        numbers = re.findall(r'href="(/cases/[^"]+)"', client.get("/").text)
        letters = re.findall(r'href="(/letters/\w{64})"', client.get("/letters").text)
        last = cases // 50
        for path in (
            *("/", f"/?page={last}", "/?state=needs_fix", "/?q=社区", "/?q=zzzz", numbers[0]),
            *("/letters", f"/letters?page={last}", "/letters?q=zzzz", letters[0], "/figures", "/metrics"),
        ):
            seconds, busy = _asked(client, path)
            slow += seconds > SECONDS_AT_MOST
            _tell(seconds, busy, path[:40])
        seconds, busy = _asked(client, "/figures", before=lambda: _change_something(records))
        slow += seconds > SECONDS_AT_MOST
        _tell(seconds, busy, "/figures, the first look after a change")
        client.post("/leave")
    records.close()
    return 1 if slow else 0


def _tell(seconds: float, busy: float, what: str) -> None:
    print(f"{seconds * 1000:6.0f} ms ({busy * 1000:4.0f} ms of processor time)  {what}")


def _change_something(records: Records) -> None:
    """What the figures are made of is not the same any more."""
    with records.store.write() as work:
        (case,) = work.browsing.cases(CaseSearch(), limit=1)
        work.cases.change(case.id, at=records.clock.now(), contact=f"第{time.time_ns()}位")


def _asked(client: TestClient, path: str, *, before: Callable[[], None] = lambda: None) -> tuple[float, float]:
    """Median seconds and processor seconds of a page. `before`: done before each time, and not measured."""
    taken = []
    for _ in range(TIMES):
        before()
        begun, cpu = time.perf_counter(), time.process_time()
        assert client.get(path).status_code == 200
        taken.append((time.perf_counter() - begun, time.process_time() - cpu))
    return statistics.median(each[0] for each in taken), statistics.median(each[1] for each in taken)


if __name__ == "__main__":
    sys.exit(main())
