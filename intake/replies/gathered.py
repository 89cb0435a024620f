"""Several answers in one letter: the receipts of one sender as a list, and what came too often as a summary. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.replies.answers import answer_lines
from intake.replies.matter import AnsweredLetter, CaseReport, ReplyKind
from intake.replies.outline import Block, Bullets, Paragraph
from intake.replies.parts import advice_part, record_part, token_part
from intake.replies.speech import Speech
from intake.wording import clean_text

GATHERED: frozenset[ReplyKind] = frozenset({"receipts", "summary"})
_LETTERS_NAMED = 40


def gathered_part(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    """The body of a `receipts` or `summary`."""
    return _receipts(speech, reports) if speech.occasion.kind == "receipts" else _summary(speech, reports)


def _receipts(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    """Each case as in a receipt of its own, the 回执码 once for all of them."""
    blocks: list[Block] = [Paragraph(speech.say("opening.receipts", count=len(reports)), tone="strong")]
    for report in reports:
        blocks += record_part(speech, report, heading="receipt", with_code=False) + advice_part(speech, report)
    return blocks + token_part(speech)


def _summary(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    """Which letters came, so that none seems lost; then what they asked, and how the sender's cases stand."""
    letters = speech.occasion.together
    lines = [_letter(speech, letter) for letter in letters[:_LETTERS_NAMED]]
    if len(letters) > _LETTERS_NAMED:
        lines.append(speech.say("item.more", count=len(letters)))
    return [
        Paragraph(speech.say("opening.summary", count=len(letters)), tone="strong"),
        Bullets(tuple(lines)),
        *(Paragraph(line) for line in answer_lines(speech, reports)),
        *token_part(speech),
    ]


def _letter(speech: Speech, letter: AnsweredLetter) -> str:
    subject = clean_text(letter.subject) or speech.say("summary.nameless")
    return speech.say("summary.letter", received_at=speech.moment(letter.received_at), subject=subject)
