"""The desks and the worker: everything that runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from config.settings import Settings
from intake.bootstrap import executors
from intake.bootstrap.desks import make_deciding, make_digest_desk, make_remind_desk, make_watch_desk
from intake.bootstrap.records import Records
from intake.bootstrap.tenure import Patience, Tenure, impatient, sole_worker
from intake.deciding.by_mail import OrdersByMail
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
from intake.edges.mailbox_marks import MailboxHealth, MailboxNotes
from intake.edges.mailboxes import Mailbox
from intake.edges.marked_copies import MarkedCopies
from intake.edges.send_room import SendRoom
from intake.edges.transports import Transport
from intake.figures.alarm import name_desk
from intake.marking import CopyShelf
from intake.restraint import why_stopped
from intake.worker import Bell, Duty, Heartbeats, Worker

T = TypeVar("T")

READ_EVERY_SECONDS = 0.5
FILE_EVERY_SECONDS = 0.5
JUDGE_EVERY_SECONDS = 5.0
POST_EVERY_SECONDS = 1.0
REMIND_EVERY_SECONDS = 60.0
GATHER_EVERY_SECONDS = 30.0
DIGEST_EVERY_SECONDS = 30.0
NOTIFY_EVERY_SECONDS = 60.0
URGE_EVERY_SECONDS = 300.0
WATCH_EVERY_SECONDS = 30.0
SPARE_SECONDS = 120.0
"""Silence a desk may keep beyond what its own time-outs explain."""
LARGEST_LETTER_BYTES = 200_000_000
"""Letters beyond this are recorded as `oversize`; the largest mail any provider here takes is far below."""


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
    settings, store, clock = records.settings, records.store, records.clock
    mailbox = mailbox or make_mailbox(settings, clock)
    transport = transport or make_transport(settings, clock)
    executor = executor or executors.make_executor(settings)
    reading_seconds = records.limits.wall_seconds * 4 + SPARE_SECONDS
    silence = {
        # One IMAP command may be answered in pieces, each within its time-out.
        "collect": settings.mailbox.timeout_seconds * 10 + SPARE_SECONDS,
        "read": reading_seconds,
        "file": SPARE_SECONDS * 2,
        # A marked copy opens its letter again.
        "judge": reading_seconds,
        # A server may take minutes to answer the final dot (RFC 5321 §4.5.3.2.6).
        "post": settings.smtp.timeout_seconds * 4 + 300 + settings.smtp.seconds_between + SPARE_SECONDS,
        "digest": SPARE_SECONDS * 2,
        "remind": SPARE_SECONDS * 2,
        "notify": SPARE_SECONDS * 2,
        "urge": SPARE_SECONDS * 2,
    }
    silence["gather"] = SPARE_SECONDS * 2
    silence["watch"] = SPARE_SECONDS * 2
    beats, stopping = Heartbeats(silence), threading.Event()
    reading, filing, posting = Bell(), Bell(), Bell()
    opens = [call.campaign.opens_at for call in records.calls.values()]
    collect = CollectDesk(
        mailbox,
        store,
        records.letters,
        clock=clock,
        opens_at=min((at for at in opens if at is not None), default=None) if None not in opens else None,
        largest_letter_bytes=LARGEST_LETTER_BYTES,
        window=_window(settings),
        notes=MailboxNotes(store, clock, installation=records.installation, begun_at=records.first_run_at),
        beat=_beat(beats, "collect", reading.ring, lambda: watch.polled()),  # noqa: PLW0108 - made below
        stopped=stopping.is_set,
    )
    read = ReadDesk(
        store,
        records.letters,
        executor,
        clock=clock,
        limits=records.limits,
        jobs=settings.data_dir / "jobs",
        own_hosts=frozenset(host.lower() for host in settings.mailbox.own_hosts),
        beat=_beat(beats, "read", filing.ring),
        stopped=stopping.is_set,
    )
    file = FileDesk(
        store,
        records.letters,
        records.readings,
        records.judge,
        records.calls,
        answers=records.judge.answers,
        clock=clock,
        own_addresses=frozenset({settings.mailbox.address.lower()}),
        installation=records.installation,
        test_mode=settings.test_mode,
        orders=OrdersByMail(
            make_deciding(records),
            records.outbox,
            records.calls,
            clock=clock,
            test_mode=settings.test_mode,
            dry_run=records.dry_run,
        ),
        beat=_beat(beats, "file", posting.ring),
        stopped=stopping.is_set,
    )
    copies = MarkedCopies(
        records.letters, executor, limits=records.limits, cache=settings.data_dir / "cache" / "marked-copies"
    )
    records.judge.shelf = CopyShelf(store, records.readings, copies)
    records.judge.beat, records.judge.stopped = _beat(beats, "judge", posting.ring), stopping.is_set
    daily_sends = settings.smtp.daily_sends if settings.smtp.host else None
    post = PostDesk(
        store,
        transport,
        clock=clock,
        daily_sends=daily_sends,
        beat=_beat(beats, "post"),
        stopped=stopping.is_set,
    )
    gather = GatherDesk(
        store,
        records.readings,
        records.judge,
        records.judge.answers,
        records.calls,
        clock=clock,
        daily_sends=daily_sends,
        beat=_beat(beats, "gather", posting.ring),
        stopped=stopping.is_set,
    )
    remind = make_remind_desk(records, beat=_beat(beats, "remind", posting.ring), stopped=stopping.is_set)
    digest = make_digest_desk(records)
    health = MailboxHealth(store, clock)
    watch = make_watch_desk(
        records,
        Standing(
            logins_refused=lambda: worker.has_given_up("collect"),
            trouble=lambda: worker.trouble_of("collect"),
            sending_refused=post.sending_refused,
            answers_stopped=lambda: why_stopped(store),
            sending_trouble=post.trouble,
            unwritable=lambda seconds: _say_failing(worker.failing(for_seconds=seconds, over_records=True)),
            failing=lambda seconds: _say_failing(worker.failing(for_seconds=seconds, over_records=False)),
            mailbox={
                "incomplete": health.incomplete,
                "mailbox_full": health.nearly_full,
                "other_intake": health.shared_with_another,
                "sends_short": SendRoom(store, clock, daily_sends=daily_sends).nearly_used_up,
            },
        ),
    )
    notify = NotifyDesk(
        store, records.outbox, records.calls, clock=clock, dry_run=records.dry_run, stopped=stopping.is_set
    )
    urge = UrgeDesk(store, records.outbox, records.calls, settings=settings, clock=clock, dry_run=records.dry_run)
    duties = [
        Duty(
            "collect",
            watch.over(collect.turn),
            settings.mailbox.poll_seconds,
            silence["collect"],
            rest=mailbox.wait_for_news,
            paced=True,
        ),
        Duty("read", read.turn, READ_EVERY_SECONDS, silence["read"], rest=reading.rest),
        Duty("file", _refreshed(records, file.turn), FILE_EVERY_SECONDS, silence["file"], rest=filing.rest),
        Duty("judge", _refreshed(records, records.judge.turn), JUDGE_EVERY_SECONDS, silence["judge"]),
        Duty("remind", _refreshed(records, remind.turn), REMIND_EVERY_SECONDS, silence["remind"]),
        Duty("gather", gather.turn, GATHER_EVERY_SECONDS, silence["gather"]),
        Duty("notify", _refreshed(records, notify.turn), NOTIFY_EVERY_SECONDS, silence["notify"]),
        Duty("urge", _refreshed(records, urge.turn), URGE_EVERY_SECONDS, silence["urge"]),
        Duty("digest", _refreshed(records, digest.turn), DIGEST_EVERY_SECONDS, silence["digest"]),
        Duty("watch", watch.turn, WATCH_EVERY_SECONDS, silence["watch"]),
    ]
    if not records.dry_run:
        duties.append(Duty("post", post.turn, POST_EVERY_SECONDS, silence["post"], rest=posting.rest))
    worker = Worker(duties, store, beats, now=clock.now, stopping=stopping)
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


def _window(settings: Settings) -> timedelta | None:
    """How far back the provider lets programs look, until that is changed on its page."""
    days = settings.provider.window_days if settings.provider is not None else None
    return timedelta(days=days) if days is not None else None


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


def _beat(beats: Heartbeats, desk: str, *then: Callable[[], None]) -> Callable[[], None]:
    """What `desk` calls after every letter: the desk that takes over from it is woken."""

    def beat() -> None:
        beats.beat(desk)
        for each in then:
            each()

    return beat
