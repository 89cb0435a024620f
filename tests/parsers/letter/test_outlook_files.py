"""Outlook's .msg and winmail.dat become the same facts as a letter, their files members of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import compressed_rtf
import pytest

from parsers.errors import LimitError, ParserError
from parsers.facts import Address, LetterFacts, Reading
from parsers.letter import read_msg, read_tnef
from parsers.letter.rtf_body import RtfBody, read_rtf_body
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file
from tests.outlook_files import OutlookFile, OutlookMessage, compound_file, msg_file, tnef_file

DOCX = OutlookFile("湖里区“近邻”议事厅：㙓镕喆案例（定稿）.docx", bytes(range(256)) * 40)
PHOTO = OutlookFile("改造后 1.jpg", b"\xff\xd8\xff\xe0" + bytes(9_000))
LETTER = OutlookMessage(
    subject="报送“近邻”㙓镕喆案例", text="请查收附件。\r\n\r\n金安社区居委会\r\n电话：0592-1234567\r\n邮箱：jinan@qq.com",
    sender=("金安社区", "jinan@qq.com"), to=(("征集邮箱", "anli@example.org"),), files=(DOCX, PHOTO),
)  # fmt: skip
each_container = pytest.mark.parametrize("write", [msg_file, tnef_file], ids=["msg", "tnef"])
Write = Callable[[OutlookMessage], bytes]


def read(raw: bytes, folder: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[Reading, list[tuple[str, bytes]]]:
    """By the one entrance: told by its bytes, its files beside it."""
    number = len(list(folder.iterdir()))
    path, job = folder / f"{number}.bin", folder / f"{number}.job"
    path.write_bytes(raw)
    job.mkdir()
    reading = read_file(path, job, limits)
    return reading, [(member.name, (job / member.stored_as).read_bytes()) for member in reading.members]


def facts(reading: Reading) -> LetterFacts:
    assert reading.letter is not None
    return reading.letter


@each_container
def test_outlook_message_gives_texts_and_files_as_a_letter_does(write: Write, tmp_path: Path) -> None:
    reading, files = read(write(LETTER), tmp_path)

    assert (reading.format, reading.problem) == ("letter", None)
    assert facts(reading).subject == LETTER.subject
    assert facts(reading).sender == Address(name="金安社区", address="jinan@qq.com")
    assert facts(reading).text == "请查收附件。"
    assert facts(reading).signature == "金安社区居委会\n电话：0592-1234567\n邮箱：jinan@qq.com"
    assert files == [(DOCX.name, DOCX.data), (PHOTO.name, PHOTO.data)]
    assert [(member.locator, member.origin) for member in reading.members] == [("2", "attachment"), ("3", "attachment")]


@each_container
@pytest.mark.parametrize(
    ("code_page", "name"),
    [(936, "社区治理案例（定稿）.docx"), (950, "社區治理案例（定稿）.docx"), (1251, "Отчёт о работе.docx")],
)
def test_8_bit_texts_are_read_in_the_code_page_the_file_declares(
    write: Write, code_page: int, name: str, tmp_path: Path
) -> None:
    message = OutlookMessage(
        subject=name, text=f"附件 {name}" if code_page != 1251 else name, code_page=code_page,
        files=(OutlookFile(name, b"x" * 20),),
    )  # fmt: skip

    reading, files = read(write(message), tmp_path)

    assert (facts(reading).subject, facts(reading).text) == (message.subject, message.text)
    assert files == [(name, b"x" * 20)]


def test_headers_the_letter_came_with_are_its_envelope(tmp_path: Path) -> None:
    headers = (
        "Received: from mail by mx1.qq.com; Mon, 5 Dec 2022 09:31:00 +0800\r\n"
        "From: =?gb2312?B?vfCwssnnx/g=?= <jinan@qq.com>\r\nMessage-ID: <a1@qq.com>\r\n"
        "In-Reply-To: <receipt.7@example.org>\r\nDate: Mon, 5 Dec 2022 09:30:00 +0800\r\n"
        "Content-Type: multipart/mixed; boundary=x\r\nAuto-Submitted: no\r\n\r\n"
    )

    reading, _ = read(msg_file(OutlookMessage(subject="报送", text="见附件", headers=headers, files=(DOCX,))), tmp_path)

    letter = facts(reading)
    assert (letter.subject, letter.message_id, letter.in_reply_to) == ("报送", "a1@qq.com", ("receipt.7@example.org",))
    assert letter.sender == Address(name="金安社区", address="jinan@qq.com")
    assert letter.date_at == datetime(2022, 12, 5, 1, 30, tzinfo=UTC)
    assert [hop.by for hop in letter.received] == ["mx1.qq.com"]
    assert letter.control == {"auto-submitted": "no", "content-type": "multipart/mixed"}


@each_container
def test_html_says_which_pictures_are_shown_and_how_large(write: Write, tmp_path: Path) -> None:
    html = (
        '<p>请查收。</p><img src="cid:logo@x" width="120" height="40"><img src="cid:site@x" width="640" height="480">'
    )
    message = OutlookMessage(
        html=html.encode(),
        files=(
            OutlookFile("logo.png", b"1", content_id="logo@x", hidden=True),
            OutlookFile("现场.jpg", b"2", content_id="site@x", hidden=True),
            OutlookFile("unused.png", b"3", content_id="other@x", hidden=True),
            PHOTO,
        ),
    )

    reading, _ = read(write(message), tmp_path)

    assert facts(reading).text == "请查收。"
    assert [(member.name, member.origin, member.shown_px) for member in reading.members] == [
        ("logo.png", "inline", (120, 40)),
        ("现场.jpg", "inline", (640, 480)),
        ("unused.png", "inline", None),
        (PHOTO.name, "attachment", None),
    ]


@each_container
def test_attached_messages_give_their_files_several_levels_down(write: Write, tmp_path: Path) -> None:
    inner = OutlookMessage(subject="第三层", text="照片", sender=("金安", "jinan@qq.com"), files=(PHOTO,))
    middle = OutlookMessage(subject="第二层", text="案例", files=(DOCX, OutlookFile("第三层", message=inner)))
    outer = OutlookMessage(subject="转报", text="请收。", files=(OutlookFile("第二层", message=middle),))

    reading, files = read(write(outer), tmp_path)

    assert files == [(DOCX.name, DOCX.data), (PHOTO.name, PHOTO.data)]
    assert facts(reading).text == "请收。"
    assert facts(reading).quoted == ('发件人: "金安" <jinan@qq.com>\n主题: 第三层\n\n照片\n\n主题: 第二层\n\n案例')


@each_container
def test_messages_attached_without_end_are_opened_ten_deep(write: Write, tmp_path: Path) -> None:
    message = OutlookMessage(subject="0", files=(PHOTO,))
    for level in range(1, 15):
        message = OutlookMessage(subject=str(level), files=(OutlookFile(message=message),))

    reading, files = read(write(message), tmp_path)

    assert reading.problem is None
    assert facts(reading).quoted.startswith("主题: 4\n")
    assert [data for _, data in files if data == PHOTO.data] == []


def test_file_attached_as_a_link_is_named_with_its_place_and_is_no_file(tmp_path: Path) -> None:
    place = "https://huli-my.sharepoint.example/personal/案例.docx"
    message = OutlookMessage(text="见云附件。", files=(OutlookFile("案例.docx", place=place),))

    reading, files = read(msg_file(message), tmp_path)

    assert files == []
    assert facts(reading).text == f"见云附件。\n案例.docx: {place}"
    assert facts(reading).links == ("https://huli-my.sharepoint.example/personal/",)


@each_container
def test_body_kept_as_rtf_only_is_read(write: Write, tmp_path: Path) -> None:
    rtf = rb"{\rtf1\ansi\ansicpg936\fromtext{\fonttbl{\f0\fnil\fcharset134 SimSun;}}\f0 " + b"".join(
        rb"\'%02x" % value for value in "请查收案例。".encode("gbk")
    ) + rb"\par\par \u37329?\u23433? 13800000000}"  # fmt: skip
    message = OutlookMessage(rtf=compressed_rtf.compress(rtf))

    reading, _ = read(write(message), tmp_path)

    assert facts(reading).text == "请查收案例。\n\n金安 13800000000"


def test_html_hidden_in_rtf_comes_back_as_html() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg936\fromhtml1 \deff0{\fonttbl{\f0 SimSun;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
        rb"\'c4\'e3\'ba\'c3{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 {\*\mhtmltag84 <x>}"
        rb'{\*\htmltag84 <img src="cid:a@b" width=9 height=8>}\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}\line }'
    )

    assert read_rtf_body(rtf) == RtfBody('<p>你好&nbsp;<img src="cid:a@b" width=9 height=8></p>\r\n', is_html=True)


@pytest.mark.parametrize(
    "rtf",
    [b"", b"{\\rtf1", b"}}}}{{{{" * 1000, b"{\\rtf1\\bin99999999999 x}", b"{\\rtf1" + b"{" * 50_000, b"\\u-1 ?\\'zz"],
)
def test_rtf_that_is_none_ends_in_some_text(rtf: bytes) -> None:
    assert isinstance(read_rtf_body(rtf).text, str)


def test_signed_message_is_opened_as_the_letter_it_wraps(tmp_path: Path) -> None:
    signed = (
        b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + "请查收。".encode() + b"\r\n--c\r\nContent-Type: application/octet-stream; name=a.docx\r\n\r\nPK\r\n--c--\r\n"
        b"--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nMIIB\r\n--b--\r\n"
    )  # fmt: skip
    message = OutlookMessage(
        subject="签名信", message_class="IPM.Note.SMIME.MultipartSigned",
        files=(OutlookFile("smime.p7m", signed, media_type="multipart/signed"),),
    )  # fmt: skip

    reading, files = read(msg_file(message), tmp_path)

    assert (facts(reading).subject, facts(reading).text, facts(reading).signed) == ("签名信", "请查收。", "smime")
    assert files == [("a.docx", b"PK")]


# --- damaged and hostile


def _read_raw(raw: bytes, folder: Path, reader: Callable[[Path, Path, Limits], Reading], limits: Limits) -> Reading:
    path, job = folder / "x.bin", folder / "job"
    path.write_bytes(raw)
    job.mkdir()
    return reader(path, job, limits)


def test_compound_file_without_its_end_is_damaged(tmp_path: Path) -> None:
    raw = msg_file(LETTER)

    with pytest.raises(ParserError) as found:
        _read_raw(raw[:700], tmp_path, read_msg, DEFAULT_LIMITS)

    assert found.value.code == "damaged"


def test_winmail_cut_off_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    raw = tnef_file(LETTER)

    reading = _read_raw(raw[: len(raw) - 5_000], tmp_path, read_tnef, DEFAULT_LIMITS)

    assert facts(reading).subject == LETTER.subject
    assert reading.members[0].name == DOCX.name


def test_winmail_without_attributes_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(ParserError) as found:
        _read_raw(b"\x78\x9f\x3e\x22\x00\x00", tmp_path, read_tnef, DEFAULT_LIMITS)

    assert found.value.code == "damaged"


@each_container
def test_more_attachments_than_allowed_is_over_the_limit(write: Write, tmp_path: Path) -> None:
    reading, _ = read(write(OutlookMessage(files=(PHOTO,) * 6)), tmp_path, Limits(members=5))

    assert reading.problem is not None
    assert reading.problem.code == "over_limit"


def test_streams_that_overlap_are_refused_before_memory_is_taken(tmp_path: Path) -> None:
    raw = bytearray(msg_file(OutlookMessage(files=tuple(OutlookFile(f"{n}.bin", bytes(40_000)) for n in range(9)))))
    name = "__substg1.0_37010102".encode("utf-16-le")
    first = None
    at = raw.find(name)
    while at >= 0:  # every attachment's data begins where the first one's does, and claims to be the whole file
        first = first if first is not None else raw[at + 116 : at + 120]
        raw[at + 116 : at + 120] = first
        raw[at + 120 : at + 124] = (300_000).to_bytes(4, "little")
        at = raw.find(name, at + 1)

    with pytest.raises(LimitError):
        _read_raw(bytes(raw), tmp_path, read_msg, DEFAULT_LIMITS)


def test_compound_file_that_is_no_message_is_not_taken_for_one(tmp_path: Path) -> None:
    reading, _ = read(compound_file({"Anything": b"x" * 5_000}), tmp_path)

    assert reading.letter is None
