"""A backup or a restore that was said to be done is there after a power cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load_settings
from intake.bootstrap import open_records, running_service
from intake.cli.backup import restore_backup, write_backup_of
from intake.edges.executors.inline import InlineExecutor
from tests.reliability.place import put_file, write_local_settings
from tests.reliability.power_cut import SyncedDisk
from tests.reliability.test_durability_order import AT, linux


@pytest.fixture
def backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, SyncedDisk]:
    """The backup of a working folder with two letters, and a disk that has been watched since before it was made."""
    worked = tmp_path / "worked"
    worked.mkdir()
    write_local_settings(worked)
    for number in range(2):
        put_file(worked, AT, f"asks{number}@qq.example", subject="请问", text=f"请问第{number}个问题？")
    (tmp_path / "new").mkdir()
    with running_service(open_records(load_settings(worked)), executor=InlineExecutor()) as service:
        service.collect.turn()
        disk = SyncedDisk(tmp_path)
        disk.watch(monkeypatch)
        write_backup_of(service.records, tmp_path / "backup.zip")
    return tmp_path / "backup.zip", disk


@linux
def test_backup_that_was_made_survives_a_power_cut(backup: tuple[Path, SyncedDisk]) -> None:
    written, disk = backup

    kept = disk.survivors()

    assert kept.get("backup.zip") == written.read_bytes()


@linux
def test_letters_and_settings_that_were_restored_survive_a_power_cut(backup: tuple[Path, SyncedDisk]) -> None:
    written, disk = backup
    new = written.with_name("new")

    restore_backup(new, written, goes_on=True, at=AT)

    kept = disk.survivors()
    restored = [path for path in new.rglob("*") if path.suffix in {".eml", ".toml"}]
    assert (len(restored), [path for path in restored if kept.get(f"new/{path.relative_to(new)}") is None]) == (3, [])
