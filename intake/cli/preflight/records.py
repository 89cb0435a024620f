"""Can records be kept here? Peers: the data folder, its disk, the database, the lock of a running worker."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.settings import Settings
from intake.bootstrap import current_lease
from intake.cli.complaints import say
from intake.cli.preflight.item import Item, fine, notice, wrong
from storage.errors import OutdatedSchemaError, StorageError
from storage.folder import make_ready, refuse_network_folder
from storage.lock import is_held
from storage.store import Store

LEAST_FREE_BYTES = 500_000_000
"""Below this a single evening of letters may fill the disk."""
CAMPAIGN_BYTES = 8_000_000_000
"""What a campaign of a district leaves on the disk: some 400 letters of 15 MB, and room to read them."""
SILENT = timedelta(minutes=10)
"""A running worker writes a sign of life every 20 seconds."""
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Traces:
    """What earlier runs left in the database."""

    last_beat_at: datetime | None = None
    worker_host: str | None = None
    """Where the worker runs whose lease a database server keeps; None without one."""


def look_at_folder(settings: Settings) -> tuple[Item, ...]:
    """Whether the data folder can be written and is nobody else's."""
    folder = settings.data_dir
    try:
        make_ready(folder)
        if settings.database_url.startswith(_SQLITE):
            refuse_network_folder(folder)
    except StorageError as error:
        return (wrong("数据文件夹", str(folder), say(error) or ""),)
    # Windows keeps rights elsewhere: a user's own folder is closed to other users there.
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        advice = f"请运行：chmod 700 {folder}"
        return (notice("数据文件夹", f"{folder} 可以写入，但本机别的用户也能打开，里面有报送人的联系方式", advice),)
    return (fine("数据文件夹", f"{folder} 可以写入，只有本人能打开"),)


def look_at_disk(settings: Settings) -> tuple[Item, ...]:
    """Whether the disk has room for a campaign."""
    folder = next(each for each in (settings.data_dir, *settings.data_dir.parents) if each.exists())
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return (notice("磁盘", f"看不到剩余空间（{error.strerror}）"),)
    said = f"剩余 {free / 1e9:.1f} GB"
    if free < LEAST_FREE_BYTES:
        return (wrong("磁盘", said, "空间不够存放来信。请清理磁盘，或在设置的 data_dir 中换到更大的本机磁盘。"),)
    if free < CAMPAIGN_BYTES:
        advice = "一次区级征集约需 6 至 8 GB。请留意剩余空间，或在设置的 data_dir 中换到更大的本机磁盘。"
        return (notice("磁盘", said, advice),)
    return (fine("磁盘", said),)


def look_at_database(settings: Settings) -> tuple[Traces, tuple[Item, ...]]:
    """What earlier runs left, and whether the database opens and is of this program's version. Changes no record."""
    file = _sqlite_file(settings)
    if file is not None and not file.exists():
        return Traces(), (fine("数据库", f"还没有建立，第一次运行时自动建在 {file}"),)
    store = Store(settings.database_url, data_dir=settings.data_dir)
    try:
        store.open(migrate=False)
        with store.read() as view:
            last_beat_at = max((beat.at for beat in view.service.heartbeats()), default=None)
            letters = sum(view.figures.letters_by_outcome().values())
            lease = current_lease(view) if store.file is None else None
        if store.file is None:
            _try_writing(store)
    except OutdatedSchemaError:
        return Traces(), (notice("数据库", "是空的或版本较旧", "第一次运行 intake run 时会自动升级；升级前请先备份。"),)
    except StorageError as error:
        return Traces(), (wrong("数据库", str(file or "数据库服务器"), say(error) or ""),)
    finally:
        store.close()
    where = "" if file is not None else "数据库服务器"
    said = f"{where}可以打开，已登记来信{letters}封"
    return Traces(last_beat_at, None if lease is None else lease.host), (fine("数据库", said),)


class _Undone(Exception):  # noqa: N818 - no error: what was tried is taken back
    """Nothing stays of a trial."""


def _try_writing(store: Store) -> None:
    """Write to a server and take it back: one that may be read may still refuse that. Raises: StorageError."""
    with suppress(_Undone), store.write() as work:
        work.service.put_mark("doctor", 1)
        raise _Undone


def look_at_worker(settings: Settings, traces: Traces, *, now_at: datetime) -> tuple[Item, ...]:
    """Whether a worker runs on this data folder, and gives signs of life."""
    try:
        if not is_held(settings.data_dir) and traces.worker_host is None:
            return (fine("收件程序", "没有在运行，可以启动"),)
    except StorageError as error:
        return (wrong("收件程序", "不能启动", say(error) or ""),)
    last = traces.last_beat_at
    if last is not None and now_at - last > SILENT:
        shown = f"{last.astimezone(settings.zone):%m月%d日 %H:%M}"
        return (notice("收件程序", f"正在运行，但从{shown}起没有动静", "请停止它再启动，并查看运行日志。"),)
    if traces.worker_host is not None:
        return (fine("收件程序", f"正在 {traces.worker_host} 上运行（再启动一个会待命，前一个停下后自动接替）"),)
    return (fine("收件程序", "正在运行（同一个数据文件夹只能运行一个）"),)


def _sqlite_file(settings: Settings) -> Path | None:
    url = settings.database_url
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None
