"""Waiting for news, with servers that halve, chatter, refuse or die meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from intake.errors import MailboxError
from tests.intake.edges.conftest import Scripted
from tests.intake.edges.imap_answers import BODY, refusing
from tests.servers.scripted_imap import ScriptedImapServer, Session


def test_a_server_without_idle_is_waited_for_quietly(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1")
    mailbox.statuses()
    before = len(server.commands)

    assert mailbox.wait_for_news(0.3, threading.Event()) is False
    assert len(server.commands) == before


def test_news_told_before_idle_begins_and_in_halves_is_heard(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1 IDLE")
    mailbox.statuses()

    def halves(session: Session, tag: str, arguments: str) -> None:
        lines = session.link.makefile("rb")
        session.say("+ idling")
        session.send(b"* 3 EX")
        server.stopping.wait(0.2)
        session.send(b"ISTS\r\n")
        lines.readline()
        session.say(f"{tag} OK done")

    server.on("IDLE", halves)
    assert mailbox.wait_for_news(30, threading.Event()) is True

    def early(session: Session, tag: str, arguments: str) -> None:
        lines = session.link.makefile("rb")
        session.say("* 4 EXISTS", "+ idling")
        lines.readline()
        session.say(f"{tag} OK done")

    server.on("IDLE", early)
    assert mailbox.wait_for_news(30, threading.Event()) is True
    assert [status.folder for status in mailbox.statuses()] == ["INBOX"]
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda session, tag, arguments: session.hang_up(),
        lambda session, tag, arguments: session.say("+ idling", "* BYE idle too long"),
        lambda session, tag, arguments: session.say("@@@"),
    ],
    ids=["hang-up", "bye", "garbage"],
)
def test_a_connection_that_dies_in_idle_costs_one_connection_and_no_error(
    scripted: Scripted, answer: Callable[[Session, str, str], None]
) -> None:
    server, mailbox = scripted("IMAP4rev1 IDLE")
    mailbox.statuses()
    server.on("IDLE", answer)

    assert mailbox.wait_for_news(0.5, threading.Event()) is False
    assert server.connections == 1
    assert [status.folder for status in mailbox.statuses()] == ["INBOX"]
    assert server.connections == 2


def test_idle_refused_though_offered_is_not_asked_for_again(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1 IDLE")
    mailbox.statuses()
    server.on("IDLE", refusing("NO not now"))

    for _ in range(3):
        assert mailbox.wait_for_news(0.1, threading.Event()) is False

    assert server.commands.count("IDLE") == 1
    assert server.connections == 1


def test_other_chatter_in_idle_is_no_news(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1 IDLE")
    mailbox.statuses()

    def chatter(session: Session, tag: str, arguments: str) -> None:
        lines = session.link.makefile("rb")
        session.say("+ idling", "* OK Still here", r"* 1 FETCH (FLAGS (\Seen))")
        lines.readline()
        session.say(f"{tag} OK done")

    server.on("IDLE", chatter)

    assert mailbox.wait_for_news(0.6, threading.Event()) is False


def test_what_came_between_the_poll_and_idle_is_news(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1 IDLE")
    mailbox.statuses()
    server.inbox.add(BODY)

    assert mailbox.wait_for_news(30, threading.Event()) is True
    assert mailbox.wait_for_news(0.1, threading.Event()) is False


def test_closing_from_another_thread_ends_a_call_that_waits_for_the_server(scripted: Scripted) -> None:
    server, mailbox = scripted(timeout_seconds=60)
    mailbox.statuses()

    def close_meanwhile(session: Session, tag: str, arguments: str) -> None:
        threading.Timer(0.1, mailbox.close).start()

    server.on("LIST", close_meanwhile)

    with pytest.raises(MailboxError):
        mailbox.statuses()

    assert server.connections == 1


def test_a_server_of_many_faults_still_shuts_down_quietly(scripted: Scripted) -> None:
    server, mailbox = scripted()
    mailbox.statuses()
    server.on("LOGOUT", lambda session, tag, arguments: session.fall_silent())

    mailbox.close()

    assert isinstance(server, ScriptedImapServer)
    assert server.commands[-1] == "LOGOUT"
