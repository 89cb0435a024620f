"""Letters that tell one thing its reader should know: who else wrote of a case, where what came was filed. Pure."""

from __future__ import annotations

from intake.replies.matter import CaseReport, Notice
from intake.replies.outline import Block, Paragraph
from intake.replies.parts import letter_part, token_part
from intake.replies.speech import Speech, title_of
from intake.wording import clean_text


def notice_part(speech: Speech, notice: Notice, report: CaseReport) -> list[Block]:
    """What a notice says between 称呼 and closing: the fact, what may be done about it, which letter it is about."""
    said = _said(speech, notice, report)
    blocks: list[Block] = [Paragraph(said, tone="strong")]
    match notice.about:
        case "claimed":
            return [*blocks, Paragraph(speech.say("notice.claimed_todo")), *token_part(speech)]
        case "joined":
            todo = Paragraph(speech.say("notice.joined_todo"))
            return [*blocks, todo, *letter_part(speech, speech.occasion.files)]
        case "forwarded":
            return [*blocks, *letter_part(speech, speech.occasion.files)]


def notice_subject(speech: Speech, notice: Notice, report: CaseReport) -> str:
    """The subject without the campaign's tag."""
    title = title_of(report) or speech.say("subject.untitled")
    values = {} if notice.about == "joined" else {"title": title, "number": speech.number(report)}
    return speech.say(f"subject.notice_{notice.about}", **values)


def _said(speech: Speech, notice: Notice, report: CaseReport) -> str:
    values = {"number": speech.number(report)}
    if notice.about != "joined":  # whose case it is, an address that only seems to belong to it is not told
        values |= {"title": title_of(report), "address": clean_text(notice.address)}
    return speech.say(f"notice.{notice.about}", **values)
