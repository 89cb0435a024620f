from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from intake.edges.leftovers import COMMANDS_LAST, clear_leftovers
from storage.lock import hold_folder

NOW = datetime(2022, 12, 5, 1, tzinfo=UTC)


def _put(data: Path, name: str, *, age: timedelta = timedelta()) -> None:
    path = data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    at = (NOW - age).timestamp()
    for each in (path, path.parent):
        os.utime(each, (at, at))


def test_what_a_killed_process_left_goes_and_what_a_command_may_be_making_stays(tmp_path: Path) -> None:
    old = COMMANDS_LAST + timedelta(minutes=1)
    for name in ("jobs/0123/1.bin", "cache/marked-copies/job-a/copy.docx", "mailbox/uids.json.part"):
        _put(tmp_path, name)
    for name in ("cache/thumbnails/job-old/1.jpg", "cache/extracts/job-old/1.docx", "cache/ledger-old/ledger.xlsx"):
        _put(tmp_path, name, age=old)
    kept = ["cache/ledger-new/ledger.xlsx", "cache/marked-copies/ab/cd.docx", "cache/thumbnails/job-new/1.jpg"]
    kept += ["intake.sqlite3", "letters/ab/cd.eml", "mailbox/uids.json"]
    for name in kept:
        _put(tmp_path, name)

    clear_leftovers(tmp_path, at=NOW)

    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == kept


def test_letters_being_read_anew_stay_and_what_a_killed_reading_left_goes(tmp_path: Path) -> None:
    _put(tmp_path, "cache/reread/job-dead/0123/1.bin")
    _put(tmp_path, "cache/reread/job-dead/worker.lock")
    _put(tmp_path, "cache/reread/job-alive/0123/1.bin")

    with hold_folder(tmp_path / "cache" / "reread" / "job-alive", at=NOW):
        clear_leftovers(tmp_path, at=NOW)

    assert [path.name for path in (tmp_path / "cache" / "reread").iterdir()] == ["job-alive"]


def test_a_new_data_folder_has_nothing_to_clear(tmp_path: Path) -> None:
    clear_leftovers(tmp_path / "data", at=NOW)

    assert not (tmp_path / "data").exists()
