"""Which folders are opened, how, and what is left in them: nothing."""

from __future__ import annotations

import re
import threading

import pytest

from intake.errors import MailboxError
from tests.intake.edges.conftest import Scripted
from tests.intake.edges.imap_answers import BODY, fetched


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


def test_a_junk_folder_over_which_the_link_breaks_is_not_one_that_does_not_open(scripted: Scripted) -> None:
    server, mailbox = scripted()
    server.folders["Junk"] = server.inbox
    server.on("EXAMINE", lambda session, tag, arguments: session.hang_up() if "Junk" in arguments else False)

    with pytest.raises(MailboxError) as caught:
        mailbox.statuses()

    assert caught.value.temporary


def test_a_folder_named_in_the_settings_that_is_missing_is_told(scripted: Scripted) -> None:
    _, mailbox = scripted(folders=("INBOX", "投稿"))

    with pytest.raises(MailboxError) as caught:
        mailbox.statuses()

    assert not caught.value.temporary
    assert "“投稿”" in caught.value.advice
