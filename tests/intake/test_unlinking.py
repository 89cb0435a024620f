"""Strangers' words that no mail program may turn into a link, alone and in every letter of ours."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.model import Finding
from intake.replies import CaseReport, ReportFile, compose, load_language
from intake.unlinking import unlink
from parsers.facts import SharedFile
from tests.intake.replies.occasions import LANGUAGES, SITUATIONS, Situation
from tests.intake.replies.reports import HULI

HOST = re.compile(r"(?:[A-Za-z0-9\u4e00-\u9fff-]+\.)+([A-Za-z]{2}[A-Za-z0-9-]*|中国|公司|网络)(?![A-Za-z0-9-])")
"""A name that ends like a domain: what web mail and phones go by."""
MARKED = re.compile(r"www\d?\.\w|ftp\.\w|[a-z][a-z0-9+.-]{1,9}:[^\s]|\\\\|//|@|\d+\.\d+\.\d+\.\d+", re.IGNORECASE)
"""What Outlook and Thunderbird go by."""
LOADED = {name: load_language(name) for name in LANGUAGES}
NO_DOMAINS = {"docx", "doc", "pdf", "jpg", "png", "wps", "xlsx", "rar", "txt", "eml"}


def links(text: str) -> list[str]:
    hosts = [match.group() for match in HOST.finditer(text) if match[1].lower() not in NO_DOMAINS]
    return hosts + [match.group() for match in MARKED.finditer(text)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("www.x.com案例.docx", "www．x．com案例.docx"),
        ("案例www.x.docx", "案例www．x.docx"),
        ("案例.zip", "案例．zip"),
        ("汇总表.et", "汇总表．et"),
        ("x.et.docx", "x．et.docx"),
        ("a.docx.com", "a.docx．com"),
        ("现场照片3(1).JPG", "现场照片3(1).JPG"),
        ("1.背景与起因", "1.背景与起因"),
        ("案例.中国", "案例．中国"),
        ("163.中国", "163．中国"),
        ("2022.12.20稿.docx", "2022.12.20稿.docx"),
        ("192.168.1.1", "192．168．1．1"),
        ("xn--fiqs8s.xn--fiqs8s", "xn--fiqs8s．xn--fiqs8s"),
        ("https://a.cn/x?y=z", "https：／／a．cn/x?y=z"),
        ("mailto:a@b.cn", "mailto：a＠b．cn"),
        ("weixin:dl", "weixin：dl"),
        ("\\\\server\\share", "＼＼server\\share"),
        ("Re: 案例 v1.2", "Re: 案例 v1.2"),
    ],
)
def test_words_that_look_like_a_link_are_written_in_full_width_and_all_others_stay(text: str, written: str) -> None:
    assert unlink(text) == written
    assert links(written) == []


def test_links_are_noticed_when_there_are_some() -> None:
    text = "见www.a.docx、b.zip、c.中国、d@e、http:f、1.2.3.4和案例.docx"

    assert links(text) == ["b.zip", "c.中国", "www.a", "@", "http:f", "1.2.3.4"]


PIECES = st.sampled_from(
    [
        *("www", "WWW", "ftp", "evil", "a-b", "x", "1", "192", "金安社区", "案例", "http", "mailto", "xn--fiqs8s"),
        *(
            "com",
            "cn",
            "zip",
            "et",
            "md",
            "top",
            "docx",
            "jpg",
            "中国",
            "公司",
            "\u202e",
            "\u200b",
            "\u0000",
            "\n",
            "《",
        ),
    ]
)
JOINTS = st.sampled_from([".", ".", ".", ":", "://", "//", "@", "\\\\", " ", "", "-", "/", "。", "”", "\u2066", "\t"])
HOSTILE = st.lists(st.tuples(PIECES, JOINTS), min_size=1, max_size=60).map(
    lambda pairs: "".join(piece + joint for piece, joint in pairs)
)


@given(HOSTILE)
def test_no_hostile_name_becomes_a_link(text: str) -> None:
    assert links(unlink(text)) == []


class Words(HTMLParser):
    """The visible words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def written_by(stranger: str, situation: Situation) -> Situation:
    """The situation with every name, title, heading and quotation replaced by a stranger's."""

    def file(one: ReportFile) -> ReportFile:
        return replace(one, name=stranger, same_as=stranger if one.same_as else None)

    def finding(one: Finding) -> Finding:
        values = {
            name: stranger if name in {"found", "first", "why", "heading"} and isinstance(value, str) else value
            for name, value in one.values.items()
        }
        values |= {name: (stranger,) * 2 for name in ("headings", "titles") if name in one.values}
        return replace(one, file=stranger if one.file else None, values=values)

    def report(one: CaseReport) -> CaseReport:
        return replace(
            one,
            title=stranger,
            unit=stranger,
            category=stranger,
            findings=tuple(map(finding, one.findings)),
            files=tuple(map(file, one.files)),
            unchanged=(stranger,),
        )

    occasion = replace(
        situation.occasion,
        addressee=stranger,
        files=tuple(map(file, situation.occasion.files)),
        unassigned=(ReportFile(stranger, "photo", "image", 1, "0" * 64),),
        attached=(stranger,),
        linked=(SharedFile(provider="qq_mail", url="https://mail.qq.com/x", name=stranger),),
    )
    return replace(situation, occasion=occasion, reports=tuple(map(report, situation.reports)))


@settings(max_examples=40, deadline=None)
@given(stranger=HOSTILE, name=st.sampled_from(sorted(SITUATIONS)))
def test_no_letter_of_ours_carries_a_strangers_link_control_character_or_long_text(stranger: str, name: str) -> None:
    situation = written_by(stranger, SITUATIONS[name])

    draft = compose(situation.occasion, situation.letterhead, situation.reports, language=LOADED[situation.language])

    page = Words()
    page.feed(draft.html)
    for text in (draft.subject, draft.text, "\n".join(page.said)):
        own = text.replace(HULI.sender_address, "")
        assert links(own) == []
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", own)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_letter_of_ours_quotes_more_than_eighty_characters_of_a_name(language: str) -> None:
    for name in sorted(SITUATIONS):
        situation = written_by("甲" * 200, SITUATIONS[name])
        findings = {finding.code for report in situation.reports for finding in report.findings}

        draft = compose(situation.occasion, situation.letterhead, situation.reports, language=LOADED[language])

        # An organizer's own words are no stranger's.
        if "returned" not in findings:
            assert max(map(len, re.findall("甲+", draft.text + draft.subject)), default=0) <= 80
