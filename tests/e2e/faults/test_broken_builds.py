"""Builds of the service that are broken on purpose: the trials must notice each of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from intake.desks.post import PostDesk, Posted
from intake.edges.mailboxes.bodies import BodyFetch
from intake.edges.mailboxes.imap import ImapMailbox
from intake.edges.transports.smtp import SmtpTransport
from intake.errors import MailboxError
from intake.worker import Worker
from storage.records.correspondence import OutgoingRecord
from storage.rows.sightings import SightingRows
from tests.e2e.faults.counts import Counts
from tests.e2e.faults.test_faults_on_the_wire import after
from tests.e2e.faults.trial import Servers
from tests.e2e.faults.wire import Protocol, Strike
from tests.servers.fault_proxy import Exchange, Fault

pytestmark = pytest.mark.server

Break = Callable[[pytest.MonkeyPatch], None]


def writes_each_attempt_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second attempt leaves with other bytes."""
    send, attempts = SmtpTransport.send, itertools.count()

    def anew(self: SmtpTransport, raw: bytes, **named: Any) -> str:
        return send(self, b"X-Attempt: %d\r\n" % next(attempts) + raw, **named)

    monkeypatch.setattr(SmtpTransport, "send", anew)


def takes_a_lost_link_for_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever became of a letter, it counts as sent."""

    def sent(self: PostDesk, row: OutgoingRecord, _error: object, _wait: object, done: Posted) -> Posted:
        return self._sent(row, "", done)

    monkeypatch.setattr(PostDesk, "_not_sent", sent)


def takes_garbage_for_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is no answer says no for good."""
    monkeypatch.setattr("intake.edges.transports.smtp._understood", lambda answer: answer)


def takes_silence_for_a_letter_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not come was moved by somebody, and is not asked for again when the folder still lists it."""
    fetch = ImapMailbox.fetch

    def hasty(self: ImapMailbox, folder: str, uid: int, sink: BinaryIO) -> int:
        try:
            return fetch(self, folder, uid, sink)
        except MailboxError:
            return 0

    monkeypatch.setattr(ImapMailbox, "fetch", hasty)
    monkeypatch.setattr(SightingRows, "without_body", lambda *_: ())


def takes_half_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first piece is whole enough, however much is missing."""

    def enough(self: BodyFetch, piece: bytes) -> bytes:
        self.complete, half = True, piece[: len(piece) // 2]
        self.written_bytes = len(half)
        return half

    monkeypatch.setattr(BodyFetch, "_taken", enough)


def never_says_that_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trouble is told, its end is not."""
    monkeypatch.setattr(Worker, "_recovered", lambda self, duty: self._failures.pop(duty.name, 0))


def hammers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused login is tried for ever."""
    monkeypatch.setattr("intake.worker.LOGINS_REFUSED_AT_MOST", 1_000)


def keeps_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog sleeps."""
    monkeypatch.setattr("intake.desks.watch.WatchDesk._look", lambda _: False)


def strike(protocol: Protocol, command: str, fault: Fault, *, lasts: bool = False) -> Strike:
    """One that the sound build withstands (its like are tried in the other files)."""
    return Strike(protocol, Exchange(command, 1), fault, lasts)


@pytest.mark.parametrize(
    ("is_broken", "struck", "notices"),
    [
        (writes_each_attempt_anew, strike("smtp", "letter", Fault("cut_after")), "2 forms"),
        (takes_a_lost_link_for_success, strike("smtp", "letter", Fault("cut_before")), "answered: "),
        (takes_garbage_for_a_refusal, strike("smtp", "letter", Fault("garbled")), "outgoing: "),
        (takes_silence_for_a_letter_gone, strike("imap", "UID FETCH of bodies", Fault("silence")), "outcomes: "),
        (takes_half_a_letter, strike("imap", "UID FETCH of bodies", Fault("cut_inside")), "other than arrived"),
        (never_says_that_it_is_over, strike("imap", "LIST", Fault("silence")), "not over: collect"),
        (hammers, strike("imap", "LOGIN", Fault("refused", "NO LOGIN failed"), lasts=True), "tried "),
        (keeps_silent, strike("imap", "LIST", Fault("cut_before"), lasts=True), "no alarm"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_trials_notice_a_build_that(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_broken: Break, struck: Strike, notices: str
) -> None:
    is_broken(monkeypatch)

    found = after(struck, servers, tmp_path, Counts("broken"))

    assert [wrong for wrong in found if notices in wrong], found
