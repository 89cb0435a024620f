"""A working folder opened for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.errors import ConfigError, Problem
from config.layers import SETTINGS_FILE
from config.settings import CAMPAIGNS_FOLDER, SENTENCES_FOLDER, Settings, load_settings
from intake.bootstrap import Records, open_records, set_up_log
from intake.calls import load_call
from intake.errors import OperatorError
from intake.replies.language_file import language_problems


def settings_of(folder: Path) -> Settings:
    """The settings of a working folder. Raises: ConfigError; OperatorError when it is none."""
    if not (folder / SETTINGS_FILE).is_file():
        where = folder.absolute()
        raise OperatorError(
            f"这里不是工作文件夹：{where}（没有 {SETTINGS_FILE}）。"
            "请先进入工作文件夹，或用 -C 写明它；还没有的话，运行 intake init 建一个。"
        )
    try:
        return load_settings(folder)
    except ConfigError as error:
        raise ConfigError((*error.problems, *_campaign_problems(folder))) from error


def _campaign_problems(folder: Path) -> tuple[Problem, ...]:
    """What is wrong with the folder's own campaign and language files, so that everything can be mended in one go."""
    problems = list(language_problems(folder / SENTENCES_FOLDER))
    for path in sorted((folder / CAMPAIGNS_FOLDER).glob("*.toml")):
        try:
            load_call(path)
        except ConfigError as error:
            problems += error.problems
    return tuple(problems)


@contextmanager
def records_of(folder: Path, *, dry_run: bool = False, begins: bool = False) -> Iterator[Records]:
    """The records of a working folder, closed when the block ends. Raises: ConfigError, StorageError, OperatorError."""
    settings = settings_of(folder)
    try:
        set_up_log(settings)
    except OSError as error:
        raise OperatorError(
            f"不能写入运行日志 {settings.log.file}（{error.strerror}）。请检查 [log] 的 file 所在的文件夹。"
        ) from error
    records = open_records(settings, dry_run=dry_run, begins=begins)
    try:
        yield records
    finally:
        records.close()
