"""What each mail program writes comes back as its writer meant it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parsers.facts import Address, ReceivedHop
from tests.letter_reading import read_raw
from tests.letters import CHINA, CLIENTS, Draft, File, Quoted, iphone, plain_letter, qq_mail

DOCUMENT = File(
    "湖里区“近邻”议事厅：㙓镕喆社区治理案例（定稿，最终版）.docx", bytes(range(256)) * 300, "application/msword"
)
PICTURE = File("改造后 1.jpg", b"\xff\xd8\xff\xe0" + bytes(50_000), "image/jpeg", shown_px=(640, 480))
HTML_CLIENTS = tuple(client for client in CLIENTS if client not in {iphone, plain_letter})
each_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)


@each_client
def test_letter_of_each_client_yields_headers_as_written(client: Callable[[Draft], bytes], tmp_path: Path) -> None:
    draft = Draft(
        subject="【湖里区】关于报送“近邻”㙓镕喆议事厅案例的函（一个很长很长很长很长很长很长很长的主题）",
        name="湖里区民政局·喆",
        message_id="own.id@qq.com",
        in_reply_to="receipt.7@example.org",
        references=("first@example.org", "receipt.7@example.org"),
        cc=("li@163.com",),
        received=(("mx1.qq.com", datetime(2022, 12, 5, 9, 31, tzinfo=CHINA)),),
    )

    letter = read_raw(client(draft), tmp_path).letter

    assert letter.subject == draft.subject
    assert letter.sender == Address(name="湖里区民政局·喆", address="jinan@qq.com")
    assert [address.address for address in letter.to] == ["anli@example.org"]
    assert letter.cc == (Address(address="li@163.com"),)
    assert letter.message_id == "own.id@qq.com"
    assert letter.in_reply_to == ("receipt.7@example.org",)
    assert letter.references == ("first@example.org", "receipt.7@example.org")
    assert letter.date_at == datetime(2022, 12, 5, 1, 30, tzinfo=UTC)
    assert letter.received[0] == ReceivedHop(by="mx1.qq.com", at=datetime(2022, 12, 5, 1, 31, tzinfo=UTC))


@each_client
def test_letter_of_each_client_yields_its_files_byte_for_byte(client: Callable[[Draft], bytes], tmp_path: Path) -> None:
    read = read_raw(client(Draft(files=(DOCUMENT, PICTURE))), tmp_path)

    assert sorted(read.files) == sorted([(DOCUMENT.name, DOCUMENT.data), (PICTURE.name, PICTURE.data)])
    assert all(unicodedata.is_normalized("NFC", member.name) for member in read.members)
    assert read.reading.problem is None


@each_client
def test_letter_of_each_client_tells_new_text_from_history(client: Callable[[Draft], bytes], tmp_path: Path) -> None:
    quoted = Quoted("金安社区：\n请补充“推广价值”部分。\n\n湖里区民政局")
    draft = Draft(text="已补充，请查收。\n\n另附照片三张。", quoted=quoted)

    letter = read_raw(client(draft), tmp_path).letter

    assert letter.text == "已补充，请查收。\n\n另附照片三张。"
    assert "请补充“推广价值”部分。" in letter.quoted
    assert "anli@example.org" in letter.quoted
    assert letter.signature in {"", "发自网易邮箱大师", "发自我的iPhone"}


@pytest.mark.parametrize("client", HTML_CLIENTS, ids=lambda client: client.__name__)
def test_html_only_letter_of_each_client_tells_new_text_from_history(
    client: Callable[[Draft], bytes], tmp_path: Path
) -> None:
    raw = client(Draft(text="已补充，请查收。", quoted=Quoted("请补充“推广价值”部分。")))
    html_only = raw.replace(b"multipart/alternative", b"multipart/mixed").replace(b"text/plain", b"x-was/plain")

    letter = read_raw(html_only, tmp_path).letter

    assert letter.text == "已补充，请查收。"
    assert "请补充“推广价值”部分。" in letter.quoted


def test_picture_shown_by_html_is_inline_with_its_size_and_id(tmp_path: Path) -> None:
    read = read_raw(qq_mail(Draft(files=(DOCUMENT, PICTURE))), tmp_path)

    shown = [(member.locator, member.origin, member.content_id, member.shown_px) for member in read.members]
    assert shown == [
        ("1.2", "inline", PICTURE.content_id, (640, 480)),
        ("2", "attachment", None, None),
    ]


def test_photo_that_a_phone_calls_inline_is_an_attachment(tmp_path: Path) -> None:
    read = read_raw(iphone(Draft(files=(File("IMG_0412.jpeg", b"\xff\xd8\xff", "image/jpeg"),))), tmp_path)

    assert [(member.name, member.origin) for member in read.members] == [("IMG_0412.jpeg", "attachment")]
    assert read.letter.text == "请查收附件。"
    assert read.letter.signature == "发自我的iPhone"


def test_same_letter_read_twice_gives_the_same_reading(tmp_path: Path) -> None:
    raw = qq_mail(Draft(files=(DOCUMENT, PICTURE)))

    first, second = read_raw(raw, tmp_path), read_raw(raw, tmp_path)

    assert first.reading == second.reading
