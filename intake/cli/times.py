"""Moments as people write them at the command line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from intake.errors import OperatorError


def receipt_time(written: str, zone: ZoneInfo) -> datetime | None:
    """What `--received-at` says, in `zone` where it names none; None when nothing is written. Raises: OperatorError."""
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise OperatorError(f'看不懂收到时间“{written[:40]}”。请写成 "2022-12-19 10:00"。') from None
    return at if at.tzinfo else at.replace(tzinfo=zone)
