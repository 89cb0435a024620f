"""How often each desk looks for work, and how long it may keep silent. Pure."""

from __future__ import annotations

from config.settings import Settings
from parsers.limits import Limits

EVERY_SECONDS = {
    "read": 0.5,
    "file": 0.5,
    "judge": 5.0,
    "post": 1.0,
    "remind": 60.0,
    "gather": 30.0,
    "digest": 30.0,
    "notify": 60.0,
    "urge": 300.0,
    "watch": 30.0,
}
"""Pause between turns, by desk; the collecting desk's is in the settings."""
SPARE_SECONDS = 120.0
"""Silence a desk may keep beyond what its own time-outs explain."""


def silence_seconds(settings: Settings, limits: Limits) -> dict[str, float]:
    """By desk, the longest time a turn may go without a sign of life."""
    reading = limits.wall_seconds * 4 + SPARE_SECONDS
    return {
        **dict.fromkeys(EVERY_SECONDS, SPARE_SECONDS * 2),
        # One IMAP command may be answered in pieces, each within its time-out.
        "collect": settings.mailbox.timeout_seconds * 10 + SPARE_SECONDS,
        "read": reading,
        # A marked copy opens its letter again.
        "judge": reading,
        # A server may take minutes to answer the final dot (RFC 5321 §4.5.3.2.6).
        "post": settings.smtp.timeout_seconds * 4 + 300 + settings.smtp.seconds_between + SPARE_SECONDS,
    }
