"""What a case may still be waiting for, how long, and which earlier findings are settled. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.model import Finding, Judgement

MAY_FOLLOW: frozenset[tuple[str, str]] = frozenset(
    {
        ("image_count", "too_few_images"),  # photos from the phone, text from the office
        ("readable_files", "case_missing"),  # the photos were quicker than the text
    }
)
"""(check, code) of findings that a letter still under way may settle."""


@dataclass(frozen=True, slots=True)
class Wait:
    """That nothing is asked for yet."""

    until_at: datetime
    is_promised: bool = False
    """The sender has said that more is coming: told what came and what is awaited, instead of being asked for it."""


def waits(
    judgement: Judgement,
    *,
    received_at: datetime,
    quiet: timedelta,
    closes_at: datetime | None,
    promised_until_at: datetime | None = None,
    now: datetime,
) -> Wait | None:
    """How long to wait for further letters before asking for what is missing; None when it is time, or would be in vain.

    First the quiet period in silence, never beyond the close; then, when the sender has announced more, until
    `promised_until_at`. `received_at`: when the case's latest letter arrived.
    """
    fixes = [finding for finding in judgement.findings if finding.severity == "fix"]
    if not fixes or any((finding.check, finding.code) not in MAY_FOLLOW for finding in fixes):
        return None
    quiet_until_at = received_at + quiet if closes_at is None else min(received_at + quiet, closes_at)
    if now < quiet_until_at:
        return Wait(quiet_until_at)
    if promised_until_at is not None and now < promised_until_at:
        return Wait(promised_until_at, is_promised=True)
    return None


def settled_since(earlier: Sequence[Finding], now: Sequence[Finding]) -> tuple[Finding, ...]:
    """The `fix` findings of an earlier judgement that no longer stand, in their order.

    One that a person has to look at now still stands.
    """
    standing = {_same(finding) for finding in now if finding.severity != "note"}
    return tuple(finding for finding in earlier if finding.severity == "fix" and _same(finding) not in standing)


def _same(finding: Finding) -> tuple[object, ...]:
    """What makes two findings about the same thing: numbers may have changed."""
    about = finding.values.get("section")
    return (finding.rule, finding.code, finding.file if about is None else None, about)
