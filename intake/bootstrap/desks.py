"""Desks over the records, for the worker and for single commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from intake.bootstrap.records import RESTORED, Records
from intake.deciding import UNDO_FOR, Deciding
from intake.desks.decide import DecideDesk
from intake.desks.deliver import DeliverDesk
from intake.desks.digest import DigestDesk
from intake.desks.remind import RemindDesk
from intake.desks.reread import RereadDesk
from intake.desks.watch import Standing, WatchDesk
from intake.edges.clock import SystemClock
from intake.edges.connections import make_alarm_channels
from intake.edges.executors import Executor
from intake.filing import Filing
from intake.filing.deliveries import Deliveries
from intake.filing.outcomes import Outcomes
from intake.filing.submissions import Submissions
from intake.ledger import Ledgers
from intake.requests import Requests


def make_deciding(records: Records, *, undo_for: timedelta = UNDO_FOR) -> Deciding:
    """What carries organizers' orders out over `records`. `undo_for`: how long they can be taken back."""
    return Deciding(
        records.readings,
        records.judge,
        records.judge.answers,
        records.calls,
        clock=records.clock,
        undo_for=undo_for,
    )


def make_decide_desk(records: Records, *, undo_for: timedelta = UNDO_FOR) -> DecideDesk:
    """The desk that takes orders over `records`, as `make_deciding`."""
    deciding = make_deciding(records, undo_for=undo_for)
    return DecideDesk(records.store, deciding, records.calls, clock=records.clock)


def make_deliver_desk(records: Records, executor: Executor) -> DeliverDesk:
    """The desk that registers what is handed over, over `records`."""
    settings, judge = records.settings, records.judge
    outcomes = Outcomes(test_mode=settings.test_mode)
    requests = Requests(records.readings, judge, judge.answers)
    submissions = Submissions(judge, requests, judge.answers, outcomes, clock=records.clock)
    return DeliverDesk(
        records.store,
        records.letters,
        records.readings,
        Deliveries(records.readings, submissions, test_mode=settings.test_mode),
        judge=judge,
        calls=records.calls,
        executor=executor,
        clock=records.clock,
        limits=records.limits,
        mailbox=settings.mailbox.address,
    )


def make_reread_desk(records: Records, executor: Executor) -> RereadDesk:
    """The desk that reads stored letters anew, over `records`."""
    settings = records.settings
    filing = Filing(
        records.readings,
        records.judge,
        records.judge.answers,
        records.calls,
        clock=records.clock,
        own_addresses=frozenset({settings.mailbox.address.lower()}),
        installation=records.installation,
        test_mode=settings.test_mode,
    )
    return RereadDesk(
        records.store,
        records.letters,
        records.readings,
        records.judge,
        executor,
        file=filing.file,
        clock=records.clock,
        limits=records.limits,
        jobs=settings.data_dir / "cache" / "reread",
        own_hosts=frozenset(host.lower() for host in settings.mailbox.own_hosts),
    )


def make_remind_desk(
    records: Records, *, beat: Callable[[], None] = lambda: None, stopped: Callable[[], bool] = lambda: False
) -> RemindDesk:
    """The desk that writes reminders over `records`."""
    return RemindDesk(
        records.store,
        records.outbox,
        records.calls,
        clock=records.clock,
        restored_at=records.restored_at,
        dry_run=records.dry_run,
        beat=beat,
        stopped=stopped,
    )


def make_digest_desk(records: Records) -> DigestDesk:
    """The desk that writes digests over `records`, and what goes with them."""
    cache = records.settings.data_dir / "cache"
    return DigestDesk(
        records.store,
        records.outbox,
        records.calls,
        settings=records.settings,
        clock=records.clock,
        dry_run=records.dry_run,
        demo=not isinstance(records.clock, SystemClock),
        enclose=lambda at: make_ledgers(records).copy(cache, at=at),
    )


def make_ledgers(records: Records) -> Ledgers:
    """What writes ledgers over `records`."""
    return Ledgers(
        records.store,
        records.calls,
        mailbox=records.settings.mailbox.address,
        zone=records.settings.timezone,
        trial=records.settings.test_mode,
        restored_mark=RESTORED,
        folder=records.settings.folder,
    )


def make_watch_desk(records: Records, standing: Standing) -> WatchDesk:
    """The watchdog over `records`."""
    settings = records.settings
    campaign = next(iter(records.calls.values())).campaign
    return WatchDesk(
        records.store,
        records.outbox,
        make_alarm_channels(settings),
        standing,
        settings=settings,
        clock=records.clock,
        sender_name=campaign.from_name,
        tag=campaign.tag,
        dry_run=records.dry_run,
    )
