"""A whole service between a real mailbox and a real SMTP server, with the one clock the test sets."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from config.settings import Settings
from intake.bootstrap import Records, Service, open_records, running_service
from intake.demo.servers import HandedOver
from intake.edges.clock import SetClock
from intake.edges.executors import Executor
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord, OutgoingRecord
from storage.unit_of_work import View
from tests.e2e.boxes import Box
from tests.letters import CHINA, Draft, plain_letter
from tests.servers.smtp_sink import PASSWORD, USER, SmtpSink

BEGIN = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)
"""Where every test's clock stands at first: a Monday, two weeks before the close."""
FIRST_DAY = datetime(2022, 11, 30, tzinfo=CHINA)
ORGANIZER = "zuweihui@huli.example"
TO_ORGANIZERS = frozenset({"digest", "alarm", "orders", "case_notice"})
"""Kinds of our letters that no submitter gets."""


@dataclass(frozen=True)
class Reply:
    """A letter of ours as it reached the SMTP server."""

    kind: str
    to: str
    subject: str
    text: str
    message_id: str
    in_reply_to: str | None
    token: str
    """The 回执码."""
    raw: bytes

    @property
    def number(self) -> str | None:
        """The 登记编号 it names; None when it names none."""
        line = next((line for line in self.text.splitlines() if line.startswith("登记编号：")), "")
        return line.removeprefix("登记编号：") or None


class World:
    """Letters arrive, the service works, replies come out."""

    def __init__(self, box: Box, smtp: SmtpSink, smtp_port: int, folder: Path, executor: Executor) -> None:
        self.box = box
        self.smtp = smtp
        self.smtp_port = smtp_port
        self.folder = folder
        self.clock = SetClock(BEGIN)
        self.executor = executor
        self.tables: dict[str, Any] = {}
        """Settings of the test's own, by table or field."""
        self.imap_port = box.port
        self.dry_run = False
        self._open: ExitStack | None = None
        self._service: Service | None = None

    # --- the service

    @property
    def settings(self) -> Settings:
        """What the service is started with."""
        mailbox = {
            "address": self.box.address,
            "password": self.box.password,
            "host": "127.0.0.1",
            "port": self.imap_port,
            "tls": "plain",
            "poll_seconds": 5,
            "timeout_seconds": 20,
        }
        smtp = {
            "host": "127.0.0.1",
            "port": self.smtp_port,
            "tls": "plain",
            "username": USER,
            "password": PASSWORD,
            "seconds_between": 0,
            "timeout_seconds": 10,
        }
        tables: dict[str, Any] = {
            "mailbox": mailbox | self.tables.get("mailbox", {}),
            "smtp": smtp | self.tables.get("smtp", {}),
            "campaigns": ("huli-2022",),
            "answer_from": FIRST_DAY,
            "readers": {"processes": 2},
            **{key: value for key, value in self.tables.items() if key not in {"mailbox", "smtp"}},
        }
        return Settings(folder=self.folder, **tables)

    @property
    def records(self) -> Records:
        """The records of the running service."""
        return self.service.records

    @property
    def service(self) -> Service:
        """The service, started when first asked for."""
        if self._service is None:
            self._open = ExitStack()
            records = open_records(self.settings, clock=self.clock, dry_run=self.dry_run)
            self._service = self._open.enter_context(running_service(records, executor=_Borrowed(self.executor)))
        return self._service

    def stop(self) -> None:
        """Stop the service; the next use starts it anew on the same folder."""
        stack, self._open, self._service = self._open, None, None
        if stack is not None:
            stack.close()

    def work(self, **later: float) -> None:
        """Time passes (`minutes=10`), then every desk works until nothing is left to do."""
        self.clock.advance(timedelta(**later))
        assert self.service.worker.once() == 0

    def work_until_read(self) -> None:
        """Letters are collected and read, none is filed."""
        self.service.collect.turn()
        self.service.read.turn()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The worker with its threads, as `intake run` has it; stopped cleanly when the block ends."""
        worker = self.service.worker
        status: list[int] = []
        thread = threading.Thread(target=lambda: status.append(worker.run()), daemon=True)
        thread.start()
        try:
            yield
        finally:
            worker.stop()
            thread.join(60)
        assert status == [0]

    # --- the world outside

    def arrives(self, draft: Draft, *, folder: str = "INBOX", client: Callable[[Draft], bytes] = plain_letter) -> Draft:
        """`draft` arrives now, written by `client`; as it was sent."""
        sent = replace(draft, at=self.clock.now().astimezone(CHINA), to=self.box.address)
        if sent.message_id is None:
            sent = replace(sent, message_id=f"{sent.token[:20]}@{sent.domain}")
        self.box.put(client(sent), self.clock.now(), folder=folder)
        return sent

    def everything_sent(self) -> tuple[Reply, ...]:
        """All that reached the SMTP server, in order."""
        return tuple(_reply(letter) for letter in self.smtp.letters)

    def replies(self, to: str | None = None) -> tuple[Reply, ...]:
        """What reached submitters (`to` one of them), in order; what tells organizers left out."""
        return tuple(
            reply
            for reply in self.everything_sent()
            if reply.kind not in TO_ORGANIZERS and (to is None or reply.to == to)
        )

    def told(self) -> list[tuple[str, str]]:
        """(to, kind) of what reached submitters, sorted."""
        return sorted((reply.to, reply.kind) for reply in self.replies())

    # --- what is on record

    def look(self, ask: Callable[[View], Any]) -> Any:
        """The answer of the database to `ask`."""
        with self.records.store.read() as view:
            return ask(view)

    def cases(self) -> tuple[CaseRecord, ...]:
        """All cases, oldest first."""
        found: tuple[CaseRecord, ...] = self.look(lambda view: view.cases.list())
        return found

    def letters(self) -> tuple[LetterRecord, ...]:
        """All letters, oldest received first."""
        far = timedelta(days=4000)
        now = self.clock.now()
        found: tuple[LetterRecord, ...] = self.look(lambda view: view.letters.received_between(now - far, now + far))
        return found

    def outcomes(self) -> list[str]:
        """What became of every letter, oldest received first: its outcome, or why it opened no case."""
        return [letter.ignored or letter.outcome for letter in self.letters()]

    def mails(self, state: str) -> tuple[OutgoingRecord, ...]:
        """Outgoing letters in a state, oldest first."""
        found: tuple[OutgoingRecord, ...] = self.look(lambda view: view.outgoing.by_state(state))
        return found

    def events(self, desk: str) -> list[str]:
        """What happened to a desk, oldest first: the kinds of its events."""
        found = self.look(lambda view: view.service.events())
        return [event.kind for event in found if event.desk == desk]

    def equation(self) -> list[tuple[str, int, int, int]]:
        """(folder, on the server, recorded, gone) of every folder as it stands, Sent included."""
        counts = self.look(lambda view: view.figures.folders())
        return [(c.folder, c.messages, c.live, c.gone) for c in counts if c.current]


class _Borrowed:
    """Reader processes that outlive the service: starting them anew for every test would cost seconds each."""

    def __init__(self, executor: Executor) -> None:
        self.submit = executor.submit

    def close(self) -> None:
        """They go on."""


def until(is_so: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Wait until `is_so`; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"still not so after {seconds} s"
        time.sleep(0.02)


def read_mail(raw: bytes) -> EmailMessage:
    """A letter, parsed."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@functools.lru_cache(maxsize=256)
def _reply(letter: HandedOver) -> Reply:
    message = read_mail(letter.raw)
    body = message.get_body(("plain",))
    assert body is not None
    _, kind, token = str(message["X-Intake-Id"]).split()
    in_reply_to = message["In-Reply-To"]
    return Reply(
        kind=kind,
        to=_only(letter.recipients),
        subject=str(message["Subject"]),
        text=body.get_content(),
        message_id=str(message["Message-ID"]).strip("<>"),
        in_reply_to=str(in_reply_to).strip("<>") if in_reply_to else None,
        token=token,
        raw=letter.raw,
    )


def _only(addresses: Sequence[str]) -> str:
    assert len(addresses) == 1
    return addresses[0]
