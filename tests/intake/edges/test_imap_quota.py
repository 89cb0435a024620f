"""How full an account is, as servers tell it (RFC 2087 §5, RFC 9208 §4), or do not."""

from __future__ import annotations

import pytest

from intake.edges.mailboxes import Room, TellsRoom
from tests.intake.edges.conftest import Scripted
from tests.intake.edges.imap_answers import refusing


@pytest.mark.parametrize(
    ("lines", "room"),
    [
        (['* QUOTAROOT INBOX ""', '* QUOTA "" (STORAGE 8388608 10485760)'], Room(8 * 2**30, 10 * 2**30)),
        (
            ["* QUOTAROOT INBOX user group", "* QUOTA user (STORAGE 10 512)", "* QUOTA group (STORAGE 500 512)"],
            Room(500 * 1024, 512 * 1024),
        ),
        (["* QUOTAROOT INBOX box", "* QUOTA box (MESSAGE 200 250 STORAGE 10 512)"], Room(10 * 1024, 512 * 1024)),
        (["* QUOTAROOT INBOX box", "* QUOTA box (MESSAGE 200 250)"], None),
        (["* QUOTAROOT INBOX box", "* QUOTA box (STORAGE 10 0)"], None),
        (["* QUOTAROOT INBOX box", "* QUOTA box ()"], None),
        (["* QUOTAROOT INBOX"], None),
        ([], None),
        (["* QUOTAROOT INBOX box", "* QUOTA box (STORAGE much more)"], None),
    ],
    ids=["one", "fullest", "letters too", "letters only", "no limit", "empty", "no root", "silent", "no numbers"],
)
def test_storage_is_told_in_bytes_by_the_fullest_limit(scripted: Scripted, lines: list[str], room: Room | None) -> None:
    server, mailbox = scripted("IMAP4rev1 QUOTA")
    server.on("GETQUOTAROOT", lambda session, tag, _: session.say(*lines, f"{tag} OK done"))

    assert (mailbox.room(), isinstance(mailbox, TellsRoom)) == (room, True)


@pytest.mark.parametrize("answer", ["NO no quota for you", "BAD what"])
def test_server_that_refuses_what_it_offers_is_read_without(scripted: Scripted, answer: str) -> None:
    server, mailbox = scripted("IMAP4rev1 QUOTA")
    server.on("GETQUOTAROOT", refusing(answer))

    assert mailbox.room() is None
    assert [status.folder for status in mailbox.statuses()] == ["INBOX"]
    assert server.connections == 1


def test_server_without_quota_is_not_asked(scripted: Scripted) -> None:
    server, mailbox = scripted("IMAP4rev1")

    assert mailbox.room() is None
    assert not any(said.startswith("GETQUOTAROOT") for said in server.commands)
