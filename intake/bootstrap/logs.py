"""Where the log goes."""

from __future__ import annotations

import logging
import sys

import structlog

from config.settings import Settings


def set_up_log(settings: Settings) -> None:
    """Send the log where the settings say: standard error or a file, for people or as JSON lines."""
    log = settings.log
    level = getattr(logging, log.level.upper())
    stream = log.file.open("a", encoding="utf-8") if log.file is not None else sys.stderr
    last: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log.format == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=stream, level=max(level, logging.WARNING))
    # A desk that is still at work when its next turn comes is no news; a hung one is told by its heartbeat.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
