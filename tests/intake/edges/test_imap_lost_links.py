"""IMAP servers that fall silent, drip or hang up."""

from __future__ import annotations

import re

import pytest

from intake.errors import MailboxError
from tests.intake.edges.conftest import Scripted
from tests.intake.edges.imap_answers import BODY, fetched, once
from tests.servers.scripted_imap import Session


def test_a_server_that_stops_inside_a_literal_is_given_up_after_the_timeout(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)

    def stop_inside(session: Session, tag: str, arguments: str) -> None:
        session.send(b"* 1 FETCH (UID 1 BODY[]<0> {100}\r\nonly a few bytes")
        session.fall_silent()

    server.on("UID FETCH", stop_inside)

    with pytest.raises(MailboxError, match="stopped answering") as caught:
        fetched(mailbox)

    assert caught.value.temporary
    assert "没有回应" in caught.value.advice


def test_a_server_that_drips_is_given_up_though_it_is_never_silent(scripted: Scripted) -> None:
    server, mailbox = scripted(timeout_seconds=0.2)
    server.inbox.add(BODY)

    def drip(session: Session, tag: str, arguments: str) -> None:
        session.send(b"* 1 FETCH (UID 1 BODY[]<0> {100000}\r\n")
        while not server.stopping.wait(0.05):
            session.send(b"x")

    server.on("UID FETCH", drip)

    with pytest.raises(MailboxError, match="stopped answering"):
        fetched(mailbox)


def test_a_greeting_that_never_comes_is_a_blocked_port(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.on("GREETING", lambda session, tag, arguments: session.fall_silent())

    with pytest.raises(MailboxError) as caught:
        mailbox.statuses()

    assert caught.value.temporary
    assert f"{server.port} 端口" in caught.value.advice


def test_a_kept_connection_the_server_closed_is_opened_anew_within_the_call(scripted: Scripted) -> None:
    server, mailbox = scripted()
    mailbox.statuses()
    server.on("LIST", once(lambda session, tag, arguments: session.hang_up()))

    assert [status.folder for status in mailbox.statuses()] == ["INBOX"]
    assert server.connections == 2


def test_a_server_that_hangs_up_every_time_is_tried_twice_and_no_more(scripted: Scripted) -> None:
    server, mailbox = scripted()
    mailbox.statuses()
    server.on("LIST", lambda session, tag, arguments: session.hang_up())

    with pytest.raises(MailboxError) as caught:
        mailbox.statuses()

    assert caught.value.temporary
    assert server.connections == 2


def test_the_call_after_an_error_connects_again(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.on("LIST", once(lambda session, tag, arguments: session.say("* BYE too many things")))

    with pytest.raises(MailboxError):
        mailbox.statuses()

    assert [status.folder for status in mailbox.statuses()] == ["INBOX"]


def test_a_link_lost_between_two_pieces_goes_on_where_it_stopped(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)
    asked: list[str] = []

    def hang_up_at_the_second(session: Session, tag: str, arguments: str) -> bool | None:
        asked.append(re.search(r"<(\d+)\.", arguments)[1])  # type: ignore[index]  # every FETCH here is partial
        if len(asked) == 2:
            session.hang_up()
            return None
        return False

    server.on("UID FETCH", hang_up_at_the_second)

    assert fetched(mailbox) == BODY
    assert asked == ["0", "100", "100", "200", "300"]


def test_a_link_lost_after_every_piece_is_renewed_once_in_a_call_and_no_more(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)
    answered: dict[int, Session] = {}

    def hang_up_at_the_second_of_a_link(session: Session, tag: str, arguments: str) -> bool | None:
        if id(session) in answered:
            session.hang_up()
            return None
        answered[id(session)] = session
        return False

    mailbox.statuses()
    server.on("UID FETCH", hang_up_at_the_second_of_a_link)

    with pytest.raises(MailboxError) as caught:
        fetched(mailbox)

    assert caught.value.temporary
    assert server.connections == 2


def test_a_folder_made_anew_between_two_pieces_is_never_mixed(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)
    mailbox.statuses()

    def recreate_and_hang_up(session: Session, tag: str, arguments: str) -> bool | None:
        if "<100." in arguments and server.inbox.uidvalidity == 1:
            server.inbox.uidvalidity = 2
            session.hang_up()
            return None
        return False

    server.on("UID FETCH", recreate_and_hang_up)

    with pytest.raises(MailboxError, match="UIDVALIDITY of INBOX changed from 1 to 2"):
        fetched(mailbox)
