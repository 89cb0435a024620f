"""Letters that put right what earlier ones said: a later end, another campaign, two cases that are one, or one that is two. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.replies.matter import CaseReport, Change, ReplyKind
from intake.replies.outline import Block, Paragraph
from intake.replies.parts import (
    advice_part,
    complete_part,
    human_part,
    record_part,
    request_line,
    settled_part,
    token_part,
)
from intake.replies.speech import Speech, findings_of, title_of
from intake.wording import clean_text

CHANGED: frozenset[ReplyKind] = frozenset({"extension", "moved", "merged", "parted"})
"""Kinds that tell of an organizer's change; an `extension` may speak of no case, the others speak of one."""


def changed_part(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    """What such a letter says between 称呼 and closing: what holds now, then how each case stands."""
    change = speech.occasion.change
    assert change is not None  # the desk gives it with every letter of these kinds
    opening = Paragraph(_opening(speech, change, reports), tone="strong")
    if len(reports) != 1:
        return [opening, *(Paragraph(_paragraph(speech, report)) for report in reports), *token_part(speech)]
    report = reports[0]
    blocks: list[Block] = [opening]
    if not findings_of(report, "fix"):
        state = speech.say(_standing(report))
        blocks.append(Paragraph(state[:1].upper() + state[1:]))
    blocks += complete_part(speech, report) + human_part(speech, report)
    if report.verdict != "accepted":
        blocks += settled_part(speech, report)
    heading = "receipt" if report.verdict == "accepted" else "record"
    return blocks + advice_part(speech, report) + record_part(speech, report, heading=heading)


def changed_subject(speech: Speech, reports: Sequence[CaseReport]) -> str:
    """The subject of such a letter, without its tag."""
    if not reports:
        return speech.say("subject.extension_to_all")
    kind = speech.occasion.kind
    title = title_of(reports[0]) or speech.say("subject.untitled")
    if len(reports) > 1:
        return speech.say(f"subject.{kind}_several", title=title, count=len(reports))
    return speech.say(f"subject.{kind}", title=title, number=speech.number(reports[0]))


def _opening(speech: Speech, change: Change, reports: Sequence[CaseReport]) -> str:
    kind = speech.occasion.kind
    closes_at = speech.close(change.closes_at) if change.closes_at is not None else ""
    if not reports:
        return speech.say("opening.extension_to_all", closes_at=closes_at)
    if len(reports) > 1:
        return speech.say("opening.extension_several", closes_at=closes_at, count=len(reports))
    values = {"title": title_of(reports[0]), "number": speech.number(reports[0])}
    if kind == "extension":
        return speech.say("opening.extension", closes_at=closes_at, **values)
    former = speech.language.join([clean_text(number) for number in change.former_numbers])
    if kind == "moved":
        campaign = speech.language.nest(clean_text(speech.letterhead.title))
        return speech.say("opening.moved", campaign=campaign, former=former, **values)
    if kind == "parted":
        return speech.say("opening.parted", **values)
    return speech.say("opening.merged", former=former, **values)


def _standing(report: CaseReport) -> str:
    return "report.accepted" if report.verdict == "accepted" else "report.needs_human"


def _paragraph(speech: Speech, report: CaseReport) -> str:
    """One case, whole in itself, so that it can be copied to a chat."""
    said = request_line(speech, report) or speech.say(_standing(report))
    title = title_of(report) or speech.say("subject.untitled")
    return speech.say("report.paragraph", title=title, number=speech.number(report), text=said)
