"""`intake run`: the worker."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import structlog

from config.errors import ConfigError
from config.settings import missing_secrets
from intake.bootstrap import running_service
from intake.cli.folder import records_of, settings_of

log = structlog.get_logger(__name__)


def work(folder: Path, *, once: bool, dry_run: bool) -> int:
    """Work until stopped, or until nothing is left with `once`. Exit status 0.

    Raises: what stands in the way of working, for the person at the keyboard.
    """
    # Before the service's first day is fixed: a start that cannot work is none.
    missing = missing_secrets(settings_of(folder))
    if missing:
        raise ConfigError(missing)
    with (
        records_of(folder, dry_run=dry_run, begins=True) as records,
        running_service(records) as service,
        _stopped_by_signals(service.worker.stop),
    ):
        mode = "（试运行：只核对登记，不回信）" if dry_run else ""
        _tell(f"开始收件{mode}：{records.settings.mailbox.address}，按 Ctrl-C 结束。")
        log.info("worker_started", once=once, dry_run=dry_run)
        if once:
            status = service.worker.once()
            _tell("处理完毕。查看情况：intake status")
            return status
        # A wrong 授权码 or host is told to the person who starts the service, not to a log nobody reads.
        service.mailbox.statuses()
        return service.worker.run()


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the worker cleanly while the block runs."""

    def handle(_signal: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{line}\n")
