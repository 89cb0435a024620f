"""Who speaks to whom: the small words every letter is made of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.model import Finding
from intake.replies.language import Count, Language
from intake.replies.matter import CaseReport, Letterhead, Occasion
from intake.replies.sentences import Point, Voice, gather_points
from intake.wording import clean_text, clean_title, write_test_number
from parsers.facts import Measure

_NAME_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Speech:
    """One letter's occasion, campaign and language, and what follows from the three together."""

    occasion: Occasion
    letterhead: Letterhead
    language: Language

    def say(self, key: str, **values: object) -> str:
        """A sentence of the language; `you` is always at hand."""
        return self.language.say(key, you=self.you, **values)

    @property
    def you(self) -> str:
        """贵单位 for a unit, 您 for everybody else."""
        return self.language.say("you.unit" if self.occasion.is_unit and self.occasion.addressee else "you.person")

    @property
    def greeting(self) -> str:
        """称呼: the name when it is known, never a guessed title."""
        name = clean_text(self.occasion.addressee or "", _NAME_CHARACTERS)
        if not name:
            return self.language.say("greeting.anybody")
        return self.language.say("greeting.unit" if self.occasion.is_unit else "greeting.person", name=name)

    @property
    def due(self) -> str:
        """Until when to complete the material; 尽快 when no end lies ahead."""
        return self._until(self.occasion.reply_by_at or self.letterhead.closes_at)

    def due_of(self, report: CaseReport) -> str:
        """Until when to complete one case of several; as `due`."""
        return self._until(report.reply_by_at or self.occasion.reply_by_at or self.letterhead.closes_at)

    def _until(self, end: datetime | None) -> str:
        if end is None or end <= self.occasion.now_at:
            return self.language.say("due.soon")
        return self.language.say("due.until", closes_at=self.close(end))

    def close(self, at: datetime) -> str:
        """An exclusive end as people say it."""
        return self.language.dates.write_close(at, self.letterhead.zone)

    def moment(self, at: datetime) -> str:
        """A day and time in the campaign's zone."""
        return self.language.dates.write_moment(at, self.letterhead.zone)

    def number(self, report: CaseReport) -> str:
        """登记编号, with 测试- in test mode."""
        return write_test_number(clean_text(report.number), test=self.occasion.test)

    def points(self, findings: Sequence[Finding]) -> tuple[Point, ...]:
        """The findings as points, one for each rule."""
        return gather_points(findings, self.voice)

    @property
    def voice(self) -> Voice:
        """What sentences about findings and files are made with."""
        return Voice(self.language, self.letterhead, self.you)

    def words(self, measure: Measure) -> Count:
        """字数, with 约 when doubt is left."""
        doubtful = measure.low != measure.high
        return Count(measure.value, self.language.say("item.approximate", number="{number}") if doubtful else "")

    def label_of(self, rule_id: str) -> str | None:
        """The name of what a rule is about; None when the campaign has no such rule or letters do not speak of it."""
        check = next((rule.check for rule in self.letterhead.rules if rule.id == rule_id), None)
        return self.language.say(f"check.{check}") if check else None


def title_of(report: CaseReport) -> str:
    """The case's title in title marks; empty when it has none."""
    return clean_title(report.title)


def findings_of(report: CaseReport, severity: str) -> tuple[Finding, ...]:
    """The findings of one severity a submitter may read, in order; being late is told by itself."""
    return tuple(
        finding
        for finding in report.findings
        if finding.severity == severity and finding.audience == "submitter" and finding.code != "late"
    )
