"""`intake export DIR`: what organizers take away."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from intake.bootstrap import Records, make_ledgers, make_offline_executor
from intake.cli.folder import records_of
from intake.desks import Archive
from intake.desks.export import ExportDesk, Exported
from intake.desks.review import SIGN, SUMMARY, ReviewDesk
from intake.desks.sheet import SheetDesk
from intake.edges.delivery import pack_folder
from intake.edges.executors import Executor
from intake.edges.extracts import Extracts
from intake.edges.thumbnails import Thumbnails
from intake.errors import OperatorError
from intake.figures.ledger_words import STATES

_MISSING_SHOWN = 20


def export_review(folder: Path, target: Path, *, states: list[str], anonymous: bool, as_zip: bool = False) -> int:
    """Write the set for the first round of judging and say what is in it; exit status 0, or 1 when something is missing."""
    _refuse_unknown(states)
    target = target.absolute()
    with records_of(folder) as records:
        executor = make_offline_executor()
        try:
            desk = ReviewDesk(_archive(records, executor), executor, limits=records.limits)
            try:
                made = desk.make(
                    target,
                    states=frozenset(states or ["accepted"]),
                    anonymous=anonymous,
                    at=records.clock.now(),
                    tell=_tell,
                )
                packed = _packed(pack_folder(target, made.files, _zip_of(target)), target) if as_zip else None
            except OSError as error:
                raise _not_written(error, target) from error
        finally:
            executor.close()
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(f"{target}：案例{made.cases}件，共{made.size_bytes / 1024 / 1024:.1f}MB，另有{SIGN}和{SUMMARY}。")
    if packed is not None:
        print(f"{packed}（{packed.stat().st_size / 1024 / 1024:.0f}MB）")
    if anonymous:
        print(
            "文件名、正文和表里的单位、街道、社区和联系人已换成“××”，电话、邮箱已隐去，照片不带拍摄信息；照片画面和正文别的写法可能仍看得出单位，请抽查。"
        )
    if made.missing:
        print(f"有{len(made.missing)}处没有取到，请看原件：{'、'.join(made.missing[:_MISSING_SHOWN])}")
    return 1 if made.missing else 0


def export_cases(folder: Path, target: Path, *, states: list[str], as_zip: bool) -> int:
    """Write the export and say what was done; exit status 0, or 1 when files are missing from it."""
    _refuse_unknown(states)
    target = target.absolute()
    with records_of(folder) as records:
        executor = make_offline_executor()
        try:
            desk = _desk(records, executor)
            try:
                done = desk.export(target, states=frozenset(states), at=records.clock.now(), tell=_tell)
                packed = _packed(desk.pack(target, _zip_of(target)), target) if as_zip else None
            except OSError as error:
                raise _not_written(error, target) from error
        finally:
            executor.close()
    _say(done, target, packed)
    return 1 if done.missing else 0


def _refuse_unknown(states: list[str]) -> None:
    unknown = [state for state in states if state not in STATES]
    if unknown:
        raise OperatorError(f"没有“{unknown[0]}”这种状态。可以写：{'、'.join(STATES)}。")


def _not_written(error: OSError, target: Path) -> OperatorError:
    return OperatorError(
        f"不能写入 {error.filename or target}（{error.strerror or error}）。"
        "如果其中的文件正打开着，请先关闭再运行一次；也请看看磁盘是否已满。"
    )


def _desk(records: Records, executor: Executor) -> ExportDesk:
    cache = records.settings.data_dir / "cache"
    thumbnails = Thumbnails(records.letters, executor, limits=records.limits, cache=cache / "thumbnails")
    sheets = SheetDesk(records.store, records.readings, records.calls, thumbnails, folder=cache / "contact-sheets")

    def draw(number: str) -> Path | None:
        try:
            return sheets.make(number)
        except OperatorError:
            return None  # no pictures

    return ExportDesk(
        _archive(records, executor), make_ledgers(records), draw_pictures=draw, folder=records.settings.folder
    )


def _archive(records: Records, executor: Executor) -> Archive:
    work = records.settings.data_dir / "cache" / "extracts"
    return Archive(
        records.store,
        records.readings,
        records.calls,
        Extracts(records.letters, executor, limits=records.limits, work=work),
        zone=records.settings.timezone,
        trial=records.settings.test_mode,
    )


def _tell(number: str) -> None:
    if sys.stderr.isatty():
        print(f"\r正在导出 {number} ", end="", file=sys.stderr, flush=True)


def _zip_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.zip")


def _packed(names: Iterable[str], target: Path) -> Path:
    """The finished zip, every name of `names` awaited."""
    for name in names:
        if sys.stderr.isatty() and name.endswith((".json", ".pdf")):
            print("\r正在压缩…… ", end="", file=sys.stderr, flush=True)
    return _zip_of(target)


def _say(done: Exported, target: Path, packed: Path | None) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(f"{target}：案例{done.cases}件，本次新写或更新文件{done.written}个。")
    if packed is not None:
        print(f"{packed}（{packed.stat().st_size / 1024 / 1024:.0f}MB）")
    if done.left:
        print(f"以前导出过、不在这次范围里的{len(done.left)}件留在原处：{'、'.join(done.left[:_MISSING_SHOWN])}")
    if done.missing:
        print(f"有{len(done.missing)}个文件没能从来信中取出，请在“来信”里的原件中查看：")
        for name in done.missing[:_MISSING_SHOWN]:
            print(f"  {name}")
    print("导出的材料含个人信息，请注意保管。")
