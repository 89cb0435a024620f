"""Mailboxes that hide, break and renumber letters: every letter the server ever showed has a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.edges.executors.pebble_pool import PebbleExecutor
from intake.errors import MailboxError
from tests.e2e.boxes import Box
from tests.e2e.material import complete
from tests.e2e.world import BEGIN, ORGANIZER, World, until
from tests.letters import Draft, plain_letter
from tests.servers import scripted_imap
from tests.servers.scripted_imap import ScriptedImapServer, Session
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"


@pytest.fixture
def scripted(
    smtp: tuple[SmtpSink, int], tmp_path: Path, readers: PebbleExecutor
) -> Iterator[tuple[World, ScriptedImapServer]]:
    """A service on a server that misbehaves as the test says."""
    server = ScriptedImapServer()
    server.folders["Junk"] = scripted_imap.StoredFolder()
    server.folders["Sent"] = scripted_imap.StoredFolder()
    server.start()
    box = Box("scripted", server.port, scripted_imap.USER, scripted_imap.PASSWORD, "Junk", "Sent")
    world = World(box, *smtp, tmp_path, readers)
    world.tables |= {"log": {"level": "error"}, "mailbox": {"timeout_seconds": 1}}
    yield world, server
    world.stop()
    server.stop()


def _question(sender: str) -> bytes:
    draft = Draft(subject="请问", text="请问案例字数有什么要求？", sender=sender, at=BEGIN)
    return plain_letter(replace(draft, message_id=f"q-{sender}"))


def _submission(sender: str, name: str = "grid_ledger") -> bytes:
    return plain_letter(Draft(subject=SUBMISSION, sender=sender, files=complete(name), at=BEGIN))


def test_a_letter_that_becomes_visible_late_below_the_highest_uid_is_seen_and_answered(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    server.inbox.add(_question("a@qq.example"), uid=5, internal_at=BEGIN)
    server.inbox.add(_question("c@qq.example"), uid=9, internal_at=BEGIN)
    world.work(minutes=1)
    server.inbox.add(_question("b@qq.example"), uid=7, internal_at=BEGIN)

    world.work(minutes=1)

    assert world.told() == [(f"{name}@qq.example", "answer") for name in "abc"]
    assert world.equation()[0] == ("INBOX", 3, 3, 0)


def test_a_letter_that_takes_the_place_of_a_deleted_one_is_seen_within_the_hour(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    server.inbox.add(_question("a@qq.example"), uid=5, internal_at=BEGIN)
    server.inbox.add(_question("b@qq.example"), uid=9, internal_at=BEGIN)
    world.work(minutes=1)
    del server.inbox.letters[0]  # the counts stay as they were
    server.inbox.add(_question("c@qq.example"), uid=7, internal_at=BEGIN)

    world.work(minutes=61)

    assert world.told() == [(f"{name}@qq.example", "answer") for name in "abc"]
    assert world.equation()[0] == ("INBOX", 2, 2, 1)


def test_an_inbox_the_server_renumbered_answers_nothing_twice_and_fetches_only_what_is_new(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    letters = [_submission("a@qq.example"), _question("b@qq.example")]
    for raw in letters:
        server.inbox.add(raw, internal_at=BEGIN)
    world.work(minutes=1)
    server.folders["INBOX"] = renumbered = scripted_imap.StoredFolder(uidvalidity=77, uidnext=40)
    for raw in [*letters, _question("c@qq.example")]:
        renumbered.add(raw, internal_at=BEGIN)
    server.commands.clear()

    world.work(minutes=1)
    world.work(minutes=30)

    assert [reply.to for reply in world.replies()].count("c@qq.example") == 1
    assert (len(world.replies()), len(world.cases()), world.equation()[0]) == (3, 1, ("INBOX", 3, 3, 0))
    bodies = {command.split()[2] for command in server.commands if "BODY.PEEK[]" in command}
    assert bodies == {"42"}


def test_an_inbox_renumbered_by_a_server_that_adds_a_header_answers_nothing_twice(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    letters = [_submission("a@qq.example"), _question("b@qq.example")]
    for raw in letters:
        server.inbox.add(raw, internal_at=BEGIN)
    world.work(minutes=1)
    # Neither the size nor the bytes are what they were: only what the letters hold tells that they are known.
    server.folders["INBOX"] = renumbered = scripted_imap.StoredFolder(uidvalidity=77, uidnext=40)
    for raw in letters:
        renumbered.add(b"X-Migrated-By: new store\r\n" + raw, internal_at=BEGIN)

    world.work(minutes=1)
    world.work(minutes=30)

    assert (len(world.replies()), len(world.cases()), world.equation()[0]) == (2, 1, ("INBOX", 2, 2, 0))
    assert world.told() == [("a@qq.example", "receipt"), ("b@qq.example", "answer")]


def test_letters_without_a_time_of_arrival_are_received_no_later_than_they_are_seen(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    server.inbox.add(_submission("a@qq.example"), internal_at=None)

    world.work(minutes=1)

    (letter,) = world.letters()
    assert (letter.internal_at, BEGIN <= letter.received_at <= letter.stored_at) == (None, True), letter
    assert world.told() == [("a@qq.example", "receipt")]


def test_a_folder_somebody_renamed_answers_nothing_twice_and_holds_up_nobody(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    server.folders["Junk"].add(_submission("a@qq.example"), internal_at=BEGIN)
    world.work(minutes=1)
    server.folders["垃圾邮件"] = server.folders.pop("Junk")
    server.inbox.add(_question("b@qq.example"), internal_at=BEGIN)

    world.work(minutes=1)
    world.work(minutes=30)

    assert world.told() == [("a@qq.example", "receipt"), ("b@qq.example", "answer")]
    assert len(world.cases()) == 1


def test_a_server_that_stops_inside_a_literal_costs_one_time_out_and_the_letter_comes_later(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    server.inbox.add(_submission("a@qq.example"), internal_at=BEGIN)
    stuck: list[str] = []

    def stop_inside(session: Session, tag: str, arguments: str) -> bool:
        if "BODY.PEEK[]" not in arguments or stuck:
            return False
        stuck.append(tag)
        session.send(b"* 1 FETCH (UID 1 RFC822.SIZE 5000 BODY[]<0> {5000}\r\nhalf a letter")
        session.fall_silent()
        return True

    server.on("UID FETCH", stop_inside)
    with pytest.raises(MailboxError) as raised:
        world.work(minutes=1)
    assert raised.value.temporary

    world.work(minutes=1)

    assert world.told() == [("a@qq.example", "receipt")]
    assert list((world.folder / "data" / "letters" / "incoming").iterdir()) == []


def test_a_letter_that_breaks_the_connection_each_time_does_not_keep_the_others_waiting(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    bad = server.inbox.add(_submission("bad@qq.example"), internal_at=BEGIN)
    server.inbox.add(_submission("good@qq.example", "kitchen_smoke"), internal_at=BEGIN)

    def hang_up(session: Session, tag: str, arguments: str) -> bool:
        if "BODY.PEEK[]" not in arguments or not arguments.startswith(f"{bad} "):
            return False
        session.hang_up()
        return True

    server.on("UID FETCH", hang_up)
    for _ in range(2):
        with pytest.raises(MailboxError):
            world.work(minutes=1)
    world.work(minutes=1)

    assert world.told() == [("good@qq.example", "receipt")]
    ((seen,),) = [world.look(lambda view: view.sightings.body_unavailable(world.box.address, "INBOX", 1))]
    assert (seen.uid, world.equation()[0]) == (bad, ("INBOX", 2, 2, 0))
    server.on("UID FETCH", lambda *_: False)
    world.work(minutes=61)
    assert world.told() == [("bad@qq.example", "receipt"), ("good@qq.example", "receipt")]


def test_a_letter_the_server_counts_but_does_not_list_makes_the_equation_loud_until_it_is_seen(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    world.tables["digest"] = {"recipients": (ORGANIZER,)}
    first = server.inbox.add(_question("a@qq.example"), internal_at=BEGIN)
    server.inbox.add(_question("b@qq.example"), internal_at=BEGIN)

    def hide(session: Session, tag: str, arguments: str) -> bool:
        if session.selected is not server.inbox:
            return False
        session.say(f"* SEARCH {first}", f"{tag} OK done")
        return True

    server.on("UID SEARCH", hide)
    world.work(minutes=1)
    world.work(days=1)

    (digest,) = [reply for reply in world.everything_sent() if reply.kind == "digest"]
    assert world.equation()[0] == ("INBOX", 2, 1, 0)
    assert "【请注意】邮箱现有2封，有1封尚未登记" in digest.text
    server.on("UID SEARCH", lambda *_: False)
    world.work(minutes=1)
    assert (world.equation()[0], len(world.replies())) == (("INBOX", 2, 2, 0), 2)


def test_a_letter_whose_body_never_comes_is_recorded_and_stands_first_in_the_digest(
    scripted: tuple[World, ScriptedImapServer],
) -> None:
    world, server = scripted
    world.tables["digest"] = {"recipients": (ORGANIZER,)}
    server.inbox.add(_question("a@qq.example"), internal_at=BEGIN)
    server.inbox.add(b"", internal_at=BEGIN)

    world.work(minutes=1)
    world.work(days=1)

    (digest,) = [reply for reply in world.everything_sent() if reply.kind == "digest"]
    assert ("需您处理1" in digest.subject, "没有给出这封信的正文" in digest.text) == (True, True)
    assert (world.equation()[0], "全部已登记" in digest.text) == (("INBOX", 2, 2, 0), True)


def test_the_equation_holds_through_arrivals_moves_and_deletions(world: World) -> None:
    for sender in ("a@qq.example", "b@qq.example", "c@qq.example"):
        world.arrives(Draft(subject="请问", text="请问案例字数有什么要求？", sender=sender))
    world.work(minutes=1)
    first, second, _ = world.box.uids()
    world.box.remove(first)
    world.box.move(second, world.box.junk)
    world.arrives(Draft(subject="请问", text="请问什么时候截止？", sender="d@qq.example"))

    world.work(minutes=1)

    counts = {folder: row for folder, *row in world.equation()}
    assert (counts["INBOX"], counts[world.box.junk]) == ([2, 2, 2], [1, 1, 0])
    assert len(world.replies()) == 4


def test_letters_from_before_the_opening_are_counted_and_left_alone(world: World) -> None:
    early = Draft(subject=SUBMISSION, files=complete())
    world.box.put(plain_letter(early), BEGIN.replace(month=11, day=20))

    world.work(minutes=1)

    (count,) = [each for each in world.look(lambda view: view.figures.folders()) if each.folder == "INBOX"]
    assert (count.messages, count.live, dict(count.outcomes)) == (1, 1, {"before_opening": 1})
    assert (world.letters(), world.replies()) == ((), ())


def test_a_refused_login_is_tried_three_times_and_then_left_to_a_person(
    scripted: tuple[World, ScriptedImapServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, server = scripted
    monkeypatch.setattr("intake.worker.FIRST_BACK_OFF_SECONDS", 0.01)
    world.tables["mailbox"] |= {"password": "expired", "poll_seconds": 5}
    service = world.service
    duty = next(each for each in service.worker._duties if each.name == "collect")

    for _ in range(6):
        service.worker._not_before = {name: at for name, at in service.worker._not_before.items() if at == float("inf")}
        service.worker._wake(duty)

    logins = [command for command in server.commands if command.startswith("LOGIN")]
    assert (len(logins), world.events("collect")) == (3, ["failed", "login_refused"])


def test_a_server_that_goes_away_for_a_while_is_picked_up_again_by_the_running_worker(
    scripted: tuple[World, ScriptedImapServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, server = scripted
    monkeypatch.setattr("intake.worker.FIRST_BACK_OFF_SECONDS", 0.1)
    away = [True]

    def refuse(session: Session, tag: str, arguments: str) -> bool:
        if away[0]:
            session.hang_up()
        return away[0]

    server.on("LOGIN", refuse)
    server.inbox.add(_question("a@qq.example"), internal_at=BEGIN)
    with world.at_work():
        until(lambda: world.events("collect") == ["failed"])
        away[0] = False
        until(lambda: world.told() == [("a@qq.example", "answer")])

    assert world.events("collect") == ["failed", "recovered"]
