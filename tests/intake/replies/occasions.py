"""Every kind of letter we write, as plain data: what the golden files are made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from docs.reasons import examples
from intake.replies import AnsweredLetter, CaseReport, Letterhead, Notice, Occasion, ReplyKind
from intake.replies.matter import Change, Correction
from tests.intake.replies.reports import (
    A_FILM_BESIDE,
    A_SCAN,
    CASE_MISSING,
    CHECKED_BY_HAND,
    CLOSE_TO_LIMIT,
    CLOSES_AT,
    COMPLETE,
    HULI,
    INCOMPLETE,
    LATE,
    LATE_AT,
    LATER,
    LINKED,
    NO_CATEGORY,
    ONE_PART_MISSING,
    ONLY_LINKS,
    OUR_TROUBLE,
    OWN_HEADINGS,
    PAGES_AS_PHOTOS,
    PROVISIONAL,
    RECEIVED_AT,
    RETURNED,
    STAMPED_SCAN_ONLY,
    SWAPPED,
    THREE_PHOTOS,
    TOO_LATE,
    TOO_LONG,
    TOO_MANY,
    document,
    photo,
    photos,
)


@dataclass(frozen=True)
class Situation:
    """What `compose` is given."""

    occasion: Occasion
    reports: tuple[CaseReport, ...] = ()
    letterhead: Letterhead = HULI
    language: str = "zh-CN"


def occasion(kind: ReplyKind, **changes: object) -> Occasion:
    plain = Occasion(
        kind=kind,
        letter=AnsweredLetter("金安社区案例", RECEIVED_AT, "letter-1@mail.example.com"),
        now_at=RECEIVED_AT + timedelta(minutes=2),
        token="k7qm3xw9rt",
        addressee="金安社区",
        is_unit=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # rows of a table


def _situations() -> dict[str, Situation]:
    resident = {"addressee": None, "is_unit": False}
    after_close = {"now_at": LATE_AT + timedelta(minutes=2), "letter": AnsweredLetter("案例", LATE_AT)}
    no_category = replace(COMPLETE, category=None, findings=(CLOSE_TO_LIMIT, NO_CATEGORY))
    repaired = replace(COMPLETE, revision=2, closed=(TOO_LONG, ONE_PART_MISSING, THREE_PHOTOS))
    half_repaired = replace(INCOMPLETE, revision=2, findings=(THREE_PHOTOS,), closed=(TOO_LONG, ONE_PART_MISSING))
    only_photos = replace(INCOMPLETE, number="HL22-0018", title="红色物业进小区", findings=(THREE_PHOTOS,))
    not_accepted = replace(HULI, late_policy="not_accepted")
    longer = replace(HULI, closes_at=LATER.closes_at)
    unread = (document("案例.docx", None), photo("1.jpg"))
    return {
        "receipt": Situation(occasion("receipt"), (COMPLETE,)),
        "receipt_without_category": Situation(occasion("receipt", **resident), (no_category,)),
        "receipt_of_a_person": Situation(
            occasion("receipt", addressee="陈晓明", is_unit=False), (replace(COMPLETE, unit=None),)
        ),
        "receipt_of_a_repair": Situation(occasion("receipt"), (repaired,)),
        "receipt_in_test_mode": Situation(occasion("receipt", test=True), (COMPLETE,)),
        "fix_request": Situation(occasion("fix_request", attached=("金安社区案例（批注）.docx",)), (INCOMPLETE,)),
        "fix_request_only_links": Situation(occasion("fix_request"), (ONLY_LINKS,)),
        "receipt_with_a_link_beside": Situation(occasion("receipt"), (replace(COMPLETE, findings=(A_FILM_BESIDE,)),)),
        "fix_request_of_a_repair": Situation(occasion("fix_request"), (half_repaired,)),
        "fix_request_with_human_points": Situation(
            occasion("fix_request"), (replace(INCOMPLETE, findings=(A_SCAN, THREE_PHOTOS, NO_CATEGORY)),)
        ),
        "fix_request_only_photos": Situation(
            occasion("fix_request", **resident),
            (replace(INCOMPLETE, title="", unit=None, findings=(CASE_MISSING,), files=photos(5), closed=()),),
        ),
        "fix_request_after_the_close": Situation(occasion("fix_request", **after_close), (only_photos,)),
        "fix_request_for_several_cases": Situation(occasion("fix_request"), (COMPLETE, only_photos, CHECKED_BY_HAND)),
        "being_checked": Situation(occasion("being_checked"), (CHECKED_BY_HAND,)),
        "being_checked_our_trouble": Situation(
            occasion("being_checked", **resident), (replace(CHECKED_BY_HAND, findings=(OUR_TROUBLE,), settled=()),)
        ),
        "being_checked_without_a_case": Situation(occasion("being_checked", **resident, files=unread)),
        "being_checked_a_recognised_scan": Situation(occasion("being_checked"), (STAMPED_SCAN_ONLY,)),
        "being_checked_photographed_pages": Situation(
            occasion("being_checked"),
            (replace(STAMPED_SCAN_ONLY, findings=(PAGES_AS_PHOTOS,), settled=("deadline",), files=photos(4)),),
        ),
        "late": Situation(occasion("late", **after_close), (TOO_LATE,)),
        "late_and_incomplete": Situation(
            occasion("late", **after_close),
            (replace(TOO_LATE, verdict="needs_fix", findings=(LATE, THREE_PHOTOS)),),
        ),
        "late_not_accepted": Situation(occasion("late", **after_close), (TOO_LATE,), letterhead=not_accepted),
        "late_several_cases": Situation(
            occasion("late", **after_close), (TOO_LATE, replace(TOO_LATE, number="HL22-0109", title="老旧小区的新生"))
        ),
        "same_again": Situation(occasion("same_again"), (COMPLETE,)),
        "same_again_incomplete": Situation(occasion("same_again"), (only_photos,)),
        "same_again_several_cases": Situation(occasion("same_again"), (COMPLETE, only_photos)),
        "answer": Situation(occasion("answer", **resident, topics=("length", "photos", "deadline", "category"))),
        "answer_received": Situation(occasion("answer", topics=("received",)), (COMPLETE, CHECKED_BY_HAND)),
        "answer_not_received": Situation(occasion("answer", **resident, topics=("received", "how_to_submit"))),
        "answer_only_linked": Situation(occasion("answer", **resident, topics=("only_linked",), linked=LINKED)),
        "answer_encrypted": Situation(occasion("answer", **resident, topics=("encrypted",))),
        "answer_by_a_person": Situation(occasion("answer", **resident, topics=("other", "level"))),
        "reminder": Situation(occasion("reminder"), (replace(INCOMPLETE, reply_by_at=CLOSES_AT),)),
        "reminder_of_several_cases": Situation(
            occasion("reminder"),
            (
                replace(INCOMPLETE, reply_by_at=CLOSES_AT),
                replace(only_photos, reply_by_at=CLOSES_AT + timedelta(days=3)),
            ),
        ),
        "draft_review": Situation(
            occasion("draft_review"), (replace(CHECKED_BY_HAND, number="", findings=(THREE_PHOTOS, OWN_HEADINGS)),)
        ),
        "draft_review_nothing_to_add": Situation(occasion("draft_review"), (replace(COMPLETE, number=""),)),
        "answer_draft_received": Situation(occasion("answer", **resident, topics=("draft_received",))),
        "answer_withdrawn": Situation(
            occasion("answer", topics=("received",)), (replace(COMPLETE, is_withdrawn=True),)
        ),
        "confirm_withdrawal": Situation(occasion("confirm_withdrawal"), (COMPLETE,)),
        "confirm_withdrawal_of_several_cases": Situation(occasion("confirm_withdrawal"), (COMPLETE, only_photos)),
        "withdrawn": Situation(occasion("withdrawn"), (replace(COMPLETE, is_withdrawn=True),)),
        "withdrawn_several_cases": Situation(occasion("withdrawn"), (COMPLETE, only_photos)),
        "disputed": Situation(occasion("disputed"), (INCOMPLETE,)),
        "confirm_replacement": Situation(
            occasion("confirm_replacement", files=(document("修改稿.docx"),)), (COMPLETE,)
        ),
        "confirm_replacement_of_several_cases": Situation(
            occasion("confirm_replacement", files=(document("修改稿一.docx"), document("修改稿二.docx"))),
            (COMPLETE, replace(COMPLETE, number="HL22-0109", title="老旧小区的新生")),
        ),
        "notice_claimed": Situation(occasion("notice", notice=Notice("claimed", "str***@126.example")), (COMPLETE,)),
        "notice_joined": Situation(
            occasion("notice", **resident, notice=Notice("joined"), files=photos(5)), (CHECKED_BY_HAND,)
        ),
        "notice_forwarded": Situation(
            occasion("notice", **resident, notice=Notice("forwarded", "jinan@qq.example")), (COMPLETE,)
        ),
        "being_checked_files_of_another_address": Situation(
            occasion("being_checked"), (replace(CHECKED_BY_HAND, findings=(PROVISIONAL, SWAPPED)),)
        ),
        "receipts": Situation(
            occasion("receipts"), (COMPLETE, replace(COMPLETE, number="HL22-0109", title="老旧小区的新生"))
        ),
        "summary": Situation(
            occasion("summary", topics=("length", "received", "other"), together=TOO_MANY), (COMPLETE, INCOMPLETE)
        ),
        "summary_without_a_case": Situation(
            occasion("summary", **resident, topics=("deadline",), together=TOO_MANY[:1]), ()
        ),
        "correction_complete_after_all": Situation(
            occasion("correction", correction=Correction(told_at=RECEIVED_AT, withdrawn=(TOO_LONG, ONE_PART_MISSING))),
            (COMPLETE,),
        ),
        "correction_still_incomplete": Situation(
            occasion(
                "correction",
                correction=Correction(
                    told_at=RECEIVED_AT, withdrawn=(TOO_LONG,), why="字数上限应为4000字，此前误写为3000字。"
                ),
            ),
            (replace(INCOMPLETE, findings=(THREE_PHOTOS,), settled=("deadline", "readable", "length", "sections")),),
        ),
        "correction_checked_by_hand": Situation(
            occasion("correction", correction=Correction(told_at=RECEIVED_AT)), (CHECKED_BY_HAND,)
        ),
        "fix_request_with_every_point_there_is": Situation(
            occasion("fix_request"), (replace(INCOMPLETE, findings=examples(), settled=(), files=()),)
        ),
        "fix_request_for_several_cases_with_copies": Situation(
            occasion("fix_request", attached=("HL22-0017 金安社区案例（批注）.docx", "HL22-0018 案例（批注）.docx")),
            (INCOMPLETE, only_photos),
        ),
        "awaiting_photos": Situation(occasion("awaiting"), (replace(only_photos, is_waiting=True),)),
        "awaiting_text": Situation(
            occasion("awaiting"), (replace(only_photos, findings=(CASE_MISSING,), files=photos(5), is_waiting=True),)
        ),
        "extension_of_a_case": Situation(occasion("extension", change=LATER), (only_photos,), letterhead=longer),
        "extension_of_several_cases": Situation(
            occasion("extension", change=LATER), (only_photos, COMPLETE, CHECKED_BY_HAND), letterhead=longer
        ),
        "extension_to_all": Situation(occasion("extension", **resident, change=LATER), letterhead=longer),
        "moved": Situation(occasion("moved", change=Change(former_numbers=("XZ15-0003",))), (COMPLETE,)),
        "moved_and_incomplete": Situation(
            occasion("moved", change=Change(former_numbers=("XZ15-0003",))), (only_photos,)
        ),
        "merged": Situation(occasion("merged", change=Change(former_numbers=("HL22-0019",))), (COMPLETE,)),
        "parted": Situation(occasion("parted", change=Change()), (replace(COMPLETE, number="HL22-0019"),)),
        "parted_and_incomplete": Situation(occasion("parted", change=Change()), (only_photos,)),
        "answer_nothing_attached": Situation(occasion("answer", **resident, topics=("nothing_attached",))),
        "answer_sections_and_other": Situation(occasion("answer", **resident, topics=("sections", "other"))),
        "answer_after_the_close": Situation(occasion("answer", **{**resident, **after_close}, topics=("deadline",))),
        "decision_accepted": Situation(occasion("decision"), (COMPLETE,)),
        "decision_needs_fix": Situation(occasion("decision"), (only_photos,)),
        "decision_returned_by_an_organizer": Situation(
            occasion("decision"), (replace(COMPLETE, verdict="needs_fix", findings=(RETURNED,)),)
        ),
        "decision_needs_human": Situation(occasion("decision"), (CHECKED_BY_HAND,)),
        "decision_withdrawn": Situation(
            occasion("decision"), (replace(CHECKED_BY_HAND, findings=(), settled=(), is_withdrawn=True),)
        ),
    }


LANGUAGES = ("zh-CN", "zh-TW", "en")

SITUATIONS: dict[str, Situation] = {
    name if language == "zh-CN" else f"{name}.{language}": replace(situation, language=language)
    for language in LANGUAGES
    for name, situation in _situations().items()
}
"""Name of the golden file to what it is made from: every kind of letter in every language."""
