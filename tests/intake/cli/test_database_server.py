"""What the command line says when the records live on a server that is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.backup import Progress, unpack_backup
from storage.dialects import _WRITE_LOCK
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import eml_working_folder
from tests.servers.postgresql import PostgresServer

pytestmark = pytest.mark.server


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[str]:
    with postgres.emptied() as name:
        yield name


@pytest.fixture
def folder(postgres: PostgresServer, database: str, tmp_path: Path) -> Path:
    """A working folder on a server."""
    return _on(postgres.url(database), eml_working_folder(tmp_path))


def test_folder_on_a_server_is_worked_on_and_looked_at(intake: Intake, folder: Path) -> None:
    worked = intake("run", "--once", "-C", folder)
    told = intake("status", "-C", folder)
    looked = intake("doctor", "-C", folder)

    assert (worked.status, told.status) == (0, 0), worked.err + told.err
    assert "没有在运行" in told.out
    assert "✓ 数据库：数据库服务器可以打开，已登记来信" in looked.out
    assert not (folder / "data" / "intake.sqlite3").exists()


def test_server_that_may_only_be_read_is_told_and_is_a_reason_to_try_again(
    intake: Intake, folder: Path, postgres: PostgresServer, database: str
) -> None:
    intake("run", "--once", "-C", folder)
    postgres.ask(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    try:
        worked = intake("run", "--once", "-C", folder)
        looked = intake("doctor", "-C", folder)
    finally:
        postgres.ask(f"ALTER DATABASE {database} RESET default_transaction_read_only")

    assert (worked.status, looked.status) == (75, 2)
    assert "数据库服务器现在只许读取" in worked.err
    assert "✗ 数据库：数据库服务器" in looked.out


def test_server_that_somebody_keeps_busy_is_a_reason_to_try_again(
    intake: Intake, folder: Path, postgres: PostgresServer, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.dialects.BUSY_SECONDS", 0.2)
    intake("run", "--once", "-C", folder)
    with postgres.connected(database) as somebody:
        somebody.execute("SELECT pg_advisory_lock(%s)", (_WRITE_LOCK,))
        ran = intake("run", "--once", "-C", folder)

    assert (ran.status, "长时间占用数据库" in ran.err) == (75, True), ran.err


def test_server_that_does_not_answer_is_told_in_one_line_without_the_password(intake: Intake, tmp_path: Path) -> None:
    folder = _on("postgresql://intake:geheimes-wort@127.0.0.1:9/intake", eml_working_folder(tmp_path))

    ran = intake("run", "--once", "-C", folder)

    assert (ran.status, ran.err.count("\n"), "geheimes-wort" in ran.err) == (75, 1, False)
    assert "连不上数据库服务器" in ran.err


def test_what_was_put_into_the_data_folder_during_a_restore_is_left_there_and_no_record_kept(
    intake: Intake, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake("backup", tmp_path / "b.zip", "-C", eml_working_folder(tmp_path / "old"))
    note = folder / "data" / "note.txt"

    def unpack_while_somebody_writes(source: Path, staging: Path, *, progress: Progress) -> None:
        unpack_backup(source, staging, progress=progress)
        note.parent.mkdir()
        note.write_text("mine", "utf-8")

    monkeypatch.setattr("intake.cli.backup.unpack_backup", unpack_while_somebody_writes)
    ran = intake("restore", tmp_path / "b.zip", "-C", folder, "--continue")
    left = [path.name for path in note.parent.iterdir()]
    note.unlink()
    monkeypatch.undo()
    again = intake("restore", tmp_path / "b.zip", "-C", folder, "--continue")

    assert (ran.status != 0, left, again.status) == (True, ["note.txt"], 0), ran.err + again.err


def _on(url: str, folder: Path) -> Path:
    with (folder / ".env").open("a", encoding="utf-8") as secrets:
        secrets.write(f"INTAKE_DATABASE_URL={url}\n")
    (folder / ".env").chmod(0o600)
    return folder
