"""HTML bodies as their reader sees them."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.letter.history import Told, tell_apart
from parsers.letter.pasted import PastedPicture, picture_bytes, without_pictures
from parsers.letter.shown_html import Picture, read_html
from tests.letter_reading import headed, read_raw


def lines(html: str) -> list[str]:
    return [line.text for line in read_html(html).lines]


def told(html: str) -> Told:
    return tell_apart(read_html(html).lines)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<div>一</div><div><br></div><div>二</div>", ["一", "", "二"]),
        ("一<br>二<br><br>三", ["一", "二", "", "三"]),
        ("<p>一</p>\n\n   <p>二 &amp; 三</p>", ["一", "二 & 三"]),
        ("<div><div><div>一</div></div></div>", ["一"]),
        ("<p class=MsoNormal>&nbsp;</p><p>一&nbsp;&nbsp;二</p>", ["", "一  二"]),
        ("<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", ["甲\t乙", "丙"]),
        ("<head><title>题</title><style>p{}</style></head><body>一<script>x()</script></body>", ["一"]),
        ("<div style='DISPLAY: none'>预览</div><div>一</div>", ["一"]),
        ("<!-- 注 -->一<!--[if mso]>二<![endif]-->三", ["一三"]),
        ("<b>粗</b>体<span>字</span>", ["粗体字"]),
        ("没有标记的文字", ["没有标记的文字"]),
        ("<div>未关闭<p>下一段", ["未关闭", "下一段"]),
        ("", []),
        ("<", ["<"]),
        ('<?xml version="1.0" encoding="gb2312"?><html><body>一</body></html>', ["一"]),
    ],
)
def test_html_gives_the_lines_a_reader_sees(html: str, shown: list[str]) -> None:
    assert lines(html) == shown


@pytest.mark.parametrize(
    "history",
    [
        '<blockquote type="cite"><div>请补充</div></blockquote>',
        '<blockquote id="isReplyContent" style="x"><div>请补充</div></blockquote>',
        '<div class="gmail_quote"><div class="gmail_attr">On x wrote:</div><blockquote>请补充</blockquote></div>',
        '<div class="ntes-mailmaster-quote" style="x"><div>---- 回复的原邮件 ----</div><div>请补充</div></div>',
        "<div>------------------&nbsp;原始邮件&nbsp;------------------</div><div>请补充</div>",
        (
            "<blockquote><div>&nbsp;</div><div><b>发件人：</b>&nbsp;a</div><div><b>发送时间：</b>&nbsp;2022</div>"
            "<div><b>收件人：</b>b</div><div><b>主题：</b>c</div><div>请补充</div></blockquote>"
        ),
        "<hr><p><b>发件人:</b> a<br><b>发送时间:</b> 2022<br><b>收件人:</b> b<br><b>主题:</b> c</p><p>请补充</p>",
    ],
)
def test_history_in_html_is_quoted_and_new_text_kept(history: str) -> None:
    found = told(f"<div>已补充，请查收。</div>{history}")

    assert found.text == "已补充，请查收。"
    assert "请补充" in found.quoted


def test_text_after_a_foxmail_block_stays_new() -> None:
    block = (
        "<blockquote><div>发件人： a</div><div>发送时间： x</div><div>收件人： b</div><div>请补充</div></blockquote>"
    )

    found = told(f"<div>上</div>{block}<div>下</div>")

    assert found.text == "上\n下"


def test_blockquote_used_to_indent_stays_new_text() -> None:
    assert told("<div>做法：</div><blockquote>一、议事</blockquote>").text == "做法：\n一、议事"


def test_signature_element_is_signature() -> None:
    found = told('<div>请查收。</div><div class="gmail_signature" dir="ltr">林先生<br>金安社区</div>')

    assert found == Told(text="请查收。", quoted="", signature="林先生\n金安社区")


def test_links_are_http_targets_in_order() -> None:
    html = '<a href="https://pan.baidu.com/s/1?a=1&amp;b=2">网盘</a><a href="mailto:a@b.cn">m</a><a href=" HTTP://x.cn ">x</a>'

    assert read_html(html).links == ["https://pan.baidu.com/s/1?a=1&b=2", "HTTP://x.cn"]


@pytest.mark.parametrize(
    ("image", "key", "shown"),
    [
        ('<img src="cid:a@b" width="640" height="480">', "a@b", Picture((640, 480), 1)),
        ('<img src="CID:a%40b" style="width: 64.5px; height:48px">', "a@b", Picture((64, 48), 1)),
        ('<img src="cid:a@b" style="width:6.6666in;height:5in">', "a@b", Picture((640, 480), 1)),
        ('<img src="cid:a@b" style="width:90pt;height:67.5pt">', "a@b", Picture((120, 90), 1)),
        ('<img src="cid:a@b" style="height:1.27cm; WIDTH:25.4mm">', "a@b", Picture((96, 48), 1)),
        ('<img width=640 src="cid:a@b">', "a@b", Picture(None, 1)),
        ('<img src="cid:a@b" width="100%" height="50%">', "a@b", Picture(None, 1)),
        ('<img src="cid:a@b" style="max-width:10px;max-height:9px">', "a@b", Picture(None, 1)),
        ('<img src="cid:a@b"><img src="cid:a@b" width=2 height=3>', "a@b", Picture((2, 3), 2)),
        ('<img src="1.jpg">', "1.jpg", Picture(None, 1)),
    ],
)
def test_picture_is_known_by_id_with_its_shown_size(image: str, key: str, shown: Picture) -> None:
    assert read_html(image).pictures == {key: shown}


def test_remote_and_written_in_pictures_are_none_of_the_letter() -> None:
    html = '<img src="https://t.cn/pixel.gif" width=1 height=1><img src="data:image/png;base64,AAAA"><img>'

    assert read_html(html).pictures == {}


@pytest.mark.parametrize("tag", ["div", "span", "table", "blockquote", "b"])
def test_markup_nested_without_end_gives_up_quietly(tag: str) -> None:
    shown = read_html(f"开头<br>{f'<{tag}>' * 50_000}文字")

    assert shown.lines[0].text == "开头"


def test_links_of_text_and_html_stand_once_each(tmp_path: Path) -> None:
    body = (
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "链接：https://pan.baidu.com/s/1abc提取码：x9y8。再见 (http://b.cn/a). http://b.cn/a\r\n"
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        '<a href="https://pan.baidu.com/s/1abc">x</a> <a href="https://docs.qq.com/d">y</a>\r\n--b--'
    )

    letter = read_raw(headed("Content-Type: multipart/alternative; boundary=b", body), tmp_path).letter

    assert letter.links == ("https://pan.baidu.com/s/1abc", "http://b.cn/a", "https://docs.qq.com/d")


def pasted(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_pictures_pasted_into_the_html_come_out_as_inline_files(encoding: str, tmp_path: Path) -> None:
    first, second = bytes(range(256)) * 9_000, b"\x89PNG" + bytes(50)
    html = f'<p>改造前</p><img width="640" height="480" src="{pasted(first)}"><p>改造后</p><img src=\'{pasted(second)}\'>完'
    body = {
        "base64": base64.encodebytes(html.encode()),
        "quoted-printable": binascii.b2a_qp(html.encode()),
        "8bit": html.encode(),
    }[encoding]

    read = read_raw(
        headed(f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: {encoding}") + body, tmp_path
    )

    assert read.letter.text == "改造前\n改造后\n完"
    assert [content for _, content in read.files] == [first, second]
    assert [(member.locator, member.origin, member.media_type, member.shown_px) for member in read.members] == [
        ("1#1", "inline", "image/png", (640, 480)),
        ("1#2", "inline", "image/png", None),
    ]


def test_pictures_of_a_style_sheet_are_no_files(tmp_path: Path) -> None:
    html = (
        f'<style>p{{background:url({pasted(bytes(99))})}}</style><p style="background:url({pasted(bytes(9))})">正文</p>'
    )

    read = read_raw(headed("Content-Type: text/html; charset=utf-8", html), tmp_path)

    assert (read.letter.text, read.members) == ("正文", ())


@given(
    blocks=st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([b"data:", b"data:image/png", b";base64,"]))),
    cuts=st.lists(st.integers(1, 40), max_size=20),
)
@settings(max_examples=200, deadline=None)
def test_pasted_pictures_are_found_however_the_html_is_cut(blocks: list[bytes], cuts: list[int]) -> None:
    html = b"".join(b'<img src="data:image/gif;base64,' + base64.b64encode(block) + b'">' + block for block in blocks)
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(html[at : at + cut])
        at += cut
    pieces.append(html[at:])
    cut_found: list[PastedPicture] = []
    whole_found: list[PastedPicture] = []

    cut_text = b"".join(without_pictures(pieces, cut_found, key="k"))
    whole_text = b"".join(without_pictures([html], whole_found, key="k"))

    assert (cut_text, cut_found) == (whole_text, whole_found)
    assert [b"".join(picture_bytes(pieces, picture)) for picture in cut_found] == [
        html[picture.start : picture.end] for picture in whole_found
    ]


def test_letter_paper_is_no_file_and_the_picture_on_it_is(tmp_path: Path) -> None:
    image = "--b\r\nContent-Type: image/jpeg\r\nContent-ID: <{}>\r\n\r\n{}\r\n"
    body = (
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        "<body background='cid:paper@x'><div style='background-image: url(cid:grain@x)'>正文<img src='cid:photo@x'></div>\r\n"
        + image.format("paper@x", "1") + image.format("photo@x", "2") + image.format("grain@x", "3") + "--b--\r\n"
    )  # fmt: skip

    read = read_raw(headed("Content-Type: multipart/related; boundary=b", body), tmp_path)

    assert [(member.locator, member.content_id, member.origin) for member in read.members] == [
        ("3", "photo@x", "inline")
    ]


PHOTO_BYTES = b"\xff\xd8\xff" + bytes(99)
SHOWN_BY = {
    "apple mail": ('<img apple-inline="yes" id="A1" src="cid:p@x">', "inline", None),
    "apple mail, resized": ('<img apple-width="yes" width="640" height="480" src="cid:p@x">', "inline", (640, 480)),
    "qq": ('<img src="cid:p@x" modifysize="50%" diffpixels="8px" style="width: 643px; height: 482px;">', "inline", (643, 482)),
    "qq's signature": ('<div class="xm_sign"><img src="cid:p@x" width="60" height="60"></div>', "inline", (60, 60)),
    "netease": ('<img src="cid:p@x" orgwidth="4000" orgheight="3000" style="width: 1090px;height: 817px;">', "inline", (1090, 817)),
    "foxmail": ('<img src="cid:p@x" border="0">', "inline", None),
    "outlook": ('<img width=553 height=415 style="width:5.7604in;height:4.3229in" id="Picture_x0020_1" src="cid:p@x" alt="现场">', "inline", (553, 415)),
    "outlook's logo": ('<img border=0 style="width:1.25in;height:.4166in" src="cid:p@x">', "inline", (120, 40)),
    "not shown": ("", "attachment", None),
}  # fmt: skip


@pytest.mark.parametrize("program", SHOWN_BY)
def test_picture_each_program_shows_is_inline_with_the_size_it_is_shown_at(program: str, tmp_path: Path) -> None:
    markup, origin, shown_px = SHOWN_BY[program]
    part = b"--b\r\nContent-Type: image/jpeg; name=1.jpg\r\nContent-ID: <p@x>\r\nContent-Disposition: inline; filename=1.jpg\r\n\r\n"
    html = f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>现场照片</p>{markup}\r\n".encode()

    read = read_raw(
        headed("Content-Type: multipart/mixed; boundary=b", html + part + PHOTO_BYTES + b"\r\n--b--"), tmp_path
    )

    assert [(member.name, member.origin, member.shown_px, member.content_id) for member in read.members] == [
        ("1.jpg", origin, shown_px, "p@x")
    ]
