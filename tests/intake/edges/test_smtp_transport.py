"""Sending letters through a real SMTP server, and through one that fails at every step."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.demo.servers import HandedOver
from intake.edges.clock import Clock, SetClock
from intake.edges.transports.smtp import SmtpAccount, SmtpTransport
from intake.errors import TransportError
from tests.servers.breaking_smtp import broken_server
from tests.servers.certificates import make_certificate
from tests.servers.smtp_sink import DROP, PASSWORD, USER, SmtpSink

RAW = (
    b"From: box@example.test\r\nTo: a@example.test\r\nMessage-ID: <r.1.t@example.test>\r\n\r\n.dot\r\n..two\r\nend\r\n"
)
SENDER = USER
TO = ["a@example.test"]
SentBy = Callable[..., tuple[SmtpSink, SmtpTransport]]


@pytest.fixture
def sink() -> Iterator[SentBy]:
    """Start a sink and give it with a transport that sends to it."""
    running: list[tuple[SmtpSink, SmtpTransport]] = []

    def start(
        account: SmtpAccount | None = None, clock: Clock | None = None, **scripted: object
    ) -> tuple[SmtpSink, SmtpTransport]:
        server = SmtpSink(**scripted)  # type: ignore[arg-type]  # rows of tests name real options
        port = server.start()
        base = account or SmtpAccount("", "", 0, tls="plain", timeout_seconds=10)
        transport = SmtpTransport(replace(base, host="127.0.0.1", port=port), clock)
        running.append((server, transport))
        return server, transport

    yield start
    for server, transport in running:
        transport.close()
        server.stop()


def send(transport: SmtpTransport, raw: bytes = RAW, to: list[str] | None = None) -> str:
    return transport.send(raw, sender=SENDER, recipients=to or TO)


def test_a_letter_arrives_unchanged_and_the_answer_is_returned(sink: SentBy) -> None:
    server, transport = sink()

    answer = send(transport)

    assert answer == "250 OK"
    assert [(one.sender, one.recipients, one.raw) for one in server.letters] == [(SENDER, tuple(TO), RAW)]


def test_a_30_mb_letter_arrives_unchanged(sink: SentBy) -> None:
    server, transport = sink(account=SmtpAccount("", "", 0, tls="plain", timeout_seconds=60))
    raw = b"Subject: x\r\n\r\n" + (b"0123456789" * 7 + b"\r\n") * 430_000

    send(transport, raw)

    assert server.letters[0].raw == raw


def test_the_connection_is_kept_between_letters(sink: SentBy) -> None:
    server, transport = sink()

    for _ in range(5):
        send(transport)

    assert (len(server.letters), server.connections) == (5, 1)


@pytest.mark.parametrize("scripted", [{"close_after": 2}, {"at_mail": ["250 OK", "421 too many, goodbye"]}])
def test_a_server_that_closes_between_letters_is_reached_again_without_a_failure(
    sink: SentBy, scripted: dict[str, object]
) -> None:
    server, transport = sink(**scripted)

    for _ in range(4):
        send(transport)
        threading.Event().wait(0.1)  # the server closes in its own time

    assert (len(server.letters), server.connections) == (4, 2)


def test_a_link_that_breaks_before_data_on_a_new_connection_is_temporary(sink: SentBy) -> None:
    _, transport = sink(at_mail=[DROP])

    with pytest.raises(TransportError) as caught:
        send(transport)

    assert (caught.value.temporary, caught.value.accepted_unknown, caught.value.code) == (True, False, None)


def test_a_link_that_breaks_after_the_final_dot_leaves_it_unknown(sink: SentBy) -> None:
    server, transport = sink(at_data=[DROP])

    with pytest.raises(TransportError) as caught:
        send(transport)

    assert (caught.value.temporary, caught.value.accepted_unknown) == (True, True)
    assert send(transport) == "250 OK"
    assert len(server.letters) == 1


def test_a_link_that_breaks_inside_the_letter_was_not_accepted() -> None:
    with broken_server(read_bytes=200_000) as port:
        transport = SmtpTransport(SmtpAccount("", "127.0.0.1", port, tls="plain", timeout_seconds=10))

        with pytest.raises(TransportError) as caught:
            send(transport, b"Subject: x\r\n\r\n" + b"x" * 50_000_000)

    assert (caught.value.temporary, caught.value.accepted_unknown) == (True, False)


@pytest.mark.parametrize("half", [b"2", b"250", b"250 OK, queued"])
def test_half_an_answer_to_the_final_dot_leaves_it_unknown(half: bytes) -> None:
    handed_over = RAW.replace(b"\n.", b"\n..") + b".\r\n"
    with broken_server(read_bytes=len(handed_over), last_words=half) as port:
        transport = SmtpTransport(SmtpAccount("", "127.0.0.1", port, tls="plain", timeout_seconds=10))

        with pytest.raises(TransportError) as caught:
            send(transport)

    assert (caught.value.temporary, caught.value.accepted_unknown) == (True, True)


def test_a_server_that_closes_with_its_answer_is_reached_anew_for_the_next_letter(sink: SentBy) -> None:
    server, transport = sink(at_data=["421 4.3.2 closing"])

    with pytest.raises(TransportError) as caught:
        send(transport)
    answer = send(transport)

    assert (caught.value.code, caught.value.accepted_unknown, answer) == (421, False, "250 OK")
    assert server.connections == 2


def test_a_server_silent_after_the_final_dot_leaves_it_unknown_after_its_own_timeout() -> None:
    with broken_server(read_bytes=None) as port:
        account = SmtpAccount("", "127.0.0.1", port, tls="plain", timeout_seconds=10, final_answer_seconds=0.3)

        with pytest.raises(TransportError) as caught:
            send(SmtpTransport(account))

    assert (caught.value.temporary, caught.value.accepted_unknown) == (True, True)


@pytest.mark.parametrize(
    ("answer", "temporary", "sender_refused", "wait_seconds"),
    [
        ("451 4.3.0 try later", True, False, None),
        ("452 4.2.2 over quota", True, False, None),
        ("550 5.7.1 refused by content", False, False, None),
        ("552 5.3.4 too big", False, False, None),
        ("554 DT:SPM 163 smtp1,hello,see http://mail.163.com/help/help_spam_16.htm", True, False, 7200.0),
        ("550 Mail content denied", True, False, 7200.0),
        ("550 Connection frequency limited", True, True, 1800.0),
        ("451 MI:SFQ 163 smtp1", True, True, 1800.0),
        ("554 MI:STC 163 smtp1", True, True, 21600.0),
        ("554 DT:SUM 163 smtp1", False, True, None),
        ("530 Authentication required", False, True, None),
    ],
)
def test_refusals_after_data_are_classified(
    sink: SentBy, answer: str, temporary: bool, sender_refused: bool, wait_seconds: float | None
) -> None:
    _, transport = sink(at_data=[answer])

    with pytest.raises(TransportError) as caught:
        send(transport)

    error = caught.value
    assert (error.code, error.temporary, error.sender_refused, error.retry_after_seconds, error.accepted_unknown) == (
        int(answer[:3]),
        temporary,
        sender_refused,
        wait_seconds,
        False,
    )
    assert error.advice
    assert send(transport) == "250 OK"


@pytest.mark.parametrize(
    ("answer", "temporary", "sender_refused"),
    [
        ("553 Mail from must equal authorized user", False, True),
        ("550 User suspended", False, True),
        ("451 busy", True, True),
        ("552 message size exceeds fixed maximum", False, False),
    ],
)
def test_refusals_of_the_sender_would_stop_every_letter(
    sink: SentBy, answer: str, temporary: bool, sender_refused: bool
) -> None:
    _, transport = sink(at_mail=[answer])

    with pytest.raises(TransportError) as caught:
        send(transport)

    assert (caught.value.temporary, caught.value.sender_refused) == (temporary, sender_refused)


@pytest.mark.parametrize(("answer", "temporary"), [("550 no such user", False), ("450 greylisted", True)])
def test_a_refused_recipient_concerns_this_letter_alone(sink: SentBy, answer: str, temporary: bool) -> None:
    _, transport = sink(at_recipient={"a@example.test": answer})

    with pytest.raises(TransportError) as caught:
        send(transport)

    assert (caught.value.temporary, caught.value.sender_refused) == (temporary, False)
    assert send(transport, to=["b@example.test"]) == "250 OK"


def test_one_refused_recipient_of_several_does_not_keep_the_letter_from_the_others(sink: SentBy) -> None:
    server, transport = sink(at_recipient={"gone@example.test": "550 no such user"})

    answer = send(transport, to=["a@example.test", "gone@example.test"])

    assert answer == "250 OK; gone@example.test: recipient: 550 no such user"
    assert server.letters[0].recipients == ("a@example.test",)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_login_is_tried_once_however_many_mechanisms_are_offered(sink: SentBy) -> None:
    server, transport = sink(
        SmtpAccount(USER, "", 0, password="wrong-secret", tls="plain", timeout_seconds=10), login=True
    )

    with pytest.raises(TransportError) as caught:
        send(transport)

    assert server.logins == [("PLAIN", False)]
    assert (caught.value.code, caught.value.temporary, caught.value.sender_refused) == (535, False, True)
    assert "授权码" in caught.value.advice
    assert "wrong-secret" not in str(caught.value) + caught.value.advice + repr(transport.__dict__)


def test_a_login_over_starttls_with_a_certificate_of_ones_own(sink: SentBy, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    account = SmtpAccount(
        USER, "", 0, password=PASSWORD, tls="starttls", ca_file=certificate.authority, timeout_seconds=10
    )
    server, transport = sink(account, login=True, tls=context)

    assert send(transport) == "250 OK"
    assert server.logins == [("PLAIN", True)]


def test_a_certificate_nobody_vouches_for_is_refused(sink: SentBy, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    account = SmtpAccount(USER, "", 0, password=PASSWORD, tls="starttls", timeout_seconds=10)
    server, transport = sink(account, login=True, tls=context)

    with pytest.raises(TransportError) as caught:
        send(transport)

    assert (caught.value.temporary, caught.value.sender_refused, server.logins) == (False, True, [])
    assert "证书不受信任" in caught.value.advice


def test_a_server_without_starttls_gets_no_password(sink: SentBy) -> None:
    account = SmtpAccount(USER, "", 0, password=PASSWORD, tls="starttls", timeout_seconds=10)
    server, transport = sink(account)

    with pytest.raises(TransportError) as caught:
        send(transport)

    assert (caught.value.temporary, caught.value.sender_refused, server.logins) == (False, True, [])
    assert "STARTTLS" in caught.value.advice


def test_a_plain_connection_to_another_machine_is_not_made() -> None:
    transport = SmtpTransport(SmtpAccount(USER, "192.0.2.1", 25, password=PASSWORD, tls="plain", timeout_seconds=1))

    with pytest.raises(TransportError, match="plain connection is not allowed"):
        send(transport)


def test_an_unreachable_server_is_temporary_and_stops_nothing_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(TransportError) as caught:
        send(SmtpTransport(SmtpAccount("", "127.0.0.1", port, tls="plain", timeout_seconds=5)))

    assert (caught.value.temporary, caught.value.sender_refused) == (True, False)
    assert f"127.0.0.1:{port} 拒绝连接" in caught.value.advice


def test_smtputf8_is_asked_for_only_when_an_address_needs_it(sink: SentBy) -> None:
    server, transport = sink(utf8=True)

    send(transport)
    send(transport, to=["社区@example.test"])

    assert ["SMTPUTF8" in options for options in server.mail_options] == [False, True]


def test_an_address_the_server_cannot_take_fails_for_good(sink: SentBy) -> None:
    _, transport = sink(utf8=False)

    with pytest.raises(TransportError) as caught:
        send(transport, to=["社区@example.test"])

    assert not caught.value.temporary
    assert send(transport) == "250 OK"


@pytest.mark.parametrize("address", ["a@example.test>\r\nRCPT TO:<b@example.test", "a b@example.test", "<>", ""])
def test_what_is_no_address_is_never_sent(sink: SentBy, address: str) -> None:
    server, transport = sink()

    with pytest.raises(TransportError) as caught:
        send(transport, to=[address])

    assert (caught.value.temporary, caught.value.sender_refused) == (False, False)
    assert server.connections == 0


def test_closing_while_a_letter_is_handed_over_puts_nothing_into_it(sink: SentBy) -> None:
    server, transport = sink()
    closer = threading.Thread(target=transport.close)

    def slowly(_letter: HandedOver) -> str:
        closer.start()
        threading.Event().wait(0.3)
        return "250 taken"

    server._accept = slowly

    assert send(transport) == "250 taken"
    closer.join(10)
    assert [letter.raw for letter in server.letters] == [RAW]


def test_closing_ends_a_pause() -> None:
    transport = SmtpTransport(SmtpAccount("", "127.0.0.1", 1, tls="plain", timeout_seconds=5, pause_seconds=3600))
    with pytest.raises(TransportError, match="refused the connection"):
        send(transport)
    threading.Timer(0.2, transport.close).start()

    with pytest.raises(TransportError, match="closing") as caught:
        send(transport)

    assert caught.value.temporary


class WaitedClock(SetClock):
    """Notes what is waited for, and lets the time pass."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.waits: list[float] = []

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.waits.append(seconds)
        self.advance(timedelta(seconds=seconds))
        return event.is_set()


def test_letters_keep_the_provider_s_distance(sink: SentBy) -> None:
    clock = WaitedClock(datetime(2022, 12, 1, tzinfo=UTC))
    account = SmtpAccount("", "", 0, tls="plain", timeout_seconds=10, pause_seconds=5)
    server, transport = sink(account, clock)

    send(transport)
    send(transport)
    clock.advance(timedelta(seconds=2))
    send(transport)
    clock.advance(timedelta(seconds=9))
    send(transport)

    assert clock.waits == [5.0, 3.0]
    assert len(server.letters) == 4
