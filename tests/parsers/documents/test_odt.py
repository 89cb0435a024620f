"""What is printed of an OpenDocument text comes out once, in order, with its structure."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

import pytest

from parsers.documents.odt import read_odt
from parsers.errors import LimitError, ParserError
from parsers.facts import Block, DocumentFacts, Heading, Problem, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file
from tests.parsers.documents.odt_files import NAMESPACES, document_xml, write_odt

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
BOLD = (
    '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"'
    ' style:font-weight-asian="bold"/></style:style>'
)


def read(tmp_path: Path, body: str, *, automatic: str = "", styles: str = "", **parts: bytes) -> Reading:
    job = tmp_path / "job"
    job.mkdir(exist_ok=True)
    path = write_odt(tmp_path / "案例.odt", body, automatic=automatic, styles=styles, **parts)
    return read_odt(path, job, DEFAULT_LIMITS)


def facts_of(reading: Reading) -> DocumentFacts:
    assert reading.document is not None
    return reading.document


def texts(tmp_path: Path, body: str, *, automatic: str = "") -> list[str]:
    return [block.text for block in facts_of(read(tmp_path, body, automatic=automatic)).blocks]


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("<text:p>甲<text:span>乙</text:span>丙</text:p>", ["甲乙丙"]),
        ("<text:p>\n   甲   <text:span> 乙</text:span>\n</text:p>", ["甲 乙 "]),
        ("<text:p>甲<text:s text:c='3'/>乙<text:tab/>丙<text:line-break/>丁</text:p>", ["甲   乙\t丙\n丁"]),
        ("<text:p>so\xadft</text:p>", ["soft"]),
        ("<text:p/><text:p>甲</text:p>", ["甲"]),
        ("<text:section text:name='a'><text:p>甲</text:p></text:section>", ["甲"]),
        ("<text:section text:display='none'><text:p>甲</text:p></text:section><text:p>乙</text:p>", ["乙"]),
        ("<text:p>甲<text:hidden-text text:is-hidden='true'>乙</text:hidden-text></text:p>", ["甲"]),
        ("<text:p>共<text:page-count>3</text:page-count>页</text:p>", ["共3页"]),
        ("<text:p><text:ruby><text:ruby-base>喆</text:ruby-base><text:ruby-text>zhe</text:ruby-text></text:ruby></text:p>", ["喆"]),
        ("<text:p>甲<office:annotation><text:p>批注</text:p></office:annotation>乙</text:p>", ["甲乙"]),
        (
            ("<text:tracked-changes><text:changed-region><text:deletion><text:p>删去</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes><text:p>甲<text:change/>乙</text:p>"),
            ["甲乙"],
        ),
        (
            ("<text:table-of-content><text:table-of-content-source><text:index-title-template>模板</text:index-title-template>"
            "</text:table-of-content-source><text:index-body><text:p>一、背景<text:tab/>1</text:p></text:index-body>"
            "</text:table-of-content>"),
            ["一、背景\t1"],
        ),
    ],
)  # fmt: skip
def test_text_is_printed_as_the_page_shows_it(body: str, printed: list[str], tmp_path: Path) -> None:
    assert texts(tmp_path, body) == printed


def test_headings_have_level_style_and_automatic_number(tmp_path: Path) -> None:
    outline = (
        '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="一, 二, 三, ..."'
        ' style:num-suffix="、"/><text:outline-level-style text:level="2" style:num-format="1" style:num-prefix="（"'
        ' style:num-suffix="）"/></text:outline-style>'
    )
    heading = (
        '<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph">'
        '<style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-size="16pt"'
        ' style:font-size-asian="18pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>'
    )
    body = (
        '<text:h text:style-name="Heading_20_1" text:outline-level="1">背景与起因</text:h><text:p>正文。</text:p>'
        '<text:h text:style-name="Heading_20_1" text:outline-level="1">做法</text:h>'
        '<text:h text:outline-level="2">第一步</text:h>'
        '<text:h text:outline-level="1" text:is-list-header="true">附</text:h>'
    )

    blocks = facts_of(read(tmp_path, body, styles=outline + heading)).blocks

    assert blocks[0] == Block(
        text="背景与起因", label="一、", style="Heading 1", outline_level=1, bold=True, centred=True, size_pt=18.0
    )
    assert [(block.label, block.outline_level) for block in blocks] == [
        ("一、", 1),
        ("", None),
        ("二、", 1),
        ("（1）", 2),
        ("", 1),
    ]


def test_bold_start_and_style_inheritance_reach_the_block(tmp_path: Path) -> None:
    parent = (
        '<style:style style:name="Base" style:family="paragraph"><style:text-properties style:font-size-asian="10pt"/>'
        '</style:style><style:style style:name="Big" style:display-name="大字" style:family="paragraph"'
        ' style:parent-style-name="Base"><style:text-properties style:font-size-asian="150%"/></style:style>'
    )
    automatic = BOLD + '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Big"/>'
    body = '<text:p text:style-name="P1"><text:span text:style-name="B">做法：</text:span>上门走访</text:p>'

    assert facts_of(read(tmp_path, body, automatic=automatic, styles=parent)).blocks == (
        Block(text="做法：上门走访", style="大字", bold_lead=3, size_pt=15.0),
    )


def test_hidden_text_of_a_style_is_not_printed(tmp_path: Path) -> None:
    hidden = (
        '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )

    body = '<text:p>甲<text:span text:style-name="H">看不见</text:span>乙</text:p>'

    assert texts(tmp_path, body, automatic=hidden) == ["甲乙"]


LISTS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"'
    ' style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" text:display-levels="2"'
    ' style:num-suffix=")"/></text:list-style><text:list-style style:name="D"><text:list-level-style-bullet'
    ' text:level="1" text:bullet-char="\uf0b7"/></text:list-style>'
)


@pytest.mark.parametrize(
    ("body", "labels"),
    [
        (
            ("<text:list text:style-name='L'><text:list-item><text:p>甲</text:p><text:p>续</text:p></text:list-item>"
            "<text:list-item><text:list><text:list-item><text:p>子</text:p></text:list-item></text:list></text:list-item>"
            "<text:list-item><text:p>乙</text:p></text:list-item></text:list>"),
            ["1.", "", "1.a)", "2."],
        ),
        (
            ("<text:list text:style-name='L'><text:list-item><text:p>甲</text:p></text:list-item></text:list><text:p>文</text:p>"
            "<text:list text:style-name='L' text:continue-numbering='true'><text:list-item><text:p>乙</text:p></text:list-item>"
            "</text:list><text:list text:style-name='L'><text:list-item text:start-value='7'><text:p>丙</text:p></text:list-item>"
            "</text:list>"),
            ["1.", "", "2.", "7."],
        ),
        (
            ("<text:list xml:id='x' text:style-name='L'><text:list-item><text:p>甲</text:p></text:list-item></text:list>"
            "<text:list text:style-name='D'><text:list-item><text:p>点</text:p></text:list-item></text:list>"
            "<text:list text:continue-list='x' text:style-name='L'><text:list-header><text:p>头</text:p></text:list-header>"
            "<text:list-item><text:p>乙</text:p></text:list-item></text:list>"),
            ["1.", "•", "", "2."],
        ),
        ("<text:numbered-paragraph text:style-name='L' text:list-id='q'><text:p>甲</text:p></text:numbered-paragraph>", ["1."]),
    ],
    ids=["nested", "continued and restarted", "continued past another", "numbered paragraph"],
)  # fmt: skip
def test_list_labels_are_kept_apart_from_the_text(body: str, labels: list[str], tmp_path: Path) -> None:
    facts = facts_of(read(tmp_path, body, automatic=LISTS))

    assert [block.label for block in facts.blocks] == labels
    assert facts.counts["main"].words.value == sum(len(block.text) for block in facts.blocks)


def test_a_list_without_style_takes_that_of_its_paragraphs(tmp_path: Path) -> None:
    style = '<style:style style:name="P" style:family="paragraph" style:list-style-name="L"/>'
    body = "<text:list><text:list-item><text:p text:style-name='P'>甲</text:p></text:list-item></text:list>"

    assert [block.label for block in facts_of(read(tmp_path, body, automatic=LISTS + style)).blocks] == ["1."]


def test_table_cells_know_their_place_past_spans(tmp_path: Path) -> None:
    body = (
        "<table:table><table:table-columns><table:table-column/></table:table-columns><table:table-header-rows>"
        "<table:table-row><table:table-cell table:number-columns-spanned='2'><text:p>合并</text:p></table:table-cell>"
        "<table:covered-table-cell/><table:table-cell><text:p>丙</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row><table:table-cell table:number-columns-repeated='2'/>"
        "<table:table-cell><text:p>己</text:p><text:p>庚</text:p></table:table-cell></table:table-row></table:table>"
    )

    assert facts_of(read(tmp_path, body)).blocks == (
        Block(text="合并", table=0, row=0, column=0),
        Block(text="丙", table=0, row=0, column=2),
        Block(text="己", table=0, row=1, column=2),
        Block(text="庚", table=0, row=1, column=2),
    )


def test_boxes_and_notes_are_parts_of_their_own(tmp_path: Path) -> None:
    note = "<text:note text:note-class='{}'><text:note-citation>1</text:note-citation><text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    body = (
        f"<text:p>甲{note.format('endnote', '尾注')}乙{note.format('footnote', '脚注')}"
        "<draw:frame><draw:text-box><text:p>框里</text:p></draw:text-box></draw:frame></text:p>"
        "<text:p><draw:g><draw:custom-shape><text:p>图形里</text:p></draw:custom-shape></draw:g></text:p><text:p>丙</text:p>"
    )

    facts = facts_of(read(tmp_path, body))

    assert [(block.part, block.text) for block in facts.blocks] == [
        ("main", "甲乙"),
        ("text_box", "框里"),
        ("text_box", "图形里"),
        ("main", "丙"),
        ("footnote", "脚注"),
        ("endnote", "尾注"),
    ]
    # An endnote's mark is a word without characters, as in Word.
    assert (facts.counts["main"].words.value, facts.counts["main"].characters.value) == (4, 3)


def test_pictures_become_members_once_with_size_and_repeats(tmp_path: Path) -> None:
    frame = (
        "<draw:frame svg:width='{}' svg:height='2.54cm'><draw:image xlink:href='Pictures/a.png'/>"
        "<draw:image xlink:href='Pictures/b.png'/></draw:frame>"
    )
    body = (
        f"<text:p>{frame.format('5.08cm')}{frame.format('1in')}"
        "<draw:frame><draw:image xlink:href='https://example.test/x.png'/></draw:frame>"
        "<draw:frame><draw:object/><draw:image xlink:href='Pictures/b.png'/></draw:frame></text:p>"
    )

    reading = read(tmp_path, body, Pictures__a_png=PNG, Pictures__b_png=PNG)

    assert facts_of(reading).pictures == 2
    assert [(m.locator, m.name, m.shown_px, m.repeats, m.size_bytes) for m in reading.members] == [
        ("pictures/a.png", "a.png", (192, 96), 2, len(PNG))
    ]
    assert (tmp_path / "job" / reading.members[0].stored_as).read_bytes() == PNG


def test_a_flat_document_is_read_like_a_package(tmp_path: Path) -> None:
    picture = base64.b64encode(PNG).decode()
    path = tmp_path / "案例.fodt"
    body = f"<text:p>甲<draw:frame><draw:image><office:binary-data>{picture}</office:binary-data></draw:image></draw:frame></text:p>"
    path.write_text(
        f'<?xml version="1.0"?><office:document {NAMESPACES} office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document>",
        encoding="utf-8",
    )

    reading = read_file(path, tmp_path, DEFAULT_LIMITS)

    assert (reading.reader, reading.format, reading.problem) == ("odt/1", "odt", None)
    assert [block.text for block in facts_of(reading).blocks] == ["甲"]
    assert [(m.size_bytes, m.repeats) for m in reading.members] == [(len(PNG), 1)]


def test_comments_changes_and_macros_are_told(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:changed-region/><text:changed-region/></text:tracked-changes>"
        "<text:p>甲<office:annotation><text:p>批注</text:p></office:annotation></text:p>"
    )

    facts = facts_of(read(tmp_path, body, Basic__Standard__Module1_xml=b"<x/>"))

    assert (facts.comments, facts.tracked_changes, facts.macros) == (1, 2, True)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<text:p/>", Problem(code="empty")),
        ("<text:p><draw:frame><draw:object/></draw:frame></text:p>", Problem(code="no_text")),
        ("<text:p>字</text:p>", None),
    ],
)
def test_a_document_without_text_says_so(body: str, problem: Problem | None, tmp_path: Path) -> None:
    assert read(tmp_path, body).problem == problem


def test_a_locked_document_is_named_and_not_guessed_at(tmp_path: Path) -> None:
    manifest = (
        b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="content.xml">'
        b"<m:encryption-data/></m:file-entry></m:manifest>"
    )
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", b"\x8a\x01noise")

    reading = read_file(path, tmp_path, DEFAULT_LIMITS)

    assert reading.problem == Problem(code="encrypted", detail="encryption data in the manifest")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<broken", "damaged"),
        (document_xml("<text:p>x</text:p>", kind="drawing").encode(), "unsupported_format"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "unsupported_format"),
    ],
    ids=["no XML", "a drawing", "an external entity"],
)
def test_what_is_no_text_document_is_named(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("content.xml", content)

    with pytest.raises(ParserError) as raised:
        read_odt(path, tmp_path, DEFAULT_LIMITS)

    assert raised.value.code == code


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        ("<text:p>四个字呢</text:p>", Limits(text_characters=3)),
        ("<text:p><text:s text:c='999999'/></text:p>" * 3, Limits(text_characters=2_000)),
        ("<text:section>" * 240 + "<text:p>字</text:p>" + "</text:section>" * 240, None),
        ("<text:section>" * 300 + "<text:p>字</text:p>" + "</text:section>" * 300, DEFAULT_LIMITS),
        ("甲" * 1_500_000, DEFAULT_LIMITS),
    ],
    ids=["text", "spaces", "deep but possible", "too deep", "packed too densely"],
)
def test_a_document_beyond_its_limits_is_refused(body: str, limits: Limits | None, tmp_path: Path) -> None:
    path = write_odt(tmp_path / "a.odt", body)

    if limits is None:
        assert [block.text for block in facts_of(read_odt(path, tmp_path, DEFAULT_LIMITS)).blocks] == ["字"]
        return
    with pytest.raises(LimitError):
        read_odt(path, tmp_path, limits)


def test_sections_of_a_case_are_found(tmp_path: Path) -> None:
    text = "金安社区组织居民议事，形成共识后分步实施，先易后难，重点解决停车难的问题。" * 2
    body = "<text:p>网格里的小喇叭</text:p>" + "".join(
        f'<text:p><text:span text:style-name="B">{title}</text:span></text:p><text:p>{text}</text:p>'
        for title in ("背景与起因", "做法与经过")
    )

    headings = facts_of(read(tmp_path, body, automatic=BOLD)).headings

    assert headings == tuple(
        Heading(block=at, text=title, title=title, level=1, signal="bold", words=74)
        for at, title in ((1, "背景与起因"), (3, "做法与经过"))
    )
