"""更正说明: what an earlier letter said of a case and no longer holds, and what holds instead. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.model import Finding
from intake.replies.matter import CaseReport, Correction
from intake.replies.outline import Block, Bullets, Heading, Paragraph
from intake.replies.parts import advice_part, complete_part, human_part, record_part, settled_part
from intake.replies.sentences import Voice, todo_line, told_line
from intake.replies.speech import Speech, findings_of, title_of
from intake.wording import clean_text

_REASON_CHARACTERS = 300
_OF_THEIR_TIME = frozenset({"duplicates", "summary_sheet", "correspondence", "decision"})
"""Checks that look at what else has come, or that a person made: what they say may change without having been wrong."""


def no_longer_said(told: Sequence[Finding], now: Sequence[Finding], voice: Voice) -> tuple[Finding, ...]:
    """Those findings of `told` that a submitter read and that are not said any more, or not so, in their order."""
    said = {_said(finding, voice) for finding in now}
    return tuple(finding for finding in told if _was_read(finding) and _said(finding, voice) not in said)


def is_told_otherwise(told: Sequence[Finding], now: Sequence[Finding], voice: Voice) -> bool:
    """Whether a submitter who read `told` would read something else now: a request or a doubt gone, changed or new."""
    return bool(no_longer_said(told, now, voice) or no_longer_said(now, told, voice))


def correction_part(speech: Speech, report: CaseReport, correction: Correction) -> list[Block]:
    """What is withdrawn, then how the case stands; empty lists of withdrawn findings are left out."""
    opening = speech.say(
        "opening.correction",
        title=title_of(report),
        number=speech.number(report),
        told_at=speech.moment(correction.told_at),
    )
    blocks: list[Block] = [Paragraph(opening, tone="strong")]
    if why := clean_text(correction.why, _REASON_CHARACTERS).rstrip("。."):
        blocks.append(Paragraph(speech.say("correction.why", why=why)))
    if correction.withdrawn:
        lines = (speech.language.sentence(told_line(finding, speech.voice)) for finding in correction.withdrawn)
        blocks += [Heading(speech.say("heading.withdrawn")), Bullets(tuple(dict.fromkeys(lines)))]
    blocks += [Heading(speech.say("heading.valid")), *_valid(speech, report)]
    blocks += advice_part(speech, report)
    return blocks + record_part(speech, report, heading="receipt" if report.verdict == "accepted" else "record")


def _valid(speech: Speech, report: CaseReport) -> list[Block]:
    todo = len(speech.points(findings_of(report, "fix")))
    stands = speech.say(f"correction.{report.verdict}", count=todo, due=speech.due)
    blocks: list[Block] = [Paragraph(stands, tone="strong")]
    if report.verdict == "accepted":
        return blocks
    return blocks + complete_part(speech, report) + human_part(speech, report) + settled_part(speech, report)


def _was_read(finding: Finding) -> bool:
    return (
        finding.severity != "note"
        and finding.audience == "submitter"
        and finding.check not in _OF_THEIR_TIME
        and finding.code != "disputed"
    )


def _said(finding: Finding, voice: Voice) -> tuple[str, str, str]:
    return finding.severity, told_line(finding, voice), todo_line(finding, voice)
