"""Misbehaving servers, and our clients for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from intake.edges.mailboxes.imap import ImapAccount, ImapMailbox
from tests.servers.scripted_imap import PASSWORD, USER, ScriptedImapServer

Scripted = Callable[..., tuple[ScriptedImapServer, ImapMailbox]]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """Start a scripted server and give it with a mailbox that reads it; `changes` go to its account."""
    servers: list[ScriptedImapServer] = []

    def start(capabilities: str = "IMAP4rev1 ID", **changes: object) -> tuple[ScriptedImapServer, ImapMailbox]:
        server = ScriptedImapServer(capabilities)
        servers.append(server)
        server.start()
        account = ImapAccount(
            USER, USER, "127.0.0.1", server.port, password=PASSWORD, tls="plain", timeout_seconds=1, piece_bytes=100
        )
        return server, ImapMailbox(replace(account, **changes))  # type: ignore[arg-type]  # rows of tests name real fields

    yield start
    for server in servers:
        server.stop()
