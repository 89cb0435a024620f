"""Cases with what their last judgement found, read at once, and as lines of the digest.

Peer: the caller's view of the records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from intake.calls import Call
from intake.edges.records import finding_from_json
from intake.figures.matter import ROWS_SHOWN, CaseLine
from intake.model import Finding
from intake.replies import describe_finding
from intake.wording import write_short_moment
from storage.records.casebook import CaseRecord, JudgementRecord
from storage.unit_of_work import View


@dataclass(frozen=True)
class KnownCase:
    """A case with what its last judgement found."""

    record: CaseRecord
    call: Call
    judgement: JudgementRecord | None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """In the order of the campaign's rules; empty before the first judgement."""
        return tuple(finding_from_json(found) for found in self.judgement.findings) if self.judgement else ()

    @property
    def judged_at(self) -> datetime | None:
        """When it was last judged; None when never."""
        return self.judgement.at if self.judgement is not None else None

    @property
    def closes_at(self) -> datetime | None:
        """Its own end, else the campaign's."""
        return self.record.closes_at or self.call.campaign.closes_at

    def has(self, *, severity: str = "", codes: Collection[str] = ()) -> bool:
        """Whether a finding of this severity, or one of these codes, was made; cheap, for thousands of cases."""
        found = self.judgement.findings if self.judgement is not None else ()
        return any(each["severity"] == severity or each["code"] in codes for each in found)

    def says(self, *severities: str) -> str:
        """Its findings of these severities in words for organizers; empty when none."""
        return "".join(self._describe(each) for each in self.findings if each.severity in severities)

    def tells(self, codes: Collection[str]) -> str:
        """Its findings of these codes in words for organizers; empty when none."""
        if not self.has(codes=codes):
            return ""
        return "".join(self._describe(each) for each in self.findings if each.code in codes)

    def _describe(self, finding: Finding) -> str:
        return describe_finding(finding, self.call.language, self.call.letterhead)


def known_cases(view: View, calls: Mapping[str, Call]) -> tuple[KnownCase, ...]:
    """All cases of the campaigns, in their order, oldest first."""
    judgements = view.ledger.judgements()
    return tuple(
        KnownCase(record, call, judgements.get(record.id))
        for campaign, call in calls.items()
        for record in view.cases.list(campaign=campaign)
    )


def line_of(case: KnownCase, *, note: str = "") -> CaseLine:
    """A case as one row of the digest."""
    record = case.record
    # Only a case without a category has one suggested: most are not looked at.
    without = () if record.category else case.findings
    suggested = next((each.values.get("suggestion") for each in without if each.code == "category_not_chosen"), None)
    return CaseLine(
        number=record.number,
        title=record.title,
        unit=record.unit or None,
        category=record.category,
        suggestion=str(suggested) if suggested else None,
        received_at=record.opened_at,
        note=note,
    )


def lines_in_state(cases: Iterable[KnownCase], state: str) -> tuple[CaseLine, ...]:
    """A row for each case in this state."""
    return tuple(line_of(case) for case in cases if case.record.state == state)


def waiting_lines(
    cases: Iterable[KnownCase], state: str, *, reminded: Mapping[int, datetime], zone: str
) -> tuple[CaseLine, ...]:
    """A row for each case that waits for its sender: for what, since when, until when, when it was reminded.

    `reminded`: by case, the last time. Told as far as rows are shown.
    """
    mine = [case for case in cases if case.record.state == state]
    return tuple(
        line_of(case, note=_waits(case, reminded.get(case.record.id), zone) if place < ROWS_SHOWN else "")
        for place, case in enumerate(mine)
    )


def _waits(case: KnownCase, reminded_at: datetime | None, zone: str) -> str:
    due_at = case.record.due_at
    times = [
        f"{write_short_moment(case.judged_at, zone)}起" if case.judged_at is not None else "",
        f"至{write_short_moment(due_at, zone)}" if due_at is not None and case.record.state == "waiting" else "",
        f"{write_short_moment(reminded_at, zone)}已提醒" if reminded_at is not None else "",
    ]
    said = case.says("fix") if case.record.state == "needs_fix" else "等候后续材料"
    told = "，".join(each for each in times if each)
    return f"{said}（{told}）" if told else said


def late_lines(cases: Iterable[KnownCase]) -> tuple[CaseLine, ...]:
    """A row for each case that came after the close."""
    return tuple(line_of(case, note=note) for case in cases if (note := case.tells({"late"})))


def other_versions(case: KnownCase) -> str:
    """Which of several versions stands, when one is kept beside it; empty when none is."""
    return case.tells({"newer_kept", "newer_incomplete", "newer_incomplete_yet"})
