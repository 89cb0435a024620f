"""A watchdog over a real database, beside a mailbox, a disk and a mail server that stand as the test says."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from config.settings import Settings
from intake.desks.watch import Standing, WatchDesk
from intake.edges.alarms import AlarmChannels
from intake.edges.clock import SetClock
from intake.edges.outbox import Outbox
from intake.figures.alarm import AlarmKind
from storage.errors import UnreachableError
from tests.letters import CHINA
from tests.storage.unreliable import Unreliable

BEGIN = datetime(2022, 12, 19, 9, 0, tzinfo=CHINA)
WANG = "wang@huli.example"
MAILBOX_ALARMS: tuple[AlarmKind, ...] = ("incomplete", "mailbox_full", "other_intake", "sends_short")


class House:
    """A watchdog over a real database, beside a mailbox, a disk and a mail server that stand as the test says."""

    def __init__(self, folder: Path, **alarm: object) -> None:
        self.folder = folder
        self.settings = Settings(
            folder=folder,
            mailbox={"address": "anli@huli.example", "kind": "eml_folder", "path": "in", "poll_seconds": 60},
            digest={"recipients": (WANG,)},
            alarm={"silent_minutes": 15, "free_bytes": 1000, **alarm},
        )
        self.clock = SetClock(BEGIN)
        self.free = 10_000
        self.refused = False
        self.sending: bool | None = None
        self.held: str | None = ""
        self.mailbox: dict[AlarmKind, str | None] = {}
        self.unwritable = self.failing = ""
        self.trouble = "邮箱服务器没有应答"
        self.store = Unreliable(self.settings.database_url, data_dir=self.settings.data_dir)
        self.store.open()
        self.start()

    def start(self) -> None:
        """A new process on the same records."""
        webhook = self.settings.alarm.webhook
        self.watch = WatchDesk(
            self.store,
            Outbox(sender_address="anli@huli.example", installation="abcd"),
            AlarmChannels(
                self.settings.data_dir,
                command=self.settings.alarm.command,
                webhook=webhook.get_secret_value() if webhook else "",
            ),
            Standing(
                logins_refused=lambda: self.refused,
                trouble=lambda: self.trouble,
                sending_refused=lambda: self.sending,
                answers_stopped=lambda: self.held,
                mailbox={kind: partial(self.mailbox.get, kind, "") for kind in MAILBOX_ALARMS},
                unwritable=lambda _seconds: self.unwritable,
                failing=lambda _seconds: self.failing,
                free_bytes=lambda _folder: self.free,
            ),
            settings=self.settings,
            clock=self.clock,
            sender_name="组委会",
            tag="湖里区案例征集",
            monotonic=lambda: self.clock.now().timestamp(),
        )

    def minutes_pass(self, minutes: int, *, polls: bool, breaks_off: bool = False) -> None:
        """The watchdog turns every minute; whether the mailbox answers meanwhile, and each look ends in trouble."""
        self.trouble = "" if polls and not breaks_off else "邮箱服务器没有应答"
        for _ in range(minutes):
            self.clock.advance(timedelta(minutes=1))
            if polls and breaks_off:
                self.watch.polled()
            elif polls:
                self.watch.over(lambda: None)()
            assert self.watch.turn() is False
            with suppress(UnreachableError), self.store.write() as work:
                work.service.beat("watch", at=self.clock.now())

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """(state, subject) of the letters queued so far."""
        with self.store.read() as view:
            mails = [*view.outgoing.by_state("queued"), *view.outgoing.by_state("cancelled")]
        return [(mail.state, mail.subject) for mail in sorted(mails, key=lambda mail: mail.id)]

    @property
    def events(self) -> list[str]:
        with self.store.read() as view:
            return [event.kind for event in view.service.events()]

    @property
    def alarm_file(self) -> str:
        path = self.settings.data_dir / "alarm.txt"
        return path.read_text(encoding="utf-8") if path.exists() else ""
