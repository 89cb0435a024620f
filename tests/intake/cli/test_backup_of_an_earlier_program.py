"""A backup made years ago, by a program with fewer tables, comes back with this one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from intake.cli.backup import restore_backup
from storage.backup import check_backup, write_backup
from storage.letters import LetterStore
from storage.schema import HEAD_REVISION, MIGRATIONS
from tests.storage.filled_database import lost_rows, released_database, rows_of

AT = datetime(2022, 12, 5, 1, tzinfo=UTC)
SETTINGS = '[mailbox]\naddress = "a@huli.example"\nkind = "eml_folder"\npath = "in"\n'
EARLIER = sorted(
    script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions() if script.revision != HEAD_REVISION
)


def _backup_of(folder: Path, revision: str) -> tuple[Path, Path]:
    """A backup as the program of `revision` wrote it, and the database it was made of."""
    letters = LetterStore(folder / "data" / "letters")
    hashes = []
    for number in (1, 2):
        with letters.receive() as incoming:
            incoming.write(f"Subject: {number}\r\n\r\n".encode())
            hashes.append(incoming.commit().sha256)
    file = released_database(folder / "data", revision, name="intake.sqlite3", letters=hashes)
    write_backup(
        folder / "backup.zip",
        database=file,
        letters=letters,
        settings={"intake.toml": SETTINGS},
        at=AT,
        program="0.1.0",
        worker_ran=False,
    )
    return folder / "backup.zip", file


@pytest.mark.parametrize("revision", EARLIER)
def test_backup_of_an_earlier_program_is_restored_with_every_row_and_letter(tmp_path: Path, revision: str) -> None:
    (tmp_path / "old").mkdir()
    backup, file = _backup_of(tmp_path / "old", revision)
    before = rows_of(file)

    assert restore_backup(tmp_path / "new", backup, goes_on=True, at=AT) == 0

    after = rows_of(tmp_path / "new" / "data" / "intake.sqlite3")
    restored = LetterStore(tmp_path / "new" / "data" / "letters")
    assert (check_backup(backup).schema, after["alembic_version"]) == (revision, [{"version_num": HEAD_REVISION}])
    assert lost_rows(before, after) == []
    assert [restored.verify(str(row["sha256"])) for row in after["letters"]] == [True, True]
