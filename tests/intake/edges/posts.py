"""The mailboxes of the contract, each with a hand that puts letters in and takes them out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from imapclient import IMAPClient

from intake.edges.mailboxes import Mailbox
from intake.edges.mailboxes.files import EmlFolderMailbox, MaildirMailbox
from intake.edges.mailboxes.imap import ImapAccount, ImapMailbox
from tests.servers.dovecot import PASSWORD, DovecotServer

ADDRESS = "box@example.test"
PIECE_BYTES = 4096


class Post(Protocol):
    """One account, seen from the side of those who write to it."""

    folders: Mapping[str, str]
    """Names of its folders by role; only roles it has."""

    def mailbox(self) -> Mailbox:
        """A new reader of the account, as after a restart."""
        ...

    def append(self, role: str, raw: bytes, internal_at: datetime) -> None:
        """Let a letter arrive."""
        ...

    def delete(self, role: str, uid: int, raw: bytes) -> None:
        """Remove the letter whose UID and bytes are given."""
        ...

    def traces(self) -> object:
        """Whatever a reader might leave behind: flags, names, times."""
        ...


class ImapPost:
    """An account on a real server."""

    def __init__(self, account: ImapAccount, *, plain_port: int, junk: str, sent: str) -> None:
        self._account = account
        self._plain_port = plain_port
        self.folders: Mapping[str, str] = {"inbox": "INBOX", "junk": junk, "sent": sent}

    def _client(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self._plain_port, ssl=False, timeout=30)
        client.login(self._account.username, PASSWORD)
        return client

    def create(self, *roles: str) -> None:
        """Create folders the server does not create by itself."""
        client = self._client()
        for role in roles:
            client.create_folder(self.folders[role])
        client.logout()

    def mailbox(self) -> ImapMailbox:
        return ImapMailbox(self._account)

    def append(self, role: str, raw: bytes, internal_at: datetime) -> None:
        client = self._client()
        client.append(self.folders[role], raw, msg_time=internal_at)
        client.logout()

    def delete(self, role: str, uid: int, raw: bytes) -> None:
        client = self._client()
        client.select_folder(self.folders[role])
        client.delete_messages([uid], silent=True)
        client.expunge()
        client.logout()

    def traces(self) -> object:
        client = self._client()
        client.select_folder("INBOX", readonly=True)
        flags = client.get_flags(client.search())
        client.logout()
        return {uid: tuple(sorted(f for f in said if f != b"\\Recent")) for uid, said in flags.items()}


class FilePost:
    """A Maildir or a folder of `.eml`."""

    def __init__(self, root: Path, *, maildir: bool) -> None:
        self._root = root / "post"
        self._state = root / "state"
        self._maildir = maildir
        self._count = 0
        if maildir:
            self.folders: Mapping[str, str] = {"inbox": "INBOX", "junk": "垃圾邮件", "sent": "Sent"}
            for folder in ("", ".&V4NXPpCuTvY-", ".Sent", ".Drafts"):
                for inner in ("new", "cur", "tmp"):
                    (self._root / folder / inner).mkdir(parents=True)
        else:
            self.folders = {"inbox": "INBOX"}
            self._root.mkdir(parents=True)

    def mailbox(self) -> Mailbox:
        kind = MaildirMailbox if self._maildir else EmlFolderMailbox
        return kind(self._root, state_folder=self._state, account=ADDRESS)

    def append(self, role: str, raw: bytes, internal_at: datetime) -> None:
        self._count += 1
        if self._maildir:
            folder = {"inbox": "", "junk": ".&V4NXPpCuTvY-", "sent": ".Sent"}[role]
            path = self._root / folder / "new" / f"1893456000.M{self._count}.host"
        else:
            path = self._root / f"来信 {self._count}.eml"
        part = path.parent.parent / "part" if self._maildir else path.with_suffix(".part")
        part.write_bytes(raw)
        os.utime(part, (internal_at.timestamp(), internal_at.timestamp()))
        part.rename(path)

    def delete(self, role: str, uid: int, raw: bytes) -> None:
        [path] = [path for path in self._files() if path.read_bytes() == raw]
        path.unlink()

    def traces(self) -> object:
        return {path: path.stat().st_mtime_ns for path in self._files()}

    def _files(self) -> list[Path]:
        return sorted(path for path in self._root.rglob("*") if path.is_file())


def dovecot_post(server: DovecotServer, user: str, *, tls: str) -> ImapPost:
    """A new account on `server`, reached the way `tls` says."""
    port = server.imaps_port if tls == "tls" else server.imap_port
    ca_file = None if tls == "plain" else server.certificate.authority
    account = ImapAccount(
        ADDRESS,
        user,
        "127.0.0.1",
        port,
        password=PASSWORD,
        tls=tls,  # type: ignore[arg-type]  # the three literals come from parametrised rows
        ca_file=ca_file,
        timeout_seconds=20,
        piece_bytes=PIECE_BYTES,
    )
    return ImapPost(account, plain_port=server.imap_port, junk="垃圾邮件", sent="已发送")


def pymap_post(port: int, user: str) -> ImapPost:
    """The account of a pymap that just started."""
    account = ImapAccount(
        ADDRESS,
        user,
        "127.0.0.1",
        port,
        password=PASSWORD,
        tls="plain",
        timeout_seconds=20,
        piece_bytes=PIECE_BYTES,
    )
    post = ImapPost(account, plain_port=port, junk="垃圾邮件", sent="已发送")
    post.create("junk", "sent")
    return post


def letter(subject: str, body: bytes = "正文\r\n".encode("gb18030")) -> bytes:
    """A letter with the four fingerprint fields and some others."""
    head = (
        f"Received: from mx by mail; Thu, 1 Dec 2022 10:00:00 +0800\r\nMessage-ID: <{subject}@example.test>\r\n"
        f"From: =?gb18030?B?vfCwsg==?=\r\n <jinan@example.test>\r\nTo: {ADDRESS}\r\nSubject: {subject}\r\n"
        "Date: Thu, 1 Dec 2022 10:00:00 +0800\r\nX-Subject: no\r\n\r\n"
    )
    return head.encode() + body


AT = datetime(2022, 12, 1, 2, 0, 0, tzinfo=UTC)
