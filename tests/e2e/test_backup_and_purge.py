"""A backup of a working service goes on on an empty machine; a purge leaves numbers explained."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from intake.cli.backup import restore_backup, write_backup_of
from intake.desks.purge import PurgeDesk
from intake.errors import OperatorError
from storage.backup import check_backup
from storage.errors import BackupError, CorruptError, StorageError
from tests.e2e.material import complete, without_last_section
from tests.e2e.world import World
from tests.letters import Draft

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"
A, B = "a@qq.example", "b@qq.example"


def _machine_is_lost(world: World, backup: Path, *, goes_on: bool) -> None:
    """The working folder is gone; its backup is restored in its place."""
    world.stop()
    shutil.rmtree(world.folder / "data")
    _write_settings(world)
    assert restore_backup(world.folder, backup, goes_on=goes_on, at=world.clock.now()) == 0


def _write_settings(world: World) -> None:
    (world.folder / "intake.toml").write_text(
        '[mailbox]\naddress = "a@huli.example"\nkind = "eml_folder"\npath = "in"\n', encoding="utf-8"
    )


def test_restored_service_answers_nothing_twice_and_knows_the_case_of_a_reply(one_world: World, tmp_path: Path) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=A, files=without_last_section()))
    one_world.work()
    (request,) = one_world.replies(A)
    with one_world.at_work():
        write_backup_of(one_world.records, tmp_path / "backup.zip")

    _machine_is_lost(one_world, tmp_path / "backup.zip", goes_on=True)
    one_world.work(minutes=5)
    after_restart = one_world.told()
    one_world.arrives(
        Draft(subject=f"Re: {request.subject}", sender=A, files=complete(), in_reply_to=request.message_id)
    )
    one_world.work(minutes=5)

    assert after_restart == [(A, "fix_request")]
    assert one_world.told() == [(A, "fix_request"), (A, "receipt")]
    assert [(case.number, case.state) for case in one_world.cases()] == [("HL22-0001", "accepted")]
    assert [row for row in one_world.equation() if row[0] == "INBOX"] == [("INBOX", 2, 2, 0)]


def test_letter_answered_after_the_backup_is_held_and_its_number_is_not_given_again(
    one_world: World, tmp_path: Path
) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=A, files=complete()))
    one_world.work()
    write_backup_of(one_world.records, tmp_path / "backup.zip")
    one_world.clock.advance(timedelta(minutes=30))
    one_world.arrives(Draft(subject=SUBMISSION, sender=B, files=complete("kitchen_smoke")))
    one_world.work(minutes=5)
    assert one_world.told() == [(A, "receipt"), (B, "receipt")]

    one_world.clock.advance(timedelta(minutes=30))
    _machine_is_lost(one_world, tmp_path / "backup.zip", goes_on=False)
    one_world.work(minutes=5)
    one_world.arrives(Draft(subject=SUBMISSION, sender="c@qq.example", files=complete("rental_houses")))
    one_world.work(minutes=5)

    assert one_world.told() == [(A, "receipt"), (B, "receipt"), ("c@qq.example", "receipt")]
    assert [mail.to_address for mail in one_world.mails("held")] == [B]
    assert [case.number for case in one_world.cases()] == ["HL22-0001", "HL22-0102", "HL22-0103"]


def test_a_restore_that_trusts_an_old_backup_is_seen_to_answer_again(one_world: World, tmp_path: Path) -> None:
    """A broken build of the one above: nothing is held, as is right only when the old machine did no more."""
    write_backup_of(one_world.records, tmp_path / "backup.zip")
    one_world.arrives(Draft(subject=SUBMISSION, sender=B, files=complete("kitchen_smoke")))
    one_world.work(minutes=5)

    one_world.clock.advance(timedelta(minutes=30))
    _machine_is_lost(one_world, tmp_path / "backup.zip", goes_on=True)
    one_world.work(minutes=5)

    assert one_world.told() == [(B, "receipt"), (B, "receipt")]


@pytest.mark.parametrize(("goes_on", "written"), [(True, 2), (False, 1)])
def test_reminder_written_after_the_backup_is_not_written_again(
    one_world: World, tmp_path: Path, goes_on: bool, written: int
) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=A, files=without_last_section()))
    one_world.work()
    write_backup_of(one_world.records, tmp_path / "backup.zip")
    one_world.clock.set(one_world.clock.now().replace(day=16))
    one_world.work(minutes=5)
    assert one_world.told() == [(A, "fix_request"), (A, "reminder")]

    _machine_is_lost(one_world, tmp_path / "backup.zip", goes_on=goes_on)
    one_world.work(minutes=5)

    # Told to go on as if the old machine had done no more, the service writes it again.
    assert [kind for _, kind in one_world.told()].count("reminder") == written


@pytest.mark.parametrize(("goes_on", "state"), [(True, "retry_at"), (False, "held")])
def test_letter_in_handing_over_at_the_backup_is_settled_by_what_happened_since(
    one_world: World, tmp_path: Path, goes_on: bool, state: str
) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=A, files=complete()))
    one_world.work_until_read()
    one_world.service.file.turn()
    one_world.service.records.judge.turn()
    with one_world.records.store.write() as work:
        (mail,) = work.outgoing.by_state("queued")
        work.outgoing.begin_handing_over(mail.id, at=one_world.clock.now())
    write_backup_of(one_world.records, tmp_path / "backup.zip")

    _machine_is_lost(one_world, tmp_path / "backup.zip", goes_on=goes_on)

    assert [(each.id, each.raw) for each in one_world.mails(state)] == [(mail.id, mail.raw)]


def test_restore_over_existing_data_is_refused_and_changes_nothing(one_world: World, tmp_path: Path) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=A, files=complete()))
    one_world.work()
    write_backup_of(one_world.records, tmp_path / "backup.zip")
    one_world.stop()
    _write_settings(one_world)
    before = (one_world.folder / "data" / "intake.sqlite3").read_bytes()

    with pytest.raises(OperatorError, match="已经有数据"):
        restore_backup(one_world.folder, tmp_path / "backup.zip", goes_on=True)

    assert (one_world.folder / "data" / "intake.sqlite3").read_bytes() == before


def test_backup_is_never_half_there_and_never_over_another_file(one_world: World, tmp_path: Path) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=A, files=complete()))
    one_world.work()
    target = tmp_path / "to" / "backup.zip"
    target.parent.mkdir()
    (letter,) = one_world.letters()
    path = one_world.records.letters.path(letter.sha256)
    whole = path.read_bytes()

    path.write_bytes(whole[:-1])
    with pytest.raises(CorruptError):
        write_backup_of(one_world.records, target)
    left = list(target.parent.iterdir())
    path.write_bytes(whole)
    write_backup_of(one_world.records, target)
    with pytest.raises(BackupError):
        write_backup_of(one_world.records, target)

    assert left == []
    assert ([each.name for each in target.parent.iterdir()], target.stat().st_mode & 0o077) == (["backup.zip"], 0)
    assert zipfile.ZipFile(target).testzip() is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"format": 99}, BackupError),
        ({"schema": "9999"}, BackupError),
        ({"members": {"../evil": {"sha256": "0" * 64, "size": 1}}}, BackupError),
        ({"members": {"data/intake.sqlite3": {"sha256": "0" * 64, "size": 1}}}, CorruptError),
    ],
    ids=["newer format", "newer database", "a name outside", "other bytes"],
)
def test_backup_that_cannot_be_trusted_is_refused_before_anything_is_written(
    one_world: World, tmp_path: Path, change: dict[str, object], error: type[StorageError]
) -> None:
    one_world.work()
    good, bad, place = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "new"
    write_backup_of(one_world.records, good)
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(bad, "w") as other:
        for name in archive.namelist():
            raw = archive.read(name)
            other.writestr(name, json.dumps(json.loads(raw) | change) if name == "manifest.json" else raw)

    with pytest.raises(error):
        restore_backup(place, bad, goes_on=True)

    assert (place.exists(), check_backup(good).letters) == (False, 0)


def test_purge_leaves_the_number_and_the_equation_and_nothing_personal(one_world: World) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=A, files=complete()))
    one_world.arrives(Draft(subject="请问", sender=B, text="请问案例字数有什么要求？"))
    one_world.work()
    records = one_world.records
    desk = PurgeDesk(records.store, records.letters, data_dir=records.settings.data_dir)
    sent = records.settings.data_dir / "sent"
    sent.mkdir(exist_ok=True)
    for name, at in (("old.eml", one_world.clock.now()), ("new.eml", one_world.clock.now() + timedelta(days=700))):
        (sent / name).write_bytes(b"To: a@qq.example")
        os.utime(sent / name, (at.timestamp(), at.timestamp()))
    one_world.clock.advance(timedelta(days=800))

    too_young = desk.find(records.calls, before_at=one_world.clock.now() - timedelta(days=795))
    found = desk.find(records.calls, before_at=one_world.clock.now() - timedelta(days=730))
    assert (bool(too_young), len(found.cases), len(found.letters)) == (False, 1, 2)
    list(desk.purge(found))
    one_world.work(minutes=5)

    (case,) = one_world.cases()
    assert (case.number, case.verdict, case.state, case.sender_address) == ("HL22-0001", "accepted", "purged", "")
    assert [(letter.outcome, letter.reason, letter.subject) for letter in one_world.letters()] == [
        ("purged", "filed", ""),
        ("purged", "not_a_submission", ""),
    ]
    assert [row for row in one_world.equation() if row[0] == "INBOX"] == [("INBOX", 2, 2, 0)]
    assert list((records.settings.data_dir / "letters").rglob("*.eml")) == []
    assert [path.name for path in sent.iterdir()] == ["new.eml"]
    one_world.stop()
    kept = b"".join(path.read_bytes() for path in (one_world.folder / "data").glob("intake.sqlite3*"))
    assert [word for word in (A, B, SUBMISSION) if word.encode() in kept] == []
