"""Every sentence a language file holds, with its placeholders; `?` marks those it may leave out. Pure.

Adding a check means adding its codes here and its sentences to each language file;
`load_language` then refuses a file in which one is forgotten.
"""

from __future__ import annotations

_FINDINGS: dict[str, tuple[str, str, str]] = {
    # code: what the call asks (used when the rule has no quote), what was found, what to do
    "late": ("closes_at", "received_at closes_at?", ""),
    "in_time_as_link": ("", "received_at files_at", ""),
    "case_missing": ("", "", ""),
    "file_encrypted": ("", "", ""),
    "file_damaged": ("", "", ""),
    "file_part_missing": ("", "", ""),
    "file_empty": ("", "", ""),
    "file_over_limit": ("", "", ""),
    "file_without_text": ("", "", ""),
    "file_garbled": ("", "", ""),
    "file_scanned": ("", "found", ""),
    "pages_photographed": ("", "count", ""),
    "file_unsupported": ("", "format", ""),
    "reader_trouble": ("", "you?", ""),
    "only_as_link": ("", "provider detail", ""),
    "link_not_opened": ("", "provider detail", ""),
    "several_cases": ("", "count", ""),
    "cases_in_one_file": ("", "count", ""),
    "format_not_accepted": ("accepted", "format", "accepted"),
    "too_many_words": ("max", "found over", "max"),
    "too_few_words": ("min", "found short", "min"),
    "near_limit_words": ("limit", "found limit?", ""),
    "about_words": ("about", "found", "about?"),
    "far_from_about": ("about", "found about?", "about? range_low range_high"),
    "section_missing": ("section", "section", "section?"),
    "section_empty": ("section", "heading", "heading?"),
    "sections_unrecognised": ("sections", "sections", ""),
    "too_few_images": ("min", "found missing", "missing"),
    "photos_unplaced": ("min", "found unplaced", ""),
    "too_many_images": ("max", "found max?", "max?"),
    "photo_long_edge": ("min", "width height min?", "min?"),
    "photo_short_edge": ("min", "width height min?", "min?"),
    "photo_megapixels": ("min_wan? megapixels?", "width height found_wan?", ""),
    "photo_exact": ("want_width want_height", "width height", "want_width? want_height?"),
    "photo_long_edge_over": ("max", "width height max?", "max?"),
    "photo_few_bytes": ("min", "found", "min?"),
    "photo_many_bytes": ("max", "found", "max?"),
    "photo_dpi": ("min", "found", "min?"),
    "photo_colour": ("colours", "colour", "colours?"),
    "photo_taken": ("", "year month day", ""),
    "photo_no_exif": ("", "", ""),
    "photo_shrunk_in_document": ("", "width height document?", ""),
    "photo_inside_document": ("", "", ""),
    "photo_outside_document": ("", "", ""),
    "photo_name_lacks": ("lacking?", "lacking", "lacking?"),
    "photos_without_captions": ("", "missing found", ""),
    "category_not_chosen": ("choices", "", "choices"),
    "category_unknown": ("choices", "found", "choices"),
    "category_alias": ("", "found taken_for", ""),
    "level_not_stated": ("choices", "", "choices"),
    "level_unknown": ("choices", "found", "choices"),
    "near_identical": ("", "you?", ""),
    "macros_present": ("", "", ""),
    "comments_left": ("", "found", ""),
    "changes_left": ("", "found", ""),
    "placeholder_left": ("", "found first", ""),
    "personal_numbers": ("", "found", ""),
    "listed_not_received": ("", "listed received titles", ""),
    "attest": ("", "what", ""),
    # not a check: a named organizer asks for more, in words of their own
    "returned": ("", "why", ""),
    # not a check: several versions of one case, and which of them stands
    "earlier_complete": ("", "version received_at", ""),
    "earlier_stands_at_close": ("", "version received_at closes_at?", ""),
    "newer_kept": ("", "newer newer_at", ""),
    "newer_incomplete": ("", "version received_at newer newer_at", ""),
    "newer_incomplete_yet": ("", "version received_at newer newer_at closes_at", ""),
    "version_to_choose": ("", "version received_at newer newer_at", ""),
    # not a check: the submitter objects; for organizers
    "disputed": ("", "said", ""),
    # not a check: what letters bring or ask for that only a person can settle
    "provisional_files": ("", "count files", ""),
    "picture_swap": ("", "said old new", ""),
    "picture_change": ("", "said pictures", ""),
}

FINDING_CODES: tuple[str, ...] = tuple(_FINDINGS)
"""All codes a sentence exists for, in the order of the checks."""

SETTLED_CHECKS = {
    "deadline": "received_at",
    "readable_files": "",
    "accepted_formats": "",
    "word_count": "words",
    "required_sections": "",
    "image_count": "photos",
    "photo_quality": "",
    "category": "category",
    "level": "",
}
"""Checks a letter names when they are fine, with the figure it gives. The others would puzzle or promise too much."""

_NAMES = {
    "check": "deadline readable_files accepted_formats word_count required_sections image_count photo_quality"
    " photo_names category level"
    " duplicates summary_sheet leftovers attest decision correspondence",
    "kind": "case form stamped_copy cover_letter summary_sheet duplicate attachment photo",
    "colour": "grey",
    "lacking": "description number phone title",
    "format": "docx doc pdf odt ofd rtf wps txt html sheet image archive letter other",
    "provider": "qq_mail exmail netease_mail dashi_163 aliyun_mail 139_mail sina_mail outlook_onedrive gmail_drive icloud"
    " weiyun tencent_docs wps kdocs baidu_pan aliyun_drive quark tianyi 139_cloud feishu wecom dingtalk wenshushu"
    " cowtransfer wechat_article other",
    "state": "accepted needs_fix needs_human waiting withdrawn",
    "label": "asked found todo headings number title unit category received files words photos revision token contact",
    "heading": "receipt fix human notes settled not_counted record checksums",
    "mark": "stop space join list colon",
    "you": "unit person",
}

_SUBJECTS = (
    "receipt",
    "awaiting",
    "fix_request",
    "being_checked",
    "late",
    "late_not_accepted",
    "same_again",
    "decision",
    "reminder",
)

_OTHERS = {
    # who and how we speak
    "greeting.unit": "name",
    "greeting.person": "name",
    "greeting.anybody": "",
    "closing.automatic": "",
    "closing.contact": "contact",
    "closing.phone": "phone",
    "closing.contact_phone": "contact phone",
    "closing.test": "",
    "subject.tagged": "tag subject",
    "subject.test": "subject",
    "subject.answer": "",
    **{f"subject.{kind}": "title number" for kind in _SUBJECTS},
    **{f"subject.{kind}_several": "title count" for kind in _SUBJECTS},
    "subject.extension": "title number",
    "subject.extension_several": "title count",
    "subject.extension_to_all": "",
    "subject.moved": "title number",
    "subject.merged": "title number",
    "subject.draft_review": "title",
    "subject.receipts": "title count",
    "subject.summary": "count",
    "subject.confirm_withdrawal": "title number",
    "subject.confirm_withdrawal_several": "title count",
    "subject.withdrawn": "title number",
    "subject.withdrawn_several": "title count",
    "subject.disputed": "title number",
    "subject.confirm_replacement": "title number",
    "subject.notice_claimed": "title number",
    "subject.notice_joined": "",
    "subject.notice_forwarded": "title number",
    "subject.untitled": "",
    "subject.unread": "",
    # the outcome, first
    "opening.receipt": "you? title",
    "opening.receipt_repaired": "you? title",
    "opening.awaiting": "you? title number came awaited due",
    "opening.awaiting_anything": "you? title number awaited due",
    "opening.fix_request": "you? title number count due",
    "opening.fix_request_repaired": "you? title number count due",
    "opening.being_checked": "you?",
    "opening.being_checked_with_number": "you? title number",
    "opening.late": "you? title received_at closes_at",
    "opening.late_not_accepted": "you? title received_at closes_at",
    "opening.same_again": "you? title number state",
    "opening.same_again_several": "you? count",
    "opening.answer": "you?",
    "opening.answer_told": "you?",
    "opening.answer_handed_on": "you?",
    "opening.decision_accepted": "you? title",
    "opening.decision_needs_fix": "you? title number count due",
    "opening.decision_needs_human": "you? title",
    "opening.decision_withdrawn": "you? title number",
    "opening.extension": "you? title number closes_at",
    "opening.extension_several": "you? count closes_at",
    "opening.extension_to_all": "closes_at",
    "opening.moved": "you? title number former campaign",
    "opening.merged": "you? title number former",
    "opening.several": "you? count",
    "opening.reminder": "you? title",
    "opening.reminder_several": "you? count",
    "opening.receipts": "you? count",
    "opening.summary": "you? count",
    "summary.letter": "received_at subject",
    "summary.nameless": "",
    "opening.draft_review": "you? count",
    "opening.draft_review_fine": "you?",
    "opening.confirm_withdrawal": "you?",
    "opening.withdrawn": "you? title number due?",
    "opening.withdrawn_several": "you? count due?",
    "opening.disputed": "you? title number",
    "opening.confirm_replacement": "you? title number",
    "draft.formal": "due?",
    "withdrawal.case": "title number received_at",
    "withdrawal.confirm": "",
    "withdrawal.confirm_one_of": "",
    "replacement.confirm": "",
    # one thing its reader should know
    "notice.claimed": "you? title number address",
    "notice.claimed_todo": "you?",
    "notice.joined": "you? number",
    "notice.joined_todo": "",
    "notice.forwarded": "title number address",
    "due.until": "closes_at",
    "due.soon": "",
    # what follows
    "item.heading": "text",
    "item.folded": "text",
    "item.numbered": "number title",
    "item.file": "name detail size?",
    "item.unit_words": "words",
    "item.photos": "count",
    "awaiting.text": "",
    "awaiting.photos": "count",
    "awaiting.no_resend": "",
    "item.more": "count",
    "item.revision": "ordinal",
    "item.quoted": "text",
    "item.approximate": "number",
    "item.choice": "number name",
    "item.found_in_file": "file found",
    "item.checksum": "name sha256",
    "item.link_unnamed": "found",
    "item.link_size": "size",
    "item.link_ends": "at",
    "item.link": "name provider detail",
    "item.link_nameless": "provider detail",
    "photo.same_picture": "name same_as",
    "photo.too_small": "name",
    "photo.logo": "name",
    "photo.signature": "name",
    "photo.unreadable": "name",
    "repair.how": "",
    "repair.closed": "labels",
    "repair.due": "due",
    # the marked copy: its file name, who comments, and what is said at a place
    "marked.file": "name",
    "marked.author": "",
    "marked.asked": "asked",
    "marked.limit": "limit words",
    "marked.before": "section",
    "marked.after": "section",
    "marked.photo": "found",
    "marked.attached": "file you?",
    "marked.unchanged": "file",
    "late.findings": "",
    "human.before": "",
    "category.ask": "choices",
    "report.paragraph": "title number text",
    "report.accepted": "",
    "report.needs_human": "",
    "report.holds": "words",
    "report.holds_photos": "photos",
    "unassigned.ask": "count files",
    "report.late": "received_at closes_at",
    "report.late_not_accepted": "received_at closes_at",
    "report.needs_fix": "items due",
    "report.reminder": "items due",
    "report.item": "found todo",
    "report.against": "asked found",
    "report.numbered": "number item",
    "inside.category_alias": "found",
    "inside.late": "received_at closes_at",
    "inside.near_identical": "number title similarity",
    "inside.category_suggestion": "suggestion",
    # answers
    "answer.quoted": "label quotes",
    "answer.deadline": "closes_at",
    "answer.deadline_over": "closes_at",
    "answer.choices": "choices",
    "answer.how_to_submit": "address",
    "answer.received": "title number received_at state",
    "answer.not_received": "",
    "answer.draft_received": "",
    "answer.nothing_attached": "",
    "answer.only_linked": "files",
    "answer.encrypted": "",
    "answer.by_the_call": "",
    "answer.other": "",
}


def _all_keys() -> dict[str, str]:
    keys = dict(_OTHERS)
    for table, names in _NAMES.items():
        keys.update({f"{table}.{name}": "" for name in names.split()})
    for code, lines in _FINDINGS.items():
        keys.update(
            {f"finding.{code}.{line}": given for line, given in zip(("asked", "found", "todo"), lines, strict=True)}
        )
    keys.update({f"settled.{check}": given for check, given in SETTLED_CHECKS.items()})
    return keys


PLACEHOLDERS: dict[str, str] = _all_keys()
"""Key to its placeholders, separated by spaces; `due?` may be left out."""


def may_be_empty(key: str) -> bool:
    """Whether a sentence may be nothing: some findings ask for nothing, have no phrase, or need no mark."""
    return key.startswith(("finding.", "mark.")) and not key.endswith(".found")
