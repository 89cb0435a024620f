"""What an account on a real server costs, survives and refuses."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.edges.mailboxes.imap import ImapAccount, ImapMailbox
from intake.errors import LoginRefusedError, MailboxError
from tests.intake.edges.posts import ADDRESS, AT, letter
from tests.servers.certificates import make_certificate
from tests.servers.dovecot import JUNK, PASSWORD, SENT, DovecotServer
from tests.servers.proxy import CountingProxy, Traffic


@pytest.fixture
def user() -> str:
    return f"{uuid.uuid4().hex}@example.test"


@pytest.fixture
def account(dovecot: DovecotServer, user: str) -> ImapAccount:
    return ImapAccount(
        ADDRESS, user, "127.0.0.1", dovecot.imap_port, password=PASSWORD, tls="plain", timeout_seconds=20
    )


@pytest.fixture
def proxy(dovecot: DovecotServer) -> Iterator[CountingProxy]:
    running = CountingProxy(dovecot.imap_port)
    yield running
    running.stop()


def fetched(mailbox: ImapMailbox, uid: int) -> bytes:
    sink = io.BytesIO()
    mailbox.fetch("INBOX", uid, sink)
    return sink.getvalue()


# -- what a poll costs -------------------------------------------------------------------


def poll_of(dovecot: DovecotServer, account: ImapAccount, proxy: CountingProxy, *, letters: int) -> Traffic:
    """What one poll with nothing new costs on a kept connection."""
    dovecot.append_many(account.username, "INBOX", [(b"Subject: x\r\n\r\n", AT)] * letters)
    mailbox = ImapMailbox(replace(account, port=proxy.port))
    mailbox.statuses()
    proxy.take()

    mailbox.statuses()
    cost = proxy.take()
    mailbox.close()
    return cost


def test_a_poll_with_nothing_new_costs_the_same_on_10_and_on_2000_letters(
    dovecot: DovecotServer, account: ImapAccount, proxy: CountingProxy
) -> None:
    few = poll_of(dovecot, account, proxy, letters=10)
    many = poll_of(dovecot, replace(account, username=f"many-{account.username}"), proxy, letters=2000)

    assert (few.round_trips, few.connections) == (4, 0)  # LIST, and EXAMINE of inbox, junk and sent
    assert (many.round_trips, many.connections) == (4, 0)
    assert many.to_server_bytes == few.to_server_bytes
    # Numbers have more digits, and Dovecot tells its own times: nothing that grows with the letters.
    assert abs(many.to_client_bytes - few.to_client_bytes) <= 64
    assert few.to_client_bytes + few.to_server_bytes < 2500


def test_a_second_change_under_the_same_count_shows_in_modseq(dovecot: DovecotServer, account: ImapAccount) -> None:
    dovecot.append_many(account.username, "INBOX", [(letter("a"), AT), (letter("b"), AT)])
    mailbox = ImapMailbox(account)
    before = mailbox.statuses()[0]

    dovecot.delete(account.username, "INBOX", 1)
    dovecot.append(account.username, "INBOX", letter("c"), AT)
    after = mailbox.statuses()[0]

    assert (before.messages, after.messages) == (2, 2)
    assert before.modseq is not None
    assert after.modseq is not None
    assert after.modseq > before.modseq


def test_a_letter_costs_one_round_trip_a_piece_and_none_to_find_its_end(
    dovecot: DovecotServer, account: ImapAccount, proxy: CountingProxy
) -> None:
    dovecot.append(account.username, "INBOX", b"Subject: x\r\n\r\n" + b"y" * 250_000, AT)
    mailbox = ImapMailbox(replace(account, port=proxy.port, piece_bytes=100_000))
    mailbox.uids("INBOX")
    proxy.take()

    fetched(mailbox, 1)

    assert proxy.take().round_trips == 3


def test_a_thousand_letters_are_listed_and_described(dovecot: DovecotServer, account: ImapAccount) -> None:
    dovecot.append_many(
        account.username,
        "INBOX",
        [(b"Subject: %d\r\n\r\n" % number, AT + timedelta(seconds=number)) for number in range(1000)],
    )
    mailbox = ImapMailbox(account)

    uids = mailbox.uids("INBOX")
    envelopes = list(mailbox.envelopes("INBOX", uids))

    assert uids == tuple(range(1, 1001))
    assert [envelope.header for envelope in envelopes] == [b"Subject: %d\r\n\r\n" % n for n in range(1000)]
    assert [envelope.internal_at for envelope in envelopes] == [AT + timedelta(seconds=n) for n in range(1000)]


def test_a_30_mb_letter_arrives_whole(dovecot: DovecotServer, account: ImapAccount) -> None:
    raw = b"Subject: x\r\n\r\n" + (b"0123456789" * 7 + b"\r\n") * 416_667
    dovecot.append(account.username, "INBOX", raw, AT)

    assert fetched(ImapMailbox(account), 1) == raw


# -- what it survives ---------------------------------------------------------------------


def test_a_link_cut_inside_a_letter_is_mended_and_the_letter_is_whole(
    dovecot: DovecotServer, account: ImapAccount, proxy: CountingProxy
) -> None:
    raw = b"Subject: x\r\n\r\n" + bytes(range(32, 127)) * 5000
    dovecot.append(account.username, "INBOX", raw, AT)
    mailbox = ImapMailbox(replace(account, port=proxy.port, piece_bytes=50_000))
    mailbox.statuses()
    proxy.cut_after(170_000)

    assert fetched(mailbox, 1) == raw
    assert proxy.take().connections == 2


def test_a_link_cut_while_idle_is_mended_by_the_next_poll(
    dovecot: DovecotServer, account: ImapAccount, proxy: CountingProxy
) -> None:
    mailbox = ImapMailbox(replace(account, port=proxy.port))
    mailbox.statuses()
    cut = threading.Timer(0.3, proxy.cut)
    cut.start()

    assert mailbox.wait_for_news(0.8, threading.Event()) is False
    cut.join()

    dovecot.append(account.username, "INBOX", letter("a"), AT)
    assert mailbox.statuses()[0].messages == 1


def test_a_folder_made_anew_is_told_by_its_uidvalidity(dovecot: DovecotServer, account: ImapAccount) -> None:
    dovecot.append(account.username, JUNK, letter("a"), AT)
    mailbox = ImapMailbox(account)
    before = {status.folder: status.uidvalidity for status in mailbox.statuses()}

    dovecot.recreate(account.username, JUNK)
    with pytest.raises(MailboxError, match="UIDVALIDITY") as caught:
        mailbox.uids(JUNK)
    after = {status.folder: status.uidvalidity for status in mailbox.statuses()}

    assert caught.value.temporary
    assert before["INBOX"] == after["INBOX"]
    assert before[JUNK] != after[JUNK]
    assert mailbox.uids(JUNK) == ()


def test_a_time_in_another_zone_is_told_in_utc(dovecot: DovecotServer, account: ImapAccount) -> None:
    beijing = datetime.fromisoformat("2022-12-20T23:59:59+08:00")
    dovecot.append(account.username, "INBOX", letter("a"), beijing)

    [envelope] = ImapMailbox(account).envelopes("INBOX", [1])

    assert envelope.internal_at == datetime(2022, 12, 20, 15, 59, 59, tzinfo=UTC)
    assert envelope.internal_at.tzinfo is UTC


def test_folders_named_in_the_settings_are_exactly_those_read(dovecot: DovecotServer, account: ImapAccount) -> None:
    with dovecot.client(account.username) as client:
        client.create_folder("投稿/征文 & 照片")
    dovecot.append(account.username, "投稿/征文 & 照片", letter("a"), AT)
    mailbox = ImapMailbox(replace(account, folders=("投稿/征文 & 照片", SENT)))

    assert [(status.role, status.folder, status.messages) for status in mailbox.statuses()] == [
        ("inbox", "投稿/征文 & 照片", 1),
        ("sent", SENT, 0),
    ]


# -- what it refuses -----------------------------------------------------------------------


def refused(account: ImapAccount) -> MailboxError:
    with pytest.raises(MailboxError) as caught:
        ImapMailbox(account).statuses()
    assert PASSWORD not in str(caught.value) + caught.value.advice
    return caught.value


def test_a_wrong_password_is_told(account: ImapAccount) -> None:
    error = refused(replace(account, password="not-it"))

    assert isinstance(error, LoginRefusedError)
    assert "授权码" in error.advice


def test_a_password_pasted_with_full_width_characters_is_told(account: ImapAccount) -> None:
    error = refused(replace(account, password="ＡＢＣ授权码"))

    assert isinstance(error, LoginRefusedError)
    assert "全角" in error.advice


def test_a_host_that_does_not_exist_is_told(account: ImapAccount) -> None:
    error = refused(replace(account, host="imap.invalid", tls="tls"))

    assert error.temporary
    assert "找不到邮件服务器“imap.invalid”" in error.advice


def test_a_closed_port_is_told(account: ImapAccount, proxy: CountingProxy) -> None:
    proxy.stop()

    error = refused(replace(account, port=proxy.port))

    assert error.temporary
    assert "拒绝连接" in error.advice


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_signed_by_nobody_known_is_told(dovecot: DovecotServer, account: ImapAccount, tls: str) -> None:
    port = dovecot.imaps_port if tls == "tls" else dovecot.imap_port

    error = refused(replace(account, port=port, tls=tls))  # type: ignore[arg-type]  # both are of its literals

    assert not error.temporary
    assert "证书不受信任" in error.advice


def test_a_certificate_for_another_name_is_told(dovecot: DovecotServer, account: ImapAccount) -> None:
    changed = replace(
        account, host="localhost", port=dovecot.imaps_port, tls="tls", ca_file=dovecot.certificate.authority
    )

    error = refused(changed)

    assert not error.temporary
    assert "不是发给“localhost”的" in error.advice


def test_an_expired_certificate_is_told(dovecot: DovecotServer, account: ImapAccount, tmp_path: Path) -> None:
    expired = make_certificate(tmp_path, valid_from=datetime.now(UTC) - timedelta(days=30), days=7)
    with ExpiredTls(expired.chain, expired.key) as port:
        error = refused(replace(account, port=port, tls="tls", ca_file=expired.authority))

    assert not error.temporary
    assert "已过期" in error.advice


def test_tls_on_a_plain_port_is_told(account: ImapAccount) -> None:
    error = refused(replace(account, tls="tls"))

    assert "端口与加密方式" in error.advice


def test_an_authority_file_that_cannot_be_read_is_told(account: ImapAccount, tmp_path: Path) -> None:
    error = refused(replace(account, tls="tls", ca_file=tmp_path / "none.pem"))

    assert not error.temporary
    assert "根证书文件" in error.advice


def test_an_unencrypted_connection_to_another_machine_is_never_made(account: ImapAccount) -> None:
    error = refused(replace(account, host="192.0.2.1", timeout_seconds=0.5))

    assert not error.temporary
    assert "不加密" in error.advice


def test_an_account_shows_no_secret() -> None:
    account = ImapAccount("a@b", "a", "h", 1, password="secret-one", token="secret-two")

    assert "secret" not in repr(account) + str(account)


class ExpiredTls:
    """A listener that only shakes hands, with the certificate it is given."""

    def __init__(self, chain: Path, key: Path) -> None:
        import socket
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context = context

    def __enter__(self) -> int:
        threading.Thread(target=self._serve, daemon=True).start()
        return int(self._listener.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        try:
            link, _ = self._listener.accept()
            self._context.wrap_socket(link, server_side=True).close()
        except OSError:
            return
