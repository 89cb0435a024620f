"""A reminder: of each case one paragraph, what is still open and until when. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.replies.matter import CaseReport
from intake.replies.outline import Block, Paragraph
from intake.replies.parts import item_line, listed, token_part
from intake.replies.speech import Speech, findings_of, title_of


def reminder_part(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    """The outcome, a paragraph for each of `reports` that can be copied to a chat as it is, and how to send the rest."""
    values = {"title": title_of(reports[0]), "count": len(reports)}
    opening = speech.say("opening.reminder" if len(reports) == 1 else "opening.reminder_several", **values)
    return [
        Paragraph(opening, tone="strong"),
        *(Paragraph(_still_open(speech, report)) for report in reports),
        Paragraph(speech.say("repair.how")),
        *token_part(speech),
    ]


def _still_open(speech: Speech, report: CaseReport) -> str:
    items = [item_line(speech, point) for point in speech.points(findings_of(report, "fix"))]
    text = speech.say("report.reminder", items=listed(speech, items), due=speech.due_of(report))
    title = title_of(report) or speech.say("subject.untitled")
    return speech.say("report.paragraph", title=title, number=speech.number(report), text=text)
