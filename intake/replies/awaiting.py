"""What came and what is awaited, to a sender who has announced the rest: 已收到文字材料,待收照片. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.model import Finding
from intake.replies.matter import CaseReport
from intake.replies.outline import Block, Paragraph
from intake.replies.parts import record_part
from intake.replies.speech import Speech, findings_of, title_of


def awaiting_part(speech: Speech, report: CaseReport) -> list[Block]:
    """The outcome, that nothing need be sent again, and what is on record; nothing is asked for beyond what was announced."""
    came, awaited = _came(speech, report), _awaited(speech, findings_of(report, "fix"))
    opening = speech.say(
        "opening.awaiting" if came else "opening.awaiting_anything",
        title=title_of(report),
        number=speech.number(report),
        came=speech.language.join(came),
        awaited=speech.language.join(awaited),
        due=speech.due,
    )
    return [
        Paragraph(opening, tone="strong"),
        Paragraph(speech.say("awaiting.no_resend")),
        *record_part(speech, report),
    ]


def _came(speech: Speech, report: CaseReport) -> list[str]:
    came = [speech.say("awaiting.text")] if any(file.kind == "case" for file in report.files) else []
    photos = report.photos_counted
    return [*came, speech.say("awaiting.photos", count=photos)] if photos else came


def _awaited(speech: Speech, open_findings: Sequence[Finding]) -> list[str]:
    said = []
    for finding in open_findings:
        if finding.code == "case_missing":
            said.append(speech.say("awaiting.text"))
        elif finding.code == "too_few_images":
            said.append(speech.say("awaiting.photos", count=finding.values.get("missing")))
    return said
