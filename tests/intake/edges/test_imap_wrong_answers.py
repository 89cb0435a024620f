"""IMAP servers that answer wrongly, in another order, or what nobody asked."""

from __future__ import annotations

import re

import pytest

from intake.edges.mailboxes import Envelope
from intake.errors import BodyUnavailableError, MailboxError
from tests.intake.edges.conftest import Scripted
from tests.intake.edges.imap_answers import BODY, LETTER, fetched, once, refusing
from tests.servers.scripted_imap import DEFAULT_AT, Session, described


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


def test_flags_told_instead_of_an_envelope_are_none_and_those_of_other_letters_bring_none(scripted: Scripted) -> None:
    server, mailbox = scripted()
    for _ in range(3):
        server.inbox.add(BODY)

    def flags(session: Session, tag: str, arguments: str) -> bool | None:
        if not arguments.startswith("1,2 "):
            return False
        server._fetch(session, arguments.replace("1,2 ", "1 ", 1))
        session.say(r"* 2 FETCH (UID 2 FLAGS (\Seen))", r"* 3 FETCH (UID 3 FLAGS (\Seen))", f"{tag} OK done")
        return None

    server.on("UID FETCH", flags)

    told = [(envelope.uid, envelope.size_bytes) for envelope in mailbox.envelopes("INBOX", [1, 2])]

    assert told == [(1, len(BODY)), (2, len(BODY))]


def test_lines_said_twice_tell_of_one_letter(scripted: Scripted) -> None:
    server, mailbox = scripted()
    for _ in range(2):
        server.inbox.add(BODY)

    def twice(session: Session, tag: str, arguments: str) -> bool:
        server._fetch(session, arguments)
        return False

    def folders_twice(session: Session, tag: str, arguments: str) -> bool:
        session.say('* LIST () "/" "INBOX"')
        return False

    server.on("UID FETCH", twice)
    server.on("LIST", folders_twice)

    assert [status.folder for status in mailbox.statuses()] == ["INBOX"]
    assert [(envelope.uid, envelope.size_bytes) for envelope in mailbox.envelopes("INBOX", [1, 2])] == [
        (1, len(BODY)),
        (2, len(BODY)),
    ]
    assert fetched(mailbox, 1) == BODY


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
