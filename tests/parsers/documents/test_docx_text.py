"""A Word document is read as it is printed: nothing twice, nothing that was deleted, nothing left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.facts import Block, Measure
from tests.parsers.documents.docx_files import facts, only_block, paragraph, read, run, table, texts, write_docx

BOX = "<w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent>"


def field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("inline", "printed"),
    [
        ("<w:hyperlink>{}</w:hyperlink>", "居民议事"),
        ("<w:smartTag>{}</w:smartTag>", "居民议事"),
        ("<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", "居民议事"),
        ("<w:ins>{}</w:ins>", "居民议事"),
        ("<w:moveTo>{}</w:moveTo>", "居民议事"),
        ('<w:fldSimple w:instr="AUTHOR">{}</w:fldSimple>', "居民议事"),
        ("<w:customXml><w:dir>{}</w:dir></w:customXml>", "居民议事"),
        ("<w:del>{}</w:del>", ""),
        ("<w:moveFrom>{}</w:moveFrom>", ""),
        ("<m:oMath><m:r><m:t>x</m:t></m:r>{}</m:oMath>", ""),
    ],
)
def test_wrapped_runs_are_printed_unless_deleted_or_formulas(tmp_path: Path, inline: str, printed: str) -> None:
    document = facts(tmp_path, paragraph(run("甲"), inline.format(run("居民议事")), run("乙")))

    assert texts(document) == [f"甲{printed}乙"]


@pytest.mark.parametrize(
    ("child", "printed"),
    [
        ("<w:tab/>", "\t"),
        ("<w:br/>", "\n"),
        ("<w:cr/>", "\n"),
        ("<w:noBreakHyphen/>", "-"),
        ("<w:softHyphen/>", ""),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/>', "☑"),
        ('<w:sym w:font="Symbol" w:char="00B0"/>', "°"),
        ('<w:sym w:font="Symbol" w:char="nonsense"/>', ""),
        ("<w:delText>删</w:delText>", ""),
        ("<w:t> 案例 </w:t>", "案例"),
        (
            "<w:ruby><w:rt><w:r><w:t>zhě</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>者</w:t></w:r></w:rubyBase></w:ruby>",
            "者",
        ),
    ],
)
def test_signs_inside_a_run_are_printed_as_word_does(tmp_path: Path, child: str, printed: str) -> None:
    document = facts(tmp_path, paragraph(run("甲"), f"<w:r>{child}</w:r>", run("乙")))

    assert texts(document) == [f"甲{printed}乙"]


def test_field_shows_its_result_and_hides_its_code(tmp_path: Path) -> None:
    nested = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
        + field("MERGEFIELD", "内层")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("外层")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )

    document = facts(tmp_path, paragraph(field("PAGE", "5")), paragraph(nested, run("后")))

    assert texts(document) == ["5", "外层后"]


def test_field_that_never_ends_loses_no_text(tmp_path: Path) -> None:
    opened = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'

    document = facts(tmp_path, paragraph(opened, run("正文一")), paragraph("正文二"))

    assert texts(document) == ["正文一", "正文二"]


def test_hidden_text_is_not_printed_whatever_hides_it(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:name w:val="H"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="P"><w:name w:val="P"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )

    document = facts(
        tmp_path,
        paragraph(run("甲"), run("直接", "<w:vanish/>"), run("样式", '<w:rStyle w:val="H"/>'), run("乙")),
        paragraph(run("段落"), run("露出", '<w:vanish w:val="0"/>'), properties='<w:pStyle w:val="P"/>'),
        parts={"styles": styles},
    )

    assert texts(document) == ["甲乙", "露出"]


@pytest.mark.parametrize(
    "shape",
    [
        f"<w:drawing><wp:anchor><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></wp:anchor></w:drawing>",
        f"<w:pict><v:group><v:shape><v:textbox>{BOX}</v:textbox></v:shape></v:group></w:pict>",
        (
            f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:txbx>{BOX}</wps:txbx></wp:anchor>'
            f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent>"
        ),
    ],
    ids=["drawing", "vml", "alternate"],
)
def test_text_box_is_read_once_after_its_paragraph_and_counted_apart(tmp_path: Path, shape: str) -> None:
    document = facts(tmp_path, paragraph(run("前"), f"<w:r>{shape}</w:r>"), paragraph("后"))

    assert [(block.part, block.text) for block in document.blocks] == [
        ("main", "前"),
        ("text_box", "框内文字"),
        ("main", "后"),
    ]
    assert {part: counts.words.value for part, counts in document.counts.items()} == {"main": 2, "text_box": 4}


def test_unknown_alternate_content_shows_its_fallback(tmp_path: Path) -> None:
    alternate = (
        '<mc:AlternateContent xmlns:z="urn:nobody"><mc:Choice Requires="z"><w:r><w:t>新</w:t></w:r></mc:Choice>'
        "<mc:Fallback><w:r><w:t>旧</w:t></w:r></mc:Fallback></mc:AlternateContent>"
    )

    assert texts(facts(tmp_path, paragraph(alternate))) == ["旧"]


def test_table_cells_come_row_by_row_with_merged_cells_once(tmp_path: Path) -> None:
    wide = "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + paragraph("跨列")
    top = "<w:tcPr><w:vMerge w:val='restart'/></w:tcPr>" + paragraph("跨行")
    below = "<w:tcPr><w:vMerge/></w:tcPr>" + paragraph("看不见")

    document = facts(tmp_path, table((wide, "右上"), (top, "中", "右"), (below, "左下")))

    assert [(block.text, block.row, block.column) for block in document.blocks] == [
        ("跨列", 0, 0),
        ("右上", 0, 2),
        ("跨行", 1, 0),
        ("中", 1, 1),
        ("右", 1, 2),
        ("左下", 2, 1),
    ]


def test_nested_table_is_a_table_of_its_own_in_reading_order(tmp_path: Path) -> None:
    document = facts(tmp_path, table((paragraph("外一") + table(("内",)) + paragraph("外二"),)), table(("另一个",)))

    assert [(block.text, block.table) for block in document.blocks] == [
        ("外一", 0),
        ("内", 1),
        ("外二", 0),
        ("另一个", 2),
    ]


def test_deleted_row_and_cell_are_not_printed_and_controlled_ones_are(tmp_path: Path) -> None:
    rows = (
        "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删行</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:sdt><w:sdtContent><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p><w:r><w:t>删格</w:t></w:r></w:p></w:tc>"
        "<w:sdt><w:sdtContent><w:tc><w:p><w:r><w:t>留下</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt></w:tr>"
        "</w:sdtContent></w:sdt>"
    )

    assert texts(facts(tmp_path, f"<w:tbl>{rows}</w:tbl>")) == ["留下"]


def test_paragraph_whose_mark_is_deleted_runs_into_the_next(tmp_path: Path) -> None:
    deleted_mark = "<w:rPr><w:del/></w:rPr>"

    document = facts(
        tmp_path,
        paragraph("上半句", properties=deleted_mark),
        paragraph("下半句"),
        paragraph("最后一段", properties=deleted_mark),
    )

    assert texts(document) == ["上半句下半句", "最后一段"]


def test_notes_follow_the_text_in_order_of_reference_and_unused_ones_are_left_out(tmp_path: Path) -> None:
    def note(kind: str, identifier: int, text: str) -> str:
        return f'<w:{kind} w:id="{identifier}">{paragraph(text)}</w:{kind}>'

    document = facts(
        tmp_path,
        paragraph(run("正文"), '<w:r><w:endnoteReference w:id="3"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'),
        paragraph(run("再"), '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:footnoteReference w:id="9"/></w:r>'),
        parts={
            "footnotes": note("footnote", -1, "分隔") + note("footnote", 1, "脚注一") + note("footnote", 2, "脚注二"),
            "endnotes": note("endnote", 3, "尾注"),
        },
    )

    assert [(block.part, block.text) for block in document.blocks] == [
        ("main", "正文"),
        ("main", "再"),
        ("footnote", "脚注二"),
        ("footnote", "脚注一"),
        ("endnote", "尾注"),
    ]
    # The endnote's mark is a word of the main text without being a character of it.
    assert document.counts["main"].words == Measure.exact(4)
    assert document.counts["main"].characters == Measure.exact(3)


def test_comments_and_changes_are_counted_and_headers_left_out(tmp_path: Path) -> None:
    document = facts(
        tmp_path,
        paragraph("<w:ins><w:r><w:t>增</w:t></w:r></w:ins>", "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>"),
        parts={
            "comments": '<w:comment w:id="0"/><w:comment w:id="1"><w:p><w:r><w:t>批注</w:t></w:r></w:p></w:comment>',
            "hdr": paragraph("页眉"),
        },
    )

    assert (texts(document), document.comments, document.tracked_changes) == (["增"], 2, 2)


def test_block_tells_how_the_paragraph_looks_after_inheritance(tmp_path: Path) -> None:
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
        '<w:pPr><w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr>'
        '<w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="自定"/><w:basedOn w:val="1"/></w:style>'
    )

    document = facts(
        tmp_path,
        paragraph(run("一级标题"), properties='<w:pStyle w:val="2"/>'),
        paragraph(run("半粗", "<w:b/>"), run("正文", '<w:sz w:val="24.5"/>')),
        paragraph("正文", properties='<w:outlineLvl w:val="1"/>'),
        paragraph("正文", properties='<w:pStyle w:val="2"/><w:outlineLvl w:val="9"/><w:jc w:val="left"/>'),
        parts={"styles": styles},
    )

    assert document.blocks == (
        Block(text="一级标题", style="自定", outline_level=1, bold=True, centred=True, size_pt=22),
        Block(text="半粗正文", style="Normal", bold_lead=2, size_pt=12.25),
        Block(text="正文", style="Normal", outline_level=2, size_pt=10.5),
        Block(text="正文", style="自定", bold=True, size_pt=22),
    )


def test_bold_twice_over_is_not_bold(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="P"><w:name w:val="P"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="C"><w:name w:val="C"/><w:rPr><w:b/></w:rPr></w:style>'
    )

    document = facts(
        tmp_path,
        paragraph(run("字", '<w:rStyle w:val="C"/>'), properties='<w:pStyle w:val="P"/>'),
        parts={"styles": styles},
    )

    assert only_block(document).bold is False


def test_style_based_on_itself_is_read(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="标题 2"/><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>'
    )

    document = facts(tmp_path, paragraph("字", properties='<w:pStyle w:val="A"/>'), parts={"styles": styles})

    assert (only_block(document).style, only_block(document).outline_level) == ("标题 2", 2)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (paragraph(""), "empty"),
        ("", "empty"),
        (paragraph("<w:r><w:drawing><wp:inline><a:graphic/></wp:inline></w:drawing></w:r>"), "no_text"),
        (paragraph("正文") + '<w:altChunk r:id="x"/>', "unsupported_format"),
        (paragraph("正文"), None),
    ],
)
def test_document_that_does_not_say_what_it_shows_is_named(tmp_path: Path, body: str, problem: str | None) -> None:
    reading = read(write_docx(tmp_path / "a.docx", body))

    assert reading.document is not None
    assert (reading.problem.code if reading.problem else None) == problem
