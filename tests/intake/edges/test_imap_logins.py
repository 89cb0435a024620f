"""IMAP servers and the login: refusals told apart, asked once, and no secret shown."""

from __future__ import annotations

import logging
import re

import pytest

from intake.errors import LoginRefusedError, MailboxError
from tests.intake.edges.conftest import Scripted
from tests.intake.edges.imap_answers import once, refusing
from tests.servers.scripted_imap import PASSWORD, Session


def test_a_refused_login_is_asked_once_and_told_with_advice_and_no_secret(scripted: Scripted) -> None:
    server, mailbox = scripted(password="wrong-secret")

    with pytest.raises(LoginRefusedError) as caught:
        mailbox.statuses()

    assert [said.split()[0] for said in server.commands].count("LOGIN") == 1
    assert "授权码" in caught.value.advice
    assert "wrong-secret" not in str(caught.value) + caught.value.advice + repr(mailbox.__dict__)


@pytest.mark.parametrize(
    ("answer", "temporary", "words"),
    [
        ("NO [UNAVAILABLE] backend down", True, "暂时不接受登录"),
        ("NO System is busy, please try again later", True, "暂时不接受登录"),
        ("NO [LIMIT] Too many simultaneous connections", True, "暂时不接受登录"),
        ("NO IMAP is disabled", False, "IMAP 服务没有开启"),
        ("NO [ALERT] Your account is not enabled for IMAP use", False, "IMAP 服务没有开启"),
        ("NO LOGIN Login error or password error", False, "核对授权码"),
        (
            "NO Login fail. Account is abnormal, service is not open, password is incorrect, or system is busy.",
            False,
            "核对授权码",
        ),
        ("BAD command unknown", False, "核对授权码"),
    ],
)
def test_refusals_of_a_login_are_told_apart(scripted: Scripted, answer: str, temporary: bool, words: str) -> None:
    server, mailbox = scripted()
    server.on("LOGIN", refusing(answer))

    with pytest.raises(MailboxError) as caught:
        mailbox.statuses()

    assert isinstance(caught.value, LoginRefusedError) is not temporary
    assert caught.value.temporary is temporary
    assert words in caught.value.advice


def test_a_server_that_wants_encryption_first_gets_no_password(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1 STARTTLS LOGINDISABLED")

    with pytest.raises(MailboxError) as caught:
        mailbox.statuses()

    assert not caught.value.temporary
    assert "不接受未加密的登录" in caught.value.advice
    assert not any(said.startswith("LOGIN") for said in server.commands)


def test_nothing_logged_holds_a_password(scripted: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, refused = scripted(password="a-wrong-secret")
    _, mailbox = scripted()

    with pytest.raises(LoginRefusedError):
        refused.statuses()
    mailbox.statuses()

    assert "LOGIN" in caplog.text
    assert "a-wrong-secret" not in caplog.text
    assert PASSWORD not in caplog.text


def test_a_link_lost_during_login_is_no_refusal(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.on("LOGIN", lambda session, tag, arguments: session.hang_up())

    with pytest.raises(MailboxError) as caught:
        mailbox.statuses()

    assert not isinstance(caught.value, LoginRefusedError)
    assert caught.value.temporary


def test_a_token_is_fetched_anew_for_each_login_and_a_refusal_ends_with_an_empty_line(scripted: Scripted) -> None:
    tokens = iter(["first-token", "second-token"])
    server, mailbox = scripted("IMAP4rev1 AUTH=XOAUTH2", auth="xoauth2", token=lambda: next(tokens))

    def refuse(session: Session, tag: str, arguments: str) -> None:
        lines = session.link.makefile("rb")
        session.say("+ ")
        server.commands.append(lines.readline().decode().strip())
        session.say("+ eyJzdGF0dXMiOiI0MDEifQ==")
        server.commands.append(repr(lines.readline()))
        session.say(f"{tag} NO AUTHENTICATE failed")

    server.on("AUTHENTICATE", refuse)

    for _ in range(2):
        with pytest.raises(LoginRefusedError):
            mailbox.statuses()

    said = [line for line in server.commands if not line.startswith(("CAPABILITY", "AUTHENTICATE"))]
    assert said == [
        "dXNlcj1ib3hAZXhhbXBsZS50ZXN0AWF1dGg9QmVhcmVyIGZpcnN0LXRva2VuAQE=",
        repr(b"\r\n"),
        "dXNlcj1ib3hAZXhhbXBsZS50ZXN0AWF1dGg9QmVhcmVyIHNlY29uZC10b2tlbgEB",
        repr(b"\r\n"),
    ]


def test_id_is_told_after_login_and_again_after_a_reconnect(scripted: Scripted) -> None:
    server, mailbox = scripted()
    mailbox.statuses()
    server.on("LIST", once(lambda session, tag, arguments: session.hang_up()))
    mailbox.statuses()

    names = [said.split()[0] for said in server.commands]

    assert [name for name in names if name in {"LOGIN", "ID", "EXAMINE"}] == [
        *["LOGIN", "ID", "EXAMINE"],
        *["LOGIN", "ID", "EXAMINE"],
    ]
    said = next(said for said in server.commands if said.startswith("ID"))
    assert re.fullmatch(r'ID \("name" "case-intake" "version" "[\d.]+" "vendor" "case-intake"\)', said)


@pytest.mark.parametrize(("needs_id", "told"), [(True, 1), (False, 0)])
def test_id_goes_to_servers_that_do_not_advertise_it_only_when_wanted(
    scripted: Scripted, needs_id: bool, told: int
) -> None:
    server, mailbox = scripted("IMAP4rev1", needs_id=needs_id)

    mailbox.statuses()

    assert sum(said.startswith("ID ") for said in server.commands) == told


def test_a_server_that_refuses_condstore_though_it_offers_it_is_read_without(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1 ENABLE CONDSTORE")
    server.on("ENABLE", refusing("BAD what"))

    assert [status.modseq for status in mailbox.statuses()] == [None]


def test_unsafe_login_is_answered_with_id_and_one_more_try(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1")
    server.on("EXAMINE", once(refusing("NO EXAMINE Unsafe Login. Please contact kefu@188.com for help")))

    assert [status.folder for status in mailbox.statuses()] == ["INBOX"]
    assert sum(said.startswith("ID ") for said in server.commands) == 1


def test_unsafe_login_that_stays_is_told_with_advice(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.on("EXAMINE", refusing("NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"))

    with pytest.raises(MailboxError, match="unsafe login") as caught:
        mailbox.statuses()

    assert not caught.value.temporary
    assert "网易" in caught.value.advice
