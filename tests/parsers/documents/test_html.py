"""A saved page is read as its reader sees it, whatever program saved it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from parsers.documents.office import OfficeProgram
from parsers.errors import LimitError, ParserError
from parsers.facts import Block, DocumentFacts, Problem, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file
from tests.parsers.documents.office_files import SavedCase, save_as

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
DATA = "data:image/png;base64," + base64.b64encode(PNG).decode()


def read(tmp_path: Path, html: str | bytes, name: str = "案例.html") -> Reading:
    path = tmp_path / name
    path.write_bytes(html.encode() if isinstance(html, str) else html)
    job = tmp_path / "job"
    job.mkdir(exist_ok=True)
    return read_file(path, job, DEFAULT_LIMITS)


def facts_of(reading: Reading) -> DocumentFacts:
    assert reading.document is not None, reading.problem
    return reading.document


def blocks(tmp_path: Path, body: str, style: str = "") -> tuple[Block, ...]:
    head = f"<head><style>{style}</style></head>" if style else ""
    return facts_of(read(tmp_path, f"<html>{head}<body>{body}</body></html>")).blocks


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>甲<b>乙</b>丙</p><div>丁<br>戊</div>", ["甲乙丙", "丁", "戊"]),
        ("<p>  金安\n   社区 and\n others </p>", ["金安 社区 and others"]),
        ("<pre>一\n  二</pre>", ["一", "  二"]),
        ("<p>甲</p><script>x()</script><style>p{}</style><template>乙</template><!-- 丙 -->", ["甲"]),
        ("<p style='display:none'>甲</p><p hidden>乙</p><p style='mso-hide:all'>丙</p><p>丁</p>", ["丁"]),
        ("<p>旧<del>删</del><ins>增</ins></p>", ["旧增"]),
        ("<p>&nbsp;</p><p>甲&#8203;</p>", ["甲\u200b"]),
        ("<p>甲<p>乙<div>丙</body>", ["甲", "乙", "丙"]),
    ],
)
def test_text_is_what_the_reader_sees(body: str, shown: list[str], tmp_path: Path) -> None:
    assert [block.text for block in blocks(tmp_path, body)] == shown


def test_headings_and_looks_come_from_tags_classes_and_styles(tmp_path: Path) -> None:
    body = (
        "<h1>一、背景</h1><p class='t'>题目</p><p class=MsoNormal><b>做法：</b>上门</p>"
        "<p align=center><span style='font-weight:700;font-size:16px'>居中</span></p><p class=gone>无</p>"
        "<p><font size=5>大</font></p><p style='font-size:10pt'><span style='font-size:150%'>倍</span></p>"
    )
    style = (
        "<!-- h1{font-size:16.0pt} p.t, div.t {text-align:center; font-weight:bold; font-size:22pt} /* p.t{color:red} */"
        " .MsoNormal{font-size:14pt} .gone{display:none} @media print{ p.t{display:none} } -->"
    )

    assert blocks(tmp_path, body, style) == (
        Block(text="一、背景", style="heading 1", outline_level=1, bold=True, size_pt=16.0),
        Block(text="题目", style="t", bold=True, centred=True, size_pt=22.0),
        Block(text="做法：上门", style="MsoNormal", bold_lead=3, size_pt=14.0),
        Block(text="居中", bold=True, centred=True, size_pt=12.0),
        Block(text="大", size_pt=18.0),
        Block(text="倍", size_pt=15.0),
    )


def test_cells_know_their_place_past_spans_and_nested_tables(tmp_path: Path) -> None:
    body = (
        "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr>"
        "<tr><td>丙<table><tr><td>内</td></tr></table></td><td><p>丁</p><p>戊</p></td></tr><tr><td>己</td></tr></table>后"
    )

    assert [(b.text, b.table, b.row, b.column) for b in blocks(tmp_path, body)] == [
        ("甲", 0, 0, 0),
        ("乙", 0, 0, 1),
        ("丙", 0, 1, 1),
        ("内", 1, 0, 0),
        ("丁", 0, 1, 2),
        ("戊", 0, 1, 2),
        ("己", 0, 2, 0),
        ("后", None, None, None),
    ]


def test_numbers_of_lists_are_labels_not_text(tmp_path: Path) -> None:
    body = (
        "<ol start=3><li>甲</li><li>乙<ul><li>点</li></ul></li></ol><ol type=a><li value=2>丙</li></ol>"
        "<ol style='list-style-type:cjk-ideographic'><li><p>丁</p></li></ol>"
        "<p style='mso-list:l0'><span style='mso-list:Ignore'>（一）<span>&nbsp;&nbsp;</span></span>戊</p>"
    )

    assert [(block.label, block.text) for block in blocks(tmp_path, body)] == [
        ("3.", "甲"),
        ("4.", "乙"),
        ("•", "点"),
        ("b.", "丙"),
        ("一、", "丁"),
        ("（一）", "戊"),
    ]


def test_what_word_keeps_for_itself_is_apart_from_the_text(tmp_path: Path) -> None:
    body = (
        "<p>正文<a style='mso-footnote-id:ftn1'>[1]</a>完</p><div style='mso-element:header'><p>页眉</p></div>"
        "<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1>"
        "<p><a style='mso-footnote-id:ftn1'>[1]</a>脚注</p></div></div>"
        "<div style='mso-element:comment-list'><div style='mso-element:comment'><p>批注</p></div></div>"
    )

    facts = facts_of(read(tmp_path, f"<html><body>{body}</body></html>"))

    assert [(block.part, block.text) for block in facts.blocks] == [("main", "正文完"), ("footnote", "脚注")]
    assert facts.comments == 1


def test_pictures_in_the_page_are_members_and_others_are_never_fetched(tmp_path: Path) -> None:
    body = (
        f"<html><body>文<img width=300 height=200 src='{DATA}'><img src='{DATA}'><img src='http://127.0.0.1:9/x.png'>"
        "<img src='案例.files/image001.jpg'><img src='file:///etc/hostname'></body></html>"
    )

    reading = read(tmp_path, body)

    assert facts_of(reading).pictures == 2
    assert [(m.shown_px, m.repeats, m.size_bytes, m.media_type, m.origin) for m in reading.members] == [
        ((300, 200), 2, len(PNG), "image/png", "embedded")
    ]
    assert (tmp_path / "job" / reading.members[0].stored_as).read_bytes() == PNG


HTML = "<html><head>{}</head><body><p>金安社区网格治理案例，请审阅。</p></body></html>"


@pytest.mark.parametrize(
    "page",
    [
        HTML.format("<meta charset=utf-8>").encode(),
        HTML.format("<meta charset=gb2312>").replace("治理", "治理镕喆").encode("gb18030"),
        HTML.format("<meta http-equiv=Content-Type content='text/html; charset=big5'>").replace("区网", "區網").encode("big5", "ignore"),
        HTML.format("").encode("gb18030"),
        HTML.format("").encode("utf-8-sig"),
        HTML.format("").encode("utf-16"),
        b"\xfe\xff" + HTML.format("").encode("utf-16-be"),
        HTML.format("").encode("utf-16-le"),
        HTML.format("<meta charset=iso-8859-1>").encode("gb18030"),
    ],
    ids=["utf-8", "gb2312 label", "big5", "unlabelled gbk", "mark", "utf-16", "utf-16-be", "utf-16 unmarked", "wrong label"],
)  # fmt: skip
def test_the_charset_is_found_and_the_name_is_not_believed(page: bytes, tmp_path: Path) -> None:
    reading = read(tmp_path, page, name="案例.doc")

    assert (reading.format, reading.reader, reading.problem) == ("html", "html/2", None)
    text = facts_of(reading).blocks[0].text
    assert "\ufffd" not in text
    assert "案例，" in text


def mht(*parts: bytes, head: str = 'Content-Type: multipart/related; boundary="x"; type="text/html"') -> bytes:
    return (
        f"MIME-Version: 1.0\r\n{head}\r\n\r\n".encode()
        + b"".join(b"--x\r\n" + part + b"\r\n" for part in parts)
        + b"--x--"
    )


def page_part(html: str, location: str = "file:///C:/A1B2/案例.htm") -> bytes:
    head = f'Content-Location: {location}\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html; charset="gb2312"\r\n\r\n'
    return head.encode() + base64.encodebytes(html.encode("gb18030"))


def picture_part(header: str) -> bytes:
    return (
        f"{header}\r\nContent-Transfer-Encoding: base64\r\nContent-Type: image/png\r\n\r\n".encode()
        + base64.encodebytes(PNG)
    )


@pytest.mark.parametrize(
    ("source", "header"),
    [
        ("案例.files/image001.png", "Content-Location: file:///C:/A1B2/案例.files/image001.png"),
        ("cid:pic@1", "Content-ID: <pic@1>"),
        ("http://example.test/a.png?x=1", "Content-Location: http://example.test/a.png?x=1"),
        ("image001.png", "Content-Location: image001.png"),
    ],
    ids=["word", "content id", "browser", "relative"],
)
def test_a_web_archive_brings_its_pictures(source: str, header: str, tmp_path: Path) -> None:
    archive = mht(page_part(f"<p>镕基广场</p><img src='{source}'><img src='other.png'>"), picture_part(header))

    reading = read(tmp_path, archive, name="案例.doc")

    assert (reading.format, reading.reader, reading.problem) == ("html", "mht/2", None)
    assert [block.text for block in facts_of(reading).blocks] == ["镕基广场"]
    assert (facts_of(reading).pictures, [m.size_bytes for m in reading.members]) == (1, [len(PNG)])


def test_a_web_archive_without_a_page_is_damaged(tmp_path: Path) -> None:
    assert read(tmp_path, mht(picture_part("Content-ID: <a>"))).problem == Problem(
        code="damaged", detail="no page in the web archive"
    )


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("<html><body><p> &nbsp; </p></body></html>", "empty"),
        (b"<html><body>" + b"\xff\x80" * 40, "garbled_text"),
        (f"<html><body><img src='{DATA}'></body></html>", None),
    ],
)
def test_a_page_without_readable_text_is_named(page: str | bytes, problem: str | None, tmp_path: Path) -> None:
    reading = read(tmp_path, page)

    assert (reading.problem.code if reading.problem else None) == problem


@pytest.mark.parametrize(
    "page",
    ["<html><body>" + "<div>" * 30_000, "<html><body>" + "甲" * 2_000_001, "<html><table>" + "<td rowspan=65000 colspan=9999999>" * 400],
    ids=["deep", "long", "spans"],
)  # fmt: skip
def test_hostile_markup_ends_in_a_value_or_a_named_limit(page: str, tmp_path: Path) -> None:
    reading = read(tmp_path, page)

    assert reading.problem is None or reading.problem.code in {"over_limit", "empty"}


def test_a_page_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    from parsers.documents.html import read_html_file

    path = tmp_path / "a.html"
    path.write_text("<html>甲乙丙", encoding="utf-8")

    with pytest.raises(LimitError):
        read_html_file(path, tmp_path, Limits(file_bytes=5))


def test_a_picture_that_is_no_base64_is_counted_and_left(tmp_path: Path) -> None:
    reading = read(tmp_path, "<html><body>文<img src='data:image/png;base64,====a'></body></html>")

    assert (facts_of(reading).pictures, reading.members) == (1, ())


@pytest.mark.xdist_group("odt_office")
def test_a_case_saved_as_a_page_says_what_the_docx_says(
    saved_case: SavedCase, office: OfficeProgram, tmp_path: Path
) -> None:
    page = save_as(saved_case.docx, "html:HTML:EmbedImages", office, tmp_path / "html")
    (tmp_path / "docx").mkdir()

    docx = facts_of(read_file(saved_case.docx, tmp_path / "docx", DEFAULT_LIMITS))
    ours = facts_of(read(tmp_path, page.read_bytes()))

    # The page prints its header with the text, which no mark tells apart.
    assert [block.text for block in ours.blocks if block.text != "页眉不计"] == [
        block.text.rstrip() for block in docx.blocks
    ]
    assert [(h.title, h.words) for h in ours.headings] == [(h.title, h.words) for h in docx.headings]
    assert ours.pictures == docx.pictures


def test_parser_errors_are_named() -> None:
    from parsers.documents.mht import open_web_archive

    with pytest.raises(ParserError) as raised:
        open_web_archive(b"MIME-Version: 1.0\r\n\r\nx")

    assert raised.value.code == "damaged"


def test_sizes_that_grow_inside_one_another_stay_numbers(tmp_path: Path) -> None:
    depth = 90  # 9999 times so often is more than any number holds
    body = "<p>前</p>" + "<div style='font-size:9999em'>" * depth + "<p>大</p>" + "</div>" * depth

    found = blocks(tmp_path, body)

    assert found == (Block(text="前"), Block(text="大", size_pt=10_000.0))
