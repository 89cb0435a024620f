"""For machines that watch: alive or not, and counts for Prometheus. No names, no addresses, no login.

Source: Prometheus text exposition format, through prometheus-client.
"""

from __future__ import annotations

from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from intake.bootstrap import Records, who_works
from intake.edges.alarms import ALARMS, LAST_POLL, alarms_from_json
from intake.web.site import site_of
from storage.errors import StorageError


async def healthz(request: Request) -> Response:
    """200 when the records can be read and the worker runs without an open alarm, else 503 and why."""
    return await run_in_threadpool(_health, site_of(request).records)


async def metrics(request: Request) -> Response:
    """Counts of cases, letters and mails, when the mailbox was last polled, open alarms."""
    return await run_in_threadpool(_metrics, site_of(request).records)


def _health(records: Records) -> Response:
    try:
        with records.store.read() as view:
            alarms = [alarm.kind for alarm in alarms_from_json(view.service.get_mark(ALARMS))]
            runs = who_works(records, view) is not None
    except StorageError as error:
        return JSONResponse({"status": "failing", "why": [type(error).__name__]}, status_code=503)
    why = alarms if runs else ["worker_not_running", *alarms]
    return JSONResponse({"status": "failing" if why else "ok", "why": why}, status_code=503 if why else 200)


def _metrics(records: Records) -> Response:
    from prometheus_client import CollectorRegistry, Gauge, generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_LATEST

    registry = CollectorRegistry()
    cases = Gauge("intake_cases", "Cases by campaign and state.", ("campaign", "state"), registry=registry)
    letters = Gauge("intake_letters", "Letters by outcome.", ("outcome",), registry=registry)
    mails = Gauge("intake_outgoing", "Letters of ours by state.", ("state",), registry=registry)
    alarms = Gauge("intake_alarms", "Open alarms.", registry=registry)
    polled = Gauge("intake_last_poll_timestamp_seconds", "When the mailbox was last polled.", registry=registry)
    missing = Gauge("intake_sightings_missing", "Letters on the server that are not on record.", registry=registry)
    with records.store.read() as view:
        for campaign in records.calls:
            for state, count in view.figures.cases_by_state(campaign).items():
                cases.labels(campaign, state).set(count)
        for outcome, count in view.figures.letters_by_outcome().items():
            letters.labels(outcome).set(count)
        for state, count in view.outgoing.count_by_state().items():
            mails.labels(state).set(count)
        alarms.set(len(alarms_from_json(view.service.get_mark(ALARMS))))
        last_poll = view.service.get_mark(LAST_POLL)
        missing.set(
            sum(
                max(0, f.messages - f.live)
                for f in view.figures.folders(outcomes=False)
                if f.current and f.role != "sent"
            )
        )
    if last_poll:
        polled.set(datetime.fromisoformat(last_poll).timestamp())
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
