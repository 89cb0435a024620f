"""IMAP servers that lie, stall, hang up or answer what nobody asked."""

from __future__ import annotations

import io
import logging
import re
import threading
from collections.abc import Callable

import pytest

from intake.edges.mailboxes import Envelope
from intake.edges.mailboxes.imap import ImapMailbox
from intake.errors import BodyUnavailableError, LoginRefusedError, MailboxError
from tests.intake.edges.conftest import Scripted
from tests.servers.scripted_imap import DEFAULT_AT, PASSWORD, ScriptedImapServer, Session, StoredLetter, described

BODY = b"Subject: a\r\n\r\n" + bytes(range(32, 127)) * 4
LETTER = StoredLetter(1, BODY)


def fetched(mailbox: ImapMailbox, uid: int = 1) -> bytes:
    sink = io.BytesIO()
    mailbox.fetch("INBOX", uid, sink)
    return sink.getvalue()


def refusing(answer: str) -> Callable[[Session, str, str], None]:
    return lambda session, tag, _: session.say(f"{tag} {answer}")


def once(answer: Callable[[Session, str, str], bool | None]) -> Callable[[Session, str, str], bool | None]:
    """`answer` the first time, the proper answer afterwards."""
    left = [answer]
    return lambda session, tag, arguments: left.pop()(session, tag, arguments) if left else False


# -- silence and lost links ------------------------------------------------------------


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


# -- answers that are wrong ---------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["NO [SERVERBUG] internal", "BAD what", "OK done"], ids=["no", "bad", "ok-without-a-body"]
)
def test_a_listed_letter_whose_body_never_comes_is_named_so(scripted: Scripted, line: str) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)
    server.on("UID FETCH", refusing(line))

    with pytest.raises(BodyUnavailableError):
        fetched(mailbox)

    assert mailbox.uids("INBOX") == (1,)
    assert server.connections == 1


@pytest.mark.parametrize("value", [b"NIL", b'""', b"{0}\r\n"], ids=["nil", "empty-string", "empty-literal"])
def test_an_empty_body_of_a_letter_with_a_size_is_no_body(scripted: Scripted, value: bytes) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)

    def empty(session: Session, tag: str, arguments: str) -> None:
        key = b"BODY[]<0>" if "<0." in arguments else b"BODY[]"
        session.send(b"* 1 FETCH (UID 1 RFC822.SIZE 394 %b %b)\r\n" % (key, value))
        session.say(f"{tag} OK done")

    server.on("UID FETCH", empty)

    with pytest.raises(BodyUnavailableError):
        fetched(mailbox)


def test_a_piece_missing_once_is_asked_for_again(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)
    server.on("UID FETCH", once(refusing("OK nothing")))

    assert fetched(mailbox) == BODY


def test_a_body_that_ends_early_is_torn_and_not_taken(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)

    def cut(session: Session, tag: str, arguments: str) -> None:
        asked = re.search(r"<(\d+)\.", arguments)
        offset = int(asked[1]) if asked else 0
        piece = BODY[:150][offset : offset + 100]
        session.send(b"* 1 FETCH (UID 1 RFC822.SIZE 394 BODY[]<%d> {%d}\r\n%b)\r\n" % (offset, len(piece), piece))
        session.say(f"{tag} OK done")

    server.on("UID FETCH", cut)

    with pytest.raises(BodyUnavailableError, match="150 of 394"):
        fetched(mailbox)


def test_short_pieces_are_put_together(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)

    def sevens(session: Session, tag: str, arguments: str) -> None:
        session.send(described(1, LETTER, arguments.replace(".100>", ".7>")))
        session.say(f"{tag} OK done")

    server.on("UID FETCH", sevens)

    assert fetched(mailbox) == BODY


def test_a_size_announced_a_little_too_large_does_not_lose_the_letter(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)

    def exaggerate(session: Session, tag: str, arguments: str) -> None:
        session.send(described(1, LETTER, arguments).replace(b"RFC822.SIZE 394", b"RFC822.SIZE 400"))
        session.say(f"{tag} OK done")

    server.on("UID FETCH", exaggerate)

    assert fetched(mailbox) == BODY


def test_a_size_announced_too_small_does_not_cut_the_letter(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)

    def understate(session: Session, tag: str, arguments: str) -> None:
        session.send(described(1, LETTER, arguments).replace(b"RFC822.SIZE 394", b"RFC822.SIZE 250"))
        session.say(f"{tag} OK done")

    server.on("UID FETCH", understate)

    assert fetched(mailbox) == BODY


def test_a_server_that_ignores_partials_gives_the_letter_once(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)

    def whole(session: Session, tag: str, arguments: str) -> None:
        session.send(described(1, LETTER, "RFC822.SIZE BODY.PEEK[]"))
        session.say(f"{tag} OK done")

    server.on("UID FETCH", whole)

    assert fetched(mailbox) == BODY


def test_a_server_that_refuses_partials_is_asked_for_the_whole(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)
    server.on(
        "UID FETCH",
        lambda session, tag, arguments: session.say(f"{tag} BAD partial") if "<" in arguments else False,
    )

    assert fetched(mailbox) == BODY


def test_lines_nobody_asked_for_are_not_taken_for_answers(scripted: Scripted) -> None:
    server, mailbox = scripted()
    for _ in range(2):
        server.inbox.add(BODY)

    def chatter(session: Session, tag: str, arguments: str) -> bool:
        session.say(
            "* 7 EXISTS",
            r"* 2 FETCH (FLAGS (\Seen))",
            r"* 1 FETCH (UID 2 FLAGS (\Seen))",
            "* 2 FETCH (UID 2 BODY[]<0> {4}",
            "evil)",
            "* OK still here",
        )
        return False

    server.on("UID FETCH", chatter)

    assert fetched(mailbox, 1) == BODY
    assert [envelope.uid for envelope in mailbox.envelopes("INBOX", [1, 2])] == [1, 2]


def test_garbage_ends_the_connection_and_the_next_call_works(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.on("UID SEARCH", once(lambda session, tag, arguments: session.say("@@@ \x00 what")))

    with pytest.raises(MailboxError, match="connection lost"):
        mailbox.uids("INBOX")

    assert mailbox.uids("INBOX") == ()


def test_a_literal_of_absurd_size_is_refused_before_memory_is_taken(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(BODY)
    server.on("UID FETCH", lambda session, tag, arguments: session.say("* 1 FETCH (UID 1 BODY[]<0> {99999999999}", "x"))

    with pytest.raises(MailboxError, match="literal of 99999999999 bytes"):
        fetched(mailbox)


# -- searching and describing -----------------------------------------------------------


def test_a_search_answer_in_any_order_over_several_lines_is_sorted(scripted: Scripted) -> None:
    server, mailbox = scripted()

    def disordered(session: Session, tag: str, arguments: str) -> None:
        session.say("* SEARCH 9 3 7", "* SEARCH 5 3 (MODSEQ 917)", "* SEARCH", f"{tag} OK done")

    server.on("UID SEARCH", disordered)

    assert mailbox.uids("INBOX") == (3, 5, 7, 9)


def test_a_search_answer_longer_than_a_megabyte_is_read(scripted: Scripted) -> None:
    server, mailbox = scripted(timeout_seconds=20)
    uids = tuple(range(1_000_000_000, 1_000_150_000))
    server.on(
        "UID SEARCH",
        lambda session, tag, arguments: session.say("* SEARCH " + " ".join(map(str, uids)), f"{tag} OK done"),
    )

    assert mailbox.uids("INBOX") == uids


def test_envelopes_are_asked_for_in_small_sets_of_plain_numbers(scripted: Scripted) -> None:
    server, mailbox = scripted(timeout_seconds=20)
    for _ in range(250):
        server.inbox.add(b"Subject: a\r\n\r\n")

    found = list(mailbox.envelopes("INBOX", range(250, 0, -1)))

    assert [envelope.uid for envelope in found] == list(range(1, 251))
    sets = [said.split()[2] for said in server.commands if said.startswith("UID FETCH")]
    assert [len(numbers.split(",")) for numbers in sets] == [100, 100, 50]
    assert all(re.fullmatch(r"[\d,]+", numbers) for numbers in sets)


def test_a_missing_internaldate_is_no_time(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(b"Subject: a\r\n\r\n", internal_at=None)

    assert list(mailbox.envelopes("INBOX", [1])) == [Envelope(1, 14, None, b"Subject: a\r\n\r\n")]


def test_one_letter_described_in_an_odd_way_does_not_hide_the_others(scripted: Scripted) -> None:
    server, mailbox = scripted()
    for _ in range(3):
        server.inbox.add(b"Subject: a\r\n\r\n")

    def odd_second(session: Session, tag: str, arguments: str) -> bool | None:
        if "2" in arguments.partition(" ")[0].split(","):
            session.say("* 2 FETCH (UID 2 RFC822.SIZE (((", f"{tag} OK done")
            return None
        return False

    server.on("UID FETCH", odd_second)

    assert list(mailbox.envelopes("INBOX", [1, 2, 3])) == [
        Envelope(1, 14, DEFAULT_AT, b"Subject: a\r\n\r\n"),
        Envelope(2, 0, None, b""),
        Envelope(3, 14, DEFAULT_AT, b"Subject: a\r\n\r\n"),
    ]


def test_a_letter_that_becomes_visible_late_below_the_highest_changes_the_status(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.inbox.add(b"Subject: a\r\n\r\n", uid=5)
    [before] = mailbox.statuses()

    server.inbox.add(b"Subject: b\r\n\r\n", uid=3)
    [after] = mailbox.statuses()

    assert (before.uidnext, after.uidnext) == (6, 6)
    assert (before.messages, after.messages) == (1, 2)
    assert mailbox.uids("INBOX") == (3, 5)


# -- logging in ---------------------------------------------------------------------------


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


# -- folders --------------------------------------------------------------------------------


def test_every_command_only_reads(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1 ID IDLE")
    server.inbox.add(BODY)

    mailbox.statuses()
    list(mailbox.envelopes("INBOX", mailbox.uids("INBOX")))
    fetched(mailbox)
    mailbox.wait_for_news(0.1, threading.Event())
    mailbox.close()

    names = {re.sub(r"^(UID \w+|\w+).*", r"\1", said) for said in server.commands}
    assert names <= {"CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "IDLE", "LOGOUT"}
    assert all("PEEK" in said for said in server.commands if "BODY" in said)


def test_a_junk_folder_that_does_not_open_does_not_stop_the_inbox(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.folders["Junk"] = server.inbox
    server.on(
        "EXAMINE",
        lambda session, tag, arguments: session.say(f"{tag} NO not for you") if "Junk" in arguments else False,
    )

    assert [status.folder for status in mailbox.statuses()] == ["INBOX"]


def test_a_folder_named_in_the_settings_that_is_missing_is_told(scripted: Scripted) -> None:
    _, mailbox = scripted(folders=("INBOX", "投稿"))

    with pytest.raises(MailboxError) as caught:
        mailbox.statuses()

    assert not caught.value.temporary
    assert "“投稿”" in caught.value.advice


# -- waiting ----------------------------------------------------------------------------------


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
