"""Where the log goes, and what never gets there: secrets, control characters, whole telephone and ID numbers."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from config.redaction import forms_of, secrets_in
from config.settings import Settings
from intake.bootstrap.screen_lines import screen_line
from intake.figures.masking import mask_numbers

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control, directional and invisible characters, which show a line as another one; tab and line feed are not among them."""
_HASH = re.compile(r"[0-9a-f]{12,64}")
_LINES = frozenset({"exception", "stack"})
"""Values of several lines, written by Python."""

Clean = Callable[[str], str]


def set_up_log(settings: Settings) -> None:
    """Send the log where the settings say: standard error or a file, for people or as JSON lines."""
    log = settings.log
    clean = cleaner(settings)
    level = getattr(logging, log.level.upper())
    stream = log.file.open("a", encoding="utf-8") if log.file is not None else sys.stderr
    last: structlog.types.Processor
    if log.format == "json":
        last = structlog.processors.JSONRenderer(ensure_ascii=False)
    elif stream.isatty() and log.level != "debug":
        last = _for_a_person(settings.zone)
    else:
        last = structlog.dev.ConsoleRenderer(colors=stream.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _cleaning(clean),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=stream, level=max(level, logging.WARNING))
    for handler in logging.root.handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is stream:
            handler.setFormatter(_CleanLines(clean))
    # A desk that is still at work when its next turn comes is no news; a hung one is told by its heartbeat.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def cleaner(settings: Settings) -> Clean:
    """What makes a text fit for a log: without these settings' secrets in any form, unseen characters, whole numbers."""
    forms = forms_of(secrets_in(settings))

    def clean(text: str) -> str:
        for form in forms:
            text = text.replace(form, "***")
        text = text.replace("\r\n", "\n")
        return mask_numbers(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text))

    return clean


def _for_a_person(zone: ZoneInfo) -> structlog.types.Processor:
    """The last step at a screen: lines for who sits there, none for what need not be seen."""

    def render(_: Any, __: str, event: structlog.types.EventDict) -> str:
        line = screen_line(event, datetime.now(zone))
        if not line:
            raise structlog.DropEvent
        return line

    return render


def _cleaning(clean: Clean) -> structlog.types.Processor:
    """The last step before a line is written; whatever a stranger named stays on that line."""

    def process(_: Any, __: str, event: structlog.types.EventDict) -> Mapping[str, Any]:
        return {key: _cleaned(value, clean, one_line=key not in _LINES) for key, value in event.items()}

    return process


def _cleaned(value: Any, clean: Clean, *, one_line: bool) -> Any:
    if isinstance(value, str):
        if _HASH.fullmatch(value):
            return value
        text = clean(value)
        return " ".join(text.splitlines()) if one_line else text
    if isinstance(value, Mapping):
        return {
            _cleaned(key, clean, one_line=True): _cleaned(each, clean, one_line=True) for key, each in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_cleaned(each, clean, one_line=True) for each in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return _cleaned(str(value), clean, one_line=one_line)


class _CleanLines(logging.Formatter):
    """The same for what libraries log."""

    def __init__(self, clean: Clean) -> None:
        super().__init__(logging.BASIC_FORMAT)
        self._clean = clean

    def format(self, record: logging.LogRecord) -> str:
        """One record as it is written."""
        return self._clean(super().format(record))
