"""`intake run`: the worker."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

import structlog

from config.errors import ConfigError
from config.settings import missing_secrets
from intake.bootstrap import running_service
from intake.cli.folder import records_of

log = structlog.get_logger(__name__)


def work(folder: Path, *, once: bool, dry_run: bool) -> int:
    """Work until stopped, or until nothing is left with `once`. Exit status 0; 1 when a desk failed in `once`."""
    with records_of(folder, dry_run=dry_run, begins=True) as records:
        missing = missing_secrets(records.settings)
        if missing:
            raise ConfigError(missing)
        with running_service(records) as service:

            def stop(_signal: int, _frame: FrameType | None) -> None:
                service.worker.stop()

            for name in ("SIGTERM", "SIGINT"):
                signal.signal(getattr(signal, name), stop)
            if sys.stderr.isatty():
                mode = "（试运行：只核对登记，不回信）" if dry_run else ""
                sys.stderr.write(f"开始收件{mode}：{records.settings.mailbox.address}，按 Ctrl-C 结束。\n")
            log.info("worker_started", once=once, dry_run=dry_run)
            if once:
                return service.worker.once()
            # A wrong 授权码 or host is told to the person who starts the service, not to a log nobody reads.
            service.mailbox.statuses()
            return service.worker.run()
