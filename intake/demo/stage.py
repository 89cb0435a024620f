"""Plays the story against a running service: letters arrive over IMAP, the demo clock moves, the worker works.

Peers: the embedded servers and the service's own database. The clock stands still while
the worker works; between letters it stops wherever the service has something due.
"""

from __future__ import annotations

import email
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email import policy
from email.message import EmailMessage

from imapclient import IMAPClient

from intake.bootstrap import Service
from intake.demo.clients import CHINA
from intake.demo.letters import write_letter
from intake.demo.servers import LOOPBACK, EmbeddedSmtp
from intake.demo.story import Scene
from intake.edges.clock import SetClock
from intake.errors import OperatorError
from storage.records.correspondence import OutgoingRecord

POLL_DELAY = timedelta(seconds=40)
"""From a letter's arrival to the poll that finds it."""
MORNING = time(8, 0, tzinfo=CHINA)
"""When the daily digest is due."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter of the story as it was put into the mailbox."""

    scene: Scene
    raw: bytes

    @property
    def sha256(self) -> str:
        """What the service knows it by."""
        return hashlib.sha256(self.raw).hexdigest()


class Stage:
    """One performance."""

    def __init__(
        self, service: Service, *, clock: SetClock, smtp: EmbeddedSmtp, imap_port: int, login: tuple[str, str]
    ) -> None:
        self._service = service
        self._clock = clock
        self._smtp = smtp
        self._mailbox = IMAPClient(LOOPBACK, port=imap_port, ssl=False, timeout=20)
        self._mailbox.login(*login)
        self._arrived: dict[str, Arrived] = {}

    def close(self) -> None:
        """Log out."""
        self._mailbox.logout()

    def perform(
        self, story: Sequence[Scene], *, until: datetime
    ) -> Iterator[tuple[Arrived, tuple[OutgoingRecord, ...]]]:
        """Each letter after the service has dealt with it, with what was sent since the letter before.

        Raises: OperatorError when the service fails.
        """
        for folder in {scene.folder for scene in story} - {"INBOX"}:
            self._mailbox.create_folder(folder)
        for scene in story:
            self._pass_time(scene.at)
            arrived = self._deliver(scene)
            self._work(scene.at + POLL_DELAY)
            yield arrived, self._answers(arrived)
        self._pass_time(until)

    def _deliver(self, scene: Scene) -> Arrived:
        ours = self._answer_to(scene.answers) if scene.answers else None
        if ours is None:
            raw = write_letter(scene)
        else:
            raw = write_letter(scene, _parsed(self._received(ours)), ours_at=ours.sent_at)
        self._mailbox.append(scene.folder, raw, msg_time=scene.at)
        self._arrived[scene.key] = Arrived(scene, raw)
        return self._arrived[scene.key]

    def _answer_to(self, key: str) -> OutgoingRecord:
        answers = self._answers(self._arrived[key])
        if not answers:
            raise OperatorError(f"演示中断：应有一封对“{self._arrived[key].scene.what}”的回信，但没有发出。")
        return answers[-1]

    def _answers(self, arrived: Arrived) -> tuple[OutgoingRecord, ...]:
        with self._service.records.store.read() as view:
            return view.outgoing.of_letter(arrived.sha256)

    def _received(self, mail: OutgoingRecord) -> bytes:
        """The letter as the SMTP server got it."""
        return next(each.raw for each in self._smtp.letters if mail.message_id.encode() in each.raw)

    # --- time

    def _pass_time(self, until: datetime) -> None:
        while (moment := self._next_due(before=until)) is not None:
            self._work(moment)

    def _next_due(self, *, before: datetime) -> datetime | None:
        """The next instant at which the service does something by itself."""
        now = self._clock.now()
        today = datetime.combine(now.astimezone(CHINA).date(), MORNING)
        with self._service.records.store.read() as view:
            due = [case.due_at for case in view.cases.list() if case.state == "waiting" and case.due_at is not None]
        moments = [at for at in (today, today + timedelta(days=1), *due) if now < at < before]
        return min(moments, default=None)

    def _work(self, at: datetime) -> None:
        self._clock.set(at)
        if self._service.worker.once() != 0:
            raise OperatorError("演示中断：服务没有走完一轮，原因见运行日志。")


def _parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # what this policy makes
    return message
