"""The desks that only a worker has, and how they wake each other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from config.settings import Settings
from intake.bootstrap.desks import make_deciding
from intake.bootstrap.records import Records
from intake.deciding.by_mail import OrdersByMail
from intake.desks.collect import CollectDesk
from intake.desks.file import FileDesk
from intake.desks.gather import GatherDesk
from intake.desks.read import ReadDesk
from intake.edges.executors import Executor
from intake.edges.mailbox_marks import MailboxNotes
from intake.edges.mailboxes import Mailbox
from intake.edges.marked_copies import MarkedCopies
from intake.marking import CopyShelf
from intake.worker import Bell, Heartbeats

LARGEST_LETTER_BYTES = 200_000_000
"""Letters beyond this are recorded as `oversize`; the largest mail any provider here takes is far below."""


@dataclass(frozen=True, slots=True)
class Signals:
    """How desks, worker and watchdog tell each other of what happens."""

    beats: Heartbeats
    stopping: threading.Event = field(default_factory=threading.Event)
    reading: Bell = field(default_factory=Bell)
    filing: Bell = field(default_factory=Bell)
    posting: Bell = field(default_factory=Bell)

    def beat(self, desk: str, *then: Callable[[], None]) -> Callable[[], None]:
        """What `desk` calls after every letter: the desk that takes over from it is woken."""

        def beat() -> None:
            self.beats.beat(desk)
            for each in then:
                each()

        return beat


def make_collect_desk(
    records: Records, mailbox: Mailbox, signals: Signals, *, polled: Callable[[], None]
) -> CollectDesk:
    """The desk that takes letters in. `polled`: called whenever the mailbox was looked at."""
    opens = [call.campaign.opens_at for call in records.calls.values()]
    return CollectDesk(
        mailbox,
        records.store,
        records.letters,
        clock=records.clock,
        opens_at=min((at for at in opens if at is not None), default=None) if None not in opens else None,
        largest_letter_bytes=LARGEST_LETTER_BYTES,
        window=_window(records.settings),
        notes=MailboxNotes(
            records.store, records.clock, installation=records.installation, begun_at=records.first_run_at
        ),
        beat=signals.beat("collect", signals.reading.ring, polled),
        stopped=signals.stopping.is_set,
    )


def make_read_desk(records: Records, executor: Executor, signals: Signals) -> ReadDesk:
    """The desk that has letters read by `executor`."""
    settings = records.settings
    return ReadDesk(
        records.store,
        records.letters,
        executor,
        clock=records.clock,
        limits=records.limits,
        jobs=settings.data_dir / "jobs",
        own_hosts=frozenset(host.lower() for host in settings.mailbox.own_hosts),
        beat=signals.beat("read", signals.filing.ring),
        stopped=signals.stopping.is_set,
    )


def make_file_desk(records: Records, signals: Signals) -> FileDesk:
    """The desk that files letters, organizers' orders among them."""
    settings = records.settings
    return FileDesk(
        records.store,
        records.letters,
        records.readings,
        records.judge,
        records.calls,
        answers=records.judge.answers,
        clock=records.clock,
        own_addresses=frozenset({settings.mailbox.address.lower()}),
        installation=records.installation,
        test_mode=settings.test_mode,
        orders=OrdersByMail(
            make_deciding(records),
            records.outbox,
            records.calls,
            clock=records.clock,
            test_mode=settings.test_mode,
            dry_run=records.dry_run,
        ),
        beat=signals.beat("file", signals.posting.ring),
        stopped=signals.stopping.is_set,
    )


def ready_judge_desk(records: Records, executor: Executor, signals: Signals) -> None:
    """Give the records' own judge what it needs beside a worker."""
    cache = records.settings.data_dir / "cache" / "marked-copies"
    copies = MarkedCopies(records.letters, executor, limits=records.limits, cache=cache)
    records.judge.shelf = CopyShelf(records.store, records.readings, copies)
    records.judge.beat = signals.beat("judge", signals.posting.ring)
    records.judge.stopped = signals.stopping.is_set


def make_gather_desk(records: Records, signals: Signals) -> GatherDesk:
    """The desk that answers several letters in one."""
    return GatherDesk(
        records.store,
        records.readings,
        records.judge,
        records.judge.answers,
        records.calls,
        clock=records.clock,
        daily_sends=daily_sends(records.settings),
        beat=signals.beat("gather", signals.posting.ring),
        stopped=signals.stopping.is_set,
    )


def daily_sends(settings: Settings) -> int | None:
    """How many letters the provider takes in 24 hours; None when nobody counts."""
    return settings.smtp.daily_sends if settings.smtp.host else None


def _window(settings: Settings) -> timedelta | None:
    """How far back the provider lets programs look, until that is changed on its page."""
    days = settings.provider.window_days if settings.provider is not None else None
    return timedelta(days=days) if days is not None else None
