"""What each document of a set is to its case. Pure.

Names speak first (报名表, 报送函, 汇总表, 盖章件), content corrects them, and what is left
over and long is the case. A file that cannot be read but could be the case is taken for it:
nobody who sent one is told that the case is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from intake.casework.sameness import (
    RECOGNISED_AGAIN,
    SAME_TEXT,
    SAME_WORK,
    Shingles,
    shingles,
    similarity,
    version_similarity,
)
from intake.casework.structure import campaign_sections_in
from intake.casework.wording import extension, main_text, main_words, plain, stem
from intake.model import Document, Photo, Problem, ReadFile, Role
from parsers.text.case_lists import listed_titles

_LONG_WORDS = 500
"""字数 from which a text can be a case by itself; forms, letters and notes run shorter."""
_SURE_WORDS = 200
"""Fewer 字数 than this yield to an unreadable file that could be the case."""
_CAPTION_WORDS = 40
"""字数 of captions a photo carrier has for each picture."""
_CARRIER_WORDS = 300

_SUMMARY = re.compile(r"汇总表?|统计表|一览表|目录清单|报送清单|案例清单|花名册")
_FORM = re.compile(r"(报名|申报|推荐|申请|登记|信息|报送|基本情况)表")
_COVER = re.compile(
    r"(报送|推荐|上报|申报|说明|公)函|关于.{0,40}(报送|推荐|上报|申报|提交|选送).{0,60}的?(函|报告|请示)|送审函"
)
_CALL = re.compile(
    r"征集(启事|公告|通知|活动方案|方案|活动的通知|函)|关于.{0,40}(开展|组织|举办|做好).{0,40}征集.{0,40}(通知|公告|函)"
)
_CARRIER = re.compile(r"照片|图片|相片|配图|插图|影像|图集")
_BESIDE = re.compile(
    r"承诺书|授权书|声明|证明|须知|简介|介绍信|通讯录|名单|回执|获奖|证书|视频|链接|填表说明|使用说明|readme"
)
_STAMPED = re.compile(r"盖章|签章|扫描|公章|红头|已盖")
_FINAL = re.compile(r"终稿|定稿|最终|最新|修改[后稿版]|修订|完善[后稿版]|正式|final")
_CASE_NAME = re.compile(r"案例|事迹|经验做法|典型做法|case")

_CASE_FORMATS = ("docx", "doc", "pdf", "odt", "ofd", "rtf", "wps", "archive", "letter")
_CASE_EXTENSIONS = frozenset(
    [
        "docx",
        "doc",
        "docm",
        "dot",
        "dotx",
        "pdf",
        "wps",
        "wpt",
        "odt",
        "ofd",
        "rtf",
        "pages",
        "uot",
        "uof",
        "xps",
        "caj",
        "rar",
        "7z",
        "zip",
        "tar",
        "gz",
        "eml",
        "msg",
        "txt",
    ]
)
_FORMAT_PREFERENCE = {"docx": 0, "odt": 1, "rtf": 1, "txt": 2, "html": 3, "pdf": 4}
"""Of the same text in several formats the one judged: where 字数 are surest. Source: DESIGN §4, docx before PDF."""


def assign_roles(files: Sequence[ReadFile], *, sections: Sequence[str] = ()) -> tuple[ReadFile, ...]:
    """`files` in the same order, each document and problem with its role; photos are untouched.

    `sections` are the campaign's parts: a text under such headings is a case whatever it is called.
    Doing it twice changes nothing.
    """
    roles: dict[int, Role] = {}
    texts = {place: file for place, file in enumerate(files) if isinstance(file, Document)}
    problems = {place: file for place, file in enumerate(files) if isinstance(file, Problem)}
    for place, document in texts.items():
        named = _role_of_document(document, sections)
        if named is not None:
            roles[place] = named
    candidates = {place: document for place, document in texts.items() if place not in roles}
    roles |= _twins(candidates)
    candidates = {place: document for place, document in candidates.items() if place not in roles}
    roles |= _scans_beside_texts(candidates)
    candidates = {place: document for place, document in candidates.items() if place not in roles}
    roles |= _cases(candidates, sections)
    roles |= _roles_of_problems(problems, texts, roles, sections)
    return tuple(
        file if isinstance(file, Photo) else replace(file, role=roles.get(place, "attachment"))
        for place, file in enumerate(files)
    )


def _role_of_document(document: Document, sections: Sequence[str]) -> Role | None:
    """The role a document's name, title or make-up settles; None when it could be the case."""
    words = main_words(document)
    name, title = stem(document.name), plain(document.facts.title or "")
    if _is_built_as_case(document, sections):
        return None
    if _SUMMARY.search(name) or _is_list_of_cases(document):
        return "summary_sheet"
    if _CALL.search(name) or _CALL.search(title):
        return "attachment"
    if _is_form(document, name, title, words):
        return "form"
    if _COVER.search(name) or (_COVER.search(title) and words < 2 * _LONG_WORDS):
        return "cover_letter"
    if _is_photo_carrier(document, name, words):
        return "attachment"
    if document.format == "sheet":
        # A list or statistics, however many words its cells hold: only headings of the call make it a case.
        return "attachment"
    return "attachment" if _BESIDE.search(name) and not _CASE_NAME.search(name) else None


def _is_built_as_case(document: Document, sections: Sequence[str]) -> bool:
    return main_words(document) >= _LONG_WORDS and len(campaign_sections_in(document, sections)) >= 2


def _is_list_of_cases(document: Document) -> bool:
    """附件2.docx with a table of titles and next to nothing beside it is the list, whatever it is called."""
    beside = sum(len(block.text.strip()) for block in document.facts.blocks if block.table is None)
    return beside < _SURE_WORDS and len(listed_titles(document.facts.blocks)) > 1


def _is_form(document: Document, name: str, title: str, words: int) -> bool:
    """A form pasted before a case keeps its own part: the case's text stays long without it."""
    called = bool(_FORM.search(name) or _FORM.search(title))
    filled = len(document.facts.fields) >= 2
    return (called and (filled or words < _LONG_WORDS)) or (filled and words < _SURE_WORDS)


def _is_photo_carrier(document: Document, name: str, words: int) -> bool:
    pictures = document.facts.pictures
    if not pictures:
        return False
    if _CARRIER.search(name) and not _CASE_NAME.search(name.replace("案例照片", "").replace("案例图片", "")):
        return words < _LONG_WORDS
    return words < _CARRIER_WORDS and words <= _CAPTION_WORDS * pictures


def _twins(candidates: dict[int, Document]) -> dict[int, Role]:
    """The same text more than once: one is judged, the others are its duplicate or stamped copy."""
    roles: dict[int, Role] = {}
    order = sorted(candidates, key=lambda at: (_FORMAT_PREFERENCE.get(candidates[at].format, 9), at))
    prints: dict[int, Shingles] = {place: shingles(main_text(candidates[place])) for place in order}
    kept: list[int] = []
    for place in order:
        twin = next((at for at in kept if similarity(prints[place], prints[at]) >= SAME_TEXT), None)
        if twin is not None:
            stamped = _STAMPED.search(stem(candidates[place].name))
            roles[place] = "stamped_copy" if stamped and candidates[place].format == "pdf" else "duplicate"
        else:
            kept.append(place)
    return roles | _earlier_drafts({place: candidates[place] for place in kept}, prints)


def _scans_beside_texts(candidates: dict[int, Document]) -> dict[int, Role]:
    """A scan of one of the texts beside it is its stamped copy: what was recognised is near the text, not equal to it."""
    texts = [shingles(main_text(text)) for text in candidates.values() if not text.facts.ocr]
    return {
        place: "stamped_copy"
        for place, scan in candidates.items()
        if scan.facts.ocr
        and any(version_similarity(shingles(main_text(scan)), text) >= RECOGNISED_AGAIN for text in texts)
    }


def _earlier_drafts(kept: dict[int, Document], prints: dict[int, Shingles]) -> dict[int, Role]:
    """Two versions of one text where exactly one is called final: the other one is not judged."""
    roles: dict[int, Role] = {}
    for place, document in kept.items():
        if not _FINAL.search(stem(document.name)):
            continue
        for other, draft in kept.items():
            if other == place or _FINAL.search(stem(draft.name)):
                continue
            if version_similarity(prints[place], prints[other]) >= SAME_WORK:
                roles[other] = "duplicate"
    return roles


def _cases(candidates: dict[int, Document], sections: Sequence[str]) -> dict[int, Role]:
    """Which of the documents left over are cases: those built or named as such, else the long ones, else the longest."""
    if not candidates:
        return {}
    marked = [
        place
        for place, document in candidates.items()
        if _is_built_as_case(document, sections)
        or (_CASE_NAME.search(stem(document.name)) and main_words(document) >= _SURE_WORDS)
    ]
    long = [place for place, document in candidates.items() if main_words(document) >= _LONG_WORDS]
    longest = max(candidates, key=lambda at: (main_words(candidates[at]), -at))
    return dict.fromkeys(marked or long or [longest], "case")


def _roles_of_problems(
    problems: dict[int, Problem], texts: dict[int, Document], roles: dict[int, Role], sections: Sequence[str]
) -> dict[int, Role]:
    """Roles of the files that could not be read; may take `case` from a readable scrap of text."""
    found = {place: _role_of_problem(problem) for place, problem in problems.items()}
    possible = [place for place, role in found.items() if role is None]
    read = [place for place, role in roles.items() if role == "case"]
    sure = [at for at in read if main_words(texts[at]) >= _SURE_WORDS or _is_built_as_case(texts[at], sections)]
    settled: dict[int, Role] = {place: role for place, role in found.items() if role is not None}
    if sure:
        return settled | {place: _beside_a_case(problems[place]) for place in possible}
    stand_in = _best_stand_in(possible, problems) or _best_stand_in(list(problems), problems, scans_only=True)
    if stand_in and (not read or possible):
        settled |= dict.fromkeys(read, "attachment")
        settled |= dict.fromkeys(possible, "attachment")
        settled |= dict.fromkeys(stand_in, "case")
    return settled


def _role_of_problem(problem: Problem) -> Role | None:
    """The role its name settles; None when the file could be the case."""
    name = stem(problem.name)
    if _SUMMARY.search(name):
        return "summary_sheet"
    if _FORM.search(name) and not _CASE_NAME.search(name):
        return "form"
    if _COVER.search(name):
        return "cover_letter"
    if not _could_be_case(problem) or _CALL.search(name) or _CARRIER.search(name) or _BESIDE.search(name):
        return "stamped_copy" if _is_scan(problem) and _STAMPED.search(name) else "attachment"
    return None


def _could_be_case(problem: Problem) -> bool:
    return problem.format in _CASE_FORMATS or (
        problem.format in ("other", "txt", "html") and extension(problem.name) in _CASE_EXTENSIONS
    )


def _is_scan(problem: Problem) -> bool:
    return problem.code in ("no_text", "garbled_text")


def _beside_a_case(problem: Problem) -> Role:
    """A scan beside a readable case is its stamped copy."""
    return "stamped_copy" if _is_scan(problem) or _STAMPED.search(stem(problem.name)) else "attachment"


def _best_stand_in(places: list[int], problems: dict[int, Problem], *, scans_only: bool = False) -> list[int]:
    """The unreadable files taken for the case: those called so, else all that could be; empty when none could."""
    able = [
        place
        for place in places
        if _could_be_case(problems[place]) and (not scans_only or _STAMPED.search(stem(problems[place].name)))
    ]
    named = [place for place in able if _CASE_NAME.search(stem(problems[place].name))]
    return (named or able)[:1] if scans_only else named or able
