"""Letters to those who asked for something: to look at a draft, to take a case back, to check once more. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.replies.matter import CaseReport, ReplyKind
from intake.replies.outline import Block, Bullets, Heading, Paragraph
from intake.replies.parts import item_line, letter_part, note_lines, points_part, record_part, settled_part
from intake.replies.speech import Speech, findings_of, title_of

REQUESTED: frozenset[ReplyKind] = frozenset(
    {"draft_review", "confirm_withdrawal", "withdrawn", "disputed", "confirm_replacement"}
)
"""Kinds that answer a request; each speaks of at least one case, or of a draft."""


def requested_part(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    """What such a letter says between 称呼 and closing."""
    match speech.occasion.kind:
        case "draft_review":
            return _draft_review(speech, reports[0])
        case "confirm_withdrawal":
            return _confirm_withdrawal(speech, reports)
        case "withdrawn" if len(reports) > 1:
            opening = speech.say("opening.withdrawn_several", count=len(reports), due=speech.due)
            return [Paragraph(opening, tone="strong"), Bullets(_cases(speech, reports)), *letter_part(speech)]
        case "confirm_replacement":
            return _confirm_replacement(speech, reports)
        case kind:
            report = reports[0]
            opening = speech.say(
                f"opening.{kind}", title=title_of(report), number=speech.number(report), due=speech.due
            )
            return [Paragraph(opening, tone="strong"), *letter_part(speech)]


def _not_submitted(speech: Speech, report: CaseReport) -> CaseReport:
    """The draft without a word on being in time: it has not been submitted."""
    timed = {rule.id for rule in speech.letterhead.rules if rule.check == "deadline"}
    return replace(report, settled=tuple(rule for rule in report.settled if rule not in timed))


def _draft_review(speech: Speech, report: CaseReport) -> list[Block]:
    """All findings, how to submit, what is fine; no verdict."""
    todo = len(speech.points(findings_of(report, "fix")))
    opening = speech.say("opening.draft_review", count=todo) if todo else speech.say("opening.draft_review_fine")
    doubts = tuple(
        speech.language.sentence(item_line(speech, point)) for point in speech.points(findings_of(report, "human"))
    )
    said = (*doubts, *note_lines(speech, report))
    remarks: list[Block] = [Heading(speech.say("heading.notes")), Bullets(said)] if said else []
    return [
        Paragraph(opening, tone="strong"),
        Paragraph(speech.say("draft.formal", due=speech.due)),
        *points_part(speech, report),
        *remarks,
        *settled_part(speech, _not_submitted(speech, report)),
        *record_part(speech, report),
    ]


def _confirm_replacement(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    """One case in the opening, several as a list; one answer lets all of them in."""
    files = letter_part(speech, speech.occasion.files)
    if len(reports) > 1:
        opening = speech.say("opening.confirm_replacement_several", count=len(reports))
        how = Paragraph(speech.say("replacement.confirm_several"))
        return [Paragraph(opening, tone="strong"), Bullets(_cases(speech, reports)), how, *files]
    opening = speech.say("opening.confirm_replacement", title=title_of(reports[0]), number=speech.number(reports[0]))
    return [Paragraph(opening, tone="strong"), Paragraph(speech.say("replacement.confirm")), *files]


def _confirm_withdrawal(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    how = "withdrawal.confirm" if len(reports) == 1 else "withdrawal.confirm_one_of"
    return [
        Paragraph(speech.say("opening.confirm_withdrawal"), tone="strong"),
        Bullets(_cases(speech, reports)),
        Paragraph(speech.say(how)),
        *letter_part(speech),
    ]


def _cases(speech: Speech, reports: Sequence[CaseReport]) -> tuple[str, ...]:
    return tuple(
        speech.say(
            "withdrawal.case",
            title=title_of(report) or speech.say("subject.untitled"),
            number=speech.number(report),
            received_at=speech.moment(report.received_at),
        )
        for report in reports
    )
