from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage import folder
from storage.errors import (
    CorruptError,
    DiskFullError,
    NetworkFolderError,
    ReadOnlyError,
    StorageBusyError,
    StorageError,
    UnreachableError,
)
from storage.folder import NETWORK_KINDS, filesystem_kind, kind_in_mounts
from storage.store import DATABASE_NAME, Store
from storage.translation import translate_database_error
from tests.storage.samples import file_case, letter

pytestmark = pytest.mark.usefixtures("migrated")

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw 0 0
//nas/share /mnt/nas cifs rw 0 0
nas:/export /mnt/nas/deep nfs4 rw 0 0
user@host:/ /home/clerk/远程\\040文件夹 fuse.sshfs rw 0 0
C: /mnt/c 9p rw,aname=drvfs 0 0
/dev/sdb1 /mnt/over ext4 rw 0 0
nas:/over /mnt/over nfs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/intake", "ext4"),
        ("/run/intake", "tmpfs"),
        ("/mnt/nas", "cifs"),
        ("/mnt/nas/数据", "cifs"),
        ("/mnt/nasty", "ext4"),
        ("/mnt/nas/deep/er", "nfs4"),
        ("/home/clerk/远程 文件夹/数据", "fuse.sshfs"),
        ("/mnt/c/intake", "9p"),
        ("/mnt/over/x", "nfs"),
    ],
)
def test_kind_of_file_system_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert kind_in_mounts(MOUNTS, Path(path)) == kind


def test_kind_of_file_system_here_is_known_and_local(tmp_path: Path) -> None:
    kind = filesystem_kind(tmp_path / "not" / "yet")

    assert kind not in NETWORK_KINDS
    assert bool(kind) == Path("/proc/self/mounts").exists()


def test_network_folder_is_refused_before_a_database_is_made(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = data_dir.parent / "mounts"
    point = str(data_dir.resolve()).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nnas:/x {point} nfs4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(folder, "_MOUNTS", mounts)

    with pytest.raises(NetworkFolderError) as refused:
        Store(data_dir=data_dir).open()

    assert "网络盘" in refused.value.advice
    assert list(data_dir.iterdir()) == []


_OPEN = """
import os, sys
from pathlib import Path
from storage import StorageError, Store
if os.geteuid() == 0:  # permissions do not bind root, so become somebody else
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    Store(data_dir=Path(sys.argv[1])).open()
except StorageError as error:
    print(type(error).__name__)
"""


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A folder every user may pass into, as pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _open_as_ordinary_user(data_dir: Path) -> tuple[str, str]:
    tried = subprocess.run(
        [sys.executable, "-c", _OPEN, str(data_dir)], check=False, capture_output=True, text=True, timeout=60
    )
    return tried.stdout, tried.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of another kind")
@pytest.mark.parametrize("filled", [False, True], ids=["empty", "with a database"])
def test_read_only_folder_is_said(open_dir: Path, filled: bool) -> None:
    data_dir = open_dir / "数据"
    data_dir.mkdir()
    if filled:
        Store(data_dir=data_dir).open()
    data_dir.chmod(0o555)

    told = _open_as_ordinary_user(data_dir)

    data_dir.chmod(0o755)
    assert told == ("ReadOnlyError\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of another kind")
def test_read_only_parent_of_a_missing_folder_is_said(open_dir: Path) -> None:
    open_dir.chmod(0o555)

    told = _open_as_ordinary_user(open_dir / "数据")

    open_dir.chmod(0o755)
    assert told == ("ReadOnlyError\n", "")


def test_database_file_that_may_not_be_written_is_said(store: Store) -> None:
    assert store._writing is not None
    if store._writing.dialect.name != "sqlite":
        pytest.skip("a file of SQLite")
    with store._writing.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    with pytest.raises(ReadOnlyError), store.write() as work:
        work.letters.add(letter())


def test_path_that_is_a_file_is_said(data_dir: Path) -> None:
    data_dir.write_text("not a folder", encoding="utf-8")

    with pytest.raises(StorageError) as refused:
        Store(data_dir=data_dir).open()

    assert "请检查设置中的数据文件夹" in refused.value.advice


def test_file_that_is_no_database_is_damage(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / DATABASE_NAME).write_bytes(b"This is not a database. " * 100)

    with pytest.raises(CorruptError) as damaged:
        Store(data_dir=data_dir).open()

    assert "备份" in damaged.value.advice


def test_full_disk_undoes_the_unit_of_work_and_passes(data_dir: Path) -> None:
    store = Store(data_dir=data_dir)
    store.open()
    assert store._writing is not None
    with store._writing.connect() as connection:  # the pool's one connection: SQLite itself says "full"
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")

    def fill() -> None:
        with store.write() as work:
            for word in range(200):
                file_case(work, word)

    with pytest.raises(DiskFullError) as full:
        fill()
    with store._writing.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    with store.write() as work:
        after = (work.figures.letters_by_outcome(), file_case(work, "next"))
    store.close()

    assert (full.value.temporary, after) == (True, ({}, "HL22-0001"))


def test_database_held_by_another_program_is_busy(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.dialects.BUSY_SECONDS", 0.2)
    store = Store(data_dir=data_dir)
    store.open()
    other = sqlite3.connect(data_dir / DATABASE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageBusyError) as busy, store.write():
        pass
    with store.read() as view:
        seen = view.letters.by_outcome("collected")
    other.close()
    with store.write() as work:
        work.letters.add(letter())
    store.close()

    assert (busy.value.temporary, seen) == (True, ())


@pytest.mark.parametrize("name", ["百分100%", "what?", "a b#c", "数据&x=1"])
def test_folder_of_any_name_will_do(tmp_path: Path, name: str) -> None:
    store = Store(data_dir=tmp_path / name)
    store.open()
    with store.write() as work:
        work.letters.add(letter())
    store.close()

    assert (tmp_path / name / DATABASE_NAME).is_file()


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("sqlite://", "改为一个文件"),
        ("sqlite:///:memory:", "改为一个文件"),
        ("no address", "数据库地址"),
        ("nosuchengine://host/db", "只支持 SQLite"),
        ("mysql+nosuchdriver://host/db", "只支持 SQLite"),
    ],
)
def test_address_of_no_use_is_said(data_dir: Path, url: str, advice: str) -> None:
    def opened() -> None:
        Store(url, data_dir=data_dir).open()

    with pytest.raises(StorageError) as refused:
        opened()

    assert advice in refused.value.advice


def test_durability_settings_hold_on_every_connection(data_dir: Path) -> None:
    store = Store(data_dir=data_dir)
    store.open()
    told = []
    for engine in (store._writing, store._reading):
        assert engine is not None
        with engine.connect() as connection:
            told.append(
                {
                    pragma: connection.execute(text(f"PRAGMA {pragma}")).scalar_one()
                    for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
                }
            )
    store.close()

    common = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    assert told == [{**common, "query_only": 0}, {**common, "query_only": 1}]


class ServerError(Exception):
    """As a driver raises it, with the server's code."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("server says no")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "told"),
    [
        (None, UnreachableError),
        ("08006", UnreachableError),
        ("57P01", UnreachableError),
        ("40001", StorageBusyError),
        ("40P01", StorageBusyError),
        ("55P03", StorageBusyError),
        ("53100", DiskFullError),
        ("25006", ReadOnlyError),
        ("42501", ReadOnlyError),
        ("XX001", CorruptError),
        ("42601", StorageError),
    ],
)
def test_code_of_a_database_server_becomes_our_error(sqlstate: str | None, told: type[StorageError]) -> None:
    error = OperationalError("SELECT 1", {}, ServerError(sqlstate))

    assert type(translate_database_error(error, Path("数据"))) is told
