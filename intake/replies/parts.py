"""The parts letters are made of: what is to be completed, what is fine, what was received, who signs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.model import Finding
from intake.replies.keys import SETTLED_CHECKS
from intake.replies.matter import CaseReport, ReportFile
from intake.replies.outline import Block, Bullets, Folded, Heading, Paragraph, Row, Rows, Signature
from intake.replies.sentences import Point, number_choices
from intake.replies.speech import Speech, findings_of, title_of
from intake.wording import clean_text, write_size

_FILES_SHOWN = 12
_PHOTOS_SHOWN = 8


def complete_part(speech: Speech, report: CaseReport) -> list[Block]:
    """What the submitter is asked to complete, point by point; empty when nothing."""
    points = points_part(speech, report)
    return [*points, Paragraph(speech.say("repair.how"))] if points else []


def points_part(speech: Speech, report: CaseReport) -> list[Block]:
    """The points to be completed without how to send them; empty when there are none."""
    points = speech.points(findings_of(report, "fix"))
    return [Heading(speech.say("heading.fix")), *_numbered(speech, points)] if points else []


def copy_part(speech: Speech) -> list[Block]:
    """That marked copies are attached, and what they are for; empty when none is."""
    names = [clean_text(name) for name in speech.occasion.attached]
    if len(names) > 1:
        files = speech.language.join([speech.language.quote(name) for name in names])
        return [Paragraph(speech.say("marked.attached_several", files=files))]
    return [Paragraph(speech.say("marked.attached", file=speech.language.nest(name))) for name in names]


def unchanged_part(speech: Speech, report: CaseReport) -> list[Block]:
    """Marked copies that came back as they were; empty when none did."""
    names = (speech.language.nest(clean_text(name)) for name in report.unchanged)
    return [Paragraph(speech.say("marked.unchanged", file=name)) for name in names]


def human_part(speech: Speech, report: CaseReport) -> list[Block]:
    """What a person looks into, and what may help; empty when nothing."""
    points = speech.points(findings_of(report, "human"))
    if not points:
        return []
    return [
        Heading(speech.say("heading.human")),
        Paragraph(speech.say("human.before")),
        *_numbered(speech, points),
    ]


def settled_part(speech: Speech, report: CaseReport) -> list[Block]:
    """What is already fine, with its figures; empty when the rules say nothing of it."""
    lines = [line for rule_id in report.settled if (line := _settled_line(speech, report, rule_id))]
    if not lines:
        return []
    return [Heading(speech.say("heading.settled")), Bullets(tuple(dict.fromkeys(lines)))]


def closed_part(speech: Speech, report: CaseReport) -> list[Block]:
    """What a repair has settled; empty for a first letter."""
    still_open = {finding.rule for finding in report.findings if finding.severity != "note"}
    rules = dict.fromkeys(finding.rule for finding in report.closed if finding.rule not in still_open)
    labels = dict.fromkeys(label for rule in rules if (label := speech.label_of(rule)))
    return [Paragraph(speech.say("repair.closed", labels=speech.language.join([*labels])))] if labels else []


def advice_part(speech: Speech, report: CaseReport) -> list[Block]:
    """Notes that block nothing, the question for the category, and the pictures that do not count."""
    blocks: list[Block] = []
    if notes := note_lines(speech, report):
        blocks += [Heading(speech.say("heading.notes")), Bullets(notes)]
    if (question := category_question(speech, report)) is not None:
        blocks.append(Paragraph(question, tone="strong"))
    if photos := _uncounted(speech, report.files):
        blocks += [Heading(speech.say("heading.not_counted")), Bullets(photos)]
    return blocks


def note_lines(speech: Speech, report: CaseReport) -> tuple[str, ...]:
    """The notes, one sentence each; the category has its own question."""
    notes = [finding for finding in findings_of(report, "note") if finding.code != "category_not_chosen"]
    return tuple(speech.language.sentence(item_line(speech, point)) for point in speech.points(notes))


def category_question(speech: Speech, report: CaseReport) -> str | None:
    """The request to choose a category by its number; None unless it is open and only advised."""
    if not any(finding.code == "category_not_chosen" for finding in findings_of(report, "note")):
        return None
    choices = _choices(report.findings) or speech.letterhead.categories
    return speech.say("category.ask", choices=number_choices(choices, speech.language))


def item_line(speech: Speech, point: Point) -> str:
    """A point in one sentence without full stop: what was found, what to do."""
    found, todo = speech.language.join(point.found, "join"), speech.language.join(point.todo, "join")
    return speech.say("report.item", found=found, todo=todo) if todo else found


def request_line(speech: Speech, report: CaseReport) -> str:
    """All a case needs in one sentence that stands alone: until when, what the call asks, what was found, what to do.

    Empty when nothing is asked for.
    """
    points = speech.points(findings_of(report, "fix"))
    items = listed(speech, [_against(speech, point) for point in points])
    return speech.say("report.needs_fix", items=items, due=speech.due_of(report)) if items else ""


def listed(speech: Speech, items: Sequence[str]) -> str:
    """Items in one sentence; numbered when there are several, for each may hold more than one clause."""
    if len(items) > 1:
        items = [speech.say("report.numbered", number=number, item=item) for number, item in enumerate(items, 1)]
    return speech.language.join([*items], "join")


def _against(speech: Speech, point: Point) -> str:
    said = item_line(speech, point)
    return speech.say("report.against", asked=point.asked, found=said) if point.asked else said


def record_part(speech: Speech, report: CaseReport, *, heading: str = "record", with_code: bool = True) -> list[Block]:
    """What was received and is on record: number, title, unit, category, files, counts, time, 回执码.

    `with_code`: a letter gives its 回执码 once, whatever it names.
    """
    words = (speech.say("item.unit_words", words=speech.words(report.words)),) if report.words else ()
    photos = (speech.say("item.photos", count=report.photos_counted),) if report.files else ()
    rows: list[tuple[str, tuple[str, ...]]] = [
        ("number", (speech.number(report) if report.number else "",)),
        ("title", (title_of(report),)),
        ("unit", (clean_text(report.unit or ""),)),
        ("category", (clean_text(report.category or ""),)),
        ("files", file_lines(speech, report.files)),
        ("words", words),
        ("photos", photos),
        ("received", (speech.moment(report.received_at),)),
        ("revision", (speech.say("item.revision", ordinal=report.revision) if report.number else "",)),
    ]
    return [Heading(speech.say(f"heading.{heading}")), _rows(speech, rows, with_code=with_code)]


def letter_part(speech: Speech, files: Sequence[ReportFile] = ()) -> list[Block]:
    """For a letter without a single case: when it came and what it brought."""
    rows = [
        ("received", (speech.moment(speech.occasion.letter.received_at),)),
        ("files", file_lines(speech, files, photos_too=True)),
    ]
    return [Heading(speech.say("heading.record")), _rows(speech, rows)]


def token_part(speech: Speech) -> list[Block]:
    """For a letter that answers none: the 回执码 alone, by which its answer is known."""
    return [Heading(speech.say("heading.record")), _rows(speech, [])]


def closing_part(speech: Speech, files: Sequence[ReportFile]) -> list[Block]:
    """How we sign: test line, the sentence on how this was sent, 落款 with its date, checksums."""
    blocks: list[Block] = []
    if speech.occasion.test:
        blocks.append(Paragraph(speech.say("closing.test"), tone="strong"))
    blocks.append(Paragraph(speech.say("closing.automatic"), tone="faint"))
    date = speech.language.dates.write_plain_day(speech.occasion.now_at, speech.letterhead.zone)
    blocks.append(Signature((speech.letterhead.signature, date)))
    if contact := _contact(speech):
        blocks.append(Paragraph(contact, tone="faint"))
    if files:
        lines = tuple(speech.say("item.checksum", name=clean_text(file.name), sha256=file.sha256) for file in files)
        blocks.append(Folded(speech.say("heading.checksums"), tuple(dict.fromkeys(lines))))
    return blocks


def file_lines(speech: Speech, files: Sequence[ReportFile], *, photos_too: bool = False) -> tuple[str, ...]:
    """The files by name, bounded; photos are left to their count unless asked for or alone."""
    documents = [file for file in files if photos_too or file.kind != "photo"] or list(files)
    lines = [_file_line(speech, file) for file in documents[:_FILES_SHOWN]]
    if len(documents) > _FILES_SHOWN:
        lines.append(speech.say("item.more", count=len(documents)))
    return tuple(lines)


def _file_line(speech: Speech, file: ReportFile) -> str:
    detail = speech.say(f"kind.{file.kind}")
    return speech.say("item.file", name=clean_text(file.name), detail=detail, size=write_size(file.size_bytes))


def _numbered(speech: Speech, points: Sequence[Point]) -> list[Block]:
    return [
        Rows(_point_rows(speech, point), title=speech.say("item.numbered", number=number, title=point.label))
        for number, point in enumerate(points, 1)
    ]


def _point_rows(speech: Speech, point: Point) -> tuple[Row, ...]:
    rows = [Row(speech.say("label.asked"), (point.asked,))] if point.asked else []
    rows.append(Row(speech.say("label.found"), (speech.language.sentence(*point.found),)))
    if point.headings:
        quoted = [speech.language.quote(heading) for heading in point.headings]
        rows.append(Row(speech.say("label.headings"), (speech.language.join(quoted),)))
    if point.todo:
        rows.append(Row(speech.say("label.todo"), (speech.language.sentence(*point.todo),)))
    return tuple(rows)


def _settled_line(speech: Speech, report: CaseReport, rule_id: str) -> str | None:
    check = next((rule.check for rule in speech.letterhead.rules if rule.id == rule_id), None)
    if check not in SETTLED_CHECKS:
        return None
    figures: dict[str, object] = {
        "received_at": speech.moment(report.received_at),
        "photos": report.photos_counted,
        "words": speech.words(report.words) if report.words else None,
        "category": clean_text(report.category or "") or None,
    }
    wanted = SETTLED_CHECKS[check]
    if wanted and figures[wanted] is None:
        return speech.say(f"check.{check}")
    return speech.say(f"settled.{check}", **({wanted: figures[wanted]} if wanted else {}))


def _uncounted(speech: Speech, files: Sequence[ReportFile]) -> tuple[str, ...]:
    """The pictures left out, with why; tracking pixels are no picture anybody sent."""
    left_out = [f for f in files if f.kind == "photo" and not f.counted and f.why_not not in {None, "tracking_pixel"}]
    lines = [
        speech.say(
            f"photo.{file.why_not}",
            name=clean_text(file.name),
            same_as=speech.language.nest(clean_text(file.same_as or "")),
        )
        for file in left_out[:_PHOTOS_SHOWN]
    ]
    if len(left_out) > _PHOTOS_SHOWN:
        lines.append(speech.say("item.more", count=len(left_out)))
    return tuple(lines)


def _choices(findings: Sequence[Finding]) -> tuple[str, ...]:
    for finding in findings:
        choices = finding.values.get("choices")
        if finding.code == "category_not_chosen" and isinstance(choices, tuple):
            return choices
    return ()


def _rows(speech: Speech, rows: Sequence[tuple[str, tuple[str, ...]]], *, with_code: bool = True) -> Rows:
    """Rows without the empty ones, 回执码 last."""
    shown = [Row(speech.say(f"label.{name}"), values) for name, values in rows if any(values)]
    code = (Row(speech.say("label.token"), (speech.occasion.token,)),) if with_code else ()
    return Rows((*shown, *code))


def _contact(speech: Speech) -> str:
    contact, phone = speech.letterhead.contact, speech.letterhead.phone
    if contact and phone:
        return speech.say("closing.contact_phone", contact=contact, phone=phone)
    if contact:
        return speech.say("closing.contact", contact=contact)
    return speech.say("closing.phone", phone=phone) if phone else ""
