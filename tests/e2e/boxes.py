"""Mailboxes on real servers, put to use by a second client as a mail program would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from imapclient import IMAPClient


@dataclass(frozen=True)
class Box:
    """An account on an IMAP server of loopback."""

    server: str
    """`dovecot` or `pymap`."""
    port: int
    address: str
    password: str
    junk: str
    sent: str

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """Somebody else's mail program."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=60)
        client.login(self.address, self.password)
        try:
            yield client
        finally:
            client.logout()

    def put(self, raw: bytes, at: datetime, *, folder: str = "INBOX") -> None:
        """A letter arrives in `folder`."""
        self.put_all([(raw, at)], folder=folder)

    def put_all(self, letters: list[tuple[bytes, datetime]], *, folder: str = "INBOX") -> None:
        """Letters arrive over one connection, in this order."""
        with self.client() as client:
            for raw, at in letters:
                client.append(folder, raw, msg_time=at)

    def flags(self, folder: str = "INBOX") -> list[tuple[bytes, ...]]:
        """The flags of every letter, in order of UID; `\\Recent` left out."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            told = client.get_flags(client.search("ALL"))
        return [tuple(flag for flag in flags if flag != b"\\Recent") for _, flags in sorted(told.items())]

    def remove(self, uid: int, *, folder: str = "INBOX") -> None:
        """A person deletes a letter for good."""
        with self.client() as client:
            client.select_folder(folder)
            client.delete_messages([uid], silent=True)
            client.expunge()

    def move(self, uid: int, target: str, *, folder: str = "INBOX") -> None:
        """A person moves a letter."""
        with self.client() as client:
            client.select_folder(folder)
            client.copy([uid], target)
            client.delete_messages([uid], silent=True)
            client.expunge()

    def uids(self, folder: str = "INBOX") -> list[int]:
        """UIDs in `folder`, ascending."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            return sorted(client.search("ALL"))
