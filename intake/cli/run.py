"""`intake run`: the worker."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import structlog

from config.errors import ConfigError
from config.settings import missing_secrets
from intake.bootstrap import ASKED_EVERY_SECONDS, EXIT_SUPERSEDED, Service, impatient, running_service
from intake.cli.folder import records_of, settings_of
from storage.errors import LockedFolderError

log = structlog.get_logger(__name__)


def work(folder: Path, *, once: bool, dry_run: bool) -> int:
    """Work until stopped, or until nothing is left with `once`. Exit status 0.

    Raises: what stands in the way of working, for the person at the keyboard.
    """
    # Before the service's first day is fixed: a start that cannot work is none.
    missing = missing_secrets(settings_of(folder))
    if missing:
        raise ConfigError(missing)
    stopping = threading.Event()
    with records_of(folder, dry_run=dry_run, begins=True) as records, _stopped_by_signals(stopping.set):
        try:
            with running_service(records, patience=impatient if once else _standing_by(stopping)) as service:
                return _work(service, stopping, once=once)
        except LockedFolderError:
            if stopping.is_set():  # asked to end while it stood by
                return 0
            raise


def _work(service: Service, stopping: threading.Event, *, once: bool) -> int:
    settings = service.records.settings
    mode = "（试运行：只核对登记，不回信）" if service.records.dry_run else ""
    _tell(f"开始收件{mode}：{settings.mailbox.address}，按 Ctrl-C 结束。")
    log.info("worker_started", once=once, dry_run=service.records.dry_run)
    with _stopped_by_signals(service.worker.stop):
        if stopping.is_set():
            return 0
        if once:
            status = service.worker.once()
            _tell("处理完毕。查看情况：intake status")
            return status
        # A wrong 授权码 or host is told to the person who starts the service, not to a log nobody reads.
        service.mailbox.statuses()
        status = service.worker.run()
    if service.tenure.unrenewed:
        _tell("本机没能保持收件的资格（原因见运行日志），停止收件。再次运行 intake run 即重新开始或待命。")
        return EXIT_SUPERSEDED
    if service.tenure.superseded:
        _tell("另一台机器上的收件程序已经接替，本机停止收件。再次运行 intake run 即待命。")
        return EXIT_SUPERSEDED
    return status


def _standing_by(stopping: threading.Event) -> Callable[[str], bool]:
    """Wait for the turn of this machine, until asked to end."""
    told = ""

    def wait(holder: str) -> bool:
        nonlocal told
        if told != holder:
            told = holder
            _tell(f"另一个收件程序正在工作（{holder}）。本机待命，它停下后自动接替；按 Ctrl-C 结束。")
            log.info("standing_by", holder=holder)
        return not stopping.wait(ASKED_EVERY_SECONDS)

    return wait


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
