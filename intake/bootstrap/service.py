"""The desks and the worker: everything that runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from intake.bootstrap import executors
from intake.bootstrap.desks import make_digest_desk, make_remind_desk, make_watch_desk
from intake.bootstrap.pace import EVERY_SECONDS, silence_seconds
from intake.bootstrap.records import Records
from intake.bootstrap.tenure import Patience, Tenure, impatient, sole_worker
from intake.bootstrap.worker_desks import (
    Signals,
    daily_sends,
    make_collect_desk,
    make_file_desk,
    make_gather_desk,
    make_read_desk,
    ready_judge_desk,
)
from intake.desks.collect import CollectDesk
from intake.desks.digest import DigestDesk
from intake.desks.file import FileDesk
from intake.desks.gather import GatherDesk
from intake.desks.notify import NotifyDesk
from intake.desks.post import PostDesk
from intake.desks.read import ReadDesk
from intake.desks.urge import UrgeDesk
from intake.desks.watch import Standing
from intake.edges.clock import SystemClock
from intake.edges.connections import make_mailbox, make_transport
from intake.edges.executors import Executor
from intake.edges.leftovers import clear_leftovers
from intake.edges.mailbox_marks import MailboxHealth
from intake.edges.mailboxes import Mailbox
from intake.edges.send_room import SendRoom
from intake.edges.transports import Transport
from intake.figures.alarm import name_desk
from intake.restraint import why_stopped
from intake.worker import Bell, Duty, Heartbeats, Worker

T = TypeVar("T")


@dataclass(slots=True)
class Service:
    """Everything the worker runs on."""

    records: Records
    mailbox: Mailbox
    transport: Transport
    executor: Executor
    collect: CollectDesk
    read: ReadDesk
    file: FileDesk
    post: PostDesk
    gather: GatherDesk
    digest: DigestDesk
    worker: Worker
    tenure: Tenure = field(default_factory=Tenure)

    def close(self) -> None:
        """End processes and connections; never raises what closing a link may."""
        self.release()
        self.records.close()

    def release(self) -> None:
        """As `close`, but the records stay open."""
        self.read.close()
        self.executor.close()
        self.post.close()
        self.mailbox.close()


def build_service(
    records: Records,
    *,
    mailbox: Mailbox | None = None,
    transport: Transport | None = None,
    executor: Executor | None = None,
) -> Service:
    """The desks and the worker over `records`; edges not given are made from the settings."""
    settings, clock = records.settings, records.clock
    mailbox = mailbox or make_mailbox(settings, clock)
    transport = transport or make_transport(settings, clock)
    executor = executor or executors.make_executor(settings)
    silence = silence_seconds(settings, records.limits)
    signals = Signals(Heartbeats(silence))
    collect = make_collect_desk(records, mailbox, signals, polled=lambda: watch.polled())  # noqa: PLW0108 - made below
    read = make_read_desk(records, executor, signals)
    file = make_file_desk(records, signals)
    ready_judge_desk(records, executor, signals)
    post = PostDesk(
        records.store,
        transport,
        clock=clock,
        daily_sends=daily_sends(settings),
        beat=signals.beat("post"),
        stopped=signals.stopping.is_set,
    )
    gather = make_gather_desk(records, signals)
    digest = make_digest_desk(records)
    watch = make_watch_desk(records, _standing(records, post, lambda: worker))
    duties = [
        Duty(
            "collect",
            watch.over(collect.turn),
            settings.mailbox.poll_seconds,
            silence["collect"],
            rest=mailbox.wait_for_news,
            paced=True,
        ),
        _duty("read", read.turn, silence, bell=signals.reading),
        _duty("file", _refreshed(records, file.turn), silence, bell=signals.filing),
        _duty("judge", _refreshed(records, records.judge.turn), silence),
        _duty("gather", gather.turn, silence),
        *_duties_towards_people(records, digest, signals, silence),
        _duty("watch", watch.turn, silence),
    ]
    if not records.dry_run:
        duties.append(_duty("post", post.turn, silence, bell=signals.posting))
    worker = Worker(duties, records.store, signals.beats, now=clock.now, stopping=signals.stopping)
    return Service(
        records=records,
        mailbox=mailbox,
        transport=transport,
        executor=executor,
        collect=collect,
        read=read,
        file=file,
        post=post,
        gather=gather,
        digest=digest,
        worker=worker,
    )


def _duty(desk: str, turn: Callable[[], object], silence: Mapping[str, float], *, bell: Bell | None = None) -> Duty:
    return Duty(desk, turn, EVERY_SECONDS[desk], silence[desk], rest=bell.rest if bell is not None else None)


def _duties_towards_people(
    records: Records, digest: DigestDesk, signals: Signals, silence: Mapping[str, float]
) -> list[Duty]:
    """Those of the desks that write when it is time to, not because a letter came."""
    store, outbox, calls, stopped = records.store, records.outbox, records.calls, signals.stopping.is_set
    remind = make_remind_desk(records, beat=signals.beat("remind", signals.posting.ring), stopped=stopped)
    notify = NotifyDesk(store, outbox, calls, clock=records.clock, dry_run=records.dry_run, stopped=stopped)
    urge = UrgeDesk(store, outbox, calls, settings=records.settings, clock=records.clock, dry_run=records.dry_run)
    turns = {"remind": remind.turn, "notify": notify.turn, "urge": urge.turn, "digest": digest.turn}
    return [_duty(desk, _refreshed(records, turn), silence) for desk, turn in turns.items()]


def _standing(records: Records, post: PostDesk, worker: Callable[[], Worker]) -> Standing:
    """What the watchdog asks; `worker` is asked for only then."""
    store, clock = records.store, records.clock
    health = MailboxHealth(store, clock)
    room = SendRoom(store, clock, daily_sends=daily_sends(records.settings))
    return Standing(
        logins_refused=lambda: worker().has_given_up("collect"),
        trouble=lambda: worker().trouble_of("collect"),
        sending_refused=post.sending_refused,
        answers_stopped=lambda: why_stopped(store),
        sending_trouble=post.trouble,
        unwritable=lambda seconds: _say_failing(worker().failing(for_seconds=seconds, over_records=True)),
        failing=lambda seconds: _say_failing(worker().failing(for_seconds=seconds, over_records=False)),
        mailbox={
            "incomplete": health.incomplete,
            "mailbox_full": health.nearly_full,
            "other_intake": health.shared_with_another,
            "sends_short": room.nearly_used_up,
        },
    )


def _say_failing(failing: Mapping[str, str]) -> str:
    """Desks that fail, and why; the silence of the mailbox's own has an alarm of its own."""
    return "；".join(f"{name_desk(desk)}：{trouble}" for desk, trouble in failing.items() if desk != "collect")


@contextmanager
def running_service(records: Records, *, patience: Patience = impatient, **edges: object) -> Iterator[Service]:
    """A service that is the only one on its records and has settled what an earlier crash left; closed at the end.

    `patience`: how long to stand by while another worker works (`sole_worker`).
    Raises: LockedFolderError when another worker works; OperatorError, StorageError.
    """
    # The records last: until they are closed others are told that this worker has ended.
    with closing(records), sole_worker(records, patience=patience) as tenure:
        service = build_service(records, **edges)  # type: ignore[arg-type]  # handed on as they came
        service.tenure, tenure.when_superseded = tenure, service.worker.stop
        if tenure.superseded:  # while the service was being built
            service.worker.stop()
        try:
            # What a killed worker was reading is read again from the letter.
            clear_leftovers(records.settings.data_dir, at=SystemClock().now())
            records.letters.clean_incoming(before_at=SystemClock().now())
            service.post.recover()
            yield service
        finally:
            service.release()


def _refreshed(records: Records, turn: Callable[[], T]) -> Callable[[], T]:
    """`turn` by the dates that hold now: an organizer may have extended a campaign in another process."""

    def act() -> T:
        records.refresh()
        return turn()

    return act
