"""Bringing a database to this program's tables with Alembic, from inside the program.

Alembic is loaded only when there is something to do: an up-to-date database costs one query.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.dialects import Database, broken_keys
from storage.errors import OutdatedSchemaError, SchemaError

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

HEAD_REVISION = "0003"
"""The last migration; a test compares it with the folder."""

MIGRATIONS = Path(__file__).parent / "migrations"

_NEWER = (
    "数据库由更新版本的程序创建（版本 {found}），当前程序只认识到 {known}；请安装相同或更新的程序版本，数据没有改动。"
)
_OLDER = "数据库版本较旧（{found}），需要升级到 {known}；请先停止其他收件程序，再运行一次收件程序即可自动升级。"
_FOREIGN = "数据库里已有其他程序的数据表；请在设置中换一个数据库文件或数据库名。"


def bring_up_to_date(database: Database, *, migrations: Path = MIGRATIONS, head: str = HEAD_REVISION) -> None:
    """Run every migration the database has not seen, in one transaction: all or nothing.

    Other processes that do the same, or write, wait; then they find nothing to do.
    Raises: SchemaError when the database is newer, foreign, or a migration would leave broken keys.
    """
    # Looked at first without a lock: a command on an up-to-date database does not wait for the worker.
    if _revision_in(database) == head:
        return
    engine = database.engine("migrate")
    try:
        with engine.begin() as connection:
            found = _revision(connection)
            if found == head:
                return
            if found is None and inspect(connection).get_table_names():
                raise SchemaError("the database holds tables that are not ours", advice=_FOREIGN)
            _upgrade(connection, migrations, found=found, head=head)
    finally:
        engine.dispose()


def refuse_other_schema(database: Database) -> None:
    """Raise SchemaError unless the database has exactly this program's tables."""
    found = _revision_in(database)
    if found != HEAD_REVISION:
        raise _other(found, known=_is_known(MIGRATIONS, found), head=HEAD_REVISION)


def knows_revision(revision: str) -> bool:
    """Whether a database at `revision` is of this program's version or older."""
    return _is_known(MIGRATIONS, revision)


def _upgrade(connection: Connection, migrations: Path, *, found: str | None, head: str) -> None:
    from alembic import command

    if not _is_known(migrations, found):
        raise _other(found, known=False, head=head)
    config = _config(migrations)
    config.attributes["connection"] = connection
    command.upgrade(config, head)
    broken = broken_keys(connection)
    if broken:
        raise SchemaError(f"migration to {head} would leave {broken} rows that point to nothing; nothing was changed")


def _is_known(migrations: Path, revision: str | None) -> bool:
    return revision is None or revision in {script.revision for script in _scripts(migrations).walk_revisions()}


def _other(found: str | None, *, known: bool, head: str) -> SchemaError:
    advice = (_OLDER if known else _NEWER).format(found=found or "空", known=head)
    kind = OutdatedSchemaError if known else SchemaError
    return kind(f"database is at {found}, this program at {head}", advice=advice)


def _revision_in(database: Database) -> str | None:
    engine = database.engine("read")
    try:
        with engine.begin() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if "alembic_version" not in inspect(connection).get_table_names():
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def _config(migrations: Path) -> Config:
    from alembic.config import Config

    config = Config()
    # "%" is Alembic's interpolation sign.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config


def _scripts(migrations: Path) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(migrations))
