"""A letter from what happened and how the cases stand. Pure.

称呼 first, then the outcome; then what is to be completed, what is fine, what was
received; then the signature. Nothing here is a sentence: those are in `languages/`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from intake.model import Finding
from intake.replies.answers import UNASKED, answer_lines
from intake.replies.awaiting import awaiting_part
from intake.replies.changed import CHANGED, changed_part, changed_subject
from intake.replies.correction import correction_part
from intake.replies.gathered import GATHERED, gathered_part
from intake.replies.language import Language
from intake.replies.matter import CaseReport, Draft, Letterhead, Occasion, ReplyKind, ReportFile
from intake.replies.notices import notice_part, notice_subject
from intake.replies.on_request import REQUESTED, requested_part
from intake.replies.outline import Block, Bullets, Paragraph
from intake.replies.parts import (
    advice_part,
    category_question,
    closed_part,
    closing_part,
    complete_part,
    copy_part,
    human_part,
    item_line,
    letter_part,
    note_lines,
    record_part,
    request_line,
    settled_part,
    unchanged_part,
)
from intake.replies.reminder import reminder_part
from intake.replies.rendering import render_html, render_text
from intake.replies.speech import Speech, findings_of, title_of
from intake.wording import clean_text

_UNASSIGNED_NAMED = 12
"""Files named one by one when it is asked to which case they belong."""


def compose(occasion: Occasion, letterhead: Letterhead, reports: Sequence[CaseReport], *, language: Language) -> Draft:
    """The letter for `occasion` on `reports`: subject, plain text and HTML saying the same.

    `reports`: one for each case the answered letter touched, in the order they shall be
    named; empty for `being_checked` of a letter that could not be read and for `answer`.
    Raises: ValueError when a kind that speaks of a case is given none (a bug of the caller).
    """
    speech = Speech(occasion, letterhead, language)
    if not reports and occasion.kind not in {"being_checked", "answer", "summary", "extension"}:
        raise ValueError(f"a {occasion.kind} needs a case to speak of")
    if occasion.notice is not None:
        body = notice_part(speech, occasion.notice, reports[0])
    elif occasion.correction is not None:
        body = correction_part(speech, reports[0], occasion.correction)
    elif occasion.kind in _BODIES:
        body = _BODIES[occasion.kind](speech, reports)
    elif occasion.kind == "awaiting":
        body = awaiting_part(speech, reports[0])
    elif not reports:
        body = [Paragraph(speech.say("opening.being_checked"), tone="strong"), *letter_part(speech, occasion.files)]
    elif len(reports) > 1:
        body = _several(speech, reports)
    elif occasion.kind == "same_again":
        body = _same_again(speech, reports[0])
    else:
        body = _single(speech, reports[0])
    blocks = [Paragraph(speech.greeting), *body, *closing_part(speech, _all_files(occasion, reports))]
    subject = _subject(speech, reports)
    return Draft(
        subject=subject,
        text=render_text(blocks, language),
        html=render_html(blocks, subject=subject, language=language.name),
        language=language.name,
    )


def _single(speech: Speech, report: CaseReport) -> list[Block]:
    kind = speech.occasion.kind
    blocks: list[Block] = [
        Paragraph(_opening(speech, report), tone="strong"),
        *closed_part(speech, report),
        *unchanged_part(speech, report),
    ]
    if not _is_shut_out(speech, report):
        completing = complete_part(speech, report)
        if completing and kind == "late":
            blocks.append(Paragraph(speech.say("late.findings")))
        blocks += completing + copy_part(speech) + human_part(speech, report)
    if kind in {"fix_request", "being_checked", "decision"} and report.verdict != "accepted":
        blocks += settled_part(speech, report)
    blocks += advice_part(speech, report)
    return blocks + record_part(speech, report, heading="receipt" if report.verdict == "accepted" else "record")


def _opening(speech: Speech, report: CaseReport) -> str:
    kind, values = speech.occasion.kind, {"title": title_of(report), "number": speech.number(report)}
    todo = len(speech.points(findings_of(report, "fix")))
    if kind == "fix_request" and _is_only_photos(report):
        photos = report.photos_counted
        return speech.say(
            "opening.fix_request_only_photos", number=values["number"], photos=photos, count=todo, due=speech.due
        )
    match kind:
        case "receipt" | "fix_request":
            key = f"opening.{kind}_repaired" if report.is_repair else f"opening.{kind}"
        case "being_checked":
            key = "opening.being_checked_with_number"
        case "late":
            return speech.say(f"opening.{_late_key(speech)}", title=values["title"], **_late_times(speech, report))
        case _:
            key = f"opening.decision_{report.state}"
    return speech.say(key, **values, count=todo, due=speech.due)


def _is_only_photos(report: CaseReport) -> bool:
    """Whether nothing but pictures came: their text may have been sent by somebody else, and is asked after."""
    asked = [finding.code for finding in findings_of(report, "fix")]
    return asked == ["case_missing"] and report.photos_counted > 0 and len(report.files) == report.photos_counted


def _same_again(speech: Speech, report: CaseReport) -> list[Block]:
    opening = speech.say(
        "opening.same_again",
        title=title_of(report),
        number=speech.number(report),
        state=speech.say(f"state.{report.state}"),
    )
    blocks: list[Block] = [Paragraph(opening, tone="strong")]
    if points := speech.points(findings_of(report, "fix")):
        blocks.append(Bullets(tuple(speech.language.sentence(item_line(speech, point)) for point in points)))
        blocks.append(Paragraph(speech.say("repair.due", due=speech.due)))
    return blocks + unchanged_part(speech, report) + letter_part(speech)


def _several(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    """One paragraph for each case, whole in itself, so that it can be copied to a chat."""
    key = "opening.same_again_several" if speech.occasion.kind == "same_again" else "opening.several"
    blocks: list[Block] = [Paragraph(speech.say(key, count=len(reports)), tone="strong")]
    blocks += [Paragraph(_report_paragraph(speech, report)) for report in reports]
    if files := speech.occasion.unassigned:
        named = speech.language.join([clean_text(file.name) for file in files[:_UNASSIGNED_NAMED]])
        more = speech.say("item.more", count=len(files)) if len(files) > _UNASSIGNED_NAMED else ""
        blocks.append(Paragraph(speech.say("unassigned.ask", count=len(files), files=named + more), tone="strong"))
    if any(findings_of(report, "fix") and not _is_shut_out(speech, report) for report in reports):
        blocks += [Paragraph(speech.say("repair.how")), *copy_part(speech)]
    return blocks + letter_part(speech)


def _report_paragraph(speech: Speech, report: CaseReport) -> str:
    shut_out, late = _is_shut_out(speech, report), _late_finding(report) is not None
    request = "" if shut_out else request_line(speech, report)
    said = [speech.say(f"report.{_late_key(speech)}", **_late_times(speech, report))] if late else []
    if request:
        said.append(request)
    elif not late:
        said.append(speech.say("report.accepted" if report.verdict == "accepted" else "report.needs_human"))
    if not shut_out:
        said += [
            speech.language.sentence(item_line(speech, point)) for point in speech.points(findings_of(report, "human"))
        ]
    said += [_held(speech, report), *note_lines(speech, report), category_question(speech, report) or ""]
    title = title_of(report) or speech.say("subject.untitled")
    text = speech.language.paragraph(*said)
    return speech.say("report.paragraph", title=title, number=speech.number(report), text=text)


def _held(speech: Speech, report: CaseReport) -> str:
    """字数 and pictures, so that each paragraph can stand as the receipt of its case."""
    words = [speech.say("report.holds", words=speech.words(report.words))] if report.words else []
    photos = [speech.say("report.holds_photos", photos=report.photos_counted)] if report.files else []
    return speech.language.sentence(speech.language.join([*words, *photos])) if words or photos else ""


def _answer(speech: Speech, reports: Sequence[CaseReport]) -> list[Block]:
    lines = answer_lines(speech, reports)
    nothing_asked = UNASKED.issuperset(speech.occasion.topics)
    opening = "answer_handed_on" if not lines else "answer_told" if nothing_asked else "answer"
    return [
        Paragraph(speech.say(f"opening.{opening}"), tone="strong"),
        *(Paragraph(line) for line in lines),
        *letter_part(speech),
    ]


_BODIES: dict[ReplyKind, Callable[[Speech, Sequence[CaseReport]], list[Block]]] = {
    "answer": _answer,
    "reminder": reminder_part,
    **dict.fromkeys(sorted(REQUESTED), requested_part),
    **dict.fromkeys(sorted(GATHERED), gathered_part),
    **dict.fromkeys(sorted(CHANGED), changed_part),
}
"""Kinds whose letters are built by a part of their own."""


def _late_key(speech: Speech) -> str:
    return "late_not_accepted" if speech.letterhead.late_policy == "not_accepted" else "late"


def _late_finding(report: CaseReport) -> Finding | None:
    return next((finding for finding in report.findings if finding.code == "late"), None)


def _is_shut_out(speech: Speech, report: CaseReport) -> bool:
    """Whether completing would be in vain: it came late, and the call itself shuts late material out."""
    return speech.letterhead.late_policy == "not_accepted" and _late_finding(report) is not None


def _late_times(speech: Speech, report: CaseReport) -> dict[str, str]:
    """Both times; the end is the one this case was judged by, since a single case may be given longer."""
    finding = _late_finding(report)
    stated = finding.values.get("closes_at") if finding else None
    closes_at = datetime.fromisoformat(stated) if isinstance(stated, str) else speech.letterhead.closes_at
    if closes_at is None:
        raise ValueError("a campaign without an end has no late letters")
    return {"received_at": speech.moment(report.received_at), "closes_at": speech.close(closes_at)}


def _subject(speech: Speech, reports: Sequence[CaseReport]) -> str:
    kind = speech.occasion.kind
    if kind == "draft_review":
        said = speech.say("subject.draft_review", title=title_of(reports[0]) or speech.say("subject.untitled"))
    elif speech.occasion.notice is not None:
        said = notice_subject(speech, speech.occasion.notice, reports[0])
    elif kind in CHANGED:
        said = changed_subject(speech, reports)
    elif kind == "answer":
        said = speech.say("subject.answer")
    elif kind == "summary":
        said = speech.say("subject.summary", count=len(speech.occasion.together))
    elif kind == "receipts":
        title = title_of(reports[0]) or speech.say("subject.untitled")
        said = speech.say("subject.receipts", title=title, count=len(reports))
    elif not reports:
        said = speech.say("subject.unread")
    else:
        title = title_of(reports[0]) or speech.say("subject.untitled")
        key = _late_key(speech) if kind == "late" else kind
        if len(reports) > 1:
            said = speech.say(f"subject.{key}_several", title=title, count=len(reports))
        else:
            said = speech.say(f"subject.{key}", title=title, number=speech.number(reports[0]))
    tagged = speech.say("subject.tagged", tag=speech.letterhead.subject_tag, subject=said)
    return speech.say("subject.test", subject=tagged) if speech.occasion.test else tagged


def _all_files(occasion: Occasion, reports: Sequence[CaseReport]) -> tuple[ReportFile, ...]:
    if occasion.kind in {"notice", "confirm_replacement", "summary"}:  # of the letter alone: the case may be another's
        return occasion.files
    if occasion.kind == "reminder":  # it proves no receipt
        return ()
    return tuple(file for report in reports for file in report.files) or occasion.files
