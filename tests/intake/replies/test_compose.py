"""Composing: what must hold beside the golden letters."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.model import Finding, Verdict
from intake.replies import CaseReport, Draft, Letterhead, Occasion, compose, describe_finding, load_language
from intake.replies.keys import FINDING_CODES
from tests.intake.replies.occasions import SITUATIONS, occasion
from tests.intake.replies.reports import (
    CATEGORIES,
    COMPLETE,
    FOR_JUDGES,
    HULI,
    INCOMPLETE,
    LIKE_ANOTHER,
    NO_CATEGORY,
    THREE_PHOTOS,
    document,
    finding,
    photo,
)

CHINESE = load_language("zh-CN")
ANYTHING_ELSE = {
    "count": 2,
    "min": 5,
    "max": 5,
    "about": 2000,
    "tolerance_percent": 20,
    "found": 3,
    "over": 1,
    "short": 1,
}


def write(occasion: Occasion, *reports: CaseReport, letterhead: Letterhead = HULI) -> Draft:
    return compose(occasion, letterhead, reports, language=CHINESE)


class _Words(HTMLParser):
    """The text of a page, tag names collected."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def read_page(page: str) -> _Words:
    reader = _Words()
    reader.feed(page)
    return reader


@pytest.mark.parametrize("name", SITUATIONS)
def test_page_says_every_word_of_the_plain_text(name: str) -> None:
    situation = SITUATIONS[name]
    language = load_language(situation.language)
    draft = compose(situation.occasion, situation.letterhead, situation.reports, language=language)

    page = "".join("".join(read_page(draft.html).words).split())
    missing = [
        piece
        for line in draft.text.splitlines()
        for piece in line.replace(language.say("mark.colon"), "\n", 1).split("\n")
        if "".join(piece.strip("【】（）()=·: ").split()) not in page
    ]
    assert missing == []


HOSTILE = (
    "<img src=x onerror=1>\u202ereversed\r\nBcc: a@b.c http://evil.example.com/获奖 www.evil.com {number} 《x》"
    + "长" * 200
)


def test_strangers_words_are_shortened_cleaned_and_make_no_link() -> None:
    report = replace(
        INCOMPLETE, title=HOSTILE, unit=HOSTILE, category=HOSTILE, files=(document(HOSTILE), photo(HOSTILE))
    )

    draft = write(occasion("fix_request", addressee=HOSTILE), report)

    page = read_page(draft.html)
    assert "img" not in page.tags
    for form in (draft.subject, draft.text, "".join(page.words)):
        assert [
            bad for bad in ("\u202e", "http://", "www.", "evil.com", ".example.com", "a@b", "长" * 80) if bad in form
        ] == []
    assert "\n" not in draft.subject
    assert "\r" not in draft.text


@given(st.text(max_size=200), st.sampled_from(["title", "unit", "category"]))
def test_letter_keeps_its_shape_whatever_a_stranger_writes(text: str, where: str) -> None:
    report = replace(COMPLETE, **{where: text})  # type: ignore[arg-type]  # rows of a table

    draft = write(occasion("receipt"), report)

    labels = [line.partition("：")[0] for line in draft.text.splitlines()]
    assert labels.count("回执码") == 1
    assert labels.count("登记编号") == 1
    assert draft.text.splitlines()[2].endswith("本回执不代表入选。")


@pytest.mark.parametrize("code", FINDING_CODES)
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_finding_of_every_code_is_told_in_one_whole_sentence(code: str, language: str) -> None:
    values = {
        **ANYTHING_ELSE,
        "low": 3,
        "high": 3,
        "missing": 2,
        "unplaced": 3,
        "limit": 3000,
        "section": "成效与反响",
        "heading": "三、成效",
        "headings": ("一、背景",),
        "sections": ("成效与反响",),
        "choices": CATEGORIES,
        "accepted": ("docx", "pdf"),
        "format": "wps",
        "taken_for": "社区治理",
        "first": "××社区",
        "listed": 12,
        "received": 11,
        "titles": ("甲案例",),
        "what": "主旨清晰",
        "number": "HL22-0003",
        "title": "某案例",
        "similarity_percent": 96,
        "why": "请补一张活动全景照片。",
        "said": "我数了是2980字",
        "old": ("3.jpg",),
        "new": ("6.jpg",),
        "pictures": ("1.jpg", "2.jpg"),
        "version": "案例.docx",
        "newer": "案例新版.docx",
        "newer_at": "2022-12-19T08:00:00+00:00",
        "files": ("1.jpg", "2.jpg"),
        "suggestion": None,
        "provider": "qq_mail",
        "size_bytes": 90_390_528,
        "expires_at": "2023-01-18T02:12:00+00:00",
        "width": 1280,
        "height": 720,
        "found_wan": 92,
        "min_wan": 500,
        "megapixels": 5,
        "want_width": 1920,
        "want_height": 1080,
        "colour": ("CMYK",),
        "colours": ("RGB", "grey"),
        "lacking": ("description", "number"),
        "year": 2022,
        "month": 12,
        "day": 1,
        "files_at": "2022-12-21T02:12:00+00:00",
        "received_at": "2022-12-20T16:03:00+00:00",
        "closes_at": "2022-12-20T16:00:00+00:00",
    }

    told = describe_finding(Finding("rule", "attest", code, "fix", values=values), load_language(language), HULI)

    assert told.endswith(("。", "."))
    assert not set("{}") & set(told)
    assert "None" not in told


def test_finding_like_another_case_is_told_in_full_to_organizers_only() -> None:
    inside = describe_finding(LIKE_ANOTHER, CHINESE, HULI, audience="organizers")
    outside = describe_finding(LIKE_ANOTHER, CHINESE, HULI, audience="submitter")

    assert inside == "与HL22-0003《别人的案例》相似度96%，需进一步核对。"
    assert outside == "材料内容需进一步核对，您无需处理。"


def test_finding_without_category_shows_its_suggestion_to_organizers_only() -> None:
    inside = describe_finding(NO_CATEGORY, CHINESE, HULI, audience="organizers")

    assert inside == "材料中没有注明类别，建议：网格治理。"
    assert "建议" not in describe_finding(NO_CATEGORY, CHINESE, HULI, audience="submitter")


def test_doubtful_word_count_is_said_as_about() -> None:
    doubtful = finding(
        "length", "word_count", "too_many_words", "fix", found=3200, low=3104, high=3296, max=3000, over=104
    )

    told = describe_finding(doubtful, CHINESE, HULI)

    assert told == "正文约3200字，超出约104字，请精简到3000字以内，重新发送正文。"


def test_word_count_far_from_about_names_the_range_that_is_fine() -> None:
    far = finding(
        "length",
        "word_count",
        "far_from_about",
        "fix",
        found=3000,
        low=3000,
        high=3000,
        about=2000,
        tolerance_percent=20,
    )

    assert "1600至2400字" in describe_finding(far, CHINESE, HULI)


@pytest.mark.parametrize("kind", ["receipt", "fix_request", "late", "same_again", "decision"])
def test_letter_about_a_case_without_a_case_is_a_bug_and_raised(kind: str) -> None:
    with pytest.raises(ValueError, match="needs a case"):
        write(occasion(kind))  # type: ignore[arg-type]  # a row of kinds


def test_rule_without_a_phrase_is_asked_in_our_own_words() -> None:
    letterhead = replace(HULI, rules=tuple(replace(rule, quote="") for rule in HULI.rules))

    draft = write(occasion("fix_request"), replace(INCOMPLETE, findings=(THREE_PHOTOS,)), letterhead=letterhead)

    assert "征集启事要求：图片不少于5张" in draft.text


def test_end_given_to_one_letter_stands_before_the_campaigns_close() -> None:
    given_longer = occasion("fix_request", reply_by_at=occasion("receipt").now_at.replace(day=23, hour=17, minute=30))

    assert "于2022年12月23日（星期五）17时30分前直接回复" in write(given_longer, INCOMPLETE).text


def test_findings_for_organizers_never_stand_in_a_letter() -> None:
    draft = write(occasion("fix_request"), replace(INCOMPLETE, findings=(THREE_PHOTOS, FOR_JUDGES)))

    assert "人工评判" not in draft.text
    assert "主旨清晰" not in draft.html


@pytest.mark.parametrize("verdict", ["accepted", "needs_fix", "needs_human"])
def test_case_without_title_leaves_no_gap(verdict: Verdict) -> None:
    for name in ("zh-CN", "zh-TW", "en"):
        situation = occasion("decision")

        draft = compose(
            situation, HULI, (replace(INCOMPLETE, title="", verdict=verdict),), language=load_language(name)
        )

        assert "《》" not in draft.subject + draft.text
        assert "  " not in draft.text.replace("\n   ", "\n")


def test_long_list_of_files_is_cut_and_counted() -> None:
    files = tuple(document(f"附件{number}.docx") for number in range(30))

    draft = write(occasion("receipt"), replace(COMPLETE, files=files))

    listed = draft.text.partition("（文件校验码")[0]
    assert listed.count(".docx（案例正文，30KB）") == 12
    assert "等共30项" in listed
