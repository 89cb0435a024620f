"""A filled database of every schema there has been comes up to this program's with every row as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from storage.dialects import Database
from storage.schema import HEAD_REVISION, MIGRATIONS, bring_up_to_date
from storage.store import DATABASE_NAME, Store
from tests.storage.filled_database import ROWS_A_TABLE, lost_rows, released_database, rows_of

EARLIER = sorted(
    script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions() if script.revision != HEAD_REVISION
)
FORGETFUL = {
    "a table made anew": """
    op.execute("CREATE TABLE kept AS SELECT * FROM hand_answers WHERE rowid = 1")
    op.execute("DELETE FROM hand_answers")
    op.execute("INSERT INTO hand_answers SELECT * FROM kept")
""",
    "a value lost on the way": """
    op.execute("UPDATE cases SET phone = ''")
""",
    "a time moved": """
    op.execute("UPDATE letters SET received_at = datetime(received_at, '+8 hours')")
""",
}


@pytest.mark.parametrize("revision", EARLIER)
def test_filled_database_of_an_earlier_program_keeps_every_row(data_dir: Path, revision: str) -> None:
    file = released_database(data_dir, revision)
    before = rows_of(file)

    store = Store(data_dir=data_dir)
    store.open()
    store.close()

    after = rows_of(file)
    assert {table: len(rows) for table, rows in before.items() if len(rows) < ROWS_A_TABLE} == {"alembic_version": 1}
    assert (lost_rows(before, after), after["alembic_version"]) == ([], [{"version_num": HEAD_REVISION}])
    assert {table: len(after[table]) for table in before} == {table: len(rows) for table, rows in before.items()}


@pytest.mark.parametrize("revision", EARLIER)
def test_program_reads_what_an_earlier_one_wrote(data_dir: Path, revision: str) -> None:
    released_database(data_dir, revision)
    store = Store(data_dir=data_dir)
    store.open()

    with store.read() as view:
        numbers = sorted(case.number for case in view.cases.list())
        letters = view.letters.by_outcome("letters.outcome 甲 1")
        mails = view.outgoing.by_state("outgoing.state 甲 2")
        events = view.service.events()
    store.close()

    assert numbers == ["cases.number 甲 1", "cases.number 甲 2"]
    assert [letter.subject for letter in letters] == ["letters.subject 甲 1"]
    assert [mail.subject for mail in mails] == ["outgoing.subject 甲 2"]
    assert [(event.at.isoformat(), event.kind) for event in events] == [
        ("2022-12-01T04:00:00.123456+00:00", "events.kind 甲 1"),
        ("2022-12-02T04:00:00.123456+00:00", "events.kind 甲 2"),
    ]


@pytest.mark.parametrize("what", FORGETFUL)
def test_migration_that_forgets_is_caught(data_dir: Path, tmp_path: Path, what: str) -> None:
    file = released_database(data_dir, HEAD_REVISION)
    before = rows_of(file)
    migrations = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    (migrations / "versions" / "9999_forgetful.py").write_text(
        f'from alembic import op\n\nrevision = "9999"\ndown_revision = "{HEAD_REVISION}"\n\n\ndef upgrade():{FORGETFUL[what]}',
        encoding="utf-8",
    )

    database = Database(f"sqlite:///{data_dir / DATABASE_NAME}", data_dir=data_dir)
    bring_up_to_date(database, migrations=migrations, head="9999")

    assert lost_rows(before, rows_of(file)) != []
