from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from storage.dialects import Database
from storage.errors import SchemaError
from storage.schema import HEAD_REVISION, MIGRATIONS, bring_up_to_date
from storage.store import DATABASE_NAME, Store
from storage.tables import metadata
from tests.storage.samples import file_case, sha

pytestmark = pytest.mark.usefixtures("migrated")

NEXT = "9999"
"""Revision of a program to come."""
ADD_COLUMN = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD_REVISION}"


def upgrade():
    # Rebuilds the tables on SQLite, the ones other rows point to as well.
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("district", sa.Text(), nullable=False, server_default="湖里"))
        cases.alter_column("unit", nullable=True)
    with op.batch_alter_table("letters") as letters:
        letters.alter_column("subject", nullable=True)
"""
FAIL_HALFWAY = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD_REVISION}"


def upgrade():
    op.create_table("half_made", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("UPDATE cases SET title = 'changed'")
    raise ZeroDivisionError
"""
BREAK_KEYS = f"""
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD_REVISION}"


def upgrade():
    op.execute("DELETE FROM letters")
"""


def _migrations_with(second: str, folder: Path) -> Path:
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{NEXT}_second.py").write_text(second, encoding="utf-8")
    return folder


def _filled(data_dir: Path, database_url: str | None = None) -> Database:
    store = Store(database_url, data_dir=data_dir)
    store.open()
    with store.write() as work:
        for word in range(3):
            file_case(work, word)
    store.close()
    return Database(database_url or f"sqlite:///{data_dir / DATABASE_NAME}", data_dir=data_dir)


def _contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    engine = database.engine("read")
    with engine.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        rows = {name: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}"))), key=repr) for name in names}
    engine.dispose()
    return rows


def test_migrated_schema_is_the_one_of_the_tables(store: Store) -> None:
    assert store._reading is not None

    with store._reading.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []


def test_migrated_schema_on_sqlite_is_word_for_word_the_one_of_the_tables(data_dir: Path, tmp_path: Path) -> None:
    Store(data_dir=data_dir).open()
    straight = create_engine(f"sqlite:///{tmp_path / 'straight.db'}")
    metadata.create_all(straight)
    straight.dispose()

    def said(path: Path) -> dict[str, list[str]]:
        with sqlite3.connect(path) as connection:
            rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        connection.close()
        # The order of constraints inside a table means nothing.
        return {name: sorted(line.strip(" ,\t") for line in sql.splitlines()) for name, sql in rows}

    migrated = said(data_dir / DATABASE_NAME)
    del migrated["alembic_version"]
    assert migrated == said(tmp_path / "straight.db")


def test_head_revision_is_the_last_migration() -> None:
    assert ScriptDirectory(MIGRATIONS).get_current_head() == HEAD_REVISION


def test_upgrading_a_filled_database_keeps_every_row(data_dir: Path, database_url: str | None, tmp_path: Path) -> None:
    database = _filled(data_dir, database_url)
    before = _contents(database)

    bring_up_to_date(database, migrations=_migrations_with(ADD_COLUMN, tmp_path / "migrations"), head=NEXT)

    after = _contents(database)
    assert after.pop("alembic_version") == [(NEXT,)]
    assert after.pop("cases") == [(*row, "湖里") for row in before.pop("cases")]
    del before["alembic_version"]
    assert after == before
    assert len(before["letters"]) == 3


def test_migration_that_fails_halfway_leaves_the_database_as_it_was(
    data_dir: Path, database_url: str | None, tmp_path: Path
) -> None:
    database = _filled(data_dir, database_url)
    before = _contents(database)

    with pytest.raises(ZeroDivisionError):
        bring_up_to_date(database, migrations=_migrations_with(FAIL_HALFWAY, tmp_path / "migrations"), head=NEXT)

    assert _contents(database) == before


def test_migration_that_would_break_keys_is_not_kept(data_dir: Path, tmp_path: Path) -> None:
    database = _filled(data_dir)
    before = _contents(database)

    with pytest.raises(SchemaError, match="point to nothing"):
        bring_up_to_date(database, migrations=_migrations_with(BREAK_KEYS, tmp_path / "migrations"), head=NEXT)

    assert _contents(database) == before


@pytest.mark.parametrize("migrate", [True, False])
def test_database_of_a_newer_program_is_refused_untouched(
    data_dir: Path, database_url: str | None, tmp_path: Path, migrate: bool
) -> None:
    database = _filled(data_dir, database_url)
    bring_up_to_date(database, migrations=_migrations_with(ADD_COLUMN, tmp_path / "migrations"), head=NEXT)
    before = _contents(database)

    with pytest.raises(SchemaError) as refused:
        Store(database_url, data_dir=data_dir).open(migrate=migrate)

    assert f"数据库由更新版本的程序创建（版本 {NEXT}）" in refused.value.advice
    assert _contents(database) == before


def test_database_never_migrated_is_not_opened_for_looking_only(data_dir: Path, database_url: str | None) -> None:
    with pytest.raises(SchemaError) as refused:
        Store(database_url, data_dir=data_dir).open(migrate=False)

    assert "数据库版本较旧（空），需要升级到" in refused.value.advice


def test_database_up_to_date_is_opened_for_looking_without_loading_alembic(data_dir: Path) -> None:
    _filled(data_dir)
    program = (
        "import sys; from pathlib import Path; from storage import Store; Store(data_dir=Path(sys.argv[1])).open(); "
        "print([name for name in sys.modules if name.split('.')[0] == 'alembic'])"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program, str(data_dir)], capture_output=True, text=True, timeout=60, check=True
    )

    assert ran.stdout == "[]\n"


def test_database_with_tables_of_another_program_is_refused(data_dir: Path) -> None:
    data_dir.mkdir()
    with sqlite3.connect(data_dir / DATABASE_NAME) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()

    with pytest.raises(SchemaError) as refused:
        Store(data_dir=data_dir).open()

    assert "数据库里已有其他程序的数据表" in refused.value.advice


def test_many_processes_opening_a_new_folder_at_once_all_find_it_ready(data_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from storage import Store; Store(data_dir=Path(sys.argv[1])).open()"
    )

    started = [
        subprocess.Popen([sys.executable, "-c", program, str(data_dir)], stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    ended = [process.communicate(timeout=120)[1] for process in started]

    assert (ended, [process.returncode for process in started]) == ([""] * 6, [0] * 6)


def test_installed_wheel_brings_its_migrations(tmp_path: Path) -> None:
    root = MIGRATIONS.parent.parent
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=root, capture_output=True, timeout=120, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    program = (
        "from pathlib import Path; from storage import Store; import storage.schema; "
        "Store(data_dir=Path('数据')).open(); print(storage.schema.__file__)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert ran.stdout.strip() == str(tmp_path / "installed" / "storage" / "schema.py")
    opened = Store(data_dir=tmp_path / "数据")
    opened.open(migrate=False)
    with opened.read() as view:
        assert view.letters.get(sha("none")) is None
    opened.close()
