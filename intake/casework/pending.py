"""What a case may still be waiting for, and which earlier findings are settled. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from intake.model import Finding, Judgement

MAY_FOLLOW: frozenset[tuple[str, str]] = frozenset(
    {
        ("image_count", "too_few_images"),  # photos from the phone, text from the office
        ("readable_files", "case_missing"),  # the photos were quicker than the text
    }
)
"""(check, code) of findings that a letter still under way may settle."""


def waits_until(
    judgement: Judgement, *, received_at: datetime, quiet: timedelta, closes_at: datetime | None
) -> datetime | None:
    """Until when to wait for further letters before saying anything; None when waiting could settle nothing.

    `received_at`: when the case's latest letter arrived. Never beyond the close.
    """
    fixes = [finding for finding in judgement.findings if finding.severity == "fix"]
    if not fixes or any((finding.check, finding.code) not in MAY_FOLLOW for finding in fixes):
        return None
    due_at = received_at + quiet
    return min(due_at, closes_at) if closes_at is not None else due_at


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
