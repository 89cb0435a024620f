"""Names of time zones, as settings and campaign files write them. Pure but for the system's list of zones."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("没有这个时区｜中国大陆写 Asia/Shanghai") from None
    return name


ZoneName = Annotated[str, AfterValidator(_known)]
"""An IANA name that this machine knows."""
