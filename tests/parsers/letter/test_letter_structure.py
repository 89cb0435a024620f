"""Parts of a letter: what is body, what is a file, what is another letter."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.letter_reading import headed, read_raw


def entity(fields: str, body: str = "") -> str:
    return fields.strip().replace("\n", "\r\n") + "\r\n\r\n" + body


def joined(*parts: str, boundary: str = "b", end: bool = True) -> str:
    opened = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return opened + (f"--{boundary}--\r\n" if end else "")


def multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    return entity(f"Content-Type: multipart/{kind}; boundary={boundary}", joined(*parts, boundary=boundary))


PLAIN = entity("Content-Type: text/plain; charset=utf-8", "正文")
HTML = entity("Content-Type: text/html; charset=utf-8", "<p>网页</p>")
DOCX = entity('Content-Type: application/msword; name="a.doc"\nContent-Transfer-Encoding: base64', "QUJD")
IMAGE = entity("Content-Type: image/png\nContent-Transfer-Encoding: base64", "QUJD")


def letter(kind: str, *parts: str) -> bytes:
    return ("MIME-Version: 1.0\r\n" + multipart(kind, *parts)).encode()


@pytest.mark.parametrize(
    ("raw", "text", "members"),
    [
        (letter("alternative", PLAIN, HTML), "正文", []),
        (letter("alternative", HTML, PLAIN), "正文", []),
        (letter("alternative", entity("Content-Type: text/plain", " \r\n"), HTML), "网页", []),
        (letter("alternative", HTML), "网页", []),
        (letter("mixed", PLAIN, DOCX), "正文", [("2", "a.doc")]),
        (letter("mixed", PLAIN, DOCX, PLAIN), "正文\n正文", [("2", "a.doc")]),
        (letter("mixed", multipart("alternative", PLAIN, HTML, boundary="c"), DOCX), "正文", [("2", "a.doc")]),
        (letter("related", HTML, IMAGE), "网页", [("2", "")]),
        (letter("mixed", DOCX, IMAGE), "", [("1", "a.doc"), ("2", "")]),
        (letter("x-odd", PLAIN, DOCX), "正文", [("2", "a.doc")]),
        (letter("mixed", PLAIN, entity("Content-Type: text/plain; name=说明.txt", "说明")), "正文", [("2", "说明.txt")]),
        (letter("mixed", PLAIN, entity("Content-Disposition: attachment", "x")), "正文", [("2", "")]),
        (letter("mixed", PLAIN, entity("Content-Type: text/calendar; name=i.ics", "BEGIN")), "正文", [("2", "i.ics")]),
        (letter("signed", PLAIN, entity("Content-Type: application/pkcs7-signature; name=smime.p7s", "x")), "正文", []),
        (letter("signed", multipart("mixed", PLAIN, DOCX, boundary="c"), entity("Content-Type: application/pgp-signature", "x")), "正文", [("1.2", "a.doc")]),
        (letter("appledouble", entity("Content-Type: application/applefile", "x"), DOCX), "", [("2", "a.doc")]),
        (letter("mixed", PLAIN, entity("Content-Type: application/pdf; name=空.pdf")), "正文", [("2", "空.pdf")]),
        (letter("mixed", PLAIN, entity("Content-Type: application/octet-stream")), "正文", []),
        (headed("Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64", "QUJD"), "", [("1", "a.pdf")]),
        (headed("Content-Type: text/plain; name=正文.txt; charset=utf-8", "正文"), "正文", []),
        (headed("Subject: x", "正文"), "正文", []),
        (headed("Content-Type: text", "正文"), "正文", []),
        ("正文，没有信头".encode(), "正文，没有信头", []),
        (b"\xef\xbb\xbf\r\n\r\nSubject: x\r\n\r\n" + "正文".encode(), "正文", []),
        ("Subject: x\r\n正文没有空行隔开".encode(), "正文没有空行隔开", []),
        ("Subject: x\r\n\r\n正\x00文".encode(), "正文", []),
    ],
)  # fmt: skip
def test_parts_are_sorted_into_body_and_files(
    raw: bytes, text: str, members: list[tuple[str, str]], tmp_path: Path
) -> None:
    read = read_raw(raw, tmp_path)

    assert read.letter.text == text
    assert [(member.locator, member.name) for member in read.members] == members
    assert read.reading.problem is None


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ("Content-Type: multipart/mixed", joined(PLAIN, DOCX)),
        ("Content-Type: multipart/mixed; boundary=other", joined(PLAIN, DOCX)),
        ("Content-Type: multipart/mixed; boundary=b", joined(PLAIN, DOCX, end=False)),
        ("Content-Type: multipart/mixed; boundary=b", "序言\r\n\r\n" + joined(PLAIN, DOCX) + "尾声"),
        ('Content-Type: multipart/mixed; boundary*0="="; boundary*1="b"', joined(PLAIN, DOCX, boundary="=b")),
        ("Content-Type: multipart/mixed\n boundary=b", joined(PLAIN, DOCX)),
        ("Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64", joined(PLAIN, DOCX)),
        ("Content-Type: multipart/mixed; boundary=界", joined(PLAIN, DOCX, boundary="界")),
    ],
    ids=["no boundary", "wrong boundary", "no end", "prologue", "continued", "no semicolon", "encoded", "8-bit"],
)
def test_broken_multipart_still_gives_its_parts(fields: str, body: str, tmp_path: Path) -> None:
    read = read_raw(headed(fields, body), tmp_path)

    assert read.letter.text == "正文"
    assert read.files == [("a.doc", b"ABC")]


@pytest.mark.parametrize(
    ("raw", "text", "files"),
    [
        ("Subject: 案例\r\n请查收，这里没有空行。\r\n第二行\r\n", "请查收，这里没有空行。\n第二行", []),
        ("Subject: 案例\r\nContent-Type: multipart/mixed; boundary=b\r\n" + joined(PLAIN, DOCX), "正文", [("a.doc", b"ABC")]),
        ("Subject: 案例\r\n\r\n" + "请\x00查收\x00。", "请查收。", []),
        ("Subject: 案\x00例\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>请\x00查收。</p>", "请查收。", []),
        ("\r\n\n\r\nSubject: 案例\r\n\r\n请查收。", "请查收。", []),
        ("\ufeffSubject: 案例\r\n\r\n请查收。", "请查收。", []),
        (">From lin@b.cn Mon Dec  5 2022\r\nSubject: 案例\r\n\r\n请查收。", "请查收。", []),
        ("From lin@b.cn Mon Dec  5 2022\nSubject: 案例\n\n请查收。", "请查收。", []),
        ("Subject: 案例\r\rabc", "abc", []),
    ],
    ids=["no blank line", "no blank line before the parts", "NUL in the text", "NUL in a header and in HTML",
         "blank lines first", "byte order mark", "escaped separator of an mbox", "separator of an mbox", "old Mac line ends"],
)  # fmt: skip
def test_letter_damaged_on_its_way_is_read_nevertheless(
    raw: str, text: str, files: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    read = read_raw(raw.encode(), tmp_path)

    assert (read.letter.subject, read.letter.text, read.files) == ("案例", text, files)
    assert read.reading.problem is None


def test_forwarded_letter_gives_its_files_as_members_and_its_words_as_history(tmp_path: Path) -> None:
    head = (
        "From: =?utf-8?B?5p6X?= <lin@b.cn>\nDate: Thu, 1 Dec 2022 10:00:00 +0800\nSubject: =?gb2312?B?sLjA/Q==?=\n"
        "Message-ID: <inner@b.cn>"
    )
    inner = head.replace("\n", "\r\n") + "\r\n" + multipart("mixed", PLAIN, DOCX, boundary="c")
    alone = head.replace("\n", "\r\n") + "\r\n" + DOCX

    read = read_raw(
        letter(
            "mixed",
            entity("Content-Type: text/plain; charset=utf-8", "转来一份案例。"),
            entity("Content-Type: message/rfc822", inner),
            entity("Content-Type: message/rfc822", alone),
        ),
        tmp_path,
    )

    rows = "发件人: 林 <lin@b.cn>\n发送时间: Thu, 1 Dec 2022 10:00:00 +0800\n主题: 案例\nMessage-ID: <inner@b.cn>"
    assert read.letter.text == "转来一份案例。"
    assert read.letter.quoted == f"{rows}\n\n正文\n\n{rows}"
    assert [(member.locator, member.name) for member in read.members] == [("2.2", "a.doc"), ("3.1", "a.doc")]


def test_encoded_letter_comes_out_as_a_file_of_its_own(tmp_path: Path) -> None:
    inner = b"Subject: inner\r\n\r\nbody"
    encoded = base64.b64encode(inner).decode()
    part = entity("Content-Type: message/rfc822; name=原件.eml\nContent-Transfer-Encoding: base64", encoded)

    read = read_raw(letter("mixed", PLAIN, part), tmp_path)

    assert read.files == [("原件.eml", inner)]


def test_bounce_says_its_kind_and_whose_letter_came_back(tmp_path: Path) -> None:
    raw = headed(
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        joined(
            entity("Content-Type: text/plain; charset=utf-8", "无法投递。"),
            entity(
                "Content-Type: message/delivery-status",
                "Reporting-MTA: dns; mx.b.cn\r\n\r\nFinal-Recipient: rfc822; x@b.cn\r\nAction: failed\r\n",
            ),
            entity("Content-Type: text/rfc822-headers", "Message-ID: <receipt.1@example.org>\r\nSubject: x\r\n"),
        ),
    )

    read = read_raw(raw, tmp_path)

    assert read.letter.report == "delivery-status"
    assert read.letter.text == "无法投递。"
    assert "final-recipient: rfc822; x@b.cn\naction: failed" in read.letter.quoted
    assert "Message-ID: <receipt.1@example.org>" in read.letter.quoted
    assert read.members == ()


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("gb2312", "㙓镕喆案例".encode("gb18030")),
        ("GBK", "㙓镕喆案例".encode("gb18030")),
        ("us-ascii", "㙓镕喆案例".encode()),
        ("x-unknown", "㙓镕喆案例".encode()),
        ("", "㙓镕喆案例".encode("gb18030")),
        ("utf-8", "㙓镕喆案例".encode("gb18030")),
    ],
)
def test_body_is_read_in_the_charset_its_bytes_are_in(charset: str, data: bytes, tmp_path: Path) -> None:
    fields = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit"

    assert read_raw(headed(fields, b"") + data, tmp_path).letter.text == "㙓镕喆案例"


def test_html_charset_is_taken_from_its_own_head_when_the_part_names_none(tmp_path: Path) -> None:
    html = '<html><head><meta charset="big5"></head><body>社區治理</body></html>'.encode("big5")

    assert read_raw(headed("Content-Type: text/html") + html, tmp_path).letter.text == "社區治理"


def test_plain_half_whose_characters_were_lost_gives_way_to_html(tmp_path: Path) -> None:
    raw = letter("alternative", entity("Content-Type: text/plain", "????????"), HTML)

    assert read_raw(raw, tmp_path).letter.text == "网页"


def test_content_under_a_false_base64_label_is_kept(tmp_path: Path) -> None:
    raw = headed("Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8", "这不是编码，是正文。")

    assert read_raw(raw, tmp_path).letter.text == "这不是编码，是正文。"


def test_uuencoded_file_is_decoded(tmp_path: Path) -> None:
    fields = "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: x-uuencode"

    read = read_raw(headed(fields, "begin 644 a.bin\r\n#04)#\r\n`\r\nend\r\n"), tmp_path)

    assert read.files == [("a.bin", b"ABC")]
