"""Whether the submission arrived in time. Pure."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from intake.checks.rule import Rule
from intake.model import Finding, Revision


class Deadline(Rule):
    """Compares the receipt time with the exclusive close of the intake. Silent where either is unknown."""

    name: ClassVar[str] = "deadline"
    about_check: ClassVar[str] = "截止时间：按收到的时刻判断，逾期的交由组委会研究确定。"

    check: Literal["deadline"]
    grace_minutes: int = Field(0, ge=0, le=1440, description="宽限（分钟），不对外公布；不写则按 [campaign] 的同名一项")

    def findings(self, revision: Revision) -> tuple[Finding, ...]:
        """`late` when received at or after the close and the grace; late minutes are counted from the close."""
        if not self.judges(revision):
            return ()
        received_at, closes_at = revision.received_at, revision.closes_at
        assert received_at is not None
        assert closes_at is not None
        end = closes_at + timedelta(minutes=self.grace_minutes)
        if received_at < end:
            return self._announced(revision, end)
        late_minutes = max(1, math.ceil((received_at - closes_at) / timedelta(minutes=1)))
        return (
            self._finding(
                "late",
                "human",
                received_at=received_at.astimezone(UTC).isoformat(),
                closes_at=closes_at.astimezone(UTC).isoformat(),
                late_minutes=late_minutes,
            ),
        )

    def _announced(self, revision: Revision, end: datetime) -> tuple[Finding, ...]:
        """In time by a link, the files themselves later: organizers may want to know."""
        if revision.files_at is None or revision.received_at is None or revision.files_at < end:
            return ()
        note = self._finding(
            "in_time_as_link",
            "note",
            received_at=revision.received_at.astimezone(UTC).isoformat(),
            files_at=revision.files_at.astimezone(UTC).isoformat(),
        )
        return (replace(note, audience="organizers"),)

    def _has_input(self, revision: Revision) -> bool:
        return revision.received_at is not None and revision.closes_at is not None
