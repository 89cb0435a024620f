"""`intake backup`, `intake restore`: the records on another disk, and back on an empty machine."""

from __future__ import annotations

import glob
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from config.layers import SECRETS_FILE, SETTINGS_FILE
from config.redaction import secrets_in, without_secrets
from config.settings import CAMPAIGNS_FOLDER, SENTENCES_FOLDER, Settings, load_settings, missing_secrets
from intake.bootstrap import RESTORED, Records, code_version, who_works
from intake.cli.folder import records_of
from intake.cli.progress import progress_of
from intake.cli.shell_words import as_typed
from intake.edges.clock import SystemClock
from intake.errors import OperatorError
from intake.wording import CHINESE_DATES
from storage import durable
from storage.backup import Backup, check_backup, read_settings, unpack_backup, write_backup
from storage.errors import BackupError
from storage.schema import knows_revision
from storage.store import Store
from storage.translation import translated_os_errors

NUMBERS_SKIPPED = 100
"""Numbers the other machine may have given after the backup; a number is never given twice."""

LAST_BACKUP = "last_backup_at"
"""Mark: as of when the last whole backup is; absent before the first."""

MAY_BE_SENT = "恢复自备份：备份之后原来的机器可能已经发出这封信，核对“已发送”后再放行或取消"


def make_backup(folder: Path, target: Path) -> int:
    """Write the backup file and tell what is in it; exit status 0."""
    with records_of(folder) as records:
        made = write_backup_of(records, target)
        with records.store.write() as work:
            work.service.put_mark(LAST_BACKUP, made.made_at.isoformat())
    zone = records.settings.zone
    print(f"备份已写好并核对无误：{target.absolute()}（{_megabytes(made.size_bytes)}，来信{made.letters}封）")
    print(
        f"内容截至{CHINESE_DATES.write_moment(made.made_at, str(zone))}。授权码不在备份里，恢复时要重新填写 {SECRETS_FILE}。"
    )
    print("备份里有报送人的姓名、电话和材料，请存放在只有工作人员能打开的地方。恢复：intake restore 文件")
    return 0


def write_backup_of(records: Records, target: Path) -> Backup:
    """Back up an opened working folder. Raises: OperatorError, StorageError."""
    with progress_of("正在备份") as progress:
        return write_backup(
            target.absolute(),
            database=records.store.database,
            letters=records.letters,
            settings=_settings_texts(records.settings),
            at=records.clock.now(),
            program=code_version(),
            worker_ran=_works(records),
            progress=progress,
        )


def _works(records: Records) -> bool:
    with records.store.read() as view:
        return who_works(records, view) is not None


def restore_backup(folder: Path, source: Path, *, goes_on: bool, at: datetime | None = None) -> int:
    """Bring a backup into an empty working folder; exit status 0.

    `goes_on`: nothing worked on these records since the backup was made. Else whatever may have been sent or
    numbered meanwhile is kept back. `at`: the present; the system's unless given.
    """
    at = at or SystemClock().now()
    texts, made = _usable(source)
    with translated_os_errors(folder):
        durable.make_folder(folder.absolute())
        kept = [name for name in texts if (folder / name).exists()]
        # Looked at before anything is written: a refused restore leaves the folder as it was.
        if SETTINGS_FILE in kept:
            _refuse_data(load_settings(folder))
        written = _write_settings(folder, {name: text for name, text in texts.items() if name not in kept})
        try:
            settings = load_settings(folder)
            _refuse_data(settings)
            held = _bring_back(source, settings, goes_on=goes_on, at=at)
        except BaseException:
            _remove(written)
            raise
    _tell_restored(settings, made, folder, held=held, goes_on=goes_on)
    return 0


def _usable(source: Path) -> tuple[dict[str, str], Backup]:
    with progress_of("正在核对备份") as progress:
        made = check_backup(source, progress=progress)
    if not knows_revision(made.schema):
        raise BackupError(
            f"{source}: database at {made.schema}",
            advice=f"这份备份由更新版本的程序（{made.program}）制作，当前程序不能恢复；请先安装相同或更新的程序版本。",
        )
    return read_settings(source), made


def _refuse_data(settings: Settings) -> None:
    if _is_on_server(settings):
        if Store(settings.database_url, data_dir=settings.data_dir).holds_records():
            raise OperatorError(
                "database_url 所写的数据库里已经有记录，恢复会与它们混在一起，没有恢复。请换一个空的数据库。"
            )
    elif settings.database_url != _own_database(settings):
        raise OperatorError(
            f"设置里的 database_url 是另一个 SQLite 文件，备份只能恢复到数据文件夹里或 PostgreSQL 上。请先在 {SETTINGS_FILE} 里去掉这一项。"
        )
    data = settings.data_dir
    if os.path.ismount(data):  # nothing can be given its name; `Path.is_mount` is not on Windows
        raise OperatorError(
            f"数据文件夹 {data} 本身是一个挂载点（共享文件夹或另一块磁盘），不能整个换进去，没有恢复。"
            "请在设置的 data_dir 中写它里面的一个空文件夹。"
        )
    if data.exists() and any(data.iterdir()):
        raise OperatorError(
            f"{data} 里已经有数据，恢复会盖掉它们，没有恢复。请换一个空的工作文件夹，或先把这个数据文件夹改名留存。"
        )


def _is_on_server(settings: Settings) -> bool:
    return not settings.database_url.startswith("sqlite:")


def _own_database(settings: Settings) -> str:
    return f"sqlite:///{(settings.data_dir / 'intake.sqlite3').as_posix()}"


def _write_settings(folder: Path, texts: dict[str, str]) -> list[Path]:
    """Write them durably, each whole or not at all: what stands there is kept by the next try. All of them, or none."""
    written: list[Path] = []
    try:
        for name, text in texts.items():
            path = folder / name
            durable.make_folder(path.parent.absolute())
            part = path.with_name(f".{path.name}.restoring")
            with part.open("w", encoding="utf-8", newline="\n") as file:
                written.append(part)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            durable.move_into_place(part.absolute(), path.absolute())
            written[-1] = path
    except BaseException:
        _remove(written)
        raise
    return written


def _remove(files: Sequence[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)


def _bring_back(source: Path, settings: Settings, *, goes_on: bool, at: datetime) -> int:
    """Unpack beside the data folder, make the records ready, then give them their name; how many letters are held."""
    data = settings.data_dir
    durable.make_folder(data.parent)
    for left in data.parent.glob(f".{glob.escape(data.name)}.*.restoring"):
        shutil.rmtree(left, ignore_errors=True)  # of a restore cut short: whole letters, kept by nobody
    staging = data.with_name(f".{data.name}.{secrets.token_hex(4)}.restoring")
    try:
        with progress_of("正在恢复") as progress:
            unpack_backup(source, staging, progress=progress)
        held = _settle(staging, goes_on=goes_on, at=at)
        if _is_on_server(settings):
            _bring_to_server(staging, settings)
        else:
            _take_place(staging, data)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return held


def _take_place(staging: Path, data: Path, *, cleared: Callable[[], None] = lambda: None) -> None:
    """Put `staging` in the place of an empty folder or none; `cleared` once nothing is in the way.

    Raises: OSError when something is.
    """
    if data.exists():
        data.rmdir()
    cleared()
    durable.move_into_place(staging, data)


def _bring_to_server(staging: Path, settings: Settings) -> None:
    """The records go to the database server, everything else into the data folder; both or none."""
    data, moved = settings.data_dir, []

    def let_go() -> None:
        for part in staging.glob("intake.sqlite3*"):
            part.unlink()
        # Not noted before: what lay in the way is none of ours.
        _take_place(staging, data, cleared=lambda: moved.append(data))

    store = Store(settings.database_url, data_dir=data)
    store.open()
    try:
        # The folder last: as long as it is not in its place the records are not committed.
        store.load(staging / "intake.sqlite3", last=let_go)
    except BaseException:
        for folder in moved:  # it was empty before, and the backup still has everything
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        store.close()


def _settle(data: Path, *, goes_on: bool, at: datetime) -> int:
    """What another machine may have done since the backup is not done again."""
    store = Store(f"sqlite:///{(data / 'intake.sqlite3').as_posix()}", data_dir=data)
    store.open()
    try:
        with store.write() as work:
            work.service.add_event("restore", "restored", "", at=at)
            if goes_on:
                return 0
            work.service.put_mark(RESTORED, at.isoformat())
            work.service.skip_case_numbers(NUMBERS_SKIPPED)
            return work.outgoing.hold_all_open(error=MAY_BE_SENT)
    finally:
        store.close()


def _tell_restored(settings: Settings, made: Backup, folder: Path, *, held: int, goes_on: bool) -> None:
    moment = CHINESE_DATES.write_moment(made.made_at, settings.timezone)
    where = f"{settings.data_dir} 和数据库服务器" if _is_on_server(settings) else str(settings.data_dir)
    print(f"已恢复到 {where}：来信{made.letters}封，内容截至{moment}。")
    if not goes_on:
        print("备份之后原来的机器可能还收过信、发过信，为了不重复答复：")
        print(f"  备份时还没有发出的去信{held}封改为暂缓；恢复之前收到、备份里还没有答复的来信照常登记，答复也暂缓。")
        print(
            "  请对照邮箱的“已发送”，用 intake outbox list --state held 查看，没有发过的用 intake outbox release 放行。"
        )
        print(f"  登记编号跳过{NUMBERS_SKIPPED}个再往下编，避免与已经告知的编号重复。")
    if missing_secrets(settings):
        print(f"请在 {folder / SECRETS_FILE} 里写 INTAKE_MAILBOX__PASSWORD=授权码，并设为只有本人能打开（chmod 600）。")
    place = "" if folder.resolve() == Path.cwd() else f" -C {as_typed(folder)}"
    print(f"然后运行 intake doctor{place} 检查一遍，再 intake run{place}。原来的机器不要再启动。")


def _settings_texts(settings: Settings) -> dict[str, str]:
    """The working folder's own texts, without secrets. Raises: OperatorError when a secret cannot be told apart."""
    paths = [settings.folder / SETTINGS_FILE]
    paths += [Path(source) for source in settings.campaign_sources if isinstance(source, Path)]
    paths += sorted((settings.folder / CAMPAIGNS_FOLDER).glob("*.toml"))
    paths += (own := sorted(settings.sentences.glob("*.toml")))
    known = tuple(secrets_in(settings))
    texts = {}
    for path in dict.fromkeys(path for path in paths if path.is_file()):
        below = SENTENCES_FOLDER if path in own else CAMPAIGNS_FOLDER
        name = SETTINGS_FILE if path.name == SETTINGS_FILE else f"{below}/{path.name}"
        text = without_secrets(path.read_text(encoding="utf-8-sig"), known)
        if text is None:
            raise OperatorError(f"{path} 里写有授权码一类的保密内容，不能备份。请把它移到 {SECRETS_FILE} 里。")
        texts[name] = text
    return texts


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
